package tonetest_test

import (
	"math"
	"slices"
	"testing"

	"teamsbridge/consult/sip/media/tonetest"
)

func TestTonesAreToldApart(t *testing.T) {
	sum := func(tones ...[]int16) []int16 {
		out := make([]int16, len(tones[0]))
		for _, tone := range tones {
			for i, s := range tone {
				out[i] += s
			}
		}
		return out
	}
	asked := []float64{440, 450, 880, 1200}
	for _, c := range []struct {
		name    string
		samples []int16
		want    []float64
	}{
		{"nothing", make([]int16, 4000), nil},
		{"one", tonetest.Tone(440, 4000), []float64{440}},
		{"its neighbour", tonetest.Tone(450, 4000), []float64{450}},
		{"two", sum(tonetest.Tone(440, 4000), tonetest.Tone(1200, 4000)), []float64{440, 1200}},
		{"a tone that was not asked for", tonetest.Tone(1000, 4000), nil},
		{"a quarter of a second", tonetest.Tone(880, 2000), []float64{880}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := tonetest.Hears(c.samples, asked...); !slices.Equal(got, c.want) {
				t.Errorf("hears %v, not %v", got, c.want)
			}
		})
	}
	if a := tonetest.Amplitude(tonetest.Tone(700, 4000), 700); math.Abs(a-tonetest.Loudness) > 80 {
		t.Errorf("a tone of %d measures %.0f", tonetest.Loudness, a)
	}
}

func TestGapsAreMeasured(t *testing.T) {
	samples := tonetest.Tone(500, 800)
	clear(samples[200:360])
	if gap := tonetest.LongestSilence(samples); gap < 160 || gap > 162 {
		t.Errorf("a gap of 160 samples measures %d", gap)
	}
	if gap := tonetest.LongestSilence(tonetest.Tone(500, 800)); gap > 1 {
		t.Errorf("a tone without gap measures %d", gap)
	}
}
