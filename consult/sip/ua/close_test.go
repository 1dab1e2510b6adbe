package ua_test

import (
	"bytes"
	"log/slog"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
	"teamsbridge/internal/logtest"
)

func TestAClosedEndpointLeavesNothingBehind(t *testing.T) {
	before := running(nil) // of tests before this one
	w := siptest.Listen(t, ua.UDP, nil)
	w.Answers(sip.OPTIONS, 200)
	waiting := make(chan *ua.Incoming, 1)
	e, err := ua.New(ua.Config{
		Host: "127.0.0.1", Listen: []ua.Listen{{Transport: ua.UDP, Address: "127.0.0.1:0"}, {Transport: ua.TCP, Address: "127.0.0.1:0"}},
		Trunks: []ua.Trunk{{Name: "wire", Networks: loopback, Peers: []ua.Peer{w.Peer()}, Options: time.Second}},
	}, ua.Deps{Incoming: func(in *ua.Incoming) {
		waiting <- in
		<-in.Withdrawn()
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	// A call of ours that rings, one that is up, one of theirs that rings.
	for i := range 2 {
		if _, err := e.Invite(t.Context(), ua.Invite{Trunk: "wire", To: "1"}, newEar()); err != nil {
			t.Fatal(err)
		}
		invite := w.Request(sip.INVITE)
		if i == 0 {
			w.Answer(invite, 180, "tag", "")
		} else {
			w.Answer(invite, 200, "tag", "answer", w.Contact(), "Session-Expires: 100;refresher=uac")
			w.Request(sip.ACK)
		}
	}
	wireTo(t, e, ua.UDP).Talk("100", e.Addr(ua.UDP).String()).Request(sip.INVITE, "offer")
	in := hear(t, "call", waiting)
	if err := e.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Errorf("Close again: %v", err)
	}
	hear(t, "end of the caller's wait", in.Withdrawn())
	if _, err := e.Invite(t.Context(), ua.Invite{Trunk: "wire", To: "1"}, newEar()); err == nil {
		t.Error("a closed endpoint makes calls")
	}
	var left []string
	defer func() {
		if t.Failed() {
			t.Logf("still running:\n%s", strings.Join(left, "\n\n"))
		}
	}()
	siptest.Until(t, "nothing left", func() bool { left = running(before); return len(left) == 0 })
}

// running lists the goroutines of endpoints, but for some.
func running(but []string) []string {
	var all bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&all, 2); err != nil {
		return []string{err.Error()}
	}
	var ours []string
	for g := range strings.SplitSeq(all.String(), "\n\n") {
		name, _, _ := strings.Cut(strings.TrimSpace(g), " [")
		if slices.ContainsFunc(but, func(b string) bool { return strings.HasPrefix(b, name+" [") }) {
			continue
		}
		g = strings.TrimSpace(g)
		if (strings.Contains(g, "sip/ua.(*") || strings.Contains(g, "sipgo")) && !strings.Contains(g, "siptest.(*Wire)") {
			ours = append(ours, g)
		}
	}
	return ours
}

func TestTheLogHasNoSecretsAndNoNumbers(t *testing.T) {
	t.Parallel()
	const key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0\r\n"
	kept := &logtest.Buffer{}
	w := siptest.Listen(t, ua.UDP, nil)
	e, err := ua.New(ua.Config{
		Host: "127.0.0.1", Listen: []ua.Listen{{Transport: ua.UDP, Address: "127.0.0.1:0"}},
		Trunks: []ua.Trunk{{Name: "wire", Networks: loopback, Peers: []ua.Peer{w.Peer()}, Username: "us", Password: "hunter2"}},
	}, ua.Deps{Logger: slog.New(slog.NewTextHandler(kept, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	heard := newEar()
	d, err := e.Invite(t.Context(), ua.Invite{Trunk: "wire", To: "+4930123", From: "+4930999", FromName: "Anja", Offer: []byte(key)}, heard)
	if err != nil {
		t.Fatal(err)
	}
	w.Answer(w.Request(sip.INVITE), 401, "no", "", `WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"`)
	w.Answer(w.Request(sip.INVITE), 200, "tag", key, w.Contact())
	hear(t, "answer", heard.answered)
	d.Hangup(t.Context(), ua.Cause{})
	w.Answer(w.Request(sip.BYE), 503, "", "")
	// Messages that sipgo cannot read, or cannot place.
	k := wireTo(t, e, ua.UDP)
	k.Send("INVITE sip:+4930123@x SIP/2.0\r\nAuthorization Digest response=hunter2\r\n\r\n" + key)
	k.Send("SIP/2.0 2000 OK for +4930123\r\n" + key + "\r\n")
	k.Talk("+4930123", e.Addr(ua.UDP).String()).Request(sip.INVITE, key)
	k.Response(sip.INVITE, 480)
	e.Settle(t.Context())
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	text := kept.String()
	if !strings.Contains(text, "level=DEBUG") {
		t.Error("nothing was logged: this test shows nothing")
	}
	for _, secret := range []string{"hunter2", "inline", "c2VjcmV0", "+4930123", "+4930999", "Anja", "response="} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in the log:\n%s", secret, text)
		}
	}
}

func TestAHangUpIsSentWhoeverClosesWhenItIsTold(t *testing.T) {
	t.Parallel()
	for range 30 {
		w := siptest.Listen(t, ua.UDP, nil)
		e := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "wire", Peers: []ua.Peer{w.Peer()}}}}, nil)
		heard := newEar()
		d, err := e.Invite(t.Context(), ua.Invite{Trunk: "wire", To: "1"}, heard)
		if err != nil {
			t.Fatal(err)
		}
		w.Answer(w.Request(sip.INVITE), 200, "tag", "answer", w.Contact())
		w.Request(sip.ACK)
		hear(t, "answer", heard.answered)
		closed := make(chan error, 1)
		go func() {
			<-heard.ended
			e.Settle(t.Context())
			closed <- e.Close()
		}()
		d.Hangup(t.Context(), ua.Cause{})
		w.Answer(w.Request(sip.BYE), 200, "", "")
		if err := hear(t, "close", closed); err != nil {
			t.Error(err)
		}
	}
}
