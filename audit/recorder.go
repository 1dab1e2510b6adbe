package audit

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// ErrClosed: the recorder has ended.
var ErrClosed = errors.New("audit: recorder closed")

const (
	// backlog bounds what waits to be written without anybody waiting for it.
	backlog = 8192
	// batch bounds how many events share a commit.
	batch = 256
	// retryAfter is how long a store that failed is left alone.
	retryAfter = time.Second
)

// Recorder writes events into their chains, those that come together in one
// commit. Make one with New.
type Recorder struct {
	store  Store
	stream stream
	log    *slog.Logger

	work    chan item
	ending  context.CancelFunc
	ctx     context.Context // until Close; writes outlive requests
	stopped chan struct{}

	lines  *prometheus.CounterVec
	lost   prometheus.Counter
	failed *prometheus.CounterVec
}

// item is work for the recorder's goroutine.
type item struct {
	make func() []Event
	done chan error // nil: nobody waits
}

// Options are what a Recorder can be told beside its store.
type Options struct {
	Config     Config
	Stdout     io.Writer // of StreamStdout
	Logger     *slog.Logger
	Registerer prometheus.Registerer // nil: no metrics
}

// New starts a recorder; Close ends it.
func New(store Store, o Options) *Recorder {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	r := &Recorder{
		store: store, stream: newStream(o.Config, o.Stdout), log: o.Logger,
		work: make(chan item, backlog), stopped: make(chan struct{}),
		lines: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_audit_lines_total", Help: "Audit lines written, by event and outcome.",
		}, []string{"event", "outcome"}),
		lost: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "teamsbridge_audit_lost_total", Help: "Audit events that were given up because too many waited; those of calls are made up for from the journal.",
		}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teamsbridge_audit_failed_total", Help: "Failed tries to write audit lines, by where: store or stream.",
		}, []string{"where"}),
	}
	if o.Registerer != nil {
		o.Registerer.MustRegister(r.lines, r.lost, r.failed)
	}
	r.ctx, r.ending = context.WithCancel(context.Background())
	go r.run()
	return r
}

// Record writes events and returns when they are durable, in one commit, or with
// the reason why none is: the store's, ErrClosed, or that ctx ended before they
// could be handed over. Once they are, ctx ends nothing.
func (r *Recorder) Record(ctx context.Context, events ...Event) error {
	stamp(events)
	work := item{make: func() []Event { return events }, done: make(chan error, 1)}
	if err := r.hand(ctx, work); err != nil {
		return err
	}
	select {
	case err := <-work.done:
		return err
	case <-r.stopped: // Close answered what it found; this came too late
		select {
		case err := <-work.done:
			return err
		default:
			return ErrClosed
		}
	}
}

// hand waits for a place.
func (r *Recorder) hand(ctx context.Context, work item) error {
	if r.ctx.Err() != nil {
		return ErrClosed
	}
	select {
	case r.work <- work:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-r.ctx.Done():
		return ErrClosed
	}
}

// Note writes an event soon and never waits. It is false when too many wait
// already: the event is given up, and counted.
func (r *Recorder) Note(e Event) bool {
	events := []Event{e}
	stamp(events)
	return r.Later(func() []Event { return events })
}

// Later is Note for events that take work to make: it is done when they are written.
func (r *Recorder) Later(events func() []Event) bool {
	if r.ctx.Err() == nil {
		select {
		case r.work <- item{make: events}:
			return true
		default:
		}
	}
	r.lost.Inc()
	return false
}

// Close writes what waits, once, and ends the recorder.
func (r *Recorder) Close() error {
	r.ending()
	<-r.stopped
	return nil
}

// stamp says when an event was, which is before it waited.
func stamp(events []Event) {
	for i := range events {
		if events[i].At.IsZero() {
			events[i].At = time.Now()
		}
	}
}

func (r *Recorder) run() {
	defer close(r.stopped)
	for {
		select {
		case first := <-r.work:
			r.write(r.more([]item{first}))
		case <-r.ctx.Done():
			for {
				select {
				case first := <-r.work:
					r.write(r.more([]item{first}))
				default:
					return
				}
			}
		}
	}
}

// more adds the work that waits now: whoever waits for it is answered with the
// next try, even while the store fails.
func (r *Recorder) more(all []item) []item {
	for most := len(all) + batch; len(all) < most; {
		select {
		case next := <-r.work:
			all = append(all, next)
		default:
			return all
		}
	}
	return all
}

// write tries until what nobody waits for is written too: its order is kept, and
// whoever waits is told of the first failure.
func (r *Recorder) write(all []item) {
	for {
		var events []Event
		for _, work := range all {
			events = append(events, work.make()...)
		}
		err := r.append(events)
		var kept []item
		for _, work := range all {
			switch {
			case work.done != nil:
				work.done <- err
			case err != nil:
				kept = append(kept, work)
			}
		}
		if len(kept) == 0 {
			return
		}
		if !r.pause() {
			r.lost.Add(float64(len(kept)))
			return
		}
		all = r.more(kept)
	}
}

// pause leaves the store alone; false when the recorder ends.
func (r *Recorder) pause() bool {
	wait := time.NewTimer(retryAfter)
	defer wait.Stop()
	select {
	case <-wait.C:
		return true
	case <-r.ctx.Done():
		return false
	}
}

// append writes events to the store and then to the stream.
func (r *Recorder) append(events []Event) error {
	ctx := context.WithoutCancel(r.ctx)
	if len(events) == 0 {
		return nil
	}
	lines, err := r.store.AppendAudit(ctx, events)
	if err != nil {
		r.failed.WithLabelValues("store").Inc()
		r.log.ErrorContext(ctx, "audit lines not written", "events", len(events), "error", err)
		return err
	}
	for _, l := range lines {
		r.lines.WithLabelValues(string(l.Event), string(l.Outcome)).Inc()
	}
	if r.stream != nil && len(lines) > 0 {
		if err := r.stream(lines); err != nil { // the store has them
			r.failed.WithLabelValues("stream").Inc()
			r.log.ErrorContext(ctx, "audit lines not streamed", "lines", len(lines), "error", err)
		}
	}
	return nil
}
