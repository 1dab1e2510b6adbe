package ua

import (
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// message makes an answer with a header as others might send it.
func message(name, value string) *sip.Response {
	res := sip.NewResponse(200, "OK")
	res.AppendHeader(sip.NewHeader(name, value))
	return res
}

func FuzzSessionExpires(f *testing.F) {
	for _, seed := range []string{"1800", "90;refresher=uac", " 90 ; Refresher = UAS ;x", "-1", "99999999999999999999", "", ";", "1800;refresher", "0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		interval, refresher := sessionExpires(message("Session-Expires", value))
		short, again := sessionExpires(message("x", value))
		if interval < 0 || interval%time.Second != 0 || refresher != strings.ToLower(refresher) {
			t.Errorf("%q is %v by %q", value, interval, refresher)
		}
		if short != interval || again != refresher {
			t.Errorf("%q is %v by %q in short, %v by %q in full", value, short, again, interval, refresher)
		}
		if least := minSE(message("Min-SE", value)); least < 0 {
			t.Errorf("%q is at least %v", value, least)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"120", "18000;duration=3600", "5 (maybe)", "", "-1", "9999999999999999999999", "soon"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if wait := retryAfter(message("Retry-After", value)); wait < 0 || wait > time.Hour {
			t.Errorf("%q is %v: nobody is left alone that long", value, wait)
		}
	})
}

func FuzzReason(f *testing.F) {
	for _, seed := range []string{
		`Q.850;cause=17;text="User busy"`, `SIP;cause=200, Q.850;cause=16`, `q.850 ; Cause = "21"`, `Q.850`, `Q.850;cause=`, `;,;,`, `Q.850;cause=99999999999999999999`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		q850(message("Reason", value))
		if out := (Cause{Status: 200, Text: value}).header(); strings.ContainsAny(out, "\r\n") {
			t.Errorf("%q becomes more than one header: %q", value, out)
		}
	})
}

func FuzzRecordRoute(f *testing.F) {
	for _, seed := range []string{"<sip:a.example;lr>", "<sip:a.example;lr>, <sip:b.example>", "sip:a", "<>", "<sip:[::1]:5060;lr=on>", `"A, B" <sip:a;lr>`, "<tel:1>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		there, back := routeSet(message("Record-Route", value), false), routeSet(message("Record-Route", value), true)
		if len(there) != len(back) {
			t.Fatalf("%q has %d routes and %d", value, len(there), len(back))
		}
		for i := range there {
			if there[i].String() != back[len(back)-1-i].String() {
				t.Errorf("%q is not the same backwards", value)
			}
		}
	})
}

func FuzzDigest(f *testing.F) {
	for _, seed := range []string{
		`Digest realm="r", nonce="n", qop="auth"`, `Digest realm="r", nonce="n", algorithm=SHA-256`, `Basic realm="r"`, `Digest`, `Digest realm="r\"", nonce=n, qop="auth,auth-int"`,
		`Digest username="u", realm="127.0.0.1", nonce="00", uri="sip:1@h", response="0", qop=auth, nc=00000001, cnonce="c"`,
	} {
		f.Add(seed)
	}
	e := &Endpoint{config: Config{Host: "127.0.0.1"}, nonces: newNonces()}
	theirs := &trunk{Trunk: Trunk{Username: "us", Password: "secret", Callers: map[string]Secret{"u": "p"}}}
	f.Fuzz(func(t *testing.T, value string) {
		req := sip.NewRequest(sip.INVITE, sip.Uri{Scheme: "sip", User: "1", Host: "h"})
		req.AppendHeader(sip.NewHeader("Authorization", value))
		if ok, _ := e.proves(theirs, req); ok {
			t.Errorf("%q proves who somebody is", value)
		}
		challenged := sip.NewResponse(sip.StatusUnauthorized, "Unauthorized")
		challenged.AppendHeader(sip.NewHeader("WWW-Authenticate", value))
		if proved, err := theirs.answerChallenge(req, challenged); err == nil && strings.Contains(proved.String(), "secret") {
			t.Errorf("%q is told the password", value)
		}
	})
}

func FuzzNonce(f *testing.F) {
	n, now := newNonces(), time.Now()
	ours := newNonces().make(now) // in form; the key is another one
	for _, seed := range []string{ours, ours[:16], strings.ToUpper(ours), "", "00", "zz"} {
		f.Add(seed, 1)
	}
	f.Fuzz(func(t *testing.T, nonce string, count int) {
		if n.spend(nonce, count, incomingID{}, now) || len(n.spent) != 0 {
			t.Errorf("%q, which nobody made, is good or kept", nonce)
		}
	})
}

func FuzzUserPartAndName(f *testing.F) {
	for _, seed := range []string{"+4930123", "a@b", "x\r\nY: z", "Jürgen \"J\" \\", "*21#", "\xff\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var uri sip.Uri
		user := userPart(text)
		if err := sip.ParseUri("sip:"+user+"@host", &uri); text != "" && (err != nil || uri.Host != "host" || uri.User != user) {
			t.Errorf("%q becomes %q at %q: %v", text, uri.User, uri.Host, err)
		}
		var to sip.Uri
		name, err := sip.ParseAddressValue(`"`+quotable(text)+`" <sip:a@host>`, &to, nil)
		if err != nil || to.Host != "host" || name != quotable(text) {
			t.Errorf("%q becomes %q at %q: %v", text, name, to.Host, err)
		}
	})
}
