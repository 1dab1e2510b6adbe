package sip_test

import (
	"testing"

	sipmsg "github.com/emiago/sipgo/sip"

	"teamsbridge/consult"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

func TestASwitchThatIsBehindRefusesBeforeAnythingIsDone(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, nil)
	caughtUp := sip.Behind(n.sw)
	n.customer.Call("100", "+4915112345")
	if f := n.customer.WaitFailed(); f.Status != 503 || f.RetryAfter == 0 {
		t.Errorf("failure %+v, want 503 with Retry-After", f)
	}
	if n.agent.Refuse(480) {
		t.Error("the agent's telephone rings")
	}
	if kept, err := n.lines.AllLines(t.Context()); err != nil || len(kept) != 0 {
		t.Errorf("lines %v, %v", kept, err)
	}
	caughtUp()
	n.connect(t)
}

func TestACallThatIsUpGoesOnWhileTheSwitchIsBehind(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, nil)
	call := n.connect(t)
	defer sip.Behind(n.sw)()
	n.dial(t, call, consult.Dial{Leg: "expert"})
	n.expert.Rings()
	n.expert.PickUp()
	n.await(t, consult.EventAnswered)
	n.customer.HangUp()
	n.await(t, consult.EventEnded)
}

func TestBothLegsOrNone(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, func(c *sip.Config) { c.Limits.Calls = 1 })
	n.customer.Call("100", "+4915112345")
	if f := n.customer.WaitFailed(); f.Status != 503 {
		t.Errorf("failure %+v, want 503", f)
	}
	if n.agent.Refuse(480) {
		t.Error("the agent's telephone rings")
	}
}

// A process that dies is one that never gets beyond a line: what it has sent until
// then is all that the others hear of it.
func TestALegThatAProcessDiesOnIsEndedByEitherSide(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	n := newNetwork(t, viaWire(w, nil))
	if err := w.To(n.sw.Addr(ua.UDP).String()); err != nil {
		t.Fatal(err)
	}
	nothingBefore := func(stored *gate) {
		t.Helper()
		siptest.Wait(t, "line", stored.asked)
		defer close(stored.open)
		w.Talk("x", n.sw.Addr(ua.UDP).String()).Request(sipmsg.OPTIONS, "")
		if m, ok := w.Next().(*sipmsg.Response); !ok {
			t.Errorf("sent before the line is stored, so that nobody could end it: %v", m)
		}
	}
	call := n.connect(t)
	rung := n.lines.gate()
	n.dial(t, call, consult.Dial{Leg: "expert"})
	nothingBefore(rung)
	invite := w.Request(sipmsg.INVITE)
	answered := n.lines.gate()
	w.Answer(invite, 200, "expert", audio(1, "127.0.0.1"), w.Contact())
	nothingBefore(answered)
	w.Request(sipmsg.ACK)
	if left, err := n.lines.AllLines(t.Context()); err != nil || len(left) != 3 {
		t.Errorf("lines %v, %v; want three", left, err)
	}
}
