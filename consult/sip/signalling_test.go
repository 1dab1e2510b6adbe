package sip_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"teamsbridge/consult"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
	"teamsbridge/internal/logtest"
)

// audio is SDP of a telephone that says a direction, or something else of its own.
// Its port is one on which nobody listens (RFC 863), whoever runs beside.
func audio(version int, address string, lines ...string) string {
	text := fmt.Sprintf("v=0\r\no=- 7 %d IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n", version, address) +
		"m=audio 9 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
	for _, line := range lines {
		text += line + "\r\n"
	}
	return text
}

// viaWire makes the expert a wire.
func viaWire(w *siptest.Wire, change func(*sip.Config)) func(*sip.Config) {
	return func(c *sip.Config) {
		at := w.Peer()
		c.Trunks[2].Peers = []sip.PeerConfig{{Transport: string(at.Transport), Host: at.Host, Port: at.Port}}
		if change != nil {
			change(c)
		}
	}
}

func TestAnExpertsOwnHoldIsToldInEverySpelling(t *testing.T) {
	t.Parallel()
	for _, method := range []sipmsg.RequestMethod{sipmsg.INVITE, sipmsg.UPDATE} {
		w := siptest.Listen(t, ua.UDP, nil)
		n := newNetwork(t, viaWire(w, nil))
		call := n.connect(t)
		n.dial(t, call, consult.Dial{Leg: "expert"})
		invite := w.Request(sipmsg.INVITE)
		w.Answer(invite, 200, "expert", audio(1, "127.0.0.1"), w.Contact(), "Allow: INVITE, UPDATE")
		w.Request(sipmsg.ACK)
		n.await(t, consult.EventAnswered)
		k := w.Follow(invite, "expert")
		version := 1
		say := func(address string, lines ...string) string {
			version++
			k.Request(method, audio(version, address, lines...))
			body := string(k.Response(method, 200).Body())
			if method == sipmsg.INVITE {
				k.Request(sipmsg.ACK, "")
			}
			return body
		}
		for _, c := range []struct{ spelling, address, line, answer string }{
			{"sendonly", "127.0.0.1", "a=sendonly", "a=recvonly"},
			{"recvonly", "127.0.0.1", "a=recvonly", "a=sendonly"},
			{"inactive", "127.0.0.1", "a=inactive", "a=inactive"},
			{"an address of nowhere, of old", "0.0.0.0", "a=sendrecv", ""},
		} {
			t.Run(string(method)+" "+c.spelling, func(t *testing.T) {
				if body := say(c.address, c.line); !strings.Contains(body, c.answer) {
					t.Errorf("answered with\n%s\nwant %s", body, c.answer)
				}
				if e := n.await(t, consult.EventHolds); e.Leg != "expert" {
					t.Errorf("event %+v", e)
				}
				if body := say("127.0.0.1", "a=sendrecv"); !strings.Contains(body, "a=sendrecv") {
					t.Errorf("answered with\n%s", body)
				}
				if e := n.await(t, consult.EventBack); e.Leg != "expert" {
					t.Errorf("event %+v", e)
				}
			})
		}
	}
}

// TestAHoldBegunByAskingForAnOfferIsTold has a telephone say in its ACK what it does
// with our offer, and one that holds from its answer on.
func TestAHoldBegunByAskingForAnOfferIsTold(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	n := newNetwork(t, viaWire(w, nil))
	call := n.connect(t)
	n.dial(t, call, consult.Dial{Leg: "expert"})
	invite := w.Request(sipmsg.INVITE)
	w.Answer(invite, 200, "expert", audio(1, "127.0.0.1", "a=inactive"), w.Contact())
	w.Request(sipmsg.ACK)
	n.await(t, consult.EventAnswered)
	n.await(t, consult.EventHolds)
	k := w.Follow(invite, "expert")
	for version, c := range []struct {
		line string
		kind consult.EventKind
	}{{"a=sendrecv", consult.EventBack}, {"a=sendonly", consult.EventHolds}, {"a=sendrecv", consult.EventBack}} {
		k.Request(sipmsg.INVITE, "")
		if body := string(k.Response(sipmsg.INVITE, 200).Body()); !strings.Contains(body, "a=sendrecv") {
			t.Errorf("offered\n%s", body)
		}
		k.Request(sipmsg.ACK, audio(2+version, "127.0.0.1", c.line))
		if e := n.await(t, c.kind); e.Leg != "expert" {
			t.Errorf("event %+v", e)
		}
	}
}

// TestAnOfferOfOursInADialogSaysWhatIsTrue has a customer's side encrypt where we would
// take either, number the keys its own way, and ask for our offer later.
func TestAnOfferOfOursInADialogSaysWhatIsTrue(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, func(c *sip.Config) { c.Trunks[0].Encryption = "offered" })
	w, err := siptest.Dial(t, ua.UDP, n.sw.Addr(ua.UDP).String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	secret := func(version int, tag string, lines ...string) string {
		lines = append(lines, "a=crypto:"+tag+" AES_CM_128_HMAC_SHA1_80 inline:"+strings.Repeat("k", 40))
		return strings.NewReplacer("RTP/AVP", "RTP/SAVP", "101", "96").Replace(audio(version, "127.0.0.1", lines...))
	}
	k := w.Talk("100", n.sw.Addr(ua.UDP).String())
	k.Request(sipmsg.INVITE, secret(1, "7"))
	n.agent.Rings()
	n.agent.PickUp()
	res := k.Response(sipmsg.INVITE, 200)
	k.Confirm(res)
	k.Request(sipmsg.ACK, "")
	n.await(t, consult.EventCall)
	_, key, encrypted := strings.Cut(string(res.Body()), "inline:")
	if !encrypted {
		t.Fatalf("answered with\n%s", res.Body())
	}
	k.Request(sipmsg.INVITE, "")
	offer := string(k.Response(sipmsg.INVITE, 200).Body())
	for _, want := range []string{"RTP/SAVP 8 0 96", "a=rtpmap:96 telephone-event/8000", "inline:" + key[:40]} {
		if !strings.Contains(offer, want) {
			t.Errorf("without %q we offer\n%s", want, offer)
		}
	}
	k.Request(sipmsg.ACK, secret(2, "1", "a=sendonly"))
	n.await(t, consult.EventHolds) // their answer is taken
}

func TestAWithdrawnRingLeavesNoMissedCall(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	n := newNetwork(t, viaWire(w, nil))
	call := n.connect(t)
	n.dial(t, call, consult.Dial{Leg: "expert"})
	invite := w.Request(sipmsg.INVITE)
	w.Answer(invite, 180, "expert", "")
	n.await(t, consult.EventRinging)
	if err := n.sw.Hangup(t.Context(), call.Interaction, "expert"); err != nil {
		t.Fatal(err)
	}
	cancel := w.Request(sipmsg.CANCEL)
	if got, want := fmt.Sprint(cancel.GetHeader("Reason").Value()), `SIP;cause=200;text="Call completed elsewhere"`; got != want {
		t.Errorf("Reason %s, want %s", got, want)
	}
	w.Answer(cancel, 200, "expert", "")
	w.Answer(invite, 487, "expert", "")
	if e := n.await(t, consult.EventFailed); e.Reason != consult.FailureWithdrawn {
		t.Errorf("event %+v", e)
	}
}

func TestAPictureIsNoSignalling(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	n := newNetwork(t, viaWire(w, nil))
	call := n.connect(t)
	n.dial(t, call, consult.Dial{Leg: "expert"})
	w.Answer(w.Request(sipmsg.INVITE), 200, "expert", audio(1, "127.0.0.1"), w.Contact(), "Allow: INVITE, UPDATE, REFER", "Supported: replaces")
	w.Request(sipmsg.ACK)
	n.await(t, consult.EventAnswered)
	customer, agent, expert := call.Call.CustomerLeg, call.Call.AgentLeg, consult.LegID("expert")
	for i, a := range []consult.Arrangement{
		{Talk: []consult.LegID{agent, expert}, Hold: []consult.LegID{customer}},
		{Talk: []consult.LegID{agent, customer}, Hold: []consult.LegID{expert}},
		{Talk: []consult.LegID{agent, customer, expert}},
		{Talk: []consult.LegID{customer, expert}},
	} {
		a.Seq = uint64(i + 1)
		n.arrange(t, call.Interaction, a)
	}
	if err := n.sw.Hangup(t.Context(), call.Interaction, expert); err != nil {
		t.Fatal(err)
	}
	bye := w.Next()
	if req, ok := bye.(*sipmsg.Request); !ok || req.Method != sipmsg.BYE {
		t.Errorf("hold, swap, conference and transfer sent\n%s", bye)
	}
}

func TestDirectRoutingIsRungByItsRules(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	w.Answers(sipmsg.OPTIONS, 0)
	n := newNetwork(t, viaWire(w, func(c *sip.Config) {
		c.Host = "localhost"
		c.Trunks[2].DirectRouting, c.Trunks[2].Country = true, "DE"
	}))
	options := w.Request(sipmsg.OPTIONS)
	if contact := options.Contact(); contact == nil || contact.Address.Host != "localhost" || options.From().Address.Host != "localhost" {
		t.Errorf("OPTIONS without the name of the certificate:\n%s", options)
	}
	w.Answer(options, 200, "teams", "")
	call := n.connect(t)
	for _, number := range []string{"+49301234567", "030 1234567"} {
		leg := consult.LegID("to " + number)
		if err := n.sw.Dial(t.Context(), consult.Dial{
			Interaction: call.Interaction, Party: consult.PartyConsulted, Kind: consult.TargetOrganization, Number: number, Leg: leg,
		}); err != nil {
			t.Fatal(err)
		}
		invite := w.Request(sipmsg.INVITE)
		offer := string(invite.Body())
		for what, right := range map[string]bool{
			"a number with + and user=phone":     strings.HasPrefix(invite.Recipient.String(), "sip:+49301234567@") && invite.Recipient.UriParams.GetOr("user", "") == "phone",
			"the same of the caller":             strings.HasPrefix(invite.From().Address.String(), "sip:+49305550@localhost") && invite.From().Address.UriParams.GetOr("user", "") == "phone",
			"the certificate's name in Contact":  invite.Contact().Address.Host == "localhost",
			"an offer, with keys":                strings.Contains(offer, "RTP/SAVP") && strings.Contains(offer, "AES_CM_128_HMAC_SHA1_80"),
			"audio in both directions":           !strings.Contains(offer, "a=sendonly") && !strings.Contains(offer, "a=inactive"),
			"no REFER among what we can":         !strings.Contains(invite.GetHeader("Allow").Value(), "REFER"),
			"no Replaces, said or understood":    invite.GetHeader("Replaces") == nil && !strings.Contains(invite.GetHeader("Supported").Value(), "replaces"),
			"no SIPS address":                    !strings.Contains(invite.String(), "sips:"),
			"one user part and nothing behind +": !strings.Contains(invite.Recipient.User, " "),
		} {
			if !right {
				t.Errorf("%s: without %s:\n%s", number, what, invite)
			}
		}
		w.Answer(invite, 603, "expert", "")
		if e := n.await(t, consult.EventFailed); e.Leg != leg || e.Reason != consult.FailureDeclined {
			t.Errorf("event %+v", e)
		}
		w.Request(sipmsg.ACK)
		w.Quiet(sipmsg.INVITE)
	}
}

func TestTheSwitchsLogHasNoKeysAndNoPasswords(t *testing.T) {
	t.Parallel()
	kept := &logtest.Buffer{}
	w := siptest.Listen(t, ua.UDP, nil)
	sw, err := sip.New(sip.Config{
		Host: "127.0.0.1", Listen: []sip.ListenConfig{{Transport: "udp", Address: "127.0.0.1:0"}},
		Trunks: []sip.TrunkConfig{{
			Name: "sbc", Networks: []string{"127.0.0.0/8"}, Peers: []sip.PeerConfig{{Transport: "udp", Host: "127.0.0.1", Port: w.Peer().Port}},
			Encryption: "required", Username: "us", Password: "hunter2",
		}},
		Media: sip.MediaConfig{Address: "127.0.0.1"},
	}, sip.Deps{
		Lines: &lines{kept: map[consult.LegID]consult.Line{}}, Agent: func(string) (sip.Agent, bool) { return sip.Agent{}, false },
		Logger: slog.New(slog.NewJSONHandler(kept, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := sw.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := sw.Dial(t.Context(), consult.Dial{Interaction: "i", Leg: "l", Party: consult.PartyConsulted, Kind: consult.TargetDialNumber, Number: "+49301234567"}); err != nil {
		t.Fatal(err)
	}
	w.Answer(w.Request(sipmsg.INVITE), 401, "no", "", `WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"`)
	invite := w.Request(sipmsg.INVITE)
	_, key, found := strings.Cut(string(invite.Body()), "inline:")
	if !found {
		t.Fatalf("an offer without a key:\n%s", invite)
	}
	key = key[:20]
	// An answer whose audio cannot be used is told, with what is wrong and not with what it said.
	w.Answer(invite, 200, "x", audio(1, "127.0.0.1", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"+key), w.Contact())
	w.Answer(w.Request(sipmsg.BYE), 200, "", "")
	for e := range sw.Events() {
		if e.Kind == consult.EventFailed {
			break
		}
	}
	if err := sw.Close(); err != nil {
		t.Error(err)
	}
	for _, secret := range []string{"hunter2", key, "response=", "+49301234567"} {
		if text := kept.String(); strings.Contains(text, secret) {
			t.Errorf("%q is in the log:\n%s", secret, text)
		}
	}
}

func TestLimitsKeepAStolenPasswordCheap(t *testing.T) {
	t.Parallel()
	t.Run("numbers that are not allowed are not dialled", func(t *testing.T) {
		w := siptest.Listen(t, ua.UDP, nil)
		n := newNetwork(t, viaWire(w, func(c *sip.Config) {
			c.Limits.Allowed = []string{"+4930"}
			c.Trunks[2].Country = "DE"
		}))
		call := n.connect(t)
		for i, number := range []string{"+4489761234", "0900 1234567", "00882 16123456", "+49 40 1234567", "1@+4930", "+1;phone-context=+4930"} {
			leg := consult.LegID(fmt.Sprint("leg-", i))
			if err := n.sw.Dial(t.Context(), consult.Dial{Interaction: call.Interaction, Party: consult.PartyConsulted, Kind: consult.TargetDialNumber, Number: number, Leg: leg}); err != nil {
				t.Fatal(err)
			}
			if e := n.await(t, consult.EventFailed); e.Leg != leg || e.Reason != consult.FailureRejected {
				t.Errorf("%s: %+v", number, e)
			}
		}
		w.Quiet(sipmsg.INVITE)
		n.dial(t, call, consult.Dial{Leg: "allowed"})
		w.Answer(w.Request(sipmsg.INVITE), 486, "x", "")
		n.await(t, consult.EventFailed)
	})
	t.Run("no more legs than may be, until one ends", func(t *testing.T) {
		n := newNetwork(t, func(c *sip.Config) { c.Limits.Calls = 3 })
		call := n.connect(t) // two
		n.dial(t, call, consult.Dial{Leg: "third"})
		n.expert.Rings()
		n.dial(t, call, consult.Dial{Leg: "fourth"})
		if e := n.await(t, consult.EventFailed); e.Leg != "fourth" || e.Reason != consult.FailureRejected {
			t.Errorf("event %+v", e)
		}
		late := n.newCustomer(t)
		late.Call("100", "+49151")
		if f := late.WaitFailed(); f.Status != 503 {
			t.Errorf("a customer beyond the limit hears %d, want 503: their trunk has another way", f.Status)
		}
		n.expert.Refuse(486)
		n.await(t, consult.EventFailed)
		n.dial(t, call, consult.Dial{Leg: "fifth"})
		n.expert.Rings()
	})
	t.Run("no faster than may be", func(t *testing.T) {
		n := newNetwork(t, func(c *sip.Config) { c.Limits.PerSecond = 4 })
		call := n.connect(t)
		const dialled = 40
		began := time.Now()
		for i := range dialled {
			n.dial(t, call, consult.Dial{Leg: consult.LegID(fmt.Sprint("leg-", i))})
		}
		passed := 4 + 4*time.Since(began).Seconds() + 1 // at most: those that are free at first, and since
		for range dialled - int(passed) {
			if e := n.await(t, consult.EventFailed); e.Reason != consult.FailureRejected {
				t.Errorf("event %+v", e)
			}
		}
	})
}
