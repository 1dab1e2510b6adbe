package ua

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// TestAnAnswerIsToldWhoseConnectionEndsWithIt has a peer end its connection after each
// answer, and one that ends it without.
func TestAnAnswerIsToldWhoseConnectionEndsWithIt(t *testing.T) {
	t.Parallel()
	for _, answers := range []bool{true, false} {
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				buf := make([]byte, 1<<16)
				n, err := conn.Read(buf)
				if m, parsed := sip.ParseMessage(buf[:n]); err == nil && parsed == nil && answers {
					res := sip.NewResponseFromRequest(m.(*sip.Request), 200, "OK", nil)
					_, _ = conn.Write([]byte(res.String()))
				}
				_ = conn.Close()
			}
		}()
		e, p := tcpPeer(t, netip.MustParseAddrPort(listener.Addr().String()))
		for i := range 20 {
			res, err := e.do(t.Context(), (&Dialog{endpoint: e, transport: TCP, target: p.uri("1"), id: dialogID{call: fmt.Sprint(i), local: "tag"}}).requestAt(sip.OPTIONS, 1))
			switch {
			case answers && err == nil && res.StatusCode == 200:
			case !answers && err != nil && !errors.Is(err, context.DeadlineExceeded):
			default:
				t.Errorf("a peer that answers: %v: %v, %v", answers, res, err)
			}
			for there := true; there; time.Sleep(time.Millisecond) { // what is sent now would be for nobody
				there, _ = e.leadsTo(way{TCP, listener.Addr().String()}, identity{})
			}
		}
	}
}

// tcpPeer makes an endpoint with one peer.
func tcpPeer(t *testing.T, at netip.AddrPort) (*Endpoint, *peer) {
	t.Helper()
	e, err := New(Config{
		Host: "127.0.0.1", Listen: []Listen{{UDP, "127.0.0.1:0"}},
		Trunks: []Trunk{{Name: "tcp", Peers: []Peer{{Transport: TCP, Host: "127.0.0.1", Port: int(at.Port())}}}},
	}, Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e, e.trunks["tcp"].peers[0]
}

// TestAnEndedConnectionIsNotUsedForEver has sipgo hold on to a connection that ended in
// the moment in which it was opened.
func TestAnEndedConnectionIsNotUsedForEver(t *testing.T) {
	t.Parallel()
	for name, send := range map[string]func(context.Context, *Endpoint, *sip.Request) error{
		"a request": func(ctx context.Context, e *Endpoint, req *sip.Request) error {
			tx, err := e.transaction(ctx, req)
			if err == nil {
				tx.Terminate()
			}
			return err
		},
		"an ACK": func(ctx context.Context, e *Endpoint, req *sip.Request) error { return e.write(ctx, req) },
	} {
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		at := netip.MustParseAddrPort(listener.Addr().String())
		e, p := tcpPeer(t, at)
		ended, err := net.Dial("tcp4", at.String())
		if err != nil {
			t.Fatal(err)
		}
		if err := ended.Close(); err != nil {
			t.Fatal(err)
		}
		e.agent.TransportLayer().Pool(string(TCP)).Add(at.String(), &sip.TCPConnection{Conn: ended})
		req := (&Dialog{endpoint: e, transport: TCP, target: p.uri("1"), id: dialogID{call: name, local: "tag"}}).requestAt(sip.OPTIONS, 1)
		if err := send(t.Context(), e, req); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		arrived := make(chan string, 1)
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				if line, err := bufio.NewReader(conn).ReadString('\n'); err == nil {
					arrived <- line
				}
			}
		}()
		if line := <-arrived; !strings.HasPrefix(line, "OPTIONS sip:1@127.0.0.1") {
			t.Errorf("%s: %q arrived", name, line)
		}
	}
}
