package memswitch

import (
	"context"
	"errors"
	"sync"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/outbox"
)

var (
	_ consult.Switch   = (*Switch)(nil)
	_ consult.Answerer = (*Switch)(nil)
)

var (
	// ErrNoLeg: the party has no leg on which that can be done.
	ErrNoLeg = errors.New("memswitch: no such leg")
	// ErrClosed: the network was closed.
	ErrClosed = errors.New("memswitch: closed")
)

// Options shape the network.
type Options struct {
	// File keeps the legs; empty means in memory only.
	File string
	// Manual stops parties from answering by themselves.
	Manual bool
	// AnswerAfter is how long a party rings before they answer by themselves.
	AnswerAfter time.Duration
}

// Switch is the simulated network. It implements consult.Switch and consult.Answerer.
type Switch struct {
	opt    Options
	events *outbox.Outbox

	mu      sync.Mutex
	calls   map[consult.InteractionID]*call
	faults  []Fault
	changed chan struct{} // closed at the next change of a leg; nil while nobody waits for one
	legs    *legsFile     // nil without Options.File
	fileErr error         // first failure to write the legs file
	closed  bool
}

// New reads the legs back, if a file is named, and starts the network. A party
// whose telephone rang goes on ringing.
func New(o Options) (*Switch, error) {
	s := &Switch{
		opt:   o,
		calls: map[consult.InteractionID]*call{},
	}
	if o.File != "" {
		legs, calls, err := openLegs(o.File)
		if err != nil {
			return nil, err
		}
		s.legs, s.calls = legs, calls
	}
	s.events = outbox.New()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		for _, l := range c.Legs {
			if l.State == consult.LegRinging {
				s.answerLater(c, l)
			}
		}
	}
	return s, nil
}

// Close stops the network and closes Events; events that nobody has read are
// dropped. The error is the first failure to write the legs file: the file is a
// convenience of the demo, so calls went on without it.
func (s *Switch) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	s.events.Close()

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.legs == nil {
		return nil
	}
	return errors.Join(s.fileErr, s.legs.close())
}

// Events delivers what happens, in order; closed by Close.
func (s *Switch) Events() <-chan consult.Event { return s.events.Events() }

// emit queues an event of the call. Callers hold the mutex.
func (s *Switch) emit(c *call, e consult.Event) {
	e.Interaction = c.ID
	e.At = time.Now()
	s.events.Put(e)
}

// keep writes a changed call to the file, forgets one without legs, and wakes
// everybody who waits for a leg. Callers hold the mutex and emit afterwards.
func (s *Switch) keep(c *call) {
	if len(c.Legs) == 0 {
		delete(s.calls, c.ID)
	}
	if s.legs != nil {
		if err := s.legs.write(c, s.calls); err != nil && s.fileErr == nil {
			s.fileErr = err
		}
	}
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// later runs f under the mutex after d, unless the network was closed before.
func (s *Switch) later(d time.Duration, f func()) {
	time.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closed {
			f()
		}
	})
}

// acknowledged waits for the service's word on an event.
func (s *Switch) acknowledged(ctx context.Context, ack <-chan error) error {
	select {
	case err := <-ack:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-s.events.Done():
		return ErrClosed
	}
}

// acker makes an Event.Ack and the channel on which its word arrives.
func acker() (func(error), <-chan error) {
	word := make(chan error, 1)
	return func(err error) {
		select {
		case word <- err:
		default: // called twice: the first word counts
		}
	}, word
}
