package ua

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"sync"
	"syscall"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// Endpoint is this service on the SIP network. Safe for concurrent use.
type Endpoint struct {
	config   Config
	deps     Deps
	log      *slog.Logger
	metrics  *metrics
	peers    *admission
	trunks   map[string]*trunk
	agent    *sipgo.UserAgent
	client   *sipgo.Client
	server   *sipgo.Server
	nonces   *nonces
	sockets  []socket
	dialled  map[Transport]*dialling
	underway underway
	stop     context.CancelFunc
	tasks    sync.WaitGroup
	sends    pending // requests of dialogs that are not answered yet
	mu       sync.Mutex
	dialogs  map[dialogID]*Dialog
	incoming map[incomingID]*Incoming // that are not decided yet
	left     map[string]*sip.Request  // INVITEs of a process that is gone, which are withdrawn; by branch
	closed   bool

	merged recent[incomingID] // decided ones: the same call may come by another way
	ended  recent[dialogID]
}

// socket is one address on which requests are taken.
type socket struct {
	transport Transport
	addr      net.Addr
	serve     func(context.Context) error // returns when it is served
	close     func() error
}

// New makes an endpoint that does nothing before Start.
func New(config Config, deps Deps) (*Endpoint, error) {
	if err := config.Validate(); err != nil {
		return nil, fmt.Errorf("sip: %w", err)
	}
	if deps.Logger == nil {
		deps.Logger = slog.New(slog.DiscardHandler)
	}
	if config.UserAgent == "" {
		config.UserAgent = "teamsbridge"
	}
	if config.MinSE == 0 {
		config.MinSE = MinSE
	}
	if config.MaxMessage == 0 {
		config.MaxMessage = defaultMaxMessage
	}
	config.Trunks = demanding(config.Trunks)
	e := &Endpoint{
		config: config, deps: deps, log: deps.Logger, dialled: map[Transport]*dialling{TCP: newDialling(), TLS: newDialling()},
		trunks:  map[string]*trunk{},
		nonces:  newNonces(),
		dialogs: map[dialogID]*Dialog{}, incoming: map[incomingID]*Incoming{}, left: map[string]*sip.Request{},
	}
	e.metrics = newMetrics(deps.Registerer, e)
	e.peers = newAdmission(config, e.metrics)
	for _, t := range config.Trunks {
		e.trunks[t.Name] = newTrunk(t)
	}
	return e, e.assemble()
}

// assemble puts sipgo's layers together.
func (e *Endpoint) assemble() error {
	tame()
	parser := sip.NewParser()
	parser.MaxMessageLength = e.config.MaxMessage
	quiet := slog.New(quietHandler{e.log.Handler()})
	agent, err := sipgo.NewUA(
		sipgo.WithUserAgent(e.config.UserAgent),
		sipgo.WithUserAgentHostname(e.config.Host),
		sipgo.WithUserAgentParser(parser),
		sipgo.WithUserAgenTLSConfig(sipgoTLS()),
		sipgo.WithUserAgentTransportLayerOptions(
			sip.WithTransportLayerLogger(quiet),
			sip.WithTransportLayerReadFilter(e.peers.filter),
		),
		sipgo.WithUserAgentTransactionLayerOptions(
			sip.WithTransactionLayerLogger(quiet),
			sip.WithTransactionLayerUnhandledResponseHandler(e.strayResponse),
		),
	)
	if err != nil {
		return fmt.Errorf("sip: %w", err)
	}
	e.agent = agent
	agent.TransportLayer().OnMessage(e.came)
	if e.client, err = sipgo.NewClient(agent, sipgo.WithClientLogger(quiet), sipgo.WithClientHostname(e.config.Host), sipgo.WithClientNAT()); err != nil {
		return fmt.Errorf("sip: %w", err)
	}
	if e.server, err = sipgo.NewServer(agent, sipgo.WithServerLogger(quiet)); err != nil {
		return fmt.Errorf("sip: %w", err)
	}
	e.route()
	return nil
}

// Start listens and begins to ask the peers whether they are there. It returns
// when every address is taken; ctx bounds only that.
func (e *Endpoint) Start(ctx context.Context) error {
	e.peers.resolve(ctx, e.log)
	for _, l := range e.config.Listen {
		if err := e.listen(ctx, l); err != nil {
			return errors.Join(fmt.Errorf("sip: listen on %s %s: %w", l.Transport, l.Address, err), e.Close())
		}
	}
	for _, s := range e.sockets { // when all addresses are known: answers name them
		if err := s.serve(ctx); err != nil {
			return errors.Join(fmt.Errorf("sip: serve %s %s: %w", s.transport, s.addr, err), e.Close())
		}
	}
	e.tasks.Go(func() { e.serveEnded(e.server.ServeTCP(e.dialled[TCP])) })
	e.tasks.Go(func() { e.serveEnded(e.server.ServeTLS(e.dialled[TLS])) })
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	e.stop = stop
	e.tasks.Go(func() { e.peers.keepResolved(background, e.log) })
	for _, t := range e.trunks {
		if t.Options <= 0 {
			continue
		}
		for _, p := range t.peers {
			e.tasks.Go(func() { e.keepAsking(background, t, p) })
		}
	}
	return nil
}

// Addr is where requests of a transport are taken; nil where none are.
func (e *Endpoint) Addr(transport Transport) net.Addr {
	for _, s := range e.sockets {
		if s.transport == transport {
			return s.addr
		}
	}
	return nil
}

// Close stops listening. Dialogs are not ended: hang them up before.
func (e *Endpoint) Close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	e.peers.closed.Store(true)
	left, ringing := slices.Collect(maps.Values(e.dialogs)), slices.Collect(maps.Values(e.incoming))
	e.mu.Unlock()
	for _, d := range left {
		d.stopTimers()
	}
	for _, in := range ringing {
		in.leave()
	}
	if e.stop != nil {
		e.stop()
	}
	var errs []error
	for _, s := range e.sockets {
		if err := s.close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	for _, d := range e.dialled {
		errs = append(errs, d.Close())
	}
	if err := e.agent.Close(); !hungUp(err) {
		errs = append(errs, err)
	}
	e.tasks.Wait()
	e.merged.close()
	e.ended.close()
	errs = append(errs, e.agent.TransportLayer().Close()) // of what opened a connection meanwhile
	return errors.Join(errs...)
}

// hungUp reports whether an error is only that a connection had ended before we could
// end it.
func hungUp(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed)
}

func (e *Endpoint) isClosed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed
}

// Settle waits until requests that were sent are answered, or ctx is done.
func (e *Endpoint) Settle(ctx context.Context) {
	for {
		idle := e.sends.idle()
		if idle == nil {
			return
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return
		}
	}
}

// spawn runs f beside; Close waits for it. A closed endpoint runs nothing.
func (e *Endpoint) spawn(f func()) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	e.tasks.Go(f)
	return true
}
