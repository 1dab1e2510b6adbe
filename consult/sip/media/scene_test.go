package media_test

import (
	"net/netip"
	"testing"

	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/consult/sip/sdp"
)

var loopback = netip.MustParseAddr("127.0.0.1")

// The tones: no one is another's overtone.
const (
	customerTone = 500.0
	agentTone    = 790.0
	expertTone   = 1130.0
	musicTone    = 1710.0
)

var tones = []float64{customerTone, agentTone, expertTone, musicTone}

func newEngine(t testing.TB) *media.Engine {
	t.Helper()
	e, err := media.New(media.Config{IP: loopback, Music: media.NewSound(tonetest.Tone(musicTone, 8000))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// leg is a telephone and the stream that it talks to.
type leg struct {
	*media.Stream
	phone *tonetest.Phone
	wish  sdp.Session
}

// join calls a telephone: the stream offers, the telephone answers.
func join(t testing.TB, e *media.Engine, hertz float64, wishes ...func(ours, theirs *sdp.Session)) *leg {
	t.Helper()
	s, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	l := &leg{Stream: s, phone: tonetest.NewPhone(t, hertz)}
	l.wish = sdp.Session{ID: sdp.NewID(), Addr: s.LocalAddr().Addr(), Port: s.LocalAddr().Port()}
	theirs := l.phone.Session()
	for _, wish := range wishes {
		wish(&l.wish, &theirs)
	}
	l.agree(t, theirs)
	return l
}

// agree negotiates as a re-INVITE of ours does.
func (l *leg) agree(t testing.TB, theirs sdp.Session) {
	t.Helper()
	offer, err := sdp.Offer(l.wish)
	if err != nil {
		t.Fatal(err)
	}
	answer, forPhone, err := sdp.Answer(offer, theirs)
	if err != nil {
		t.Fatal(err)
	}
	l.wish.Sent = offer
	agreed, err := sdp.Accept(answer, l.wish)
	if err != nil {
		t.Fatal(err)
	}
	l.phone.Connect(forPhone)
	if err := l.Connect(agreed); err != nil {
		t.Fatal(err)
	}
}

func codec(c sdp.Codec) func(_, theirs *sdp.Session) {
	return func(_, theirs *sdp.Session) { theirs.Codecs = []sdp.Codec{c} }
}

func encryption(ours, theirs *sdp.Session) {
	ours.Encryption, theirs.Encryption = sdp.Required, sdp.Required
	ours.Key, theirs.Key = sdp.NewKey(), sdp.NewKey()
}

func ownControlPort(ours, _ *sdp.Session) { ours.NoMux = true }

// hears listens until a telephone hears these tones and no others for half a second.
func hears(t testing.TB, who string, l *leg, want ...float64) {
	t.Helper()
	l.phone.MustHear(t, who, tones, want...)
}

// faultless checks the rows of packets that the telephones were sent.
func faultless(t testing.TB, legs ...*leg) {
	t.Helper()
	for _, l := range legs {
		if _, _, _, faults := l.phone.Row(); len(faults) > 0 {
			t.Errorf("the telephone with %v was sent: %q", l.phone.Addr(), faults)
		}
	}
}

func arrange(t testing.TB, r *media.Room, p media.Picture) {
	t.Helper()
	if err := r.Arrange(p); err != nil {
		t.Fatal(err)
	}
}

func talk(legs ...*leg) (group []*media.Stream) {
	for _, l := range legs {
		group = append(group, l.Stream)
	}
	return group
}
