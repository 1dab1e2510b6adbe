package sip

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/consult"
	"teamsbridge/consult/outbox"
	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/ua"
)

// ErrClosed says that the switch is closed.
var ErrClosed = errors.New("sip: closed")

// Agent is whom a customer's call is for.
type Agent struct {
	Tenant, ID, Number string
}

// Deps are what a switch works with.
type Deps struct {
	// Agent finds the agent that a called number or a header names.
	Agent func(named string) (Agent, bool)
	// Lines keeps what it takes to end a leg after this process.
	Lines consult.Lines
	// TLS has this service's certificate, for trunks that need it, and Authorities
	// whom it trusts at the time; nil: whom the system trusts, and no clients.
	TLS         *tls.Config
	Authorities func() *x509.CertPool
	Logger      *slog.Logger          // nil: nothing is logged
	Registerer  prometheus.Registerer // nil: no metrics
}

// Switch carries real calls. It meets consult.Switch.
type Switch struct {
	config   Config
	deps     Deps
	log      *slog.Logger
	endpoint *ua.Endpoint
	audio    *media.Engine
	prompts  *media.Prompts
	// reservations knows the calls to consult numbers; nil where there are none.
	reservations Reservations
	events       *outbox.Outbox
	limits       *limits
	intake       intake
	drops, rings rounds // of lines that are forgotten, and of agents' telephones that ring
	metrics      *metrics
	stop         context.CancelFunc
	closing      chan struct{}   // closed when Close begins
	patience     context.Context // done when Close waits for nobody's ACK any longer
	giveUp       context.CancelFunc
	tasks        sync.WaitGroup

	mu       sync.Mutex
	calls    map[consult.InteractionID]*call
	arriving int // calls that are not answered yet
	draining bool
	closed   bool
	changed  chan struct{} // closed and made anew when a call ends

	running sync.Mutex // guards tasks against being added to after the end
	ended   bool
}

// run does f beside; Close waits for it. After the end nothing is run.
func (s *Switch) run(f func()) {
	s.running.Lock()
	defer s.running.Unlock()
	if !s.ended {
		s.tasks.Go(f)
	}
}

// New makes a switch that takes no calls before Start.
func New(config Config, deps Deps) (*Switch, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	config = config.withDefaults()
	if deps.Logger == nil {
		deps.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Switch{
		config: config, deps: deps, log: deps.Logger, metrics: newMetrics(deps.Registerer), limits: newLimits(config.Limits), drops: rounds{every: dropEvery}, rings: rounds{every: keepEvery},
		calls: map[consult.InteractionID]*call{}, changed: make(chan struct{}), closing: make(chan struct{}),
	}
	s.patience, s.giveUp = context.WithCancel(context.Background())
	var err error
	if s.prompts, err = media.LoadPrompts(config.Prompts); err != nil {
		return nil, fmt.Errorf("sip: %w", err)
	}
	audio, err := config.media()
	if err != nil {
		return nil, err
	}
	audio.Logger, audio.Registerer = deps.Logger, deps.Registerer
	if audio.Music, audio.Ringing, err = config.Media.sounds(); err != nil {
		return nil, err
	}
	endpoint := config.endpoint()
	endpoint.TLS, endpoint.Authorities = deps.TLS, deps.Authorities
	s.endpoint, err = ua.New(endpoint, ua.Deps{
		Logger: deps.Logger, Registerer: deps.Registerer, Incoming: s.arrives, KeepUnwanted: s.keepUnwanted,
	})
	if err != nil {
		return nil, err
	}
	if s.audio, err = media.New(audio); err != nil {
		return nil, err
	}
	s.events = outbox.New()
	return s, nil
}

// Start takes calls and ends what an earlier process left behind.
func (s *Switch) Start(ctx context.Context) error {
	left, err := s.deps.Lines.AllLines(ctx)
	if err != nil {
		return fmt.Errorf("sip: lines of an earlier process: %w", err)
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	if err := s.endpoint.Start(ctx); err != nil {
		stop()
		return err
	}
	for _, line := range left {
		s.run(func() { s.releaseLeft(background, line) })
	}
	s.run(func() { s.watch(background) })
	return nil
}

// Addr is where requests of a transport are taken; nil where none are.
func (s *Switch) Addr(transport ua.Transport) net.Addr { return s.endpoint.Addr(transport) }

// Peers tells how the trunks are.
func (s *Switch) Peers() []ua.PeerStatus { return s.endpoint.Peers() }

// Events delivers what happens, in order; closed by Close.
func (s *Switch) Events() <-chan consult.Event { return s.events.Events() }

// Arrange makes the picture true. One that names a leg which is not up, or that
// is older than the true one, fails.
func (s *Switch) Arrange(ctx context.Context, id consult.InteractionID, a consult.Arrangement) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	c := s.calls[id]
	outcome := consult.Event{Kind: consult.EventArranged, Interaction: id, Seq: a.Seq}
	switch {
	case c == nil || a.Seq < c.arranged || !c.connected(a.Talk) || !c.connected(a.Hold):
		outcome.Kind, outcome.Reason = consult.EventArrangeFailed, consult.FailureFailed
	case a.Seq == c.arranged: // the same again: only confirm it
	default:
		if err := c.arrange(a); err != nil {
			s.log.ErrorContext(ctx, "sip: a picture cannot be made", "interaction", id, "error", err)
			outcome.Kind, outcome.Reason = consult.EventArrangeFailed, consult.FailureFailed
		}
	}
	s.tell(outcome)
	return nil
}

// Hangup ends a leg or stops its ringing.
func (s *Switch) Hangup(ctx context.Context, id consult.InteractionID, legID consult.LegID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	c := s.calls[id]
	if c == nil {
		return nil
	}
	l := c.legs[legID]
	if l == nil {
		return nil
	}
	l.hangUp(ctx)
	return nil
}

// Calls reports every interaction that has a leg, in the order of their ids.
func (s *Switch) Calls(context.Context) ([]consult.CallStatus, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	var all []consult.CallStatus
	for _, id := range slices.Sorted(maps.Keys(s.calls)) {
		if c := s.calls[id]; len(c.legs) > 0 && !c.visit {
			all = append(all, c.status())
		}
	}
	return all, nil
}

// tell queues an event for the engine.
func (s *Switch) tell(e consult.Event) {
	s.events.Put(s.worked(e))
}

// tellSoon queues an event of something that is over for the people in it, or goes
// on without the engine: what it does about it may come a moment later.
func (s *Switch) tellSoon(e consult.Event) {
	s.events.PutSoon(s.worked(e))
}

// worked makes an event of now, which is work until the journal holds it.
func (s *Switch) worked(e consult.Event) consult.Event {
	s.intake.resume()
	word := e.Ack
	e.At, e.Ack = time.Now(), func(err error) {
		s.intake.rest()
		if word != nil {
			word(err)
		}
	}
	return e
}
