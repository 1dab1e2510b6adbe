package sip_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"teamsbridge/consult"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/g711"
	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/consult/sip/sdp"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// rung is a consult whose expert is a wire with a voice of its own.
type rung struct {
	*network
	t       *testing.T
	wire    *siptest.Wire
	invite  *sipmsg.Request
	voice   *tonetest.Phone
	answer  string // SDP
	call    consult.Event
	picture uint64
}

// consulting has the agent wait alone for the expert, who was rung.
func consulting(t *testing.T, acceptance bool) *rung {
	t.Helper()
	r := &rung{t: t, wire: siptest.Listen(t, ua.UDP, nil), voice: tonetest.NewPhone(t, expertTone)}
	r.network = newNetwork(t, viaWire(r.wire, func(c *sip.Config) { c.Media.Ringing = toneFile(t) }))
	r.call = r.connect(t)
	r.arranged(consult.Arrangement{Talk: []consult.LegID{r.call.Call.AgentLeg}, Hold: []consult.LegID{r.call.Call.CustomerLeg}})
	r.dial(t, r.call, consult.Dial{Leg: "expert", Acceptance: acceptance})
	r.invite = r.wire.Request(sipmsg.INVITE)
	body, agreed, err := sdp.Answer(r.invite.Body(), r.voice.Session())
	if err != nil {
		t.Fatal(err)
	}
	r.answer = string(body)
	r.voice.Connect(agreed)
	return r
}

// toneFile is the operator's ringing tone.
func toneFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ringing.wav")
	if err := os.WriteFile(name, tonetest.WAV(tonetest.Tone(ringTone, g711.Rate)), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func (r *rung) arranged(a consult.Arrangement) {
	r.t.Helper()
	r.picture++
	a.Seq = r.picture
	r.arrange(r.t, r.call.Interaction, a)
}

// says has the expert's side answer the INVITE, with its audio or without.
func (r *rung) says(status int, audio bool) {
	r.t.Helper()
	body := ""
	if audio {
		body = r.answer
	}
	r.wire.Answer(r.invite, status, "expert", body, r.wire.Contact())
}

// agentHears waits until the agent hears only this, where 0 is silence.
func (r *rung) agentHears(what string, hertz float64) {
	r.t.Helper()
	var want []float64
	if hertz != 0 {
		want = []float64{hertz}
	}
	var got []float64
	for range 100 { // half a minute
		samples := r.agent.Listen(300 * time.Millisecond)
		got = tonetest.Hears(samples, 400, 700, expertTone, ringTone)
		if slices.Equal(got, want) && (hertz != 0 || tonetest.LongestSilence(samples) == len(samples)) {
			return
		}
	}
	r.t.Errorf("%s the agent hears %v, want %v", what, got, want)
}

const ringTone, expertTone = 1300, 1100 // of the file, and the expert's voice

func TestTheAgentHearsHowItRings(t *testing.T) {
	t.Parallel()
	r := consulting(t, true)
	r.agentHears("before anything rings", 0)
	r.says(180, false)
	r.agentHears("while it rings", ringTone)
	r.says(200, true)
	r.wire.Request(sipmsg.ACK)
	r.await(t, consult.EventAsked)
	r.agentHears("while the expert is asked for a key", ringTone)
	r.voice.Press("1")
	r.await(t, consult.EventAnswered)
	r.arranged(consult.Arrangement{Talk: []consult.LegID{r.call.Call.AgentLeg, "expert"}, Hold: []consult.LegID{r.call.Call.CustomerLeg}})
	r.agentHears("connected", expertTone)
}

func TestEarlyMediaIsHeardInsteadOfTheTone(t *testing.T) {
	t.Parallel()
	r := consulting(t, true)
	r.says(180, false)
	r.agentHears("while it rings", ringTone)
	r.says(183, true)
	r.agentHears("when the line says something itself", expertTone)
	r.voice.Press("1") // in early media: nobody was asked
	if got := r.agent.Keys(1); got != "1" {
		t.Errorf("the agent was passed %q", got)
	}
	r.agentHears("when the key is let go", expertTone)
	r.says(200, true)
	r.wire.Request(sipmsg.ACK)
	r.await(t, consult.EventAsked)
	r.agentHears("while the expert is asked for a key", ringTone)
	r.voice.Press("1")
	r.await(t, consult.EventAnswered)
}

func TestARingThatComesToNothingIsSilenceAgain(t *testing.T) {
	t.Parallel()
	for status, reason := range map[int]consult.FailureReason{486: consult.FailureBusy, 603: consult.FailureDeclined} {
		for _, early := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d, early media: %v", status, early), func(t *testing.T) {
				t.Parallel()
				r := consulting(t, false)
				r.says(180, false)
				r.agentHears("while it rings", ringTone)
				if early {
					r.says(183, true)
					r.agentHears("when the line says something itself", expertTone)
				}
				r.says(status, false)
				if e := r.await(t, consult.EventFailed); e.Reason != reason {
					t.Errorf("reason %q, want %q", e.Reason, reason)
				}
				r.agentHears("afterwards", 0)
			})
		}
	}
}
