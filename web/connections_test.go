package web

import (
	"errors"
	"net"
	"testing"
)

// fakeListener gives connections from the addresses sent to it.
type fakeListener struct{ from chan string }

func (l fakeListener) Accept() (net.Conn, error) {
	address, open := <-l.from
	if !open {
		return nil, net.ErrClosed
	}
	return &fakeConn{address: address}, nil
}
func (l fakeListener) Close() error   { return nil }
func (l fakeListener) Addr() net.Addr { return fakeAddr("") }

type fakeAddr string

func (fakeAddr) Network() string  { return "tcp" }
func (a fakeAddr) String() string { return string(a) }

type fakeConn struct {
	net.Conn
	address string
}

func (c *fakeConn) RemoteAddr() net.Addr { return fakeAddr(c.address) }
func (c *fakeConn) Close() error         { return nil }

func TestConnectionsAreLimitedEachAndTogether(t *testing.T) {
	s, err := New(Config{TrustedProxies: []string{"10.0.0.0/8"}, Limits: LimitsConfig{Connections: 5, ConnectionsPerAddress: 2}}, Deps{})
	fatal(t, err)
	inner := fakeListener{make(chan string, 20)}
	bound := s.Bound(inner)
	accepted := func() net.Conn {
		t.Helper()
		conn, err := bound.Accept()
		fatal(t, err)
		return conn
	}
	for _, address := range []string{"203.0.113.7:1", "203.0.113.7:2", "203.0.113.7:3", "10.0.0.1:1", "10.0.0.1:2", "10.0.0.1:3", "203.0.113.8:1"} {
		inner.from <- address
	}
	first := accepted()
	accepted()
	for range 3 { // the third of 203.0.113.7 is passed over, those of the proxy are not
		if got := accepted().RemoteAddr().String(); got[:5] != "10.0." {
			t.Errorf("accepted %s", got)
		}
	}
	fatal(t, first.Close())
	fatal(t, first.Close()) // twice makes room once
	inner.from <- "203.0.113.9:1"
	inner.from <- "203.0.113.9:2"
	close(inner.from)
	// 203.0.113.8 is looked at only now, and takes the place of the first.
	if got := accepted().RemoteAddr().String(); got != "203.0.113.8:1" {
		t.Errorf("accepted %s", got)
	}
	if _, err := bound.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a sixth was accepted: %v", err)
	}
}
