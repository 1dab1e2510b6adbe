package sip_test

import (
	"encoding/json"
	"testing"

	sipmsg "github.com/emiago/sipgo/sip"

	"teamsbridge/consult"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// TestTelephonesThatADeadProcessRangAreStopped begins a second switch with the lines
// that the first has stored while somebody is rung.
func TestTelephonesThatADeadProcessRangAreStopped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		trunk int // of the network's, that leads to the wire
		ring  func(*testing.T, *network)
	}{
		{"an agent for a customer", 1, func(_ *testing.T, n *network) {
			n.customer.Call("100", "+4915112345")
		}},
		{"an expert for an agent", 2, func(t *testing.T, n *network) {
			n.dial(t, n.connect(t), consult.Dial{Leg: "expert"})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := siptest.Listen(t, ua.UDP, nil)
			var config sip.Config
			n := newNetwork(t, func(network *sip.Config) {
				at := w.Peer()
				network.Trunks[c.trunk].Peers = []sip.PeerConfig{{Transport: string(at.Transport), Host: at.Host, Port: at.Port}}
				config = *network
			})
			stored, _ := n.lines.told()
			c.ring(t, n)
			invite := w.Request(sipmsg.INVITE)
			w.Answer(invite, 180, "theirs", "")
			for rings := false; !rings; {
				var dialog ua.Stored
				if err := json.Unmarshal(siptest.Wait(t, "line", stored).Memo, &dialog); err != nil {
					t.Fatal(err)
				}
				rings = !dialog.Answered()
			}
			kept, err := n.lines.AllLines(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			left := &lines{kept: map[consult.LegID]consult.Line{}, dropped: make(chan consult.LegID, len(kept))}
			for _, line := range kept {
				if err := left.KeepLine(t.Context(), line); err != nil {
					t.Fatal(err)
				}
			}
			later, err := sip.New(config, sip.Deps{Lines: left, Agent: func(string) (sip.Agent, bool) { return sip.Agent{}, false }})
			if err != nil {
				t.Fatal(err)
			}
			if err := later.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.Answer(w.Request(sipmsg.CANCEL), 200, "theirs", "")
			w.Answer(invite, 487, "theirs", "")
			w.Request(sipmsg.ACK)
			for range kept {
				siptest.Wait(t, "end of a line", left.dropped)
			}
			w.Quiet(sipmsg.INVITE)
			if err := later.Close(); err != nil {
				t.Error(err)
			}
			if err := w.To(n.sw.Addr(ua.UDP).String()); err != nil { // the first lives on, and is told too
				t.Fatal(err)
			}
			w.Answer(invite, 487, "theirs", "")
		})
	}
}

// TestASecondTelephoneThatAnswersHasALineUntilItIsHungUp lets two branches of one
// call answer.
func TestASecondTelephoneThatAnswersHasALineUntilItIsHungUp(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	n := newNetwork(t, viaWire(w, nil))
	_, dropped := n.lines.told()
	call := n.connect(t)
	n.dial(t, call, consult.Dial{Leg: "expert"})
	invite := w.Request(sipmsg.INVITE)
	w.Answer(invite, 200, "first", audio(1, "127.0.0.1"), w.Contact())
	w.Request(sipmsg.ACK)
	w.Answer(invite, 200, "second", audio(1, "127.0.0.1"), w.Contact())
	w.Request(sipmsg.ACK)
	bye := w.Request(sipmsg.BYE)
	if left, err := n.lines.AllLines(t.Context()); err != nil || len(left) != 4 {
		t.Errorf("lines %v, %v; want those of customer, agent and two telephones", left, err)
	}
	w.Answer(bye, 200, "", "")
	if leg := siptest.Wait(t, "end of a line", dropped); leg == "expert" {
		t.Error("the first telephone's line is forgotten")
	}
	w.Answers(sipmsg.BYE, 200)
	if err := n.sw.Hangup(t.Context(), call.Interaction, "expert"); err != nil {
		t.Fatal(err)
	}
	if leg := siptest.Wait(t, "end of a line", dropped); leg != "expert" {
		t.Errorf("the line of %s is forgotten, want the first telephone's", leg)
	}
}
