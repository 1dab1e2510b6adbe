package media_test

import (
	"testing"

	"teamsbridge/consult/sip/g711"
	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/media/tonetest"
)

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
		hears(t, step.name+": the agent", agent, step.hears...)
		if step.name != "a line that is closed is one that only rings" {
			hears(t, step.name+": the expert", expert)
		}
	}
	faultless(t, agent)
}
