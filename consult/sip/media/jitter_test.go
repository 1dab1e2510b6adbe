package media

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"teamsbridge/consult/sip/g711"
)

// ramp is a payload whose samples can be told apart: each holds the next of the
// codes that mean different values.
func ramp(at uint32, n int) []byte {
	payload := make([]byte, n)
	for i := range payload {
		payload[i] = byte((at + uint32(i)) % 128)
	}
	return payload
}

func TestPacketsComeOutAsTheyWereSaid(t *testing.T) {
	for _, c := range []struct {
		name   string
		size   int
		mangle func(order []uint32)
	}{
		{"in order", 160, func([]uint32) {}},
		{"short packets", 80, func([]uint32) {}},
		{"long packets", 480, func([]uint32) {}},
		{"neighbours changed over", 160, func(order []uint32) {
			for i := 3; i+1 < len(order); i += 4 {
				order[i], order[i+1] = order[i+1], order[i]
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := newJitter()
			var order []uint32
			for ts := uint32(4294960000 - 4294960000%128); len(order) < 100; ts += uint32(c.size) { // over the wrap
				order = append(order, ts)
			}
			c.mangle(order)
			var heard []int16
			var frame [frameSamples]int16
			arrived := 0
			for tick := range 100 * c.size / frameSamples {
				// 20 ms more come before a tick than it takes, for what arrives late.
				for arrived < len(order) && arrived*c.size <= (tick+1)*frameSamples {
					j.put(order[arrived], g711.A, ramp(order[arrived], c.size))
					arrived++
				}
				if j.next(&frame) {
					heard = append(heard, frame[:]...)
				}
			}
			want := make([]int16, len(heard))
			g711.A.Decode(want, ramp(0, len(heard)))
			if !slices.Equal(heard, want) || len(heard) < 90*c.size {
				t.Errorf("%d samples came out, not as they were said", len(heard))
			}
		})
	}
}

// TestJitterBufferKeepsItsPromises throws loss, delay, duplicates and pauses at
// the buffer: samples come out in their order and at most once, and no more than
// the longest delay lies ready.
func TestJitterBufferKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := newJitter()
		type packet struct {
			ts   uint32
			tick int
		}
		var net []packet
		base := rapid.Uint32().Draw(t, "first timestamp")
		step := rapid.SampledFrom([]int{80, 160, 240, 320}).Draw(t, "samples in a packet")
		for i := range rapid.IntRange(1, 150).Draw(t, "packets") {
			if rapid.IntRange(0, 99).Draw(t, "loss") < 10 {
				continue
			}
			tick := i*step/frameSamples + rapid.IntRange(0, 8).Draw(t, "delay in ticks")
			for range rapid.IntRange(1, 2).Draw(t, "copies") {
				net = append(net, packet{base + uint32(i*step), tick})
			}
		}
		var out [frameSamples]int16
		last, started := int32(-1), false
		for tick := range 400 {
			for _, p := range net {
				if p.tick != tick {
					continue
				}
				payload := make([]byte, step)
				j.put(p.ts, g711.A, payload)
				started = true
				if j.ready() > longest {
					t.Fatalf("%d samples lie ready", j.ready())
				}
			}
			read := j.read
			arrived := j.next(&out)
			if arrived && !started {
				t.Fatal("something was heard before anything came")
			}
			for _, sample := range out {
				if sample == hole {
					t.Fatal("a hole was given out")
				}
			}
			if arrived {
				at := int32(read - base)
				if at <= last {
					t.Fatalf("%d was heard after %d", at, last)
				}
				last = at
			}
		}
	})
}

func TestWhatIsMissingFadesOut(t *testing.T) {
	j := newJitter()
	loud := make([]byte, frameSamples)
	for i := range loud {
		loud[i] = 0xAA // the loudest
	}
	j.put(0, g711.A, loud)
	var out [frameSamples]int16
	if !j.next(&out) {
		t.Fatal("the first frame was not heard")
	}
	before := out[frameSamples-1]
	for range fadeOver {
		if j.next(&out) {
			t.Fatal("something arrived")
		}
		if out[0] > before || out[frameSamples-1] > out[0] {
			t.Errorf("%d, then %d to %d", before, out[0], out[frameSamples-1])
		}
		before = out[frameSamples-1]
	}
	if j.next(&out); out != [frameSamples]int16{} {
		t.Error("after 100 ms it is not silent")
	}
}

func TestDelayFollowsTheNet(t *testing.T) {
	j := newJitter()
	var out [frameSamples]int16
	payload := make([]byte, frameSamples)
	ts := uint32(0)
	random := rand.New(rand.NewPCG(1, 2))
	// A net that holds packets back by up to 60 ms, then one that does not.
	waiting, most := 0, 0
	for range 500 {
		waiting++
		if random.IntN(3) == 0 || waiting == 3 {
			for ; waiting > 0; waiting-- {
				j.put(ts, g711.A, payload)
				ts += frameSamples
			}
		}
		j.next(&out)
		most = max(most, j.ready())
	}
	missed := j.concealed
	for range 50 {
		waiting++
		for ; waiting > 0; waiting-- {
			j.put(ts, g711.A, payload)
			ts += frameSamples
		}
		j.next(&out)
	}
	if j.concealed != missed {
		t.Errorf("%d samples were made up in an even net", j.concealed-missed)
	}
	for range 1000 {
		j.put(ts, g711.A, payload)
		ts += frameSamples
		j.next(&out)
	}
	if most < 2*frameSamples || j.ready() > frameSamples+shrinkBy {
		t.Errorf("up to %d samples lay ready in the uneven net, %d in the even one", most, j.ready())
	}
}

func TestAfterAPauseNothingIsDelayed(t *testing.T) {
	j := newJitter()
	var out [frameSamples]int16
	payload := make([]byte, frameSamples)
	j.put(0, g711.A, payload)
	for range 20 {
		j.next(&out)
	}
	j.put(20*frameSamples, g711.A, payload)
	if !j.next(&out) {
		t.Error("what came after the pause was not heard at once")
	}
}
