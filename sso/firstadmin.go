package sso

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	adminCodeLife = 15 * time.Minute
	// adminTries is how many wrong codes a person may show within adminCodeLife. A
	// code has 130 random bits; this is for those who try all the same.
	adminTries = 5
	// maxTriers bounds who is remembered for it.
	maxTriers = 1000
)

// adminCode is the kind of such a transaction: none can be redeemed as another.
const adminCode = "admin-code"

var (
	// ErrAdminCode: there is no such code, or it was used, is too old, or is another
	// organisation's.
	ErrAdminCode = errors.New("sso: no such administrator's code")
	// ErrAdminTries: too many wrong codes from one person.
	ErrAdminTries = errors.New("sso: too many wrong administrator's codes")
)

// NewAdminCode makes a code that makes one person of the organisation an
// administrator, once and within 15 minutes. Of the code, only a digest is kept.
// It is for whoever runs the service: nobody has to be asked who may.
func NewAdminCode(ctx context.Context, store SessionStore, tenant string) (code string, expiresAt time.Time, err error) {
	code = rand.Text()
	t := Transaction{
		Key: adminCodeKey(code), Provider: adminCode, Tenant: strings.ToLower(tenant), ExpiresAt: time.Now().Add(adminCodeLife),
	}
	if err := store.PutTransaction(ctx, t); err != nil {
		return "", time.Time{}, fmt.Errorf("keep administrator's code: %w", err)
	}
	var grouped []string
	for part := range slices.Chunk([]byte(code), 5) {
		grouped = append(grouped, string(part))
	}
	return strings.Join(grouped, "-"), t.ExpiresAt, nil
}

// adminCodeKey reads a code as people type it.
func adminCodeKey(code string) string {
	return digest(adminCode + ":" + strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code)))
}

// FirstAdmins makes people administrators who show a code of [NewAdminCode].
// Safe for concurrent use.
type FirstAdmins struct {
	roster *Roster
	store  SessionStore
	log    *slog.Logger
	now    func() time.Time

	record func(context.Context, FirstAdmin) (ended func(error), err error) // may be nil

	mu    sync.Mutex
	tries map[agentKey]tries // by organisation and object id
}

// FirstAdmin is somebody whom a code makes an administrator.
type FirstAdmin struct {
	Tenant   string
	Agent    AgentID
	ObjectID string // at Entra
}

// tries are the wrong codes of one person since a time.
type tries struct {
	count int
	since time.Time
}

// NewFirstAdmins keeps the administrators that it makes in the roster. log may be nil.
func NewFirstAdmins(roster *Roster, store SessionStore, log *slog.Logger) *FirstAdmins {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &FirstAdmins{roster: roster, store: telling{store}, log: log, now: time.Now, tries: make(map[agentKey]tries)}
}

// BeforeMade has record called with each administrator before a code makes them
// one; an error of it keeps them from that, and the code is used up. What it
// returns hears how it ended. It is set before the first sign-in.
func (f *FirstAdmins) BeforeMade(record func(context.Context, FirstAdmin) (ended func(error), err error)) {
	f.record = record
}

// redeem uses the code up and gives the person the role. A row that they have
// keeps everything else that it says. Errors: ErrAdminCode, ErrAdminTries,
// ErrStorage, those of BeforeMade.
func (f *FirstAdmins) redeem(ctx context.Context, who person, key string) error {
	if f == nil || who.objectID == "" {
		return ErrAdminCode
	}
	if !f.mayTry(who) {
		return ErrAdminTries
	}
	t, err := f.store.TakeTransaction(ctx, key)
	if err != nil && !errors.Is(err, ErrTransactionNotFound) {
		return fmt.Errorf("find administrator's code: %w", err)
	}
	if err != nil || t.Provider != adminCode || t.Tenant != who.tenant || !f.now().Before(t.ExpiresAt) {
		f.failed(who)
		f.log.WarnContext(ctx, "administrator's code not accepted", "tenant", who.tenant)
		return ErrAdminCode
	}
	row, known := f.roster.Agents().ByEntra(who.tenant, who.objectID)
	if !known {
		row = Agent{ID: AgentID(who.objectID), Tenant: who.tenant, EntraID: who.objectID, Name: cmp.Or(who.name, "Administrator")}
	}
	if known && len(row.Roles) == 0 {
		row.Roles = []Role{RoleAgent} // what an empty list means
	}
	row.Roles = knownRoles(row.Roles, []Role{RoleAdmin})
	ended := func(error) {}
	if f.record != nil {
		if ended, err = f.record(ctx, FirstAdmin{Tenant: who.tenant, Agent: row.ID, ObjectID: who.objectID}); err != nil {
			return fmt.Errorf("record administrator: %w", err)
		}
	}
	_, err = f.roster.Put(ctx, who.tenant, []Agent{row}, false)
	ended(err)
	if err != nil {
		return fmt.Errorf("make administrator: %w", err)
	}
	f.log.InfoContext(ctx, "first administrator made by code", "tenant", who.tenant)
	return nil
}

func (f *FirstAdmins) mayTry(who person) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	known, ok := f.tries[agentKey{who.tenant, who.objectID}]
	return !ok || known.count < adminTries || f.now().Sub(known.since) >= adminCodeLife
}

func (f *FirstAdmins) failed(who person) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, key := f.now(), agentKey{who.tenant, who.objectID}
	for old, t := range f.tries {
		if now.Sub(t.since) >= adminCodeLife || len(f.tries) > maxTriers {
			delete(f.tries, old)
		}
	}
	t, ok := f.tries[key]
	if !ok {
		t.since = now
	}
	t.count++
	f.tries[key] = t
}
