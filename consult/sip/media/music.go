package media

import (
	"math"
	"sync"

	"teamsbridge/consult/sip/g711"
)

// BuiltInMusic is what those on hold hear if the operator gives no file.
var BuiltInMusic = sync.OnceValue(compose)

// The piece: sixteen bars of four beats, each beat three quarters of a second.
const (
	beat = g711.Rate * 3 / 4
	bar  = 4 * beat
)

// Each bar has a chord, as half tones above the A of 220 Hz, broken into eighths
// in the order of pattern.
var (
	chords = [16][4]int{
		{3, 7, 10, 15}, {0, 3, 7, 12}, {-4, 0, 3, 8}, {-2, 2, 5, 10}, // C, Am, F, G
		{3, 7, 10, 15}, {0, 3, 7, 12}, {-4, 0, 3, 8}, {-2, 2, 5, 10},
		{-7, -4, 0, 5}, {-2, 2, 5, 10}, {3, 7, 10, 15}, {0, 3, 7, 12}, // Dm, G, C, Am
		{-7, -4, 0, 5}, {-4, 0, 3, 8}, {-2, 2, 5, 10}, {-2, 2, 5, 8}, // Dm, F, G, G7
	}
	pattern = [8]int{0, 1, 2, 3, 2, 1, 2, 1}
)

// melody is one note for each half bar above the chords; 99 rests.
var melody = [32]int{
	19, 22, 24, 22, 20, 24, 22, 99,
	19, 22, 24, 27, 24, 20, 22, 99,
	17, 20, 22, 26, 27, 22, 24, 99,
	20, 17, 24, 20, 22, 26, 22, 99,
}

// compose renders the piece with a bell-like tone. A note that sounds beyond the
// end goes on at the beginning, so that the loop has no seam.
func compose() *Sound {
	mix := make([]float64, len(chords)*bar)
	for i, chord := range chords {
		for eighth, voice := range pattern {
			strike(mix, i*bar+eighth*beat/2, chord[voice], 0.16, 1.1)
		}
		strike(mix, i*bar, chord[0]-12, 0.22, 2.4)
	}
	for i, note := range melody {
		if note != 99 {
			strike(mix, i*bar/2, note, 0.2, 1.6)
		}
	}
	samples := make([]int16, len(mix))
	for i, level := range mix {
		// A quarter of full scale: no louder than people speak.
		samples[i] = clip(int32(8000 * math.Tanh(level)))
	}
	return NewSound(samples)
}

// partials are the overtones of the bell and how loud they begin.
var partials = [3]float64{1, 0.35, 0.12}

// strike adds a note: a soft beginning of 12 ms, then dying away.
func strike(mix []float64, begin, halfTones int, level, seconds float64) {
	pitch := 220 * math.Pow(2, float64(halfTones)/12)
	length := int(3 * seconds * g711.Rate) // until it is 26 dB softer, and let go
	const release = g711.Rate / 20
	const attack = g711.Rate * 12 / 1000
	for n, loud := range partials {
		at := begin
		// The overtones die away faster.
		decay := math.Exp(-float64(n+1) / (seconds * g711.Rate))
		tone := newOscillator(pitch * float64(n+1))
		for i := range length {
			if at == len(mix) {
				at = 0
			}
			shape := min(float64(i)/attack, float64(length-i)/release, 1)
			mix[at] += level * loud * shape * tone.next()
			loud *= decay
			at++
		}
	}
}

// oscillator is a sine by rotation, which costs four multiplications a sample.
type oscillator struct{ re, im, cos, sin float64 }

func newOscillator(hertz float64) *oscillator {
	angle := 2 * math.Pi * hertz / g711.Rate
	return &oscillator{re: 1, cos: math.Cos(angle), sin: math.Sin(angle)}
}

func (o *oscillator) next() float64 {
	o.re, o.im = o.re*o.cos-o.im*o.sin, o.re*o.sin+o.im*o.cos
	return o.im
}
