package ua_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// soon lets session timers run within a test.
var soon = ua.Config{MinSE: time.Second}

func TestWeRefreshASessionThatIsOurs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		allow  string
		method sip.RequestMethod
	}{
		{"by UPDATE, where they know it", "Allow: INVITE, UPDATE", sip.UPDATE},
		{"by re-INVITE, where they do not", "Allow: INVITE", sip.INVITE},
	} {
		t.Run(c.name+", of our call", func(t *testing.T) {
			w := siptest.Listen(t, ua.UDP, nil)
			_, heard, _ := ringing(t, w, ua.Trunk{SessionExpires: ua.MinSE})
			invite := w.Request(sip.INVITE)
			if got := invite.GetHeader("Session-Expires").Value(); got != "90" {
				t.Errorf("Session-Expires %s", got)
			}
			w.Answer(invite, 200, "tag", "answer", w.Contact(), c.allow, "Session-Expires: 1;refresher=uac")
			hear(t, "answer", heard.answered)
			w.Request(sip.ACK)
			for range 2 {
				refresh := w.Request(c.method)
				if got := refresh.GetHeader("Session-Expires").Value(); got != "1;refresher=uac" {
					t.Errorf("Session-Expires %s", got)
				}
				w.Answer(refresh, 200, "", "", w.Contact(), c.allow, "Session-Expires: 1;refresher=uac")
			}
			if len(heard.ended) != 0 {
				t.Error("the session has ended")
			}
		})
		t.Run(c.name+", of theirs", func(t *testing.T) {
			k, _, _ := talking(t, soon, c.allow, "Supported: timer", "Session-Expires: 1;refresher=uas")
			refresh := k.Wire.Request(c.method)
			k.Answer(refresh, 200, "", "", k.Contact(), c.allow, "Session-Expires: 1;refresher=uac")
			k.Wire.Request(c.method)
		})
	}
}

func TestASessionThatNobodyRefreshesIsLost(t *testing.T) {
	t.Parallel()
	t.Run("of our call", func(t *testing.T) {
		w := siptest.Listen(t, ua.UDP, nil)
		_, heard, _ := ringing(t, w, ua.Trunk{SessionExpires: ua.MinSE})
		w.Answer(w.Request(sip.INVITE), 200, "tag", "answer", w.Contact(), "Require: timer", "Session-Expires: 1;refresher=uas")
		if end := hear(t, "end", heard.ended); end.Kind != ua.EndedLost {
			t.Errorf("ended %q", end.Kind)
		}
		w.Request(sip.BYE)
	})
	t.Run("of theirs, after they refreshed once", func(t *testing.T) {
		k, a, _ := talking(t, soon, "Supported: timer", "Session-Expires: 1800;refresher=uac")
		k.Request(sip.UPDATE, "", "Supported: timer", "Session-Expires: 3;refresher=uac")
		if res := k.Response(sip.UPDATE, 200); res.GetHeader("Session-Expires").Value() != "3;refresher=uac" || res.GetHeader("Require").Value() != "timer" {
			t.Errorf("answer %s", res)
		}
		if end := hear(t, "end", a.ear.ended); end.Kind != ua.EndedLost {
			t.Errorf("ended %q", end.Kind)
		}
	})
	t.Run("whose refresh is answered 481", func(t *testing.T) {
		w := siptest.Listen(t, ua.UDP, nil)
		_, heard, _ := ringing(t, w, ua.Trunk{SessionExpires: ua.MinSE})
		w.Answer(w.Request(sip.INVITE), 200, "tag", "answer", w.Contact(), "Allow: UPDATE", "Session-Expires: 1;refresher=uac")
		w.Answer(w.Request(sip.UPDATE), 481, "", "")
		if end := hear(t, "end", heard.ended); end.Kind != ua.EndedLost {
			t.Errorf("ended %q", end.Kind)
		}
	})
}

// TestARefreshThatComesToNothingIsTriedAgain has the other side restart, or be busy
// with something else, in the moment of a refresh.
func TestARefreshThatComesToNothingIsTriedAgain(t *testing.T) {
	t.Parallel()
	t.Run("they cannot be reached", func(t *testing.T) {
		w := siptest.Listen(t, ua.TCP, nil)
		way := shaky(t, w.Addr())
		a := answers(t, ua.Config{Listen: []ua.Listen{{Transport: ua.TCP, Address: "127.0.0.1:0"}}, MinSE: time.Second})
		caller := wireTo(t, a.Endpoint, ua.TCP)
		k := caller.Talk("100", a.Addr(ua.TCP).String())
		k.Seq, k.Branch = 1, "z9hG4bKfirst"
		k.Send(strings.Replace(k.Text(sip.INVITE, "offer", "Allow: UPDATE", "Supported: timer", "Session-Expires: 2;refresher=uas"), caller.Addr(), way, -1))
		k.Confirm(k.Response(sip.INVITE, 200))
		k.Request(sip.ACK, "")
		hear(t, "dialog", a.dialogs)
		caller.Disconnect()
		w.Answer(w.Request(sip.UPDATE), 200, "", "")
		if len(a.ear.ended) != 0 {
			t.Error("the call has ended")
		}
	})
	for _, status := range []int{491, 500, 503} {
		t.Run(fmt.Sprintf("they answer %d", status), func(t *testing.T) {
			k, a, _ := talking(t, soon, "Allow: UPDATE", "Supported: timer", "Session-Expires: 1;refresher=uas")
			k.Answer(k.Wire.Request(sip.UPDATE), status, "", "")
			k.Answer(k.Wire.Request(sip.UPDATE), 200, "", "")
			if len(a.ear.ended) != 0 {
				t.Error("the call has ended")
			}
		})
	}
	t.Run("and not after a hang-up", func(t *testing.T) {
		k, a, d := talking(t, soon, "Allow: UPDATE", "Supported: timer", "Session-Expires: 1;refresher=uas")
		refresh := k.Wire.Request(sip.UPDATE)
		d.Hangup(t.Context(), ua.Cause{})
		k.Answer(k.Wire.Request(sip.BYE), 200, "", "")
		k.Answer(refresh, 500, "", "")
		if end := hear(t, "end", a.ear.ended); end.Kind != ua.EndedByUs {
			t.Errorf("ended %q", end.Kind)
		}
		a.Settle(t.Context())
		k.Wire.Quiet(sip.UPDATE)
	})
}

// shaky is a way to an address on which the first connection ends at once.
func shaky(t *testing.T, to string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for first := true; ; first = false {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if first {
				_ = conn.Close()
				continue
			}
			onwards, err := net.Dial("tcp4", to)
			if err != nil {
				_ = conn.Close()
				return
			}
			go func() { _, _ = io.Copy(onwards, conn); _ = onwards.Close() }()
			go func() { _, _ = io.Copy(conn, onwards); _ = conn.Close() }()
		}
	}()
	return listener.Addr().String()
}

func TestARefreshMovesWhereRequestsGo(t *testing.T) {
	t.Parallel()
	k, _, d := talking(t, soon, "Allow: UPDATE", "Supported: timer", "Session-Expires: 1;refresher=uas")
	other := siptest.Listen(t, ua.UDP, nil)
	k.Answer(k.Wire.Request(sip.UPDATE), 200, "", "", other.Contact(), "Session-Expires: 1;refresher=uac")
	other.Answer(other.Request(sip.UPDATE), 200, "", "")
	d.Hangup(t.Context(), ua.Cause{})
	other.Request(sip.BYE)
}

func TestIntervalsThatAreTooSmall(t *testing.T) {
	t.Parallel()
	t.Run("theirs is larger: the INVITE asks again with it", func(t *testing.T) {
		w := siptest.Listen(t, ua.UDP, nil)
		_, heard, _ := ringing(t, w, ua.Trunk{SessionExpires: ua.MinSE})
		first := w.Request(sip.INVITE)
		w.Answer(first, 422, "tag", "", "Min-SE: 300")
		second := w.Request(sip.INVITE)
		if got := second.GetHeader("Session-Expires").Value(); got != "300" || second.CSeq().SeqNo != first.CSeq().SeqNo+1 || second.CallID().Value() != first.CallID().Value() {
			t.Errorf("second INVITE\n%s", second)
		}
		w.Answer(second, 422, "tag", "", "Min-SE: 300") // they do not know what they want
		if f := hear(t, "failure", heard.failed); f.Status != 422 {
			t.Errorf("failure %+v", f)
		}
	})
	t.Run("theirs is larger when we refresh: once more, and never in a circle", func(t *testing.T) {
		w := siptest.Listen(t, ua.UDP, nil)
		_, heard, _ := ringing(t, w, ua.Trunk{SessionExpires: ua.MinSE})
		w.Answer(w.Request(sip.INVITE), 200, "tag", "answer", w.Contact(), "Allow: UPDATE", "Session-Expires: 1;refresher=uac")
		w.Answer(w.Request(sip.UPDATE), 422, "", "", "Min-SE: 2")
		second := w.Request(sip.UPDATE)
		if got := second.GetHeader("Session-Expires").Value(); got != "2;refresher=uac" {
			t.Errorf("Session-Expires %s", got)
		}
		at := time.Now()
		w.Answer(second, 422, "", "", "Min-SE: 2")
		w.Request(sip.UPDATE)
		if since := time.Since(at); since < 900*time.Millisecond {
			t.Errorf("asked again after %v, want half the interval", since)
		}
		if len(heard.ended) != 0 {
			t.Error("the session has ended")
		}
	})
}

func TestOffersThatMeet(t *testing.T) {
	t.Parallel()
	t.Run("ours is answered 491: it is made again", func(t *testing.T) {
		w := siptest.Listen(t, ua.UDP, nil)
		_, heard, _ := ringing(t, w, ua.Trunk{SessionExpires: ua.MinSE})
		w.Answer(w.Request(sip.INVITE), 200, "tag", "answer", w.Contact(), "Session-Expires: 1;refresher=uac")
		hear(t, "answer", heard.answered)
		first := w.Request(sip.INVITE)
		at := time.Now()
		w.Answer(first, 491, "", "")
		second := w.Request(sip.INVITE)
		if since := time.Since(at); since < 2100*time.Millisecond {
			t.Errorf("again after %v: who made the Call-ID waits 2.1 s and more (RFC 3261 14.1)", since)
		}
		w.Answer(second, 200, "", "their answer", w.Contact())
		w.Request(sip.ACK)
		if got := hear(t, "answer", heard.settled); string(got) != "their answer" {
			t.Errorf("settled %q", got)
		}
	})
	t.Run("theirs comes while ours is out: 491", func(t *testing.T) {
		for _, method := range []sip.RequestMethod{sip.INVITE, sip.UPDATE} {
			k, _, _ := talking(t, soon, "Allow: INVITE", "Supported: timer", "Session-Expires: 1;refresher=uas")
			ours := k.Wire.Request(sip.INVITE)
			k.Request(method, "their offer")
			k.Response(method, 491)
			k.Answer(ours, 200, "", "answer", k.Contact())
			k.Wire.Request(sip.ACK)
		}
	})
	t.Run("theirs comes on the heels of our ACK: it is taken", func(t *testing.T) {
		var talks []*siptest.Talk
		for range 20 {
			k, _, _ := talking(t, soon, "Allow: INVITE", "Supported: timer", "Session-Expires: 6;refresher=uas")
			talks = append(talks, k)
		}
		for _, k := range talks {
			k.Answer(k.Wire.Request(sip.INVITE), 200, "", "answer", k.Contact())
			k.Wire.Request(sip.ACK)
			k.Request(sip.INVITE, "their offer")
			k.Response(sip.INVITE, 200)
		}
	})
}
