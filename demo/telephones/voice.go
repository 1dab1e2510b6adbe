package telephones

import (
	"math"

	"teamsbridge/consult"
	"teamsbridge/consult/sip/g711"
	"teamsbridge/consult/sip/media"
)

// The voices of built-in telephones: three soft notes and a pause, each party at
// a height of its own, so that an ear can tell who is there.
var (
	customerVoice  = voice(400)
	agentVoice     = voice(700)
	consultedVoice = voice(1100)
)

func voiceOf(l *leg) *media.Sound {
	if l == nil || l.party == consult.PartyAgent {
		return agentVoice
	}
	return consultedVoice
}

// voice makes three notes at a height in Hz, and a pause.
func voice(hertz float64) *media.Sound {
	const (
		loud  = 6000.0
		note  = g711.Rate * 3 / 10 // samples
		pause = g711.Rate * 3 / 2
		notes = 3
	)
	samples := make([]int16, 0, notes*note+pause)
	for range notes {
		for i := range note {
			swell := math.Sin(math.Pi * float64(i) / note) // begins and ends without a click
			samples = append(samples, int16(loud*swell*math.Sin(2*math.Pi*hertz*float64(i)/g711.Rate)))
		}
	}
	return media.NewSound(append(samples, make([]int16, pause)...))
}
