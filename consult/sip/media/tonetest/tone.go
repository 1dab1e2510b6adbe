package tonetest

import (
	"math"

	"teamsbridge/consult/sip/g711"
)

// Loudness is the amplitude of a [Tone]: three fit together without clipping.
const Loudness = 8000

// Tone makes n samples of a sine.
func Tone(hertz float64, n int) []int16 {
	samples := make([]int16, n)
	for i := range samples {
		samples[i] = At(hertz, i)
	}
	return samples
}

// At is one sample of a tone.
func At(hertz float64, i int) int16 {
	return int16(math.Round(Loudness * math.Sin(2*math.Pi*hertz*float64(i)/g711.Rate)))
}

// Amplitude is how loud a tone is in samples, by Goertzel's algorithm over a
// Hann window, which keeps neighbours a few hertz away apart.
func Amplitude(samples []int16, hertz float64) float64 {
	n := float64(len(samples))
	k := 2 * math.Cos(2*math.Pi*hertz/g711.Rate)
	var s1, s2 float64
	for i, sample := range samples {
		window := (1 - math.Cos(2*math.Pi*float64(i)/n)) / 2
		s1, s2 = float64(sample)*window+k*s1-s2, s1
	}
	power := s1*s1 + s2*s2 - k*s1*s2
	return math.Sqrt(max(power, 0)) * 4 / n
}

// Hears tells which of the tones are in the samples, in the order asked: those
// with more than an eighth of a [Tone]'s loudness. A quarter of a second or more
// tells tones apart that are 10 Hz from each other.
func Hears(samples []int16, hertz ...float64) []float64 {
	var heard []float64
	for _, h := range hertz {
		if Amplitude(samples, h) > Loudness/8 {
			heard = append(heard, h)
		}
	}
	return heard
}

// LongestSilence is the longest stretch in which no sample is louder than a
// hundredth of a [Tone], in samples.
func LongestSilence(samples []int16) int {
	longest, now := 0, 0
	for _, s := range samples {
		if max(s, -s) > Loudness/100 {
			now = 0
			continue
		}
		now++
		longest = max(longest, now)
	}
	return longest
}
