package ua

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"sync"
	"time"
)

// listen takes an address and serves it.
func (e *Endpoint) listen(ctx context.Context, l Listen) error {
	var config net.ListenConfig
	if l.Transport == UDP {
		conn, err := config.ListenPacket(ctx, family("udp", l.Address), l.Address)
		if err != nil {
			return err
		}
		e.sockets = append(e.sockets, socket{UDP, conn.LocalAddr(), conn.Close})
		e.tasks.Go(func() { e.serveEnded(e.server.ServeUDP(conn)) })
		return e.served(ctx, conn.LocalAddr().String())
	}
	listener, err := config.Listen(ctx, family("tcp", l.Address), l.Address)
	if err != nil {
		return err
	}
	if l.Transport == TCP {
		e.sockets = append(e.sockets, socket{TCP, listener.Addr(), listener.Close})
		e.tasks.Go(func() { e.serveEnded(e.server.ServeTCP(listener)) })
		return nil
	}
	secure := tls.NewListener(&certifiedListener{listener, e.peers}, e.serverTLS())
	e.sockets = append(e.sockets, socket{TLS, secure.Addr(), secure.Close})
	e.tasks.Go(func() { e.serveEnded(e.server.ServeTLS(secure)) })
	return nil
}

// served waits until sipgo knows a UDP socket, which it learns in a goroutine of
// its own: a request of ours before that would be sent from another one.
func (e *Endpoint) served(ctx context.Context, addr string) error {
	for {
		if conn, err := e.agent.TransportLayer().GetConnection(string(UDP), addr); err == nil && conn != nil {
			_, err := conn.TryClose() // gives back what GetConnection took
			return err
		}
		if err := pause(ctx, time.Millisecond); err != nil {
			return err
		}
	}
}

// family keeps an IPv4 address from being taken for both families, so that the
// address a message leaves from is the one that was configured.
func family(network, address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return network
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is4() {
		return network + "4"
	}
	return network
}

func (e *Endpoint) serveEnded(err error) {
	e.mu.Lock()
	closed := e.closed
	e.mu.Unlock()
	if !closed {
		e.log.Error("sip: an address is not served any more", "error", err)
	}
}

// serverTLS demands a certificate of clients where there are authorities to
// judge it, and remembers whose it is.
func (e *Endpoint) serverTLS() *tls.Config {
	config := e.config.TLS.Clone()
	config.MinVersion = tls.VersionTLS12
	if config.ClientCAs == nil {
		return config
	}
	config.ClientAuth = tls.RequireAndVerifyClientCert
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		conn, ok := hello.Conn.(*certifiedConn)
		if !ok {
			return nil, nil
		}
		perClient := config.Clone()
		perClient.GetConfigForClient = nil
		perClient.VerifyConnection = func(state tls.ConnectionState) error {
			return conn.verified(state.PeerCertificates[0])
		}
		return perClient, nil
	}
	return config
}

// clientTLS shows this service's certificate to the servers it calls.
func (e *Endpoint) clientTLS() *tls.Config {
	if e.config.TLS == nil {
		return nil
	}
	config := e.config.TLS.Clone()
	config.MinVersion = tls.VersionTLS12
	return config
}

// certifiedListener hands out connections that know whose certificate they carry.
type certifiedListener struct {
	net.Listener
	peers *admission
}

func (l *certifiedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &certifiedConn{Conn: conn, peers: l.peers}
	l.peers.connected(c)
	return c, nil
}

type certifiedConn struct {
	net.Conn
	peers *admission
	once  sync.Once
}

func (c *certifiedConn) Close() error {
	c.once.Do(func() { c.peers.disconnected(c) })
	return c.Conn.Close()
}
