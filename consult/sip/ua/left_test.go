package ua_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// leaving is a process that rings somebody and dies, and what it has stored.
type leaving struct {
	*ua.Endpoint
	t      *testing.T
	config ua.Config
	kept   chan ua.Stored
	ear    *ear
}

// leaves lets a process ring a trunk.
func leaves(t *testing.T, trunk ua.Trunk, offer string) *leaving {
	t.Helper()
	return leavesWith(t, newAuthority(t), trunk, offer)
}

// leavesWith is leaves with an authority of TLS.
func leavesWith(t *testing.T, a *authority, trunk ua.Trunk, offer string) *leaving {
	t.Helper()
	trunk.Name = "sbc"
	l := &leaving{t: t, kept: make(chan ua.Stored, 8), ear: newEar()}
	l.config = ua.Config{TLS: named(a.of(t, "127.0.0.1")), Trunks: []ua.Trunk{trunk}}
	for _, transport := range []ua.Transport{ua.UDP, ua.TCP, ua.TLS} {
		l.config.Listen = append(l.config.Listen, ua.Listen{Transport: transport, Address: "127.0.0.1:0"})
	}
	l.Endpoint = start(t, l.config, nil)
	if _, err := l.Invite(t.Context(), ua.Invite{
		Trunk: "sbc", To: "+4930123", From: "+4930999", FromName: `Anja "A" Meier`, Offer: []byte(offer), Keep: func(s ua.Stored) { l.kept <- s },
	}, l.ear); err != nil {
		t.Fatal(err)
	}
	return l
}

// rings is the INVITE that a wire gets and lets ring.
func (l *leaving) rings(w *siptest.Wire) *sip.Request {
	l.t.Helper()
	invite := w.Request(sip.INVITE)
	w.Answer(invite, 180, "theirs", "")
	hear(l.t, "ringing", l.ear.ringing)
	return invite
}

// dies ends the process without a word; another one, on other ports, releases what
// it stored last. Its outcome comes out.
func (l *leaving) dies() (later *ua.Endpoint, released <-chan error) {
	l.t.Helper()
	var last ua.Stored
	for more := true; more; {
		select {
		case last = <-l.kept:
		default:
			more = false
		}
	}
	if err := l.Close(); err != nil {
		l.t.Fatal(err)
	}
	later = start(l.t, l.config, nil)
	outcome := make(chan error, 1)
	go func() { outcome <- later.Release(l.t.Context(), last) }()
	return later, outcome
}

// sameTransaction holds a CANCEL or an ACK to what makes it one of its INVITE's
// transaction (RFC 3261 9.1, 17.1.1.3).
func sameTransaction(t *testing.T, req, invite *sip.Request) {
	t.Helper()
	of := func(r *sip.Request) []string {
		return []string{r.Recipient.String(), r.Via().Value(), r.From().Value(), r.CallID().Value()}
	}
	if got, want := strings.Join(of(req), "\n"), strings.Join(of(invite), "\n"); got != want {
		t.Errorf("%s has\n%s\nits INVITE\n%s", req.Method, got, want)
	}
	if n := len(req.GetHeaders("Via")); n != 1 {
		t.Errorf("%d Via", n)
	}
	if req.CSeq().SeqNo != invite.CSeq().SeqNo {
		t.Errorf("CSeq %d, want %d", req.CSeq().SeqNo, invite.CSeq().SeqNo)
	}
}

func TestTheRingingOfADeadProcessIsStopped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		transport ua.Transport
		trunk     ua.Trunk
		offer     string
	}{
		{"over UDP", ua.UDP, ua.Trunk{}, "offer"},
		{"over TCP, whose connection is gone too", ua.TCP, ua.Trunk{UserPhone: true}, "offer"},
		{"over TLS", ua.TLS, ua.Trunk{}, "offer"},
		{"where the INVITE was too large for a datagram, and went as one", ua.UDP, ua.Trunk{}, strings.Repeat("a=x-long\r\n", 150)},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAuthority(t)
			w := siptest.Listen(t, c.transport, a.of(t, "127.0.0.1"))
			c.trunk.Peers = []ua.Peer{w.Peer()}
			l := leavesWith(t, a, c.trunk, c.offer)
			invite := l.rings(w)
			_, released := l.dies()
			cancel := w.Request(sip.CANCEL)
			sameTransaction(t, cancel, invite)
			if got, want := cancel.To().Value(), invite.To().Value(); got != want {
				t.Errorf("To %q, its INVITE's %q", got, want)
			}
			w.Answer(cancel, 200, "theirs", "")
			w.Answer(invite, 487, "theirs", "")
			ack := w.Request(sip.ACK)
			sameTransaction(t, ack, invite)
			if got := tagIn(ack); got != "theirs" {
				t.Errorf("ACK for %q", got)
			}
			if err := hear(t, "outcome", released); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOnlyTheTryThatRingsIsStopped(t *testing.T) {
	t.Parallel()
	t.Run("the one with credentials", func(t *testing.T) {
		w := siptest.Listen(t, ua.UDP, nil)
		l := leaves(t, ua.Trunk{Peers: []ua.Peer{w.Peer()}, Username: "us", Password: "secret"}, "offer")
		w.Answer(w.Request(sip.INVITE), 401, "theirs", "", `WWW-Authenticate: Digest realm="sbc", nonce="n", qop="auth"`)
		invite := l.rings(w)
		_, released := l.dies()
		cancel := w.Request(sip.CANCEL)
		sameTransaction(t, cancel, invite)
		w.Answer(cancel, 200, "theirs", "")
		if err := hear(t, "outcome", released); err != nil {
			t.Error(err)
		}
		w.Quiet(sip.CANCEL)
	})
	t.Run("the one at the next peer", func(t *testing.T) {
		first, second := siptest.Listen(t, ua.UDP, nil), siptest.Listen(t, ua.UDP, nil)
		l := leaves(t, ua.Trunk{Peers: []ua.Peer{first.Peer(), second.Peer()}}, "offer")
		first.Answer(first.Request(sip.INVITE), 503, "theirs", "")
		invite := l.rings(second)
		_, released := l.dies()
		cancel := second.Request(sip.CANCEL)
		sameTransaction(t, cancel, invite)
		second.Answer(cancel, 200, "theirs", "")
		if err := hear(t, "outcome", released); err != nil {
			t.Error(err)
		}
		first.Quiet(sip.CANCEL)
	})
}

func TestWhatADeadProcessLeftRingingMayBeOver(t *testing.T) {
	t.Parallel()
	ring := func(t *testing.T) (*siptest.Wire, *sip.Request, *ua.Endpoint, <-chan error) {
		w := siptest.Listen(t, ua.UDP, nil)
		l := leaves(t, ua.Trunk{Peers: []ua.Peer{w.Peer()}}, "offer")
		invite := l.rings(w)
		later, released := l.dies()
		return w, invite, later, released
	}
	for _, status := range []int{200, 481} {
		t.Run(fmt.Sprintf("answered in the moment of the CANCEL, which is answered %d", status), func(t *testing.T) {
			w, invite, _, released := ring(t)
			w.Answer(w.Request(sip.CANCEL), status, "theirs", "")
			w.Answer(invite, 200, "theirs", "answer", w.Contact())
			if ack := w.Request(sip.ACK); tagIn(ack) != "theirs" || ack.CSeq().SeqNo != invite.CSeq().SeqNo {
				t.Errorf("ACK %s", ack)
			}
			bye := w.Request(sip.BYE)
			if tagIn(bye) != "theirs" {
				t.Errorf("BYE %s", bye)
			}
			w.Answer(bye, 200, "", "")
			if err := hear(t, "outcome", released); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("unknown: it was never sent, or has ended", func(t *testing.T) {
		w, _, later, released := ring(t)
		w.Answer(w.Request(sip.CANCEL), 481, "theirs", "")
		if err := hear(t, "outcome", released); err != nil {
			t.Error(err)
		}
		w.Talk("x", later.Addr(ua.UDP).String()).Request(sip.OPTIONS, "")
		if _, ok := w.Next().(*sip.Response); !ok {
			t.Error("something more was sent")
		}
	})
	t.Run("refused for now: it is not stopped yet", func(t *testing.T) {
		w, _, _, released := ring(t)
		w.Answer(w.Request(sip.CANCEL), 503, "theirs", "")
		if err := hear(t, "outcome", released); err == nil {
			t.Error("taken for stopped")
		}
	})
	t.Run("by a trunk that is not there any more", func(t *testing.T) {
		e := start(t, ua.Config{}, nil)
		if err := e.Release(t.Context(), ua.Stored{Trunk: "gone", Invite: &ua.StoredInvite{}}); !errors.Is(err, ua.ErrNoTrunk) {
			t.Error(err)
		}
	})
}

func TestNobodyIsRungBeforeTheInviteIsKept(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "sbc", Peers: []ua.Peer{w.Peer()}}}}, nil)
	if err := w.To(us.Addr(ua.UDP).String()); err != nil {
		t.Fatal(err)
	}
	keeping, kept := make(chan ua.Stored), make(chan struct{})
	heard := newEar()
	d, err := us.Invite(t.Context(), ua.Invite{Trunk: "sbc", To: "1", Keep: func(s ua.Stored) {
		keeping <- s
		<-kept
	}}, heard)
	if err != nil {
		t.Fatal(err)
	}
	if s := hear(t, "INVITE to keep", keeping); s.Answered() {
		t.Errorf("kept %+v", s)
	}
	d.Hangup(t.Context(), ua.Cause{})
	close(kept)
	if f := hear(t, "failure", heard.failed); !f.Withdrawn {
		t.Errorf("failure %+v", f)
	}
	w.Talk("x", us.Addr(ua.UDP).String()).Request(sip.OPTIONS, "")
	if _, ok := w.Next().(*sip.Response); !ok {
		t.Error("who was hung up before the INVITE left was rung")
	}
}

func TestAnAnswerThatNobodyWantsIsKeptUntilItsEndIsKnown(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	keeping, kept, forgotten := make(chan ua.Stored), make(chan struct{}), make(chan struct{})
	us := startWith(t, ua.Config{Trunks: []ua.Trunk{{Name: "sbc", Peers: []ua.Peer{w.Peer()}}}}, ua.Deps{KeepUnwanted: func(s ua.Stored) func() {
		keeping <- s
		<-kept
		return func() { close(forgotten) }
	}})
	if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "sbc", To: "1", Offer: []byte("offer")}, newEar()); err != nil {
		t.Fatal(err)
	}
	invite := w.Request(sip.INVITE)
	w.Answer(invite, 200, "first", "answer", w.Contact())
	w.Request(sip.ACK)
	w.Answer(invite, 200, "second", "answer", w.Contact())
	if s := hear(t, "dialog to keep", keeping); s.RemoteTag != "second" || !s.Answered() {
		t.Errorf("kept %+v", s)
	}
	w.Talk("x", us.Addr(ua.UDP).String()).Request(sip.OPTIONS, "")
	if _, ok := w.Next().(*sip.Response); !ok {
		t.Error("something was sent before the dialog was kept")
	}
	close(kept)
	w.Request(sip.ACK)
	bye := w.Request(sip.BYE)
	select {
	case <-forgotten:
		t.Error("forgotten before the other side knows")
	default:
	}
	w.Answer(bye, 200, "", "")
	hear(t, "end", forgotten)
}
