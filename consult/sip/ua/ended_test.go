package ua

import (
	"bufio"
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

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
		ended, err := net.Dial("tcp4", at.String())
		if err != nil {
			t.Fatal(err)
		}
		if err := ended.Close(); err != nil {
			t.Fatal(err)
		}
		e.agent.TransportLayer().Pool(string(TCP)).Add(at.String(), &sip.TCPConnection{Conn: ended})
		p := e.trunks["tcp"].peers[0]
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
