package sip_test

import (
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// TestAStopLeavesNoTelephoneRinging stops a service while somebody is rung.
func TestAStopLeavesNoTelephoneRinging(t *testing.T) {
	t.Parallel()
	t.Run("an agent for a customer", func(t *testing.T) {
		n := newNetwork(t, nil)
		n.customer.Call("100", "+4915112345")
		in := n.agent.Rings()
		if err := n.sw.Close(); err != nil {
			t.Fatal(err)
		}
		siptest.Wait(t, "CANCEL", in.Withdrawn())
		if f := n.customer.WaitFailed(); f.Status != 503 {
			t.Errorf("the customer's call got %d, want 503: their next system takes it", f.Status)
		}
	})
	t.Run("an expert for a reservation", func(t *testing.T) {
		b := newBureau(t, "+4930555001", "+4930555002")
		b.customer.Call(b.reserve().Dial, "+49301")
		in := b.expert.Rings()
		if err := b.sw.Close(); err != nil {
			t.Fatal(err)
		}
		siptest.Wait(t, "CANCEL", in.Withdrawn())
		if f := b.customer.WaitFailed(); f.Status != 503 {
			t.Errorf("the call got %d, want 503", f.Status)
		}
	})
}

// TestAStopWaitsForNobodysAcknowledgementForLong stops a service at the moment at
// which a caller, who does not say so, was connected.
func TestAStopWaitsForNobodysAcknowledgementForLong(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, nil)
	w, err := siptest.Dial(t, ua.UDP, n.sw.Addr(ua.UDP).String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	w.Talk("100", "127.0.0.1").Request(sipmsg.INVITE, audio(1, "127.0.0.1"))
	n.agent.Rings()
	n.agent.PickUp()
	w.Response(sipmsg.INVITE, 200)
	closed := make(chan error, 1)
	go func() { closed <- n.sw.Close() }()
	w.Answer(w.Request(sipmsg.BYE), 200, "", "")
	if err := siptest.Wait(t, "end", closed); err != nil {
		t.Error(err)
	}
}

// TestACallerHearsNothingOfOursBeforeTheAnswer holds us to what lets the ringing
// tone of their own telephone play on.
func TestACallerHearsNothingOfOursBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, nil)
	var config net.ListenConfig
	theirs, err := config.ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = theirs.Close() }()
	w, err := siptest.Dial(t, ua.UDP, n.sw.Addr(ua.UDP).String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	k := w.Talk("100", "127.0.0.1")
	_, port, _ := net.SplitHostPort(theirs.LocalAddr().String())
	k.Request(sipmsg.INVITE, strings.Replace(audio(1, "127.0.0.1"), "m=audio 9 ", "m=audio "+port+" ", 1))
	n.agent.Rings()
	w.Response(sipmsg.INVITE, 180)
	packet := make([]byte, 2000)
	if err := theirs.SetReadDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, from, err := theirs.ReadFrom(packet); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("audio came from %v while the agent is rung: %v", from, err)
	}
	n.agent.PickUp()
	k.Confirm(w.Response(sipmsg.INVITE, 200))
	k.Request(sipmsg.ACK, "")
	if err := theirs.SetReadDeadline(time.Now().Add(siptest.Patience)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := theirs.ReadFrom(packet); err != nil {
		t.Errorf("connected, and no audio: %v", err)
	}
}
