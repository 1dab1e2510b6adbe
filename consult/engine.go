package consult

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/consult/dial"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

// Config is the consult part of the configuration.
type Config struct {
	RingTimeout   time.Duration  `koanf:"ring_timeout"`   // below Teams' voicemail
	SwitchTimeout time.Duration  `koanf:"switch_timeout"` // after which an outcome is unknown
	AfterEnd      string         `koanf:"after_end"`      // "active" or "hold"
	NumberMatch   string         `koanf:"number_match"`   // "block", "warn" or "allow"
	WrapUp        WrapUpConfig   `koanf:"wrapup"`
	Dial          dial.Config    `koanf:"dial"`
	Queues        []QueueConfig  `koanf:"queues"`
	EntryPoints   []NumberConfig `koanf:"entry_points"`
	DialNumbers   []NumberConfig `koanf:"dial_numbers"`
}

// WrapUpConfig says how calls are wrapped up.
type WrapUpConfig struct {
	Reasons []WrapUpReason `koanf:"reasons"`
	Default string         `koanf:"default"` // code applied when the timer ends
	Timer   time.Duration  `koanf:"timer"`   // 0 means none
	Pause   bool           `koanf:"pause"`   // agents may stop the timer
}

// QueueConfig names a queue of agents.
type QueueConfig struct {
	ID     string   `koanf:"id"`
	Tenant string   `koanf:"tenant"`
	Name   string   `koanf:"name"`
	Agents []string `koanf:"agents"`
}

// NumberConfig names a number of the contact centre.
type NumberConfig struct {
	ID     string `koanf:"id"`
	Tenant string `koanf:"tenant"`
	Name   string `koanf:"name"`
	Number string `koanf:"number"`
}

// Experts is what the engine needs of the directory; *graph.Experts has it.
type Experts interface {
	Confirm(ctx context.Context, tenant graph.TenantID, id graph.UserID) (graph.Confirmation, error)
	ByNumber(tenant graph.TenantID, number string) (graph.Expert, bool)
}

// Gate is what the engine needs of single sign-on; *sso.Gate has it.
type Gate interface {
	Allow(p sso.Principal) error
}

// Deps are what the Engine works with.
type Deps struct {
	Store      Store
	Switch     Switch
	Experts    Experts
	Gate       Gate
	Agents     *sso.Agents
	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

// Engine owns every live interaction of this process.
type Engine struct{}

// New reads the journal back; nothing is acted on before Run.
func New(ctx context.Context, cfg Config, deps Deps) (*Engine, error) {
	return nil, errors.ErrUnsupported
}

// Run asks the switch what is still there, then follows its events and the
// timers until ctx ends.
func (e *Engine) Run(ctx context.Context) error { return errors.ErrUnsupported }

// Ready reports whether Run has finished recovery and the journal can be written.
func (e *Engine) Ready() bool { return false }

// Drain refuses new consults from now on and waits until no command is pending
// or ctx ends.
func (e *Engine) Drain(ctx context.Context) error { return errors.ErrUnsupported }

// Do carries out a command and answers with the interaction as it then is.
// Errors: those of errors.go, *sso.RequiredError.
func (e *Engine) Do(ctx context.Context, p sso.Principal, id InteractionID, cmd Command) (View, error) {
	return View{}, errors.ErrUnsupported
}

// View reads one interaction; ErrNotFound.
func (e *Engine) View(ctx context.Context, p sso.Principal, id InteractionID) (View, error) {
	return View{}, errors.ErrUnsupported
}

// List reads the caller's interactions, live ones first, then newest first.
func (e *Engine) List(ctx context.Context, p sso.Principal) ([]View, error) {
	return nil, errors.ErrUnsupported
}

// History reads an interaction's journal in order; ErrNotFound.
func (e *Engine) History(ctx context.Context, p sso.Principal, id InteractionID) ([]HistoryEntry, error) {
	return nil, errors.ErrUnsupported
}

// State says what the caller is doing.
func (e *Engine) State(p sso.Principal) AgentStatus { return AgentStatus{} }

// SetState chooses available or idle; *InvalidError for anything else.
func (e *Engine) SetState(ctx context.Context, p sso.Principal, name AgentState, reason string) (AgentStatus, error) {
	return AgentStatus{}, errors.ErrUnsupported
}

// TargetEntry is a line of a list of targets.
type TargetEntry struct {
	Kind   TargetKind
	ID     string
	Name   string
	Number string
	State  AgentState // agents only
}

// Targets lists what the caller may choose of a kind (agent, queue,
// entryPoint, dialNumber), filtered by q (start of any word, case and accents
// ignored). The caller themself is left out of agents.
func (e *Engine) Targets(p sso.Principal, kind TargetKind, q string) []TargetEntry { return nil }

// CheckNumber reads a dial number as the caller would dial it.
func (e *Engine) CheckNumber(p sso.Principal, input string) dial.Check { return dial.Check{} }

// Change is what a Subscription delivers: exactly one of View, Gone, State and Targets is set.
type Change struct {
	View    *View
	Gone    *Gone
	State   *AgentStatus // the subscriber's own
	Targets bool         // a list of targets changed
}

// Gone tells somebody that an interaction is no longer theirs to see; Reason is
// withdrawn, timeout, taken or over.
type Gone struct {
	ID     InteractionID
	Reason string
}

// Subscribe delivers the changes that p may see, in order, until the returned
// function is called. A reader who lets 256 changes pile up is cut off: the channel closes.
func (e *Engine) Subscribe(p sso.Principal) (<-chan Change, func()) { return nil, func() {} }
