package graph

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Config is the directory part of the configuration.
type Config struct {
	SyncInterval   time.Duration `koanf:"sync_interval"`   // between delta rounds
	ConfirmTimeout time.Duration `koanf:"confirm_timeout"` // for the live look-up before a call
}

// Deps are what Experts works with.
type Deps struct {
	Directory  Directory
	Tenants    []Tenant
	Logger     *slog.Logger
	Registerer prometheus.Registerer
	// Progress, if set, hears of each page of a first sync.
	Progress func(TenantID, Status)
}

// Tenant is one organisation to mirror.
type Tenant struct {
	ID      TenantID
	Country string // ISO 3166 region that national spellings in the directory belong to
}

// Experts answers who can help, per organisation.
type Experts struct{}

// NewExperts prepares the mirrors; Run fills them.
func NewExperts(cfg Config, deps Deps) (*Experts, error) { return nil, errors.ErrUnsupported }

// Run keeps every organisation's mirror in step until ctx ends.
func (e *Experts) Run(ctx context.Context) error { return errors.ErrUnsupported }

// Search answers from the index. It returns ErrPhoneIncomplete, ErrNotReady.
func (e *Experts) Search(ctx context.Context, tenant TenantID, q Query) (Result, error) {
	return Result{}, errors.ErrUnsupported
}

// Expert answers from the index. It returns *NotListedError.
func (e *Experts) Expert(tenant TenantID, id UserID) (Expert, error) {
	return Expert{}, errors.ErrUnsupported
}

// ByNumber finds the listed expert whose number is the E.164 number, from the index.
func (e *Experts) ByNumber(tenant TenantID, number string) (Expert, bool) { return Expert{}, false }

// Confirm reads the expert live, at most Config.ConfirmTimeout, no retry. Gone,
// disabled or phoneless: *NotListedError. Graph away: the index answers.
func (e *Experts) Confirm(ctx context.Context, tenant TenantID, id UserID) (Confirmation, error) {
	return Confirmation{}, errors.ErrUnsupported
}

// Missing asks Graph live why people matching text are not listed.
func (e *Experts) Missing(ctx context.Context, tenant TenantID, text string) ([]Missing, error) {
	return nil, errors.ErrUnsupported
}

// Status tells the health of a mirror.
func (e *Experts) Status(tenant TenantID) Status { return Status{} }

// Subscribe tells of each change of a mirror's status (a directory event);
// the channel is closed by calling the returned function.
func (e *Experts) Subscribe(tenant TenantID) (<-chan Status, func()) { return nil, func() {} }
