package media

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"

	"teamsbridge/consult/sip/g711"
)

// Engine carries the audio of all legs of a process.
type Engine struct {
	config  Config
	ports   *ports
	music   *Sound
	ringing *Sound
	log     *slog.Logger
	metrics *metrics
	shards  []*shard
	stop    context.CancelFunc
	running sync.WaitGroup

	toMu, toA *[256]byte // from one law to the other

	rooms   sync.Mutex // guards who is where
	mu      sync.Mutex // guards what follows
	closed  bool
	streams map[*Stream]struct{}
}

// maxShards is enough goroutines for the tick of some ten thousand calls.
const maxShards = 8

// New starts the engine. An error is a configuration that [Config.Validate]
// refuses.
func New(c Config) (*Engine, error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	e := &Engine{
		config: c, ports: newPorts(c), music: c.Music, ringing: c.Ringing, log: c.Logger, metrics: newMetrics(c.Registerer), stop: stop,
		toMu: g711.Translate(g711.A, g711.Mu), toA: g711.Translate(g711.Mu, g711.A),
		streams: make(map[*Stream]struct{}),
	}
	if e.music == nil {
		e.music = BuiltInMusic()
	}
	if e.ringing == nil {
		e.ringing = BuiltInRinging()
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	count := min(runtime.GOMAXPROCS(0), maxShards)
	for range count {
		p, err := newPoller()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("media: %w", err), e.Close())
		}
		sh := newShard(p)
		e.shards = append(e.shards, sh)
		e.running.Go(func() { sh.run(ctx) })
		e.running.Go(func() {
			if err := p.run(); err != nil {
				e.log.ErrorContext(ctx, "media is no longer received", "error", err)
			}
		})
	}
	return e, nil
}

// Open takes a pair of ports for a leg. Errors: [ErrNoPorts], [ErrClosed], or
// what the system says.
func (e *Engine) Open() (*Stream, error) {
	s, err := e.open()
	if err != nil {
		return nil, err
	}
	p := s.shard.poller
	if err := errors.Join(p.add(s.rtp, s.receive), p.add(s.rtcp, s.receiveOwn)); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (e *Engine) open() (*Stream, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, ErrClosed
	}
	rtp, rtcp, release, err := e.ports.take()
	if err != nil {
		return nil, err
	}
	s := &Stream{
		engine: e, shard: place(e.shards),
		rtp: rtp, rtcp: rtcp, release: release,
		digits: make(chan Digit, 32), name: randomName(),
	}
	s.out.line, s.out.seals = newLine(), make(seals)
	s.in.digits = digitReader{pressed: s.keyDown, released: s.keyUp}
	e.streams[s] = struct{}{}
	s.shard.add(s)
	e.metrics.streams.Inc()
	e.metrics.ports.Add(2)
	return s, nil
}

// Music is what those on hold hear.
func (e *Engine) Music() *Sound { return e.music }

// Close closes all streams and ends the engine. Closing twice is fine.
func (e *Engine) Close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	var open []*Stream
	for s := range e.streams {
		open = append(open, s)
	}
	e.mu.Unlock()
	for _, s := range open {
		if err := s.Close(); err != nil {
			e.log.WarnContext(context.Background(), "media port not closed", "error", err)
		}
	}
	e.stop()
	var errs []error
	for _, sh := range e.shards {
		errs = append(errs, sh.poller.stop())
	}
	e.running.Wait()
	return errors.Join(errs...)
}

func (e *Engine) forget(s *Stream) {
	e.leave(s)
	s.shard.remove(s)
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.streams, s)
	e.metrics.streams.Dec()
	e.metrics.ports.Sub(2)
}

// translate brings a payload from its law to the other.
func (e *Engine) translate(dst, src []byte, from *g711.Codec) {
	table := e.toMu
	if from == g711.Mu {
		table = e.toA
	}
	for i, code := range src {
		dst[i] = table[code]
	}
}
