package ua_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

func TestChallengesAreAnswered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		status     int
		challenges []string
		algorithm  string
	}{
		{"MD5", 401, []string{`WWW-Authenticate: Digest realm="r", nonce="n", algorithm=MD5, qop="auth"`}, "MD5"},
		{"MD5 without a quality, as of old", 401, []string{`WWW-Authenticate: Digest realm="r", nonce="n"`}, ""},
		{"SHA-256", 401, []string{`WWW-Authenticate: Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth"`}, "SHA-256"},
		{"of a proxy", 407, []string{`Proxy-Authenticate: Digest realm="r", nonce="n", algorithm=MD5, qop="auth"`}, "MD5"},
		{
			"the first that we know", 401,
			[]string{`WWW-Authenticate: Negotiate abc`, `WWW-Authenticate: Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth"`, `WWW-Authenticate: Digest realm="r", nonce="n", algorithm=MD5, qop="auth"`},
			"SHA-256",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := siptest.Listen(t, ua.UDP, nil)
			d, heard, _ := ringing(t, w, ua.Trunk{Username: "us", Password: "secret"})
			first := w.Request(sip.INVITE)
			w.Answer(first, c.status, "no", "", c.challenges...)
			if ack := w.Request(sip.ACK); ack.Via().Value() != first.Via().Value() {
				t.Errorf("ACK by another branch:\n%s", ack)
			}
			proved := w.Request(sip.INVITE)
			proves(t, proved, c.algorithm)
			if proved.CallID().Value() != first.CallID().Value() || proved.CSeq().SeqNo != first.CSeq().SeqNo+1 || proved.Via().Value() == first.Via().Value() {
				t.Errorf("second INVITE\n%s", proved)
			}
			w.Answer(first, c.status, "no", "", c.challenges...) // again: the ACK before was lost
			w.Answer(proved, 200, "tag", "answer", w.Contact())
			hear(t, "answer", heard.answered)

			d.Hangup(t.Context(), ua.Cause{}) // BYE is challenged too
			bye := w.Request(sip.BYE)
			w.Answer(bye, c.status, "", "", c.challenges...)
			again := w.Request(sip.BYE)
			proves(t, again, c.algorithm)
			if again.CSeq().SeqNo <= bye.CSeq().SeqNo {
				t.Errorf("CSeq %d after %d", again.CSeq().SeqNo, bye.CSeq().SeqNo)
			}
			w.Answer(again, 200, "", "")
		})
	}
}

// proves checks the credentials of a request.
func proves(t *testing.T, req *sip.Request, algorithm string) {
	t.Helper()
	h := req.GetHeader("Authorization")
	if h == nil {
		h = req.GetHeader("Proxy-Authorization")
	}
	if h == nil {
		t.Fatalf("no credentials in\n%s", req)
	}
	given, err := digest.ParseCredentials(h.Value())
	if err != nil {
		t.Fatal(err)
	}
	challenge := &digest.Challenge{Realm: "r", Nonce: "n", Algorithm: given.Algorithm}
	if given.QOP != "" {
		challenge.QOP = []string{given.QOP}
	}
	want, err := digest.Digest(challenge, digest.Options{
		Method: req.Method.String(), URI: req.Recipient.String(), Username: "us", Password: "secret", Cnonce: given.Cnonce, Count: given.Nc,
	})
	if err != nil {
		t.Fatal(err)
	}
	if given.Response != want.Response || given.Algorithm != algorithm {
		t.Errorf("credentials %s, want %s by %s", given.Response, want.Response, algorithm)
	}
}

func TestChallengesOfARefreshKeepTheOrderOfNumbers(t *testing.T) {
	t.Parallel()
	const challenge = `WWW-Authenticate: Digest realm="r", nonce="n", algorithm=MD5, qop="auth"`
	w := siptest.Listen(t, ua.UDP, nil)
	d, heard, _ := ringing(t, w, ua.Trunk{Username: "us", Password: "secret", SessionExpires: ua.MinSE})
	w.Answer(w.Request(sip.INVITE), 200, "tag", "answer", w.Contact(), "Session-Expires: 1;refresher=uac")
	hear(t, "answer", heard.answered)
	w.Request(sip.ACK)
	w.Answer(w.Request(sip.INVITE), 401, "", "", challenge)
	w.Request(sip.ACK)
	proved := w.Request(sip.INVITE)
	w.Answer(proved, 200, "", "answer", w.Contact())
	if ack := w.Request(sip.ACK); ack.CSeq().SeqNo != proved.CSeq().SeqNo || ack.GetHeader("Authorization") == nil {
		t.Errorf("ACK\n%s", ack)
	}
	d.Hangup(t.Context(), ua.Cause{})
	if bye := w.Request(sip.BYE); bye.CSeq().SeqNo <= proved.CSeq().SeqNo {
		t.Errorf("BYE has the number %d, the re-INVITE before had %d", bye.CSeq().SeqNo, proved.CSeq().SeqNo)
	}
}

func TestChallengesEndSomewhere(t *testing.T) {
	t.Parallel()
	const challenge = `WWW-Authenticate: Digest realm="r", nonce="n%d", stale=true, qop="auth"`
	w := siptest.Listen(t, ua.UDP, nil)
	_, heard, _ := ringing(t, w, ua.Trunk{Username: "us", Password: "secret"})
	for i := range 3 { // one is answered, and one whose nonce was stale
		w.Answer(w.Request(sip.INVITE), 401, "no", "", fmt.Sprintf(challenge, i))
	}
	if f := hear(t, "failure", heard.failed); f.Status != 401 {
		t.Errorf("failure %+v", f)
	}
}

func TestCallersProveWhoTheyAre(t *testing.T) {
	t.Parallel()
	a := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "phones", Networks: loopback, Callers: map[string]ua.Secret{"phone": "right"}}}}, func(in *ua.Incoming) {
		_, _, _ = in.Answer(context.Background(), []byte("answer"), newEar())
	})
	for _, c := range []struct {
		name      string
		algorithm string
		change    func(*digest.Credentials)
		user      string
		password  string
		status    int
		stale     bool
	}{
		{"by SHA-256", "SHA-256", nil, "phone", "right", 200, false},
		{"by MD5", "MD5", nil, "phone", "right", 200, false},
		{"a wrong password", "SHA-256", nil, "phone", "wrong", 401, false},
		{"nobody's name", "SHA-256", nil, "nobody", "", 401, false},
		{"a nonce that we never made", "SHA-256", func(c *digest.Credentials) { c.Nonce = "00" }, "phone", "right", 401, false},
		{"an answer for another address", "SHA-256", func(c *digest.Credentials) { c.URI = "sip:elsewhere" }, "phone", "right", 401, false},
		{"another realm", "SHA-256", func(c *digest.Credentials) { c.Realm = "elsewhere" }, "phone", "right", 401, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := wireTo(t, a, ua.UDP).Talk("100", a.Addr(ua.UDP).String())
			k.Request(sip.INVITE, "offer")
			refused := k.Response(sip.INVITE, 401)
			k.RequestAgain(sip.ACK)
			var challenge *digest.Challenge
			for _, h := range refused.GetHeaders("WWW-Authenticate") {
				got, err := digest.ParseChallenge(h.Value())
				if err != nil {
					t.Fatal(err)
				}
				if got.Algorithm == c.algorithm {
					challenge = got
				}
			}
			given, err := digest.Digest(challenge, digest.Options{Method: "INVITE", URI: k.Target, Username: c.user, Password: c.password})
			if err != nil {
				t.Fatal(err)
			}
			if c.change != nil {
				c.change(given)
			}
			k.Request(sip.INVITE, "offer", "Authorization: "+given.String())
			res := k.Response(sip.INVITE, c.status)
			if stale := strings.Contains(fmt.Sprint(res.GetHeader("WWW-Authenticate")), "stale=true"); stale != c.stale {
				t.Errorf("stale %t", stale)
			}
			if c.status == 200 {
				k.Confirm(res)
				k.Request(sip.ACK, "")
			}
		})
	}
}

// TestAProofCountsOnce has somebody who has read a call's credentials show them
// again, and telephones that count in their own way.
func TestAProofCountsOnce(t *testing.T) {
	a := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "phones", Networks: loopback, Callers: map[string]ua.Secret{"phone": "right"}}}}, func(in *ua.Incoming) {
		_ = in.Refuse(sip.StatusBusyHere, "Busy Here")
	})
	// rings sends an INVITE of a call of its own, with credentials.
	rings := func(t *testing.T, credentials string, status int) *siptest.Talk {
		t.Helper()
		k := wireTo(t, a, ua.UDP).Talk("100", a.Addr(ua.UDP).String())
		k.Request(sip.INVITE, "offer", "Authorization: "+credentials)
		res := k.Response(sip.INVITE, status)
		k.RequestAgain(sip.ACK)
		if stale := strings.Contains(fmt.Sprint(res.GetHeader("WWW-Authenticate")), "stale=true"); stale != (status == 401) {
			t.Errorf("stale %t at %d", stale, status)
		}
		return k
	}
	// challenged asks for a challenge.
	challenged := func(t *testing.T) *digest.Challenge {
		t.Helper()
		k := wireTo(t, a, ua.UDP).Talk("100", a.Addr(ua.UDP).String())
		k.Request(sip.INVITE, "offer")
		res := k.Response(sip.INVITE, 401)
		k.RequestAgain(sip.ACK)
		challenge, err := digest.ParseChallenge(res.GetHeader("WWW-Authenticate").Value())
		if err != nil {
			t.Fatal(err)
		}
		return challenge
	}
	proof := func(t *testing.T, challenge *digest.Challenge, count int) string {
		t.Helper()
		given, err := digest.Digest(challenge, digest.Options{
			Method: "INVITE", URI: "sip:100@" + a.Addr(ua.UDP).String(), Username: "phone", Password: "right", Count: count,
		})
		if err != nil {
			t.Fatal(err)
		}
		return given.String()
	}
	t.Run("a stranger's repetition of it is none, and the telephone goes on", func(t *testing.T) {
		challenge := challenged(t)
		read := proof(t, challenge, 1)
		rings(t, read, 486)
		rings(t, read, 401)
		rings(t, proof(t, challenge, 2), 486)
		rings(t, read, 401)
	})
	t.Run("a telephone that never counts answers a challenge for each call", func(t *testing.T) {
		for range 2 {
			rings(t, proof(t, challenged(t), 1), 486)
		}
	})
	t.Run("the same INVITE by another way is the same call", func(t *testing.T) {
		credentials := proof(t, challenged(t), 1)
		k := rings(t, credentials, 486)
		k.Branch += "-another"
		k.RequestAgain(sip.INVITE, "Authorization: "+credentials)
		k.Response(sip.INVITE, sip.StatusLoopDetected)
	})
	t.Run("the same INVITE again gets the same answer", func(t *testing.T) {
		k := wireTo(t, a, ua.UDP).Talk("100", a.Addr(ua.UDP).String())
		credentials := "Authorization: " + proof(t, challenged(t), 1)
		k.Request(sip.INVITE, "offer", credentials)
		k.Response(sip.INVITE, 486)
		k.RequestAgain(sip.INVITE, credentials) // the answer was lost
		k.Again()
		k.RequestAgain(sip.ACK)
		k.Request(sip.OPTIONS, "")
		if res, ok := k.Next().(*sip.Response); !ok || res.CSeq().MethodName != sip.OPTIONS {
			t.Errorf("the repeated INVITE was answered anew:\n%s", res)
		}
	})
	t.Run("credentials without a count are none", func(t *testing.T) {
		uncounted := strings.Replace(proof(t, challenged(t), 1), "nc=00000001", "nc=00000000", 1)
		k := wireTo(t, a, ua.UDP).Talk("100", a.Addr(ua.UDP).String())
		k.Request(sip.INVITE, "offer", "Authorization: "+uncounted)
		k.Response(sip.INVITE, 401)
	})
}

func TestNamesAndNumbersStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, to, from, display, wantTo, wantFrom, wantDisplay string }{
		{"plain", "+4930123", "+4930999", "Anja Weber", "+4930123", "+4930999", "Anja Weber"},
		{"feature codes", "*21#", "100", "", "*21%23", "100", ""},
		{"another host", "1@evil.example;x=", "2@evil.example>", "", "1%40evil.example;x=", "2%40evil.example%3E", ""},
		{"another header", "1\r\nX-Evil: 1", "1", "A\"\r\nX-Evil: \\", "1%0D%0AX-Evil%3A%201", "1", `A\"  X-Evil: \\`},
		{"letters of other alphabets", "1", "1", "Jürgen Žižek", "1", "1", "Jürgen Žižek"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := siptest.Listen(t, ua.UDP, nil)
			us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "wire", Peers: []ua.Peer{w.Peer()}}}}, nil)
			heard := newEar()
			if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "wire", To: c.to, From: c.from, FromName: c.display}, heard); err != nil {
				t.Fatal(err)
			}
			invite := w.Request(sip.INVITE)
			if got := invite.Recipient.User; got != c.wantTo {
				t.Errorf("to %q, want %q", got, c.wantTo)
			}
			if got := invite.From(); got.Address.User != c.wantFrom || got.DisplayName != c.wantDisplay {
				t.Errorf("from %q %q, want %q %q", got.DisplayName, got.Address.User, c.wantDisplay, c.wantFrom)
			}
			if slices.ContainsFunc(invite.Headers(), func(h sip.Header) bool { return h.Name() == "X-Evil" }) || invite.Recipient.Host != "127.0.0.1" {
				t.Errorf("something got in:\n%s", invite)
			}
			w.Answer(invite, 486, "tag", "")
			hear(t, "failure", heard.failed)
		})
	}
}
