package sso

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	defaultCheckEvery = time.Hour
	defaultHoldFor    = 24 * time.Hour
	retryEvery        = time.Minute // after a check that Microsoft did not answer
	doubtEvery        = time.Minute // between checks because of refusals
)

// OrganizationsDeps are what Organizations works with.
type OrganizationsDeps struct {
	Store      OrganizationStore
	Prober     Prober
	Tenants    []string
	Logger     *slog.Logger  // nil means none
	CheckEvery time.Duration // between the checks of Run; 0 means an hour
	HoldFor    time.Duration // how long the last known state holds while Microsoft is away; 0 means 24 h
	// ClientID and Portal make the addresses of Microsoft's pages where an admin
	// removes what is in the way; Portal is the Entra admin center's address.
	ClientID, Portal string

	now func() time.Time // for tests; nil means time.Now
}

func (d OrganizationsDeps) withDefaults() OrganizationsDeps {
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	if d.CheckEvery == 0 {
		d.CheckEvery = defaultCheckEvery
	}
	if d.HoldFor == 0 {
		d.HoldFor = defaultHoldFor
	}
	if d.now == nil {
		d.now = time.Now
	}
	return d
}

// Organizations knows the state of every admitted organisation. Reading never
// waits for Microsoft or the store. Safe for concurrent use.
type Organizations struct {
	deps     OrganizationsDeps
	desks    map[string]*desk // by tenant; fixed
	watchers watchers
}

// desk is one organisation's place here.
type desk struct {
	probing chan struct{} // holds a token while a probe runs: one at a time
	doubted chan struct{} // holds a token after a refusal, until the next check
	writing sync.Mutex    // read, change, keep; never held while Microsoft is asked

	mu       sync.RWMutex
	org      Organization
	began    time.Time // of the last probe that ended
	probeErr error     // of that probe

	unassigned unassigned
}

// NewOrganizations reads the kept states.
func NewOrganizations(ctx context.Context, deps OrganizationsDeps) (*Organizations, error) {
	if deps.Store == nil || deps.Prober == nil {
		return nil, errors.New("sso: an organisation store and a prober are needed")
	}
	o := &Organizations{deps: deps.withDefaults(), desks: make(map[string]*desk)}
	for _, tenant := range folded(deps.Tenants) {
		org, ok, err := deps.Store.Organization(ctx, tenant)
		if err != nil {
			return nil, fmt.Errorf("read organisation: %w", err)
		}
		if !ok {
			org = Organization{Tenant: tenant, ServicePrincipal: PrincipalUnknown}
		}
		o.desks[tenant] = &desk{org: org, probing: make(chan struct{}, 1), doubted: make(chan struct{}, 1)}
	}
	return o, nil
}

// Run checks every organisation at start and hourly until ctx ends; one that
// Microsoft did not answer for is asked again after a minute, and one where
// something was refused at once, but not more than once a minute. It returns nil.
func (o *Organizations) Run(ctx context.Context) error {
	var all errgroup.Group
	for tenant, d := range o.desks {
		all.Go(func() error {
			o.keepChecking(ctx, tenant, d)
			return nil
		})
	}
	return all.Wait()
}

func (o *Organizations) keepChecking(ctx context.Context, tenant string, d *desk) {
	for {
		select {
		case <-d.doubted: // this check answers it
		default:
		}
		wait := o.deps.CheckEvery
		if _, err := o.Check(ctx, tenant); err != nil {
			wait = min(retryEvery, wait)
		}
		due, again := time.After(wait), time.After(doubtEvery)
		select {
		case <-ctx.Done():
			return
		case <-due:
			continue
		case <-d.doubted:
		}
		select { // a storm of refusals is one question
		case <-ctx.Done():
			return
		case <-due:
		case <-again:
		}
	}
}

// Get answers from what is known.
func (o *Organizations) Get(tenant string) (Organization, bool) {
	d, ok := o.desks[strings.ToLower(tenant)]
	if !ok {
		return Organization{}, false
	}
	return d.get(), true
}

// state is what the gate needs of an organisation.
func (o *Organizations) state(tenant string) State {
	org, ok := o.Get(tenant)
	if !ok {
		return StateUnavailable
	}
	return org.state(o.deps.now(), o.deps.HoldFor)
}

// Check probes now. Callers that come while a probe runs wait for the next one
// and share it, so that nobody gets an answer older than their question.
// Errors: *NotAdmittedError; ErrProviderUnavailable when Microsoft did not
// answer, together with what is known.
func (o *Organizations) Check(ctx context.Context, tenant string) (Organization, error) {
	d, ok := o.desks[strings.ToLower(tenant)]
	if !ok {
		return Organization{}, &NotAdmittedError{Reason: reasonNotOnList}
	}
	asked := o.deps.now()
	select {
	case d.probing <- struct{}{}:
		defer func() { <-d.probing }()
	case <-ctx.Done():
		return d.get(), ctx.Err()
	}
	if org, fresh, err := d.since(asked); fresh {
		return org, err
	}
	began := o.deps.now()
	findings, err := o.deps.Prober.Probe(ctx, d.get().Tenant)
	if ctx.Err() != nil {
		return d.get(), ctx.Err()
	}
	if err != nil {
		o.deps.Logger.WarnContext(ctx, "organisation not checked", slog.String("request_id", findings.RequestID), slog.Any("error", err))
		err = unavailable(err)
	}
	org := o.learn(ctx, d, findings, err)
	d.ended(began, err)
	return org, err
}

// learn keeps what a probe found. A store that fails is no reason to forget
// it: the next check writes again.
func (o *Organizations) learn(ctx context.Context, d *desk, f Findings, probeErr error) Organization {
	d.writing.Lock()
	defer d.writing.Unlock()
	before := d.get()
	after := before.with(f, o.deps.now())
	if probeErr != nil {
		after = before.unreached(f.RequestID).timed(f.Clock)
	}
	if err := o.deps.Store.PutOrganization(ctx, after); err != nil {
		o.deps.Logger.WarnContext(ctx, "organisation's check not kept", slog.Any("error", err))
	}
	o.publish(d, before, after)
	return after.clone()
}

// SetEnabled turns the switch; on is refused with *IncompleteError while
// something is missing, as found by a probe made now. Off always works. Other
// errors: *NotAdmittedError, ErrProviderUnavailable, ErrStorage; after
// any of them the switch is as it was.
func (o *Organizations) SetEnabled(ctx context.Context, tenant string, enabled bool) (Organization, error) {
	d, ok := o.desks[strings.ToLower(tenant)]
	if !ok {
		return Organization{}, &NotAdmittedError{Reason: reasonNotOnList}
	}
	if enabled {
		org, err := o.Check(ctx, tenant)
		if err != nil {
			return org, err
		}
		if missing := org.Missing(); len(missing) > 0 {
			return org, &IncompleteError{Missing: missing}
		}
	}
	d.writing.Lock()
	defer d.writing.Unlock()
	before := d.get()
	after := before
	after.Enabled = enabled
	if err := o.deps.Store.PutOrganization(ctx, after); err != nil {
		return before, fmt.Errorf("keep organisation: %w", storageError(err))
	}
	o.publish(d, before, after)
	return after.clone(), nil
}

func (o *Organizations) publish(d *desk, before, after Organization) {
	d.mu.Lock()
	d.org = after
	d.mu.Unlock()
	if !after.looksLike(before) {
		o.watchers.tell(after.Tenant)
	}
}

func (d *desk) get() Organization {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.org.clone()
}

// since gives the last probe's outcome; fresh when it began after asked.
func (d *desk) since(asked time.Time) (org Organization, fresh bool, err error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.org.clone(), d.began.After(asked), d.probeErr
}

func (d *desk) ended(began time.Time, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.began, d.probeErr = began, err
}

// Watch tells of a change of any organisation's state by tenant id. Somebody
// slow hears of each organisation once, however often it changed. The function
// ends the watch and closes the channel.
func (o *Organizations) Watch() (<-chan string, func()) { return o.watchers.add() }
