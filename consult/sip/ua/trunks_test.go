package ua_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

func TestAPeerThatDoesNotAnswerOPTIONSComesLastUntilItDoes(t *testing.T) {
	t.Parallel()
	first, second := siptest.Listen(t, ua.UDP, nil), siptest.Listen(t, ua.UDP, nil)
	second.Answers(sip.OPTIONS, 200)
	us := start(t, ua.Config{Trunks: []ua.Trunk{{
		Name: "two", Peers: []ua.Peer{first.Peer(), second.Peer()}, Options: time.Second, // in which the second has to answer
	}}}, nil)
	rings := func(w *siptest.Wire) {
		t.Helper()
		heard := newEar()
		if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "two", To: "1"}, heard); err != nil {
			t.Fatal(err)
		}
		w.Answer(w.Request(sip.INVITE), 486, "tag", "")
		hear(t, "failure", heard.failed)
	}
	becomes := func(well bool) {
		t.Helper()
		siptest.Until(t, fmt.Sprintf("well: %v", well), func() bool { return us.Peers()[0].Well == well })
	}
	becomes(false)
	rings(second)
	first.Answers(sip.OPTIONS, 405) // any answer at all shows that it is there
	becomes(true)
	rings(first)
}

func TestABusyPeerIsLeftAloneAsLongAsItSays(t *testing.T) {
	t.Parallel()
	first, second := siptest.Listen(t, ua.UDP, nil), siptest.Listen(t, ua.UDP, nil)
	us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "two", Peers: []ua.Peer{first.Peer(), second.Peer()}}}}, nil)
	for i := range 2 {
		heard := newEar()
		if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "two", To: "1"}, heard); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first.Answer(first.Request(sip.INVITE), 503, "tag", "", "Retry-After: 120 (in two minutes);duration=3600")
		}
		second.Answer(second.Request(sip.INVITE), 486, "tag", "")
		if f := hear(t, "failure", heard.failed); f.Status != 486 {
			t.Errorf("failure %+v", f)
		}
	}
	first.Request(sip.ACK)
	first.Quiet(sip.INVITE)
	if us.Peers()[0].Well {
		t.Error("a peer that asked us to stay away is well")
	}
}

func TestA503AfterSomebodyWasRungIsFinal(t *testing.T) {
	t.Parallel()
	for _, status := range []int{180, 183} {
		first, second := siptest.Listen(t, ua.UDP, nil), siptest.Listen(t, ua.UDP, nil)
		us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "two", Peers: []ua.Peer{first.Peer(), second.Peer()}}}}, nil)
		heard := newEar()
		if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "two", To: "1"}, heard); err != nil {
			t.Fatal(err)
		}
		invite := first.Request(sip.INVITE)
		first.Answer(invite, status, "tag", "")
		hear(t, "ringing", heard.ringing)
		first.Answer(invite, 503, "tag", "", "Retry-After: 5")
		if f := hear(t, "failure", heard.failed); f.Status != 503 {
			t.Errorf("failure %+v", f)
		}
		second.Quiet(sip.INVITE)
	}
}

func TestRequestsOfADialogTakeItsRoute(t *testing.T) {
	t.Parallel()
	t.Run("of our call: backwards, the next proxy addressed", func(t *testing.T) {
		w, proxy := siptest.Listen(t, ua.UDP, nil), siptest.Listen(t, ua.UDP, nil)
		d, heard, _ := ringing(t, w, ua.Trunk{})
		w.Answer(w.Request(sip.INVITE), 200, "tag", "answer", "Contact: <sip:phone@192.0.2.1>",
			"Record-Route: <sip:far.example;lr>, <sip:middle.example;lr>", fmt.Sprintf("Record-Route: <sip:%s;lr>", proxy.Addr()))
		hear(t, "answer", heard.answered)
		wantRoute(t, proxy.Request(sip.ACK), "sip:phone@192.0.2.1",
			fmt.Sprintf("sip:%s;lr", proxy.Addr()), "sip:middle.example;lr", "sip:far.example;lr")
		d.Hangup(t.Context(), ua.Cause{})
		wantRoute(t, proxy.Request(sip.BYE), "sip:phone@192.0.2.1",
			fmt.Sprintf("sip:%s;lr", proxy.Addr()), "sip:middle.example;lr", "sip:far.example;lr")
	})
	t.Run("of their call: as it stands", func(t *testing.T) {
		proxy := siptest.Listen(t, ua.UDP, nil)
		_, _, d := talking(t, ua.Config{}, fmt.Sprintf("Record-Route: <sip:%s;lr>, <sip:far.example;lr>", proxy.Addr()))
		d.Hangup(t.Context(), ua.Cause{})
		bye := proxy.Request(sip.BYE)
		wantRoute(t, bye, bye.Recipient.String(), fmt.Sprintf("sip:%s;lr", proxy.Addr()), "sip:far.example;lr")
	})
	t.Run("a strict router is addressed itself, the telephone comes last", func(t *testing.T) {
		w, proxy := siptest.Listen(t, ua.UDP, nil), siptest.Listen(t, ua.UDP, nil)
		_, heard, _ := ringing(t, w, ua.Trunk{})
		w.Answer(w.Request(sip.INVITE), 200, "tag", "answer", "Contact: <sip:phone@192.0.2.1>",
			"Record-Route: <sip:far.example;lr>", fmt.Sprintf("Record-Route: <sip:%s>", proxy.Addr()))
		hear(t, "answer", heard.answered)
		wantRoute(t, proxy.Request(sip.ACK), "sip:"+proxy.Addr(), "sip:far.example;lr", "sip:phone@192.0.2.1")
	})
	t.Run("our answers repeat it", func(t *testing.T) {
		a := answers(t, ua.Config{})
		k := wireTo(t, a.Endpoint, ua.UDP).Talk("100", a.Addr(ua.UDP).String())
		res := k.Begin("offer", "Record-Route: <sip:near.example;lr>", "Record-Route: <sip:far.example;lr>")
		var got []string
		for _, h := range res.GetHeaders("Record-Route") {
			got = append(got, h.Value())
		}
		if len(got) != 2 || got[0] != "<sip:near.example;lr>" || got[1] != "<sip:far.example;lr>" {
			t.Errorf("Record-Route %q", got)
		}
	})
}

// wantRoute checks where a request goes.
func wantRoute(t *testing.T, req *sip.Request, recipient string, routes ...string) {
	t.Helper()
	var got []string
	for _, h := range req.GetHeaders("Route") {
		got = append(got, h.(*sip.RouteHeader).Address.String())
	}
	if req.Recipient.String() != recipient || fmt.Sprint(got) != fmt.Sprint(routes) {
		t.Errorf("%s %s by %q, want %s by %q", req.Method, req.Recipient.String(), got, recipient, routes)
	}
}
