package media

import (
	"time"

	"teamsbridge/consult/sip/g711"
	"teamsbridge/consult/sip/sdp"
)

// Sound is something to be played: music or a prompt, coded for every far end
// when it is made. It never changes and is shared by all streams.
type Sound struct {
	samples []int16
	coded   map[*g711.Codec][]byte
}

// NewSound makes a sound of samples, 8000 a second.
func NewSound(samples []int16) *Sound {
	s := &Sound{samples: samples, coded: make(map[*g711.Codec][]byte, 2)}
	for _, codec := range []*g711.Codec{g711.A, g711.Mu} {
		coded := make([]byte, len(samples))
		codec.Encode(coded, samples)
		s.coded[codec] = coded
	}
	return s
}

// Length is how long the sound lasts.
func (s *Sound) Length() time.Duration {
	return time.Duration(len(s.samples)) * time.Second / g711.Rate
}

// Samples are the sound's samples, 8000 a second, not to be changed.
func (s *Sound) Samples() []int16 { return s.samples }

// once copies the frame at a position, with silence after the end, and returns
// the position after it.
func (s *Sound) once(frame []byte, codec *g711.Codec, at int) int {
	coded := s.coded[codec]
	n := copy(frame, coded[min(at, len(coded)):])
	for i := range frame[n:] {
		frame[n+i] = codec.Silence()
	}
	return at + n
}

// loop copies the frame at a position of a sound without end.
func (s *Sound) loop(frame []byte, codec *g711.Codec, at int) int {
	coded := s.coded[codec]
	for n := 0; n < len(frame); {
		copied := copy(frame[n:], coded[at:])
		n += copied
		at = (at + copied) % len(coded)
	}
	return at
}

func codecOf(c sdp.Codec) *g711.Codec { return g711.Named(string(c)) }
