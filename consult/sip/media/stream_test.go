package media_test

import (
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/consult/sip/sdp"
)

func TestKeysArePassedOnAndTold(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	room := e.NewRoom()
	customer, agent, expert := join(t, e, customerTone), join(t, e, agentTone, codec(sdp.PCMU), encryption), join(t, e, expertTone)
	arrange(t, room, media.Picture{Talk: [][]*media.Stream{talk(customer, agent)}, Music: talk(expert)})
	customer.phone.Press("15#")
	told(t, customer, "15#")
	if got := agent.phone.Keys(3); got != "15#" {
		t.Errorf("the agent's telephone was sent %q", got)
	}
	arrange(t, room, media.Picture{Talk: [][]*media.Stream{talk(customer, agent, expert)}})
	agent.phone.Press("*9")
	told(t, agent, "*9")
	if got := expert.phone.Keys(2); got != "*9" {
		t.Errorf("the expert's telephone was sent %q", got)
	}
	if got := customer.phone.Keys(2); got != "*9" {
		t.Errorf("the customer's telephone was sent %q", got)
	}
	if got := agent.phone.Keys(3); got != "15#" {
		t.Errorf("the agent's telephone was sent its own keys: %q", got)
	}
	hears(t, "after the keys the agent", agent, customerTone, expertTone)
	faultless(t, customer, agent, expert)
}

// told reads keys of a stream.
func told(t *testing.T, l *leg, keys string) {
	t.Helper()
	for _, key := range []byte(keys) {
		await(t, func() bool { return len(l.Digits()) > 0 })
		// How long it was down is what digits_test.go looks at: a telephone that
		// stands still for a while is one that let go.
		if d := <-l.Digits(); d.Key != key {
			t.Errorf("told %q, not %q", d.Key, key)
		}
	}
}

func TestKeysOfOurs(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	l := join(t, e, customerTone)
	if err := l.SendDigits("12a"); err != nil {
		t.Fatal(err)
	}
	if got := l.phone.Keys(3); got != "12A" {
		t.Errorf("sent %q", got)
	}
	if err := l.SendDigits("1-2"); !errors.Is(err, media.ErrNotAKey) {
		t.Errorf("the error for what is no key is %v", err)
	}
	deaf := join(t, e, agentTone, func(_, theirs *sdp.Session) { theirs.NoDTMF = true })
	if err := deaf.SendDigits("1"); !errors.Is(err, media.ErrNoDTMF) {
		t.Errorf("the error for a telephone without telephone-events is %v", err)
	}
	faultless(t, l)
}

func TestPromptIsHeardByOneAndEnds(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	room := e.NewRoom()
	agent, expert := join(t, e, agentTone), join(t, e, expertTone, codec(sdp.PCMU))
	arrange(t, room, media.Picture{Talk: [][]*media.Stream{talk(agent, expert)}})
	expert.phone.Listen(100 * time.Millisecond)
	playback := expert.Play(media.NewSound(tonetest.Tone(musicTone, 800_000)))
	hears(t, "during the prompt the expert", expert, musicTone)
	hears(t, "during the prompt the agent", agent, expertTone)
	playback.Stop()
	<-expert.Play(media.NewSound(tonetest.Tone(musicTone, 1600))).Done() // by itself
	hears(t, "after the prompt the expert", expert, agentTone)

	first := expert.Play(media.NewSound(tonetest.Tone(musicTone, 80000)))
	second := expert.Play(media.NewSound(tonetest.Tone(musicTone, 80000)))
	<-first.Done() // replaced
	second.Stop()
	second.Stop()
	<-second.Done()
	third := expert.Play(media.NewSound(tonetest.Tone(musicTone, 80000)))
	expert.Close()
	<-third.Done()
	<-expert.Play(media.NewSound(tonetest.Tone(musicTone, 80000))).Done()
	faultless(t, agent, expert)
}

func TestLossAndDisorderAreSurvived(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	room := e.NewRoom()
	customer, agent, expert := join(t, e, customerTone), join(t, e, agentTone, encryption), join(t, e, expertTone)
	for _, l := range []*leg{customer, agent, expert} {
		l.phone.Lose(func(packet int) bool { return packet%20 == 7 })
		l.phone.Delay(func(packet int) bool { return packet%9 == 3 })
	}
	arrange(t, room, media.Picture{Talk: [][]*media.Stream{talk(customer, agent, expert)}})
	customer.phone.Listen(300 * time.Millisecond)
	hears(t, "with 5 % of loss the customer", customer, agentTone, expertTone)
	hears(t, "with 5 % of loss the agent", agent, customerTone, expertTone)
	await(t, func() bool { return customer.Stats().Received >= 100 })
	if s := customer.Stats(); s.Lost < 3 || s.Lost > s.Received/10 {
		t.Errorf("%d of %d packets were lost", s.Lost, s.Received)
	}
	faultless(t, customer, agent, expert)
}

func TestALineThatDiesIsNoticed(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	room := e.NewRoom()
	customer, agent := join(t, e, customerTone), join(t, e, agentTone)
	arrange(t, room, media.Picture{Talk: [][]*media.Stream{talk(customer, agent)}})
	agent.phone.Listen(200 * time.Millisecond)
	await(t, func() bool { return customer.Silent() < 100*time.Millisecond })
	customer.phone.Mute(true)
	hears(t, "when the customer's line dies the agent", agent)
	await(t, func() bool { return customer.Silent() >= 500*time.Millisecond })
	await(t, func() bool { return agent.Silent() < 100*time.Millisecond })
	customer.phone.Mute(false)
	hears(t, "when it is back the agent", agent, customerTone)
	faultless(t, customer, agent)
}

func TestHoldByTheFarEnd(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	room := e.NewRoom()
	customer, agent := join(t, e, customerTone, encryption), join(t, e, agentTone)
	arrange(t, room, media.Picture{Talk: [][]*media.Stream{talk(customer, agent)}})
	customer.phone.Listen(100 * time.Millisecond)
	theirs := customer.phone.Session()
	theirs.Encryption, theirs.Key = sdp.Required, sdp.NewKey()
	theirs.Direction = sdp.Inactive
	customer.agree(t, theirs)
	sent := customer.Stats().Sent
	hears(t, "the agent", agent)
	if after := customer.Stats().Sent; after != sent {
		t.Errorf("%d packets were sent to a party that holds", after-sent)
	}
	if s := customer.Silent(); s != 0 {
		t.Errorf("a party that holds counts as silent for %v", s)
	}
	theirs.Direction = sdp.SendRecv
	customer.agree(t, theirs)
	hears(t, "after the hold the agent", agent, customerTone)
	hears(t, "after the hold the customer", customer, agentTone)
}

func TestAFarEndMovesAndChangesItsCodec(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	room := e.NewRoom()
	customer, agent := join(t, e, customerTone), join(t, e, agentTone)
	arrange(t, room, media.Picture{Talk: [][]*media.Stream{talk(customer, agent)}})
	customer.phone.Listen(100 * time.Millisecond)
	customer.phone.Close()
	customer.phone = tonetest.NewPhone(t, expertTone)
	theirs := customer.phone.Session()
	theirs.Codecs = []sdp.Codec{sdp.PCMU}
	customer.agree(t, theirs)
	hears(t, "the agent", agent, expertTone)
	hears(t, "the customer at the new place", customer, agentTone)
	faultless(t, customer, agent)
}

func TestWhatIsNotTheFarEndsIsDropped(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	e, err := media.New(media.Config{IP: loopback, Registerer: registry})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	plain, encrypted := join(t, e, customerTone), join(t, e, agentTone, encryption)
	for _, l := range []*leg{plain, encrypted} { // whoever comes first is believed
		await(t, func() bool { return l.Stats().Received > 0 })
	}
	closed, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stranger.Close() })
	packet := func(payloadType uint8, payload int) []byte {
		b, err := (&rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: payloadType, SSRC: 1}, Payload: make([]byte, payload)}).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, c := range []struct {
		name, reason string
		to           *media.Stream
		packet       []byte
	}{
		{"a stranger's audio", "elsewhere", plain.Stream, packet(8, 160)},
		{"unsigned audio to an encrypted stream", "unauthenticated", encrypted.Stream, packet(8, 160)},
		{"a codec that was not agreed", "payload_type", plain.Stream, packet(9, 160)},
		{"another version", "malformed", plain.Stream, append([]byte{0x40}, packet(8, 160)[1:]...)},
		{"half a header", "malformed", plain.Stream, packet(8, 160)[:7]},
		{"nothing", "malformed", plain.Stream, nil},
		{"extensions that are not there", "malformed", plain.Stream, []byte{0x90, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}},
		{"too much", "oversized", plain.Stream, packet(8, 3000)},
		{"audio before an agreement", "unexpected", closed, packet(8, 160)},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := c.to.Stats().Dropped[c.reason]
			if _, err := stranger.WriteToUDPAddrPort(c.packet, c.to.LocalAddr()); err != nil {
				t.Fatal(err)
			}
			await(t, func() bool { return c.to.Stats().Dropped[c.reason] == before+1 })
		})
	}
	if got := testutil.CollectAndCount(registry, "teamsbridge_media_packets_dropped_total"); got != 7 {
		t.Errorf("%d reasons are counted", got)
	}
	// None of it moved the stream.
	hears(t, "the party", plain)
	faultless(t, plain, encrypted)
}

// await waits for what another goroutine is about to do: a minute of looks.
func await(t *testing.T, done func() bool) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for range 12_000 {
		if done() {
			return
		}
		<-ticker.C
	}
	t.Fatal("it did not happen")
}

func TestPortsAreTakenAndGivenBack(t *testing.T) {
	t.Parallel()
	e, low := onePair(t)
	for range 3 {
		s, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		if s.LocalAddr() != netip.AddrPortFrom(loopback, low) {
			t.Errorf("it is at %v", s.LocalAddr())
		}
		if _, err := e.Open(); !errors.Is(err, media.ErrNoPorts) {
			t.Errorf("the error of a second is %v", err)
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		if _, open := <-s.Digits(); open {
			t.Error("keys of a closed stream")
		}
		if err := s.Connect(sdp.Negotiated{Codec: sdp.PCMA}); !errors.Is(err, media.ErrClosed) {
			t.Errorf("a closed stream connects: %v", err)
		}
		if err := s.SendDigits("1"); !errors.Is(err, media.ErrClosed) {
			t.Errorf("a closed stream sends keys: %v", err)
		}
	}
	e.Close()
	if _, err := e.Open(); !errors.Is(err, media.ErrClosed) {
		t.Errorf("a closed engine opens streams: %v", err)
	}
}

// onePair is an engine with room for one stream, on ports that nobody has: below
// those that the system gives to others meanwhile.
func onePair(t *testing.T) (e *media.Engine, low uint16) {
	t.Helper()
	for range 100 {
		low = 6000 + 2*rand.N[uint16](2000)
		e, err := media.New(media.Config{IP: loopback, MinPort: low, MaxPort: low + 1})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		if s, err := e.Open(); err == nil {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return e, low
		}
	}
	t.Fatal("no pair of ports is free")
	return nil, 0
}

func TestReportsGoBothWays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		wishes []func(_, _ *sdp.Session)
	}{
		{"on a port of their own", list(ownControlPort)},
		{"with the audio", nil},
		{"on a port of their own, encrypted", list(ownControlPort, encryption)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for range 10 {
				said := exchanged(t, c.wishes...)
				if _, none := said[0].(*rtcp.ReceiverReport); none {
					continue // nothing was sent since the report before (RFC 3550, 6.4)
				}
				if report, ok := said[0].(*rtcp.SenderReport); !ok || report.PacketCount == 0 || report.OctetCount != 160*report.PacketCount {
					t.Errorf("it said %v", said[0])
				}
				return
			}
			t.Error("it never reported what it sent")
		})
	}
}

// exchanged has the far end report what it misses of ours, and gives what we say
// when we leave.
func exchanged(t *testing.T, wishes ...func(_, _ *sdp.Session)) []rtcp.Packet {
	t.Helper()
	l := join(t, newEngine(t), customerTone, wishes...)
	l.phone.Listen(200 * time.Millisecond)
	l.phone.Report(rtcp.ReceptionReport{FractionLost: 64, TotalLost: 12, Jitter: 80})
	await(t, func() bool { return !l.Stats().Remote.At.IsZero() })
	remote := l.Stats().Remote
	if remote.FractionLost != 0.25 || remote.Lost != 12 || remote.Jitter != 10*time.Millisecond {
		t.Errorf("%+v", remote)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	said := l.phone.Goodbye()
	l.phone.Close()     // nothing of it comes to who is given the stream's ports next
	if len(said) != 3 { // a report, who we are and BYE
		t.Fatalf("it said %v", said)
	}
	if who, ok := said[1].(*rtcp.SourceDescription); !ok || len(who.Chunks) != 1 || len(who.Chunks[0].Items) != 1 {
		t.Errorf("it said %v", said[1])
	}
	return said
}

func TestPicturesThatContradictThemselves(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	room := e.NewRoom()
	a, b := join(t, e, customerTone), join(t, e, agentTone)
	arrange(t, room, media.Picture{Talk: [][]*media.Stream{talk(a, b)}})
	for _, p := range []media.Picture{
		{Talk: [][]*media.Stream{talk(a, a)}},
		{Talk: [][]*media.Stream{talk(a, b)}, Music: talk(a)},
		{Music: talk(a), Silence: talk(a)},
	} {
		if err := room.Arrange(p); !errors.Is(err, media.ErrPicture) {
			t.Errorf("the error is %v", err)
		}
	}
	hears(t, "nothing changed: the customer", a, agentTone)

	t.Run("a stream goes to the room that named it last", func(t *testing.T) {
		other := e.NewRoom()
		arrange(t, other, media.Picture{Music: talk(a)})
		hears(t, "the one who left", a, musicTone)
		hears(t, "the one who stayed", b)
		other.Close()
		hears(t, "in no room the party", a)
	})
	t.Run("a closed stream is left out", func(t *testing.T) {
		b.Close()
		arrange(t, room, media.Picture{Talk: [][]*media.Stream{talk(a, b)}})
		hears(t, "the one alone", a)
	})
}

func TestConfigurationsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		config media.Config
	}{
		{"no address that far ends can reach", media.Config{}},
		{"all addresses and none to advertise", media.Config{IP: netip.IPv4Unspecified()}},
		{"another family", media.Config{IP: loopback, Advertised: netip.MustParseAddr("2001:db8::1")}},
		{"ports of the system's own", media.Config{IP: loopback, MinPort: 80, MaxPort: 100}},
		{"no pair", media.Config{IP: loopback, MinPort: 10001, MaxPort: 10002}},
		{"backwards", media.Config{IP: loopback, MinPort: 10010, MaxPort: 10000}},
		{"no first port", media.Config{IP: loopback, MaxPort: 10000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := media.New(c.config); err == nil {
				t.Error("it was taken")
			}
		})
	}
}
