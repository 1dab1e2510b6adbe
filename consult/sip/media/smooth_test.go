package media

import (
	"testing"

	"teamsbridge/consult/sip/g711"
)

func TestANewVoiceComesInWithoutAClick(t *testing.T) {
	for _, codec := range []*g711.Codec{g711.A, g711.Mu} {
		o := &outbound{link: &link{codec: codec}, last: 16000}
		body := make([]byte, frameSamples)
		for i := range body {
			body[i] = codec.Code(-16000)
		}
		o.smooth(body)
		before := int(o.last)
		for i, code := range body {
			now := int(codec.Sample(code))
			// A fortieth of the step, and the coarseness of G.711 at this level.
			if step := before - now; step < -600 || step > 32000/smooth+1100 {
				t.Fatalf("%v: a step from %d to %d at sample %d", codec, before, now, i)
			}
			before = now
		}
		if before > -15000 {
			t.Errorf("%v: it ends at %d", codec, before)
		}
		short := []byte{codec.Silence()}
		o.smooth(short) // a packet shorter than the blend
	}
}
