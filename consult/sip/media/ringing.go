package media

import (
	"sync"

	"teamsbridge/consult/sip/g711"
)

// BuiltInRinging is the ringing tone that somebody hears who waits for a
// telephone that rings, if the operator gives no file: 425 Hz for one second,
// silence for four (ITU-T E.180, supplement 2: Germany).
var BuiltInRinging = sync.OnceValue(func() *Sound {
	const (
		hertz   = 425
		level   = 5000 // -13 dBm0: within E.180's range, and no louder than people speak
		seconds = 1
		cadence = 5                // seconds from one tone to the next
		edge    = g711.Rate / 1000 // 1 ms, so that it does not click
		length  = seconds * g711.Rate
	)
	samples := make([]int16, cadence*g711.Rate)
	tone := newOscillator(hertz)
	for i := range length {
		loud := min(float64(i)/edge, float64(length-i)/edge, 1)
		samples[i] = int16(level * loud * tone.next())
	}
	return NewSound(samples)
})
