package ua_test

import (
	"testing"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

func TestAnAnswerIsAcknowledgedOnceItsDialogIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		hangUp bool // while it is kept
	}{
		{"who answered is connected", false},
		{"whom nobody wants any more is acknowledged and let go", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := siptest.Listen(t, ua.UDP, nil)
			us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "wire", Peers: []ua.Peer{w.Peer()}}}}, nil)
			keeping, kept := make(chan ua.Stored), make(chan struct{})
			heard := newEar()
			d, err := us.Invite(t.Context(), ua.Invite{
				Trunk: "wire", To: "+4930123", Offer: []byte("offer"),
				Keep: func(s ua.Stored) {
					if s.Answered() {
						keeping <- s
						<-kept
					}
				},
			}, heard)
			if err != nil {
				t.Fatal(err)
			}
			invite := w.Request(sip.INVITE)
			w.Answer(invite, 200, "theirs", "answer", w.Contact())
			if s := hear(t, "dialog to keep", keeping); s.RemoteTag != "theirs" || s.LocalTag == "" || s.CallID == "" || s.Target == "" {
				t.Errorf("kept %+v", s)
			}
			w.Answer(invite, 200, "theirs", "answer", w.Contact()) // they have not heard of us yet
			if c.hangUp {
				d.Hangup(t.Context(), ua.Cause{})
			}
			// What had been sent before this is there before its answer.
			k := w.Talk("x", us.Addr(ua.UDP).String())
			k.Request(sip.OPTIONS, "")
			if res, ok := w.Next().(*sip.Response); !ok || res.CSeq().MethodName != sip.OPTIONS {
				t.Error("something was sent before the dialog was kept")
			}
			close(kept)
			w.Request(sip.ACK)
			if c.hangUp {
				w.Answer(w.Request(sip.BYE), 200, "", "")
				hear(t, "failure", heard.failed)
				return
			}
			hear(t, "answer", heard.answered)
		})
	}
}

func TestACallThatWasWithdrawnIsRefusedOnce(t *testing.T) {
	t.Parallel()
	refused := make(chan struct{})
	e := start(t, ua.Config{}, func(in *ua.Incoming) {
		if err := in.Ring(); err != nil {
			t.Error(err)
		}
		<-in.Withdrawn()
		if err := in.Refuse(480, "Temporarily Unavailable"); err != nil {
			t.Error(err)
		}
		close(refused)
	})
	k := wireTo(t, e, ua.UDP).Talk("100", e.Addr(ua.UDP).String())
	k.Request(sip.INVITE, "offer")
	for k.Next().(*sip.Response).StatusCode != 180 {
	}
	k.Request(sip.CANCEL, "")
	k.Response(sip.INVITE, 487)
	hear(t, "refusal", refused)
	k.RequestAgain(sip.INVITE)
	k.Again() // what it was refused with
	k.Request(sip.OPTIONS, "")
	if res, ok := k.Next().(*sip.Response); !ok || res.CSeq().MethodName != sip.OPTIONS {
		t.Errorf("it was refused anew: %v", res)
	}
}
