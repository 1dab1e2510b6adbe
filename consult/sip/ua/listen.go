package ua

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"time"
)

// readBuffer is asked of the system for datagrams that wait to be read: some 1,800
// messages, where its own default has room for 90, which is a fiftieth of a second
// of a busy service. What it gives is bounded by net.core.rmem_max, without a word.
const readBuffer = 4 << 20

// listen takes an address.
func (e *Endpoint) listen(ctx context.Context, l Listen) error {
	var config net.ListenConfig
	if l.Transport == UDP {
		conn, err := config.ListenPacket(ctx, family("udp", l.Address), l.Address)
		if err != nil {
			return err
		}
		if udp, ok := conn.(*net.UDPConn); ok {
			if err := udp.SetReadBuffer(readBuffer); err != nil {
				return errors.Join(err, conn.Close())
			}
		}
		e.sockets = append(e.sockets, socket{UDP, conn.LocalAddr(), func(ctx context.Context) error {
			e.tasks.Go(func() { e.serveEnded(e.server.ServeUDP(conn)) })
			return e.served(ctx, conn.LocalAddr().String())
		}, conn.Close})
		return nil
	}
	listener, err := config.Listen(ctx, family("tcp", l.Address), l.Address)
	if err != nil {
		return err
	}
	serve := e.server.ServeTCP
	if l.Transport == TLS {
		listener = tls.NewListener(&certifiedListener{listener, e}, e.serverTLS())
		serve = e.server.ServeTLS
	} else {
		listener = &knownListener{listener, e}
	}
	e.sockets = append(e.sockets, socket{l.Transport, listener.Addr(), func(context.Context) error {
		e.tasks.Go(func() { e.serveEnded(serve(listener)) })
		return nil
	}, listener.Close})
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
	if !e.isClosed() {
		e.log.Error("sip: an address is not served any more", "error", err)
	}
}

// knownListener takes connections from the trunks' addresses only: others cost nothing.
type knownListener struct {
	net.Listener
	endpoint *Endpoint
}

func (l *knownListener) Accept() (net.Conn, error) {
	peers := l.endpoint.peers
	conn, err := accept(l.Listener, peers, func(remote string) bool {
		_, ok := peers.trunkOf(remote, string(TCP))
		return ok
	})
	if err != nil {
		return nil, err
	}
	return l.endpoint.ending(conn, TCP), nil
}

// accept takes the next connection from an address that may connect, and ends others.
func accept(from net.Listener, peers *admission, may func(remote string) bool) (net.Conn, error) {
	for {
		conn, err := from.Accept()
		if err != nil {
			return nil, err
		}
		if may(conn.RemoteAddr().String()) {
			return conn, nil
		}
		peers.metrics.dropped.WithLabelValues("unknown-peer").Inc()
		_ = conn.Close() // nothing was promised
	}
}
