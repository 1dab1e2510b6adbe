package web

import (
	"net"
	"net/netip"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// Bound closes connections beyond those that the limits allow, as soon as they
// are made. It goes beneath TLS, so that a handshake is not begun either.
func (s *Server) Bound(listener net.Listener) net.Listener {
	return &boundListener{
		Listener: listener, max: s.cfg.Limits.Connections, maxEach: s.cfg.Limits.ConnectionsPerAddress, trusted: s.proxies,
		each: map[netip.Prefix]int{}, refused: s.metrics.limited.WithLabelValues(limitConnections),
	}
}

type boundListener struct {
	net.Listener
	max, maxEach int // 0: no limit
	trusted      proxies
	refused      prometheus.Counter

	mu   sync.Mutex
	open int
	each map[netip.Prefix]int // of those that are open
}

// Accept gives the next connection within the limits.
func (l *boundListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		address := hostOf(conn.RemoteAddr().String())
		from := network(address)
		if l.admit(from, l.trusted.trust(address)) {
			return &boundConn{Conn: conn, release: sync.OnceFunc(func() { l.release(from) })}, nil
		}
		l.refused.Inc()
		_ = conn.Close() // nobody is told why: whoever floods learns nothing, and it costs nothing
	}
}

func (l *boundListener) admit(from netip.Prefix, proxy bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.max > 0 && l.open >= l.max {
		return false
	}
	if l.maxEach > 0 && !proxy && l.each[from] >= l.maxEach {
		return false
	}
	l.open++
	l.each[from]++
	return true
}

func (l *boundListener) release(from netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	if l.each[from]--; l.each[from] == 0 {
		delete(l.each, from)
	}
}

// boundConn makes room for another one when it is closed.
type boundConn struct {
	net.Conn
	release func()
}

func (c *boundConn) Close() error {
	err := c.Conn.Close()
	c.release()
	return err
}
