package media_test

import (
	"slices"
	"testing"
	"time"

	"teamsbridge/consult/sip/g711"
	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/media/tonetest"
)

const ringingTone = 425.0

func TestTheRingingToneIsHeardOneSecondInFive(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	room := e.NewRoom()
	agent, customer := join(t, e, agentTone), join(t, e, customerTone)
	arrange(t, room, media.Picture{Ringing: talk(agent), Music: talk(customer)})
	samples := agent.phone.After(agent.phone.Mark(), 6500*time.Millisecond)
	begin := slices.IndexFunc(samples, func(s int16) bool { return s > 1000 || s < -1000 })
	if begin < 0 || begin > g711.Rate/2 {
		t.Fatalf("the tone begins after %d samples", begin)
	}
	const half = g711.Rate / 2
	for n := range 11 {
		look := samples[begin+n*half : begin+(n+1)*half]
		on := n%10 < 2
		if heard := slices.Equal(tonetest.Hears(look, append(tones, ringingTone)...), tonesOf(ringingTone)); heard != on {
			t.Errorf("in half second %d the tone is heard: %v, want %v", n+1, heard, on)
		}
		if silent := tonetest.LongestSilence(look) > half*9/10; silent == on {
			t.Errorf("in half second %d there is silence: %v", n+1, silent)
		}
	}
	faultless(t, agent, customer)
}

func TestEarlyMediaWinsOverTheRingingTone(t *testing.T) {
	t.Parallel()
	e, err := media.New(media.Config{IP: loopback, Ringing: media.NewSound(tonetest.Tone(musicTone, g711.Rate))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	room := e.NewRoom()
	agent, expert := join(t, e, agentTone), join(t, e, expertTone)
	expert.phone.Mute(true)
	for _, step := range []struct {
		name    string
		act     func()
		picture media.Picture
		hears   []float64
	}{
		{"while it rings the operator's tone is heard", func() {}, media.Picture{Ringing: talk(agent)}, tonesOf(musicTone)},
		{"a line that announces early media and sends none changes nothing", func() {},
			media.Picture{Early: []media.Early{{From: expert.Stream, To: agent.Stream}}}, tonesOf(musicTone)},
		{"what it sends is heard instead", func() { expert.phone.Mute(false) },
			media.Picture{Early: []media.Early{{From: expert.Stream, To: agent.Stream}}}, tonesOf(expertTone)},
		{"a pause in it is silence", func() { expert.phone.Mute(true) },
			media.Picture{Early: []media.Early{{From: expert.Stream, To: agent.Stream}}}, nil},
		{"a line that is closed is one that only rings", func() { _ = expert.Close() },
			media.Picture{Early: []media.Early{{From: expert.Stream, To: agent.Stream}}}, tonesOf(musicTone)},
	} {
		step.act()
		arrange(t, room, step.picture)
		hears(t, step.name+": the agent", agent, agent.phone.Mark(), step.hears...)
		if step.name != "a line that is closed is one that only rings" {
			hears(t, step.name+": the expert", expert, expert.phone.Mark())
		}
	}
	faultless(t, agent)
}
