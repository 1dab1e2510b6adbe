package media

import (
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"teamsbridge/consult/sip/g711"
)

// Digit is a key that was pressed at the far end.
type Digit struct {
	Key      byte // one of "0123456789*#ABCD"
	Duration time.Duration
}

// keys are the keys by their event code (RFC 4733, section 3.2).
const keys = "0123456789*#ABCD"

// ErrNoDTMF says that the far end takes no telephone-events.
var ErrNoDTMF = errors.New("media: the far end takes no telephone-events")

// ErrNotAKey is text that cannot be dialled by keys.
var ErrNotAKey = errors.New("media: not a key of a telephone")

// event is the payload of a telephone-event packet (RFC 4733, section 2.3).
type event struct {
	code     byte
	end      bool
	volume   byte   // in -dBm0
	duration uint16 // samples since it began
}

const eventSize = 4

func parseEvent(payload []byte) (event, bool) {
	if len(payload) < eventSize {
		return event{}, false
	}
	return event{
		code:     payload[0],
		end:      payload[1]&0x80 != 0,
		volume:   payload[1] & 0x3F,
		duration: binary.BigEndian.Uint16(payload[2:]),
	}, true
}

func (e event) put(payload []byte) {
	payload[0] = e.code
	payload[1] = e.volume & 0x3F
	if e.end {
		payload[1] |= 0x80
	}
	binary.BigEndian.PutUint16(payload[2:], e.duration)
}

// press is one press of a key as it is followed through its packets.
type press struct {
	code     byte
	duration uint16 // samples so far
}

func (p *press) digit() Digit {
	return Digit{Key: keys[p.code], Duration: time.Duration(p.duration) * time.Second / g711.Rate}
}

// digitReader makes presses of the packets that repeat each of them. All packets
// of a press have its timestamp.
type digitReader struct {
	pressed, released func(*press) // told once each

	present *press // nil: no key is down
	ts      uint32
	begun   bool // ts is that of a press
	at      time.Time
}

// lapse ends a press whose packets stopped coming: the end and its repetitions
// were lost.
const lapse = 150 * time.Millisecond

// read takes a packet. A repetition of an end tells nothing.
func (r *digitReader) read(ts uint32, e event, now time.Time) {
	if int(e.code) >= len(keys) {
		return // a tone or the state of a line, no key
	}
	if !r.begun || ts != r.ts {
		if r.begun && int32(ts-r.ts) < 0 && now.Sub(r.at) < time.Second {
			return // a straggler of an earlier press
		}
		r.release()
		r.present, r.ts, r.begun = &press{code: e.code}, ts, true
		r.pressed(r.present)
	}
	if r.present == nil {
		return
	}
	r.present.duration = max(r.present.duration, e.duration)
	r.at = now
	if e.end {
		r.release()
	}
}

// expire ends a press whose packets stopped.
func (r *digitReader) expire(now time.Time) {
	if now.Sub(r.at) >= lapse {
		r.release()
	}
}

func (r *digitReader) release() {
	if p := r.present; p != nil {
		r.present = nil
		r.released(p)
	}
}

// codesOf finds the event codes for keys.
func codesOf(digits string) ([]byte, error) {
	codes := make([]byte, 0, len(digits))
	for _, key := range strings.ToUpper(digits) {
		code := strings.IndexRune(keys, key)
		if code < 0 {
			return nil, ErrNotAKey
		}
		codes = append(codes, byte(code))
	}
	return codes, nil
}
