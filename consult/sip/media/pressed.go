package media

import "time"

// keyDown begins to pass a press on to those who talk with this party, each in
// telephone-events of its own line. It is called with in's lock held.
func (s *Stream) keyDown(p *press) {
	s.in.pressTo = s.in.talk
	for _, other := range s.in.pressTo {
		other.out.mu.Lock()
		if other.out.link != nil && other.out.link.DTMFSend != 0 {
			other.out.keypad.add(keyPress{code: p.code, from: p})
		}
		other.out.mu.Unlock()
	}
}

// keyUp tells who is interested that the key was let go.
func (s *Stream) keyUp(p *press) {
	for _, other := range s.in.pressTo {
		other.out.mu.Lock()
		other.out.keypad.released(p, p.duration)
		other.out.mu.Unlock()
	}
	s.in.pressTo = nil
	if s.in.closed {
		return // as is the channel
	}
	select {
	case s.digits <- p.digit():
	default: // nobody reads them
	}
}

func (s *Stream) expireDigits(now time.Time) {
	s.in.mu.Lock()
	defer s.in.mu.Unlock()
	s.in.digits.expire(now)
}
