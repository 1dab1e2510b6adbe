package media

import (
	"math"

	"teamsbridge/consult/sip/g711"
)

// resample brings samples from a higher rate to 8 kHz. What a telephone cannot
// carry (above 3.6 kHz) is filtered out first, else it would come back as
// noise below: a windowed sinc of 32 zero crossings to each side. Its weights
// repeat as soon as an output falls on an input again.
func resample(in []int16, rate int) []int16 {
	if rate == g711.Rate {
		return in
	}
	common := gcd(rate, g711.Rate)
	step, phases := rate/common, g711.Rate/common // step inputs for phases outputs
	weights := make([][]float64, phases)
	for phase := range weights {
		weights[phase] = weightsAt(float64(phase*step%phases)/float64(phases), rate)
	}
	out := make([]int16, len(in)*g711.Rate/rate)
	for i := range out {
		w := weights[i%phases]
		first := i*step/phases - len(w)/2 + 1
		var sum float64
		for j := max(first, 0); j < min(first+len(w), len(in)); j++ {
			sum += float64(in[j]) * w[j-first]
		}
		out[i] = clip(int32(math.Round(sum)))
	}
	return out
}

// weightsAt are the weights of the inputs around an output that lies a fraction
// of an input's distance after one.
func weightsAt(fraction float64, rate int) []float64 {
	const crossings, cutoff = 32, 3600.0
	width := cutoff * 2 / float64(rate) // of the pass band, as a part of the input's
	reach := int(math.Ceil(crossings / width))
	weights := make([]float64, 2*reach)
	for k := range weights {
		x := float64(k-reach+1) - fraction
		weights[k] = width * sinc(x*width) * hann(x/float64(reach))
	}
	return weights
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// hann is a window over -1..1.
func hann(x float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	return (1 + math.Cos(math.Pi*x)) / 2
}

func clip(sample int32) int16 {
	return int16(min(max(sample, math.MinInt16), math.MaxInt16))
}
