package sip_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	sipmsg "github.com/emiago/sipgo/sip"

	"teamsbridge/consult"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// TestALineThatHoldsAndDiesIsLost has an expert's telephone hold, which sends
// nothing from then on, and forget the call.
func TestALineThatHoldsAndDiesIsLost(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	w.Answers(sipmsg.OPTIONS, 481)
	n := newNetwork(t, viaWire(w, nil))
	call := n.connect(t)
	n.dial(t, call, consult.Dial{Leg: "expert"})
	invite := w.Request(sipmsg.INVITE)
	w.Answer(invite, 200, "expert", audio(1, "127.0.0.1"), w.Contact())
	w.Request(sipmsg.ACK)
	n.await(t, consult.EventAnswered)
	k := w.Follow(invite, "expert")
	k.Request(sipmsg.INVITE, audio(2, "127.0.0.1", "a=inactive"))
	k.Response(sipmsg.INVITE, 200)
	k.Request(sipmsg.ACK, "")
	n.await(t, consult.EventHolds)
	if e := n.await(t, consult.EventLost); e.Leg != "expert" {
		t.Errorf("lost %+v", e)
	}
}

// TestALineWhosePeerRestartsIsNotLost has an expert's telephone hold while its side's
// connection ends, and the first new one too.
func TestALineWhosePeerRestartsIsNotLost(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.TCP, nil)
	w.Answers(sipmsg.OPTIONS, 200)
	way := shaky(t, w.Addr())
	n := newNetwork(t, func(c *sip.Config) {
		c.Trunks[2].Peers = []sip.PeerConfig{{Transport: "tcp", Host: "127.0.0.1", Port: way.port()}}
	})
	call := n.connect(t)
	n.dial(t, call, consult.Dial{Leg: "expert"})
	invite := w.Request(sipmsg.INVITE)
	w.Answer(invite, 200, "expert", audio(1, "127.0.0.1", "a=inactive"), fmt.Sprintf("Contact: <sip:wire@127.0.0.1:%d;transport=tcp>", way.port()))
	w.Request(sipmsg.ACK)
	n.await(t, consult.EventHolds)
	way.restart() // it may have been asked before, too
	siptest.Wait(t, "answer by a new connection", way.answered)
	k := w.Follow(invite, "expert")
	k.Request(sipmsg.BYE, "")
	k.Response(sipmsg.BYE, 200)
	for {
		e := siptest.Wait(t, "end", n.sw.Events())
		if e.Kind == consult.EventEnded {
			return
		}
		if e.Kind == consult.EventLost {
			t.Fatal("it is lost")
		}
	}
}

// shakyWay leads to an address until it is told to restart: then its connections end,
// and the next one at once.
type shakyWay struct {
	listener net.Listener
	answered chan struct{} // filled when something came back by a connection after that
	mu       sync.Mutex
	conns    []net.Conn
	refuse   bool
	again    bool // the next one was refused
}

func shaky(t *testing.T, to string) *shakyWay {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	way := &shakyWay{listener: listener, answered: make(chan struct{}, 1)}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			way.take(conn, to)
		}
	}()
	return way
}

func (s *shakyWay) take(conn net.Conn, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	onwards, err := net.Dial("tcp4", to)
	if err != nil || s.refuse {
		s.refuse, s.again = false, s.refuse
		_ = conn.Close()
		return
	}
	s.conns = append(s.conns, conn)
	again := s.again
	go func() { _, _ = io.Copy(onwards, conn); _ = onwards.Close() }()
	go func() {
		if _, err := io.CopyN(conn, onwards, 1); err == nil && again {
			select {
			case s.answered <- struct{}{}:
			default:
			}
		}
		_, _ = io.Copy(conn, onwards)
		_ = conn.Close()
	}()
}

func (s *shakyWay) restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = true
	for _, conn := range s.conns {
		_ = conn.Close()
	}
}

func (s *shakyWay) port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// TestALegOfAnEarlierProcessIsEndedWhenItsPeerCan has the other side be in
// trouble at the moment of the start.
func TestALegOfAnEarlierProcessIsEndedWhenItsPeerCan(t *testing.T) {
	t.Parallel()
	w := siptest.Listen(t, ua.UDP, nil)
	left := &lines{kept: map[consult.LegID]consult.Line{}, dropped: make(chan consult.LegID, 1)}
	memo, err := json.Marshal(ua.Stored{
		Trunk: "sbc", Transport: ua.UDP, CallID: "left", LocalTag: "ours", RemoteTag: "theirs",
		Local: "sip:us@127.0.0.1", Remote: "sip:them@127.0.0.1", Target: "sip:them@" + w.Addr(), Seq: 7,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := left.KeepLine(t.Context(), consult.Line{Leg: "l", Interaction: "i", Memo: memo}); err != nil {
		t.Fatal(err)
	}
	at := w.Peer()
	sw, err := sip.New(sip.Config{
		Host: "127.0.0.1", Listen: []sip.ListenConfig{{Transport: "udp", Address: "127.0.0.1:0"}}, Media: sip.MediaConfig{Address: "127.0.0.1"},
		Trunks: []sip.TrunkConfig{{Name: "sbc", Peers: []sip.PeerConfig{{Transport: "udp", Host: at.Host, Port: at.Port}}}},
	}, sip.Deps{Lines: left, Agent: func(string) (sip.Agent, bool) { return sip.Agent{}, false }})
	if err != nil {
		t.Fatal(err)
	}
	if err := sw.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := w.Request(sipmsg.BYE)
	w.Answer(first, 503, "", "")
	second := w.Request(sipmsg.BYE)
	if second.CSeq().SeqNo <= first.CSeq().SeqNo {
		t.Errorf("the second BYE has number %d after %d", second.CSeq().SeqNo, first.CSeq().SeqNo)
	}
	w.Answer(second, 200, "", "")
	siptest.Wait(t, "end of its line", left.dropped)
	if err := sw.Close(); err != nil {
		t.Error(err)
	}
}
