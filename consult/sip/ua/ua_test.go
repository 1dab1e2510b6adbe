package ua_test

import (
	"context"
	"net/netip"
	"os"
	"sync"
	"testing"

	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

func TestMain(m *testing.M) { os.Exit(tonetest.Main(m)) }

// ear is a watcher that keeps what it hears.
type ear struct {
	ringing  chan struct{}
	early    chan []byte
	answered chan []byte
	failed   chan ua.Failure
	ended    chan ua.End
	settled  chan []byte
	mu       sync.Mutex
	offers   func([]byte) ([]byte, error)
}

func newEar() *ear {
	return &ear{
		ringing: make(chan struct{}, 8), early: make(chan []byte, 8), answered: make(chan []byte, 8),
		failed: make(chan ua.Failure, 8), ended: make(chan ua.End, 8), settled: make(chan []byte, 8),
		offers: func(offer []byte) ([]byte, error) { return []byte("answer to " + string(offer)), nil },
	}
}

func (e *ear) Ringing()            { e.ringing <- struct{}{} }
func (e *ear) Early(b []byte)      { e.early <- b }
func (e *ear) Answered(b []byte)   { e.answered <- b }
func (e *ear) Failed(f ua.Failure) { e.failed <- f }
func (e *ear) Ended(end ua.End)    { e.ended <- end }
func (e *ear) Settled(b []byte)    { e.settled <- b }

func (e *ear) Offered(offer []byte) ([]byte, error) {
	e.mu.Lock()
	answer := e.offers
	e.mu.Unlock()
	return answer(offer)
}

// on lets offers be answered by f.
func (e *ear) on(f func([]byte) ([]byte, error)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.offers = f
}

func hear[T any](t *testing.T, what string, from <-chan T) T {
	t.Helper()
	return siptest.Wait(t, what, from)
}

// loopback is where every test's telephones are.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// start makes an endpoint on a port of its own.
func start(t *testing.T, config ua.Config, incoming func(*ua.Incoming)) *ua.Endpoint {
	t.Helper()
	return startWith(t, config, ua.Deps{Incoming: incoming})
}

func startWith(t *testing.T, config ua.Config, deps ua.Deps) *ua.Endpoint {
	t.Helper()
	if config.Host == "" {
		config.Host = "127.0.0.1"
	}
	if len(config.Listen) == 0 {
		config.Listen = []ua.Listen{{Transport: ua.UDP, Address: "127.0.0.1:0"}}
	}
	if len(config.Trunks) == 0 {
		config.Trunks = []ua.Trunk{{Name: "all", Networks: loopback}}
	}
	e, err := ua.New(config, deps)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return e
}

func peerOf(e *ua.Endpoint, transport ua.Transport) ua.Peer {
	at, _ := netip.ParseAddrPort(e.Addr(transport).String())
	return ua.Peer{Transport: transport, Host: at.Addr().String(), Port: int(at.Port())}
}

// call connects two endpoints and returns both sides.
func call(t *testing.T, callee func(*ua.Incoming), peers func(*ua.Endpoint) ua.Trunk) (*ua.Dialog, *ear) {
	t.Helper()
	phone := start(t, ua.Config{}, callee)
	trunk := ua.Trunk{Name: "phone", Peers: []ua.Peer{peerOf(phone, ua.UDP)}}
	if peers != nil {
		trunk = peers(phone)
	}
	us := start(t, ua.Config{Trunks: []ua.Trunk{trunk}}, nil)
	heard := newEar()
	d, err := us.Invite(t.Context(), ua.Invite{Trunk: "phone", To: "+4930123", From: "+4930999", FromName: "Anja", Offer: []byte("offer")}, heard)
	if err != nil {
		t.Fatal(err)
	}
	return d, heard
}

func TestACallIsAnsweredAndHungUpByEitherSide(t *testing.T) {
	t.Parallel()
	for _, hangUp := range []string{"us", "them"} {
		t.Run("by "+hangUp, func(t *testing.T) {
			theirs := newEar()
			dialogs := make(chan *ua.Dialog, 1)
			d, heard := call(t, func(in *ua.Incoming) {
				if in.To != "+4930123" || in.From != "+4930999" || in.FromName != "Anja" || string(in.Offer) != "offer" {
					t.Errorf("incoming %q from %q (%q) with %q", in.To, in.From, in.FromName, in.Offer)
				}
				if err := in.Ring(); err != nil {
					t.Error(err)
				}
				d, _, err := in.Answer(context.Background(), []byte("answer"), theirs)
				if err != nil {
					t.Error(err)
				}
				dialogs <- d
			}, nil)
			hear(t, "ringing", heard.ringing)
			if got := hear(t, "answer", heard.answered); string(got) != "answer" {
				t.Errorf("answer %q", got)
			}
			their := hear(t, "their dialog", dialogs)
			if err := d.Ping(t.Context()); err != nil {
				t.Errorf("Ping: %v", err)
			}
			if hangUp == "us" {
				d.Hangup(t.Context(), ua.Cause{})
				d.Hangup(t.Context(), ua.Cause{})
			} else {
				their.Hangup(t.Context(), ua.Cause{})
			}
			ours, other := hear(t, "our end", heard.ended), hear(t, "their end", theirs.ended)
			if hangUp == "us" && (ours.Kind != ua.EndedByUs || other.Kind != ua.EndedByThem) ||
				hangUp == "them" && (ours.Kind != ua.EndedByThem || other.Kind != ua.EndedByUs) {
				t.Errorf("ended %q here, %q there", ours.Kind, other.Kind)
			}
		})
	}
}

func TestARefusalIsToldWithItsStatus(t *testing.T) {
	t.Parallel()
	_, heard := call(t, func(in *ua.Incoming) {
		if err := in.Refuse(486, "Busy Here"); err != nil {
			t.Error(err)
		}
	}, nil)
	if f := hear(t, "failure", heard.failed); f.Status != 486 || f.Withdrawn {
		t.Errorf("failure %+v", f)
	}
}

func TestAWithdrawnRingIsCancelled(t *testing.T) {
	t.Parallel()
	withdrawn := make(chan struct{})
	d, heard := call(t, func(in *ua.Incoming) {
		if err := in.Ring(); err != nil {
			t.Error(err)
		}
		<-in.Withdrawn()
		close(withdrawn)
	}, nil)
	hear(t, "ringing", heard.ringing)
	d.Hangup(t.Context(), ua.ElsewhereCause)
	if f := hear(t, "failure", heard.failed); !f.Withdrawn {
		t.Errorf("failure %+v, want withdrawn", f)
	}
	hear(t, "CANCEL", withdrawn)
}

func TestAnAnswerThatCrossesTheWithdrawalIsLetGo(t *testing.T) {
	t.Parallel()
	theirs := newEar()
	answer, answered := make(chan struct{}), make(chan error, 1)
	d, heard := call(t, func(in *ua.Incoming) {
		if err := in.Ring(); err != nil {
			t.Error(err)
		}
		<-answer
		_, _, err := in.Answer(context.Background(), []byte("answer"), theirs)
		answered <- err
	}, nil)
	hear(t, "ringing", heard.ringing)
	close(answer)
	d.Hangup(t.Context(), ua.Cause{})
	select {
	case f := <-heard.failed:
		if !f.Withdrawn {
			t.Errorf("failure %+v, want withdrawn", f)
		}
	case <-heard.answered: // the answer was first; the hang-up ended the dialog
		hear(t, "end", heard.ended)
	}
	if err := hear(t, "their answer", answered); err == nil {
		hear(t, "BYE", theirs.ended)
	}
}

func TestOnly503AndNoConnectionLeadToTheNextPeer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		next   bool
	}{
		"503 leads to the next peer":          {503, true},
		"603 is final":                        {603, false},
		"486 is final":                        {486, false},
		"500 is final: somebody may ring":     {500, false},
		"302 is not followed to anybody":      {302, false},
		"408 of a proxy is final":             {408, false},
		"404 is final":                        {404, false},
		"488 is final":                        {488, false},
		"480 is final":                        {480, false},
		"487 without our CANCEL is an answer": {487, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := start(t, ua.Config{}, func(in *ua.Incoming) {
				if err := in.Refuse(c.status, "No"); err != nil {
					t.Error(err)
				}
			})
			rung := make(chan struct{}, 1)
			second := start(t, ua.Config{}, func(in *ua.Incoming) {
				rung <- struct{}{}
				if err := in.Refuse(486, "Busy Here"); err != nil {
					t.Error(err)
				}
			})
			us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "two", Peers: []ua.Peer{peerOf(first, ua.UDP), peerOf(second, ua.UDP)}}}}, nil)
			heard := newEar()
			if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "two", To: "1"}, heard); err != nil {
				t.Fatal(err)
			}
			f := hear(t, "failure", heard.failed)
			if got := len(rung) == 1; got != c.next {
				t.Errorf("the second peer rang: %t", got)
			}
			if want := map[bool]int{true: 486, false: c.status}[c.next]; f.Status != want {
				t.Errorf("status %d, want %d", f.Status, want)
			}
		})
	}
}

func TestAPeerThatCannotBeReachedLeadsToTheNext(t *testing.T) {
	t.Parallel()
	phone := start(t, ua.Config{}, func(in *ua.Incoming) {
		if err := in.Refuse(486, "Busy Here"); err != nil {
			t.Error(err)
		}
	})
	gone := ua.Peer{Transport: ua.TCP, Host: "127.0.0.1", Port: 1} // nobody listens there
	us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "two", Peers: []ua.Peer{gone, peerOf(phone, ua.UDP)}}}}, nil)
	heard := newEar()
	if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "two", To: "1"}, heard); err != nil {
		t.Fatal(err)
	}
	if f := hear(t, "failure", heard.failed); f.Status != 486 {
		t.Errorf("failure %+v, want the second peer's 486", f)
	}
}

func TestDigestIsAnsweredAndDemanded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		password ua.Secret
		want     int
	}{
		"the right password is taken": {"right", 486},
		"a wrong one is refused":      {"wrong", 401},
	} {
		t.Run(name, func(t *testing.T) {
			phone := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "all", Networks: loopback, Callers: map[string]ua.Secret{"us": "right"}}}}, func(in *ua.Incoming) {
				if err := in.Refuse(486, "Busy Here"); err != nil {
					t.Error(err)
				}
			})
			us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "phone", Peers: []ua.Peer{peerOf(phone, ua.UDP)}, Username: "us", Password: c.password}}}, nil)
			heard := newEar()
			if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "phone", To: "1"}, heard); err != nil {
				t.Fatal(err)
			}
			if f := hear(t, "failure", heard.failed); f.Status != c.want {
				t.Errorf("status %d, want %d", f.Status, c.want)
			}
		})
	}
}

func TestAStoredDialogIsReleasedByAnotherProcess(t *testing.T) {
	t.Parallel()
	theirs := newEar()
	d, heard := call(t, func(in *ua.Incoming) {
		_, _, _ = in.Answer(context.Background(), []byte("answer"), theirs) // an error where the BYE overtakes the ACK
	}, nil)
	hear(t, "answer", heard.answered)
	stored := d.Stored()
	later := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "phone", Networks: loopback}}}, nil)
	if err := later.Release(t.Context(), stored); err != nil {
		t.Fatal(err)
	}
	if end := hear(t, "their end", theirs.ended); end.Kind != ua.EndedByThem {
		t.Errorf("ended %q", end.Kind)
	}
}

func TestMessagesFromUnknownPeersAreDropped(t *testing.T) {
	t.Parallel()
	phone := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "elsewhere", Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}}}, func(*ua.Incoming) {
		t.Error("a stranger's call came through")
	})
	us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "phone", Peers: []ua.Peer{peerOf(phone, ua.UDP)}}}}, nil)
	heard := newEar()
	d, err := us.Invite(t.Context(), ua.Invite{Trunk: "phone", To: "1"}, heard)
	if err != nil {
		t.Fatal(err)
	}
	d.Hangup(t.Context(), ua.Cause{})
	if f := hear(t, "failure", heard.failed); f.Status != 0 || !f.Withdrawn {
		t.Errorf("failure %+v, want withdrawn without any answer", f)
	}
}
