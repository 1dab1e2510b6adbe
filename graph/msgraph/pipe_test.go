package msgraph_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
)

// cable is a network between one server and its clients that lives in memory,
// so that it can be part of a bubble of testing/synctest, and that can be cut.
type cable struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
	cut   atomic.Bool

	mu   sync.Mutex
	open []net.Conn
}

func newCable() *cable { return &cable{conns: make(chan net.Conn), done: make(chan struct{})} }

var errCut = errors.New("no route to host")

// dial connects to the server; it fails while the cable is cut.
func (c *cable) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if c.cut.Load() {
		return nil, errCut
	}
	ours, theirs := net.Pipe()
	select {
	case c.conns <- theirs:
	case <-c.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = append(c.open, ours)
	return ours, nil
}

// setCut cuts the cable, what is connected too, or mends it.
func (c *cable) setCut(cut bool) {
	c.cut.Store(cut)
	if !cut {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.open {
		_ = conn.Close()
	}
	c.open = nil
}

func (c *cable) Accept() (net.Conn, error) {
	select {
	case conn := <-c.conns:
		return conn, nil
	case <-c.done:
		return nil, net.ErrClosed
	}
}

func (c *cable) Close() error {
	c.once.Do(func() { close(c.done) })
	return nil
}

func (c *cable) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443} }

// serveOn starts an HTTPS server behind the cable; its client reaches nothing else.
func serveOn(c *cable, handler http.Handler) (server *httptest.Server, client *http.Client) {
	server = httptest.NewUnstartedServer(handler)
	_ = server.Listener.Close() // a real one, which is not needed
	server.Listener = c
	server.StartTLS()
	client = server.Client()
	client.Transport.(*http.Transport).DialContext = c.dial
	return server, client
}
