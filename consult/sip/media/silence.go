package media

import "time"

// Who has nobody to hear is not sent 50 packets of silence a second, but what
// the line needs (docs/adr/0035-silence-is-not-sent.md): some that open the way
// through translators or end what was heard before, then one a second.
const (
	// late is how long those who talk may send nothing before it is silence.
	late = 100 * time.Millisecond
	// opening packets are sent at once to a new place, since one may be lost.
	opening = 3
	// ending packets follow what was heard: there are telephones whose buffer lets
	// out a packet for each that comes in, and would keep the last word for later.
	ending = 10
	// keepAlive is well below the times after which watchdogs of border controllers
	// end a call (10 s and more) and translators forget a line (RFC 4787: 2 min).
	keepAlive = time.Second
)

// sendSilence sends a packet of silence if one is due at this tick.
func (s *Stream) sendSilence(now time.Time) {
	o := &s.out
	switch since := now.Sub(o.line.at); o.speaks.kind {
	case silence:
		if o.lead == 0 {
			o.speaks = voice{kind: paused} // what comes next is lined up by the clock
			return
		}
	case paused:
		if o.lead == 0 && since < keepAlive {
			return
		}
	default:
		if o.hears.kind != silence && since < late {
			return
		}
		o.lead = ending
	}
	ts, fresh, ok := o.begin(voice{kind: silence}, now)
	if !ok {
		return
	}
	o.lead = max(o.lead-1, 0)
	body := o.buffer[12 : 12+frameSamples]
	for i := range body {
		body[i] = o.link.codec.Silence()
	}
	s.finish(ts, fresh, now)
}
