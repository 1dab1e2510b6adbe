package reserve

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"

	"teamsbridge/audit"
	"teamsbridge/consult"
	"teamsbridge/sso"
)

// keyLife is how long an idempotency key gets its first answer.
const keyLife = 24 * time.Hour

// Targets finds whom a request means; *consult.Engine does.
type Targets interface {
	Reach(ctx context.Context, p sso.Principal, req consult.TargetRequest) (consult.Reach, error)
}

// Deps are what a Book works with.
type Deps struct {
	Store   Store
	Targets Targets
	// Numbers are the pool: with several of them each reservation has one of its
	// own; callers of a single one enter a code.
	Numbers    []string
	Audit      *audit.Recorder       // nil: nothing is audited
	Logger     *slog.Logger          // nil: nothing is logged
	Registerer prometheus.Registerer // nil: no metrics
}

// Book keeps the reservations of this process.
type Book struct {
	config  Config
	deps    Deps
	log     *slog.Logger
	metrics *metrics
	wrong   *rate.Limiter // of wrong codes
	look    chan struct{} // tells Run that something is to be done

	mu    sync.Mutex
	live  map[string]*entry    // by id; those that are not over
	freed map[string]time.Time // when a number of the pool was used last
}

// entry is a reservation that is not over, or just became so. Its mutex is
// taken before the book's.
type entry struct {
	id, dial, code string        // never change
	tenant, key    string        // neither
	agent          sso.AgentID   // neither
	expires        time.Time     // neither
	withdrawn      chan struct{} // closed when the maker withdraws it

	mu      sync.Mutex
	r       Reservation
	unsaved bool // the store does not know r yet

	waits bool // for its call; guarded by the book's mutex
	holds bool // its number: its call has not been connected yet; as waits
}

// New reads the reservations of an earlier process back. Those whose call was
// going on have lost it.
func New(ctx context.Context, config Config, deps Deps) (*Book, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	if deps.Logger == nil {
		deps.Logger = slog.New(slog.DiscardHandler)
	}
	b := &Book{
		config: config.withDefaults(), deps: deps, log: deps.Logger, metrics: newMetrics(deps.Registerer),
		wrong: rate.NewLimiter(rate.Every(wrongCodeEvery), wrongCodesAtOnce), look: make(chan struct{}, 1),
		live: map[string]*entry{}, freed: map[string]time.Time{},
	}
	left, err := deps.Store.LiveReservations(ctx)
	if err != nil {
		return nil, fmt.Errorf("read reservations: %w", err)
	}
	for _, r := range left {
		e := newEntry(r)
		b.live[r.ID] = e
		b.metrics.moved("", r.State, "")
		if r.State != Reserved {
			e.waits, e.holds = false, false
			e.mu.Lock()
			err := b.move(ctx, e, Failed, ReasonLost)
			e.mu.Unlock()
			if err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

func newEntry(r Reservation) *entry {
	return &entry{
		id: r.ID, dial: r.Dial, code: r.Code, tenant: r.Tenant, key: r.Key, agent: r.Agent, expires: r.ExpiresAt,
		withdrawn: make(chan struct{}), r: r, waits: true, holds: true,
	}
}

// Reserve makes a reservation. Errors: those of [consult.Engine.Reach],
// consult.ErrKeyReused, *[TooManyError], *[ExhaustedError], consult.ErrStorage.
func (b *Book) Reserve(ctx context.Context, p sso.Principal, req Request) (Reservation, error) {
	if !p.Valid() {
		return Reservation{}, consult.ErrUnauthenticated
	}
	if req.Key != "" {
		if first, err := b.repeated(ctx, p, req); !errors.Is(err, consult.ErrNotFound) {
			return first, err
		}
	}
	reach, err := b.deps.Targets.Reach(ctx, p, req.Target)
	if err != nil {
		return Reservation{}, err
	}
	now := time.Now().UTC()
	e, err := b.allot(Reservation{
		ID: "r-" + strings.ToLower(rand.Text()), Tenant: p.Tenant(), Agent: p.Agent().ID, AgentName: p.Agent().Name,
		Target: reach.Target, State: Reserved, MadeAt: now, Since: now, ExpiresAt: now.Add(b.config.Expire),
		Acceptance: reach.Acceptance, RingTimeout: reach.RingTimeout, AcceptTimeout: reach.AcceptTimeout,
		Key: req.Key, BodyHash: req.BodyHash,
	})
	if err != nil {
		return Reservation{}, err
	}
	defer e.mu.Unlock()
	err = b.deps.Store.AddReservation(ctx, e.r, now.Add(-keyLife))
	if err != nil {
		b.forget(e)
		if errors.Is(err, ErrKeyTaken) { // the same request came twice at once
			return b.repeated(ctx, p, req)
		}
		return Reservation{}, storageError(err)
	}
	b.metrics.moved("", Reserved, "")
	b.audit(e.r, audit.Event{Action: "reserve", Outcome: audit.Begun, Reason: string(e.r.Target.Kind), Actor: audit.Actor{
		Agent: string(p.Agent().ID), Entra: p.Agent().EntraID, Identity: string(p.Identity()), Channel: string(p.Channel()),
	}})
	b.wake()
	return e.r, nil
}

// repeated gives the reservation that a key made before; consult.ErrNotFound.
func (b *Book) repeated(ctx context.Context, p sso.Principal, req Request) (Reservation, error) {
	first, err := b.deps.Store.ReservationByKey(ctx, p.Tenant(), string(p.Agent().ID), req.Key, time.Now().Add(-keyLife))
	if errors.Is(err, consult.ErrNotFound) {
		return Reservation{}, err
	}
	if err != nil {
		return Reservation{}, storageError(err)
	}
	if first.BodyHash != req.BodyHash {
		return Reservation{}, consult.ErrKeyReused
	}
	return first, nil
}

// View reads a reservation of the caller's; consult.ErrNotFound.
func (b *Book) View(ctx context.Context, p sso.Principal, id string) (Reservation, error) {
	if !p.Valid() {
		return Reservation{}, consult.ErrUnauthenticated
	}
	r, err := b.read(ctx, p.Tenant(), id)
	if err == nil && (r.Tenant != p.Tenant() || r.Agent != p.Agent().ID) {
		return Reservation{}, consult.ErrNotFound
	}
	return r, err
}

func (b *Book) read(ctx context.Context, tenant, id string) (Reservation, error) {
	if e := b.find(id); e != nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		return e.r, nil
	}
	r, err := b.deps.Store.Reservation(ctx, tenant, id)
	if err != nil && !errors.Is(err, consult.ErrNotFound) {
		err = storageError(err)
	}
	return r, err
}

// Withdraw gives a reservation of the caller's up: ringing stops at once. One
// that is over already stays as it is; *consult.PhaseError while its call is
// connected, consult.ErrNotFound.
func (b *Book) Withdraw(ctx context.Context, p sso.Principal, id string) error {
	r, err := b.View(ctx, p, id)
	if err != nil {
		return err
	}
	if e := b.find(id); e != nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.r.State == Reserved || e.r.State == Ringing {
			if err := b.move(ctx, e, Failed, consult.FailureWithdrawn); err != nil {
				return err
			}
			close(e.withdrawn)
		}
		r = e.r
	}
	if r.State == Connected {
		return &consult.PhaseError{Phase: consult.Phase(r.State), Allowed: []consult.Action{}, Reason: "wrong-phase"}
	}
	return nil
}

func (b *Book) find(id string) *entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.live[id]
}

func (b *Book) wake() {
	select {
	case b.look <- struct{}{}:
	default:
	}
}

func storageError(err error) error { return fmt.Errorf("%w: %w", consult.ErrStorage, err) }

// audit adds a line about a reservation.
func (b *Book) audit(r Reservation, e audit.Event) {
	if b.deps.Audit == nil {
		return
	}
	e.Tenant, e.Kind, e.Interaction = r.Tenant, audit.Consult, r.ID
	e.Target = audit.Target{Kind: string(r.Target.Kind), ID: r.Target.ID, Number: audit.Mask(r.Target.Number)}
	if r.Target.Expert != "" {
		e.Target.ID = string(r.Target.Expert)
	}
	b.deps.Audit.Note(e)
}
