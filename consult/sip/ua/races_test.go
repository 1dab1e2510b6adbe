package ua_test

import (
	"fmt"
	"testing"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

func TestManyProvisionalAnswersOfManyBranchesAreOneRinging(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	_, heard, _ := ringing(t, w, ua.Trunk{})
	invite := w.Request(sip.INVITE)
	for i := range 40 {
		w.Answer(invite, 180, fmt.Sprint("device-", i), "")
	}
	w.Answer(invite, 183, "device-0", "early")
	if got := hear(t, "early media", heard.early); string(got) != "early" {
		t.Errorf("early %q", got)
	}
	w.Answer(invite, 200, "device-39", "answer", w.Contact())
	if got := hear(t, "answer", heard.answered); string(got) != "answer" {
		t.Errorf("answer %q", got)
	}
	if n := len(heard.ringing); n != 1 {
		t.Errorf("ringing was told %d times", n)
	}
	w.Request(sip.ACK)
}

func TestASecondBranchThatAnswersIsAcknowledgedAndLetGo(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	_, heard, _ := ringing(t, w, ua.Trunk{})
	invite := w.Request(sip.INVITE)
	w.Answer(invite, 200, "first", "answer", w.Contact())
	hear(t, "answer", heard.answered)
	if got := tagIn(w.Request(sip.ACK)); got != "first" {
		t.Errorf("ACK for %q", got)
	}
	w.Answer(invite, 200, "second", "answer", w.Contact())
	if got := tagIn(w.Request(sip.ACK)); got != "second" {
		t.Errorf("ACK for %q", got)
	}
	bye := w.Request(sip.BYE)
	if got := tagIn(bye); got != "second" {
		t.Errorf("BYE for %q", got)
	}
	w.Answer(bye, 200, "", "")
	if len(heard.ended) != 0 {
		t.Error("the first branch has ended")
	}
}

func tagIn(req *sip.Request) string { return req.To().Params.GetOr("tag", "") }

func TestAnAnswerIsAcknowledgedAsOftenAsItComes(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	_, heard, _ := ringing(t, w, ua.Trunk{})
	invite := w.Request(sip.INVITE)
	w.Answer(invite, 200, "tag", "answer", w.Contact())
	hear(t, "answer", heard.answered)
	w.Request(sip.ACK)
	for range 3 {
		w.Answer(invite, 200, "tag", "answer", w.Contact())
		w.Request(sip.ACK)
	}
}

// held is a watcher who is slow to hear that it rings, and holds up its dialog.
type held struct {
	*ear
	hears, goesOn chan struct{}
}

func (h held) Ringing() {
	close(h.hears)
	<-h.goesOn
}

func TestAnAnswerThatIsRepeatedBeforeItIsTakenIsOneAnswer(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "wire", Peers: []ua.Peer{w.Peer()}}}}, nil)
	for range 50 {
		slow := held{newEar(), make(chan struct{}), make(chan struct{})}
		if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "wire", To: "+4930123", Offer: []byte("offer")}, slow); err != nil {
			t.Fatal(err)
		}
		invite := w.Request(sip.INVITE)
		w.Answer(invite, 180, "tag", "")
		hear(t, "ringing", slow.hears)
		k := w.Follow(invite, "tag")
		for range 2 {
			w.Answer(invite, 200, "tag", "answer", w.Contact())
		}
		k.Request(sip.UPDATE, "") // what had been sent before this is there before its answer
		k.Response(sip.UPDATE, 481)
		close(slow.goesOn)
		for w.Request(sip.ACK).CallID().Value() != invite.CallID().Value() {
			continue // of the second answer of the call before
		}
		k.Request(sip.OPTIONS, "")
		k.Response(sip.OPTIONS, 200)
		w.Quiet(sip.BYE)
		k.Request(sip.BYE, "")
		k.Response(sip.BYE, 200)
	}
}

func TestAnAnswerIsRepeatedUntilItIsAcknowledged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, branch string }{
		{"with a branch of its own", "new"},
		{"with the INVITE's branch, as some do", "same"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := answers(t, ua.Config{})
			k := wireTo(t, a.Endpoint, ua.UDP).Talk("100", a.Addr(ua.UDP).String())
			k.Request(sip.INVITE, "offer")
			k.Confirm(k.Response(sip.INVITE, 200))
			k.Again() // nobody has acknowledged it
			if c.branch == "same" {
				k.RequestAgain(sip.ACK)
			} else {
				k.Request(sip.ACK, "")
			}
			hear(t, "dialog", a.dialogs)
		})
	}
}

func TestWithdrawalsThatCrossAnAnswer(t *testing.T) {
	t.Parallel()
	t.Run("the 200 comes after the CANCEL", func(t *testing.T) {
		w := siptest.Listen(t, ua.UDP, nil)
		d, heard, _ := ringing(t, w, ua.Trunk{})
		invite := w.Request(sip.INVITE)
		w.Answer(invite, 180, "tag", "")
		hear(t, "ringing", heard.ringing)
		d.Hangup(t.Context(), ua.ElsewhereCause)
		cancel := w.Request(sip.CANCEL)
		w.Answer(cancel, 200, "tag", "")
		w.Answer(invite, 200, "tag", "answer", w.Contact())
		w.Request(sip.ACK)
		w.Answer(w.Request(sip.BYE), 200, "", "")
		if f := hear(t, "failure", heard.failed); !f.Withdrawn {
			t.Errorf("failure %+v", f)
		}
		if len(heard.answered) != 0 {
			t.Error("the answer was told")
		}
	})
	t.Run("nothing provisional came yet: CANCEL waits for it", func(t *testing.T) {
		w := siptest.Listen(t, ua.UDP, nil)
		d, heard, _ := ringing(t, w, ua.Trunk{})
		invite := w.Request(sip.INVITE)
		d.Hangup(t.Context(), ua.Cause{})
		w.Quiet(sip.CANCEL)
		w.Answer(invite, 100, "", "")
		w.Answer(w.Request(sip.CANCEL), 200, "tag", "")
		w.Answer(invite, 487, "tag", "")
		if f := hear(t, "failure", heard.failed); !f.Withdrawn || f.Status != 487 {
			t.Errorf("failure %+v", f)
		}
		w.Request(sip.ACK)
	})
	t.Run("the hang-up comes in the moment of the answer: it is never lost", func(t *testing.T) {
		for range 50 {
			w := siptest.Listen(t, ua.UDP, nil)
			d, heard, _ := ringing(t, w, ua.Trunk{})
			invite := w.Request(sip.INVITE)
			w.Answer(invite, 180, "tag", "")
			hear(t, "ringing", heard.ringing)
			go w.Answer(invite, 200, "tag", "answer", w.Contact())
			d.Hangup(t.Context(), ua.Cause{})
			w.Answer(w.Request(sip.BYE), 200, "", "")
		}
	})
}

func TestAWithdrawnRingCarriesTheReason(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	d, heard, _ := ringing(t, w, ua.Trunk{})
	invite := w.Request(sip.INVITE)
	w.Answer(invite, 180, "tag", "")
	hear(t, "ringing", heard.ringing)
	d.Hangup(t.Context(), ua.ElsewhereCause)
	cancel := w.Request(sip.CANCEL)
	if got, want := cancel.GetHeader("Reason").Value(), `SIP;cause=200;text="Call completed elsewhere"`; got != want {
		t.Errorf("Reason %s, want %s", got, want)
	}
	if cancel.Via().Value() != invite.Via().Value() || cancel.CSeq().SeqNo != invite.CSeq().SeqNo || cancel.Recipient.String() != invite.Recipient.String() {
		t.Errorf("CANCEL does not fit its INVITE:\n%s\n%s", cancel, invite)
	}
}

func TestBYEThatCrossesBYEIsAnswered(t *testing.T) {
	t.Parallel()
	k, a, d := talking(t, ua.Config{})
	d.Hangup(t.Context(), ua.Cause{})
	bye := k.Wire.Request(sip.BYE)
	k.Request(sip.BYE, "")
	k.Response(sip.BYE, 200)
	k.Answer(bye, 200, "", "")
	if end := hear(t, "end", a.ear.ended); end.Kind != ua.EndedByUs {
		t.Errorf("ended %q", end.Kind)
	}
	a.Settle(t.Context())
	if n := len(a.ear.ended); n != 0 {
		t.Errorf("ended %d times more", n)
	}
}

func TestTheSameCallByAnotherWayIsMerged(t *testing.T) {
	t.Parallel()
	k, a, _ := talking(t, ua.Config{})
	other := *k
	other.Seq, other.RemoteTag = 0, ""
	other.Target = "sip:200@" + a.Addr(ua.UDP).String()
	other.Request(sip.INVITE, "offer")
	other.Response(sip.INVITE, 482)
}

// slow is a watcher who takes its time with an answer.
type slow struct {
	*ear
	hears, goesOn chan struct{}
	order         chan string
}

func (s slow) Answered([]byte) {
	close(s.hears)
	<-s.goesOn
	s.order <- "answer"
}

func (s slow) Offered([]byte) ([]byte, error) {
	s.order <- "offer"
	return []byte("answer"), nil
}

func TestAnOfferOnTheHeelsOfTheACKIsHeardAfterTheAnswer(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "wire", Peers: []ua.Peer{w.Peer()}}}}, nil)
	for _, method := range []sip.RequestMethod{sip.INVITE, sip.UPDATE} {
		watcher := slow{newEar(), make(chan struct{}), make(chan struct{}), make(chan string, 2)}
		if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "wire", To: "+4930123", Offer: []byte("offer")}, watcher); err != nil {
			t.Fatal(err)
		}
		invite := w.Request(sip.INVITE)
		w.Answer(invite, 200, "tag", "answer", w.Contact())
		hear(t, "answer", watcher.hears)
		w.Request(sip.ACK)
		k := w.Follow(invite, "tag")
		k.Request(method, "their offer")
		stranger := w.Talk("x", us.Addr(ua.UDP).String()) // what had been sent before this is there before its answer
		stranger.Request(sip.OPTIONS, "")
		stranger.Response(sip.OPTIONS, 200)
		close(watcher.goesOn)
		k.Response(method, 200)
		if first, second := hear(t, "first", watcher.order), hear(t, "second", watcher.order); first != "answer" || second != "offer" {
			t.Errorf("%s: told of the %s before the %s", method, first, second)
		}
	}
}

// TestAHangUpOnTheHeelsOfTheACKIsHeard has their side hang up the moment it knows
// that it is connected.
func TestAHangUpOnTheHeelsOfTheACKIsHeard(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	for range 20 {
		_, heard, _ := ringing(t, w, ua.Trunk{})
		invite := w.Request(sip.INVITE)
		w.Answer(invite, 200, "tag", "answer", w.Contact())
		k := w.Follow(invite, "tag")
		w.Request(sip.ACK)
		k.Request(sip.BYE, "")
		k.Response(sip.BYE, 200)
		hear(t, "answer", heard.answered)
		if end := hear(t, "end", heard.ended); end.Kind != ua.EndedByThem {
			t.Errorf("ended %q", end.Kind)
		}
	}
}
