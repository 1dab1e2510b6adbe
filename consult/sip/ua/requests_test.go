package ua_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

func TestRequestsThatCannotBeServedAreAnsweredAsTheyShould(t *testing.T) {
	t.Parallel()
	a := answers(t, ua.Config{})
	for _, c := range []struct {
		name   string
		method sip.RequestMethod
		change func(*siptest.Talk)
		body   string
		lines  []string
		status int
		header string // of the answer
		value  string
	}{
		{"REGISTER is not for us", sip.REGISTER, nil, "", nil, 405, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE"},
		{"REFER is never allowed", sip.REFER, nil, "", []string{"Refer-To: <sip:x@127.0.0.1>"}, 405, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE"},
		{"a method that nobody knows", "DANCE", nil, "", nil, 405, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE"},
		{"an extension that is demanded", sip.INVITE, nil, "offer", []string{"Require: timer, 100rel"}, 420, "Unsupported", "100rel"},
		{"several headers of extensions", sip.OPTIONS, nil, "", []string{"Require: a", "Require: b"}, 420, "Unsupported", "a, b"},
		{"a call that replaces another", sip.INVITE, nil, "offer", []string{"Replaces: x@y;to-tag=1;from-tag=2"}, 420, "Unsupported", "replaces"},
		{"a body that is no SDP", sip.INVITE, nil, "", []string{"Content-Type: text/plain", "X-Trick: 1"}, 415, "Accept", "application/sdp"},
		{"an address of a strange scheme", sip.INVITE, func(k *siptest.Talk) { k.Target = "nobody:soandso" }, "offer", nil, 416, "", ""},
		{"SIPS is not used", sip.INVITE, func(k *siptest.Talk) { k.Target = "sips:100@" + k.Addr() }, "offer", nil, 416, "", ""},
		{"BYE of no dialog", sip.BYE, func(k *siptest.Talk) { k.RemoteTag = "gone" }, "", nil, 481, "", ""},
		{"BYE without a tag", sip.BYE, nil, "", nil, 481, "", ""},
		{"UPDATE of no dialog", sip.UPDATE, func(k *siptest.Talk) { k.RemoteTag = "gone" }, "offer", nil, 481, "", ""},
		{"re-INVITE of no dialog", sip.INVITE, func(k *siptest.Talk) { k.RemoteTag = "gone" }, "offer", nil, 481, "", ""},
		{"CANCEL of nothing", sip.CANCEL, func(k *siptest.Talk) { k.Branch = "z9hG4bKnothing" }, "", nil, 481, "", ""},
		{"OPTIONS is answered", sip.OPTIONS, nil, "", nil, 200, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE"},
		{"a session timer below the least", sip.INVITE, nil, "offer", []string{"Supported: timer", "Session-Expires: 60"}, 422, "Min-SE", "90"},
		{"a session timer below the least, in short", sip.INVITE, nil, "offer", []string{"k: timer", "x: 60"}, 422, "Min-SE", "90"},
		{"the number of a tel URI is called", sip.INVITE, func(k *siptest.Talk) { k.Target = "tel:+4930123;ext=1" }, "offer", nil, 200, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := wireTo(t, a.Endpoint, ua.UDP).Talk("100", a.Addr(ua.UDP).String())
			if c.change != nil {
				c.change(k)
			}
			body := c.body
			if c.status == 415 { // siptest says SDP of every body
				k.Seq, k.Branch = 1, "z9hG4bK415"
				k.Send(strings.NewReplacer("Content-Length: 0\r\n\r\n", "Content-Length: 5\r\n\r\nhello").Replace(k.Text(c.method, "", c.lines...)))
			} else {
				k.Request(c.method, body, c.lines...)
			}
			res := k.Response(c.method, c.status)
			if c.header != "" && (res.GetHeader(c.header) == nil || res.GetHeader(c.header).Value() != c.value) {
				t.Errorf("%s %v, want %s", c.header, res.GetHeader(c.header), c.value)
			}
			if c.status == 200 && c.method == sip.INVITE {
				k.Confirm(res)
				k.Request(sip.ACK, "")
			}
		})
	}
}

func TestRequestsInADialog(t *testing.T) {
	t.Parallel()
	t.Run("an old number is out of order", func(t *testing.T) {
		k, _, _ := talking(t, ua.Config{})
		k.Seq = 10
		k.Request(sip.UPDATE, "")
		k.Response(sip.UPDATE, 200)
		k.Seq = 5
		k.Request(sip.UPDATE, "")
		k.Response(sip.UPDATE, 500)
	})
	t.Run("an extension that is demanded", func(t *testing.T) {
		k, _, _ := talking(t, ua.Config{})
		k.Request(sip.UPDATE, "offer", "Require: precondition")
		k.Response(sip.UPDATE, 420)
	})
	t.Run("the dialog of somebody else is not ended", func(t *testing.T) {
		k, a, _ := talking(t, ua.Config{})
		k.LocalTag = "guessed"
		k.Request(sip.BYE, "")
		k.Response(sip.BYE, 481)
		if len(a.ear.ended) != 0 {
			t.Error("it has ended")
		}
	})
	t.Run("OPTIONS tells what we can", func(t *testing.T) {
		k, _, _ := talking(t, ua.Config{})
		k.Request(sip.OPTIONS, "")
		if res := k.Response(sip.OPTIONS, 200); res.GetHeader("Accept").Value() != "application/sdp" {
			t.Errorf("Accept %v", res.GetHeader("Accept"))
		}
	})
}

// settling is a watcher who takes its time with the answer to an offer of ours.
type settling struct {
	*ear
	hears, goesOn chan struct{}
}

func (s settling) Settled([]byte) {
	close(s.hears)
	<-s.goesOn
}

func TestOffersInADialog(t *testing.T) {
	t.Parallel()
	for _, method := range []sip.RequestMethod{sip.INVITE, sip.UPDATE} {
		t.Run(string(method)+" is answered", func(t *testing.T) {
			k, _, _ := talking(t, ua.Config{})
			k.Request(method, "hold")
			if res := k.Response(method, 200); string(res.Body()) != "answer to hold" {
				t.Errorf("body %q", res.Body())
			}
			if method == sip.INVITE {
				k.Request(sip.ACK, "")
			}
		})
		t.Run(string(method)+" with audio that cannot be is 488, and nothing ends", func(t *testing.T) {
			k, a, _ := talking(t, ua.Config{})
			a.ear.on(func([]byte) ([]byte, error) { return nil, ua.ErrNotAcceptable })
			k.Request(method, "video only")
			k.Response(method, 488)
			a.ear.on(func([]byte) ([]byte, error) { return nil, errors.New("broken") })
			k.Request(method, "strange")
			k.Response(method, 500)
			if len(a.ear.ended) != 0 {
				t.Error("the dialog has ended")
			}
		})
	}
	t.Run("a second offer while one is answered waits", func(t *testing.T) {
		k, a, _ := talking(t, ua.Config{})
		asked, release := make(chan struct{}), make(chan struct{})
		a.ear.on(func([]byte) ([]byte, error) {
			close(asked)
			<-release
			return []byte("answer"), nil
		})
		k.Request(sip.INVITE, "one")
		hear(t, "question", asked)
		k.Request(sip.UPDATE, "two")
		if res := k.Response(sip.UPDATE, 500); res.GetHeader("Retry-After") == nil {
			t.Error("no Retry-After")
		}
		close(release)
		k.Response(sip.INVITE, 200)
	})
	t.Run("an INVITE without an offer is given ours", func(t *testing.T) {
		acknowledged := make(chan []byte, 1)
		phone := start(t, ua.Config{}, func(in *ua.Incoming) {
			if len(in.Offer) != 0 {
				t.Errorf("offer %q", in.Offer)
			}
			_, body, err := in.Answer(context.Background(), []byte("our offer"), newEar())
			if err != nil {
				t.Error(err)
			}
			acknowledged <- body
		})
		k := wireTo(t, phone, ua.UDP).Talk("100", phone.Addr(ua.UDP).String())
		k.Request(sip.INVITE, "")
		res := k.Response(sip.INVITE, 200)
		if string(res.Body()) != "our offer" {
			t.Errorf("body %q", res.Body())
		}
		k.Confirm(res)
		k.Request(sip.ACK, "their answer")
		if got := hear(t, "ACK", acknowledged); string(got) != "their answer" {
			t.Errorf("ACK with %q", got)
		}
	})
	t.Run("a re-INVITE without an offer is given ours, and the ACK answers it", func(t *testing.T) {
		k, a, _ := talking(t, ua.Config{})
		k.Request(sip.INVITE, "")
		k.Response(sip.INVITE, 200)
		k.Request(sip.ACK, "their answer")
		if got := hear(t, "answer", a.ear.settled); string(got) != "their answer" {
			t.Errorf("settled %q", got)
		}
	})
	t.Run("whoever hears the answer to ours may make the next one", func(t *testing.T) {
		watcher := settling{newEar(), make(chan struct{}), make(chan struct{})}
		phone := start(t, ua.Config{}, func(in *ua.Incoming) {
			_, _, _ = in.Answer(context.Background(), []byte("answer"), watcher)
		})
		k := wireTo(t, phone, ua.UDP).Talk("100", phone.Addr(ua.UDP).String())
		k.Begin("offer")
		k.Request(sip.INVITE, "")
		k.Response(sip.INVITE, 200)
		k.Request(sip.ACK, "their answer")
		hear(t, "answer", watcher.hears)
		k.Request(sip.INVITE, "their offer")
		if res := k.Next().(*sip.Response); !res.IsProvisional() { // 100, as it has to wait until the answer is told
			t.Errorf("the next offer is answered %d", res.StatusCode)
		}
		close(watcher.goesOn)
		k.Response(sip.INVITE, 200)
	})
	t.Run("a re-INVITE moves where requests go", func(t *testing.T) {
		k, _, d := talking(t, ua.Config{})
		other := siptest.Listen(t, ua.UDP, nil)
		k.Seq++
		k.Branch = "z9hG4bKmoved"
		k.Send(strings.Replace(k.Text(sip.INVITE, "offer"), k.Contact(), other.Contact(), 1))
		k.Response(sip.INVITE, 200)
		k.Wire.Quiet(sip.BYE)
		d.Hangup(t.Context(), ua.Cause{})
		other.Request(sip.BYE)
	})
}

func TestARingingTelephoneSaysWhereItIs(t *testing.T) {
	t.Parallel()
	e := start(t, ua.Config{}, func(in *ua.Incoming) {
		if err := in.Ring(); err != nil {
			t.Error(err)
		}
		<-in.Withdrawn()
	})
	k := wireTo(t, e, ua.UDP).Talk("100", e.Addr(ua.UDP).String())
	k.Request(sip.INVITE, "offer")
	ringing := k.Response(sip.INVITE, 180)
	if contact := ringing.Contact(); contact == nil || contact.Address.HostPort() != e.Addr(ua.UDP).String() || ringing.To().Params.GetOr("tag", "") == "" {
		t.Errorf("an early dialog without a tag or Contact (RFC 3261 12.1.1):\n%s", ringing)
	}
	k.Request(sip.CANCEL, "")
	k.Response(sip.INVITE, 487)
}
