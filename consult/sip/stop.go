package sip

import (
	"context"
	"errors"
	"time"

	"teamsbridge/consult/sip/ua"
)

// enter takes note of a call that comes in, until leave; false where none is
// taken any more.
func (s *Switch) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining || s.closed {
		return false
	}
	s.arriving++
	return true
}

// stopping reports whether Close was called.
func (s *Switch) stopping() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}

func (s *Switch) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arriving--
	s.wake()
}

// Drain takes no more customers' calls and waits until none is left, or ctx is
// done. It returns how many interactions are left.
func (s *Switch) Drain(ctx context.Context) int {
	s.mu.Lock()
	s.draining = true
	s.mu.Unlock()
	for {
		s.mu.Lock()
		left, changed := len(s.calls)+s.arriving, s.changed
		s.mu.Unlock()
		if left == 0 {
			return 0
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return left
		}
	}
}

// closeWait bounds how long Close waits for the other sides to hear that legs end,
// and then for those who were connected at that moment and have not said so.
const closeWait = 2 * time.Second

// Close ends every leg and takes no more calls. The engine is stopped before: it
// finds what ended when it starts again.
func (s *Switch) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.closing) // calls that are not answered yet are refused
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	for _, c := range s.calls {
		for _, l := range c.legs {
			if l.dialog != nil {
				l.dialog.Hangup(ctx, ua.Cause{})
			}
		}
	}
	s.mu.Unlock()
	s.events.Close()
	s.Drain(ctx)
	s.giveUp()
	last, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	s.Drain(last)
	s.endpoint.Settle(last)
	if s.stop != nil {
		s.stop()
	}
	err := errors.Join(s.endpoint.Close(), s.audio.Close())
	s.running.Lock()
	s.ended = true
	s.running.Unlock()
	s.tasks.Wait()
	return err
}
