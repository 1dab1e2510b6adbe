package ua

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/emiago/sipgo/sip"
	"golang.org/x/sync/singleflight"
)

// dialling opens the connections by which requests of ours leave, over TLS each to a
// server that proves to be whom the request is for, and hands them to sipgo as if
// it had accepted them. sipgo would open them itself, by one configuration for all
// servers, which cannot know whom it is used for (ADR 0042), and nobody would hear of
// their end.
type dialling struct {
	opened  chan net.Conn
	closed  chan struct{}
	once    sync.Once
	flights singleflight.Group // by remote address
}

func newDialling() *dialling {
	return &dialling{opened: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept gives sipgo the next connection that was opened.
func (d *dialling) Accept() (net.Conn, error) {
	select {
	case conn := <-d.opened:
		return conn, nil
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

// Addr is no address: nobody connects here.
func (d *dialling) Addr() net.Addr { return &net.TCPAddr{} }

// Close ends Accept. Connections that sipgo has stay.
func (d *dialling) Close() error {
	d.once.Do(func() { close(d.closed) })
	return nil
}

// handOver gives a connection to sipgo and returns when requests find it there.
func (d *dialling) handOver(conn *dialledConn) error {
	select {
	case d.opened <- conn:
		<-conn.inUse
		return nil
	case <-d.closed:
		return errors.Join(ErrClosed, conn.Close())
	}
}

// dialledConn is a connection that we opened, with the certificate that was shown.
type dialledConn struct {
	net.Conn
	certificate *x509.Certificate // nil over TCP
	inUse       chan struct{}     // closed when sipgo begins to read, having noted the connection
	once        sync.Once
}

func (c *dialledConn) Read(b []byte) (int, error) {
	c.once.Do(func() { close(c.inUse) })
	return c.Conn.Read(b)
}

var (
	// errSelfDialled ends what sipgo begins where a connection has ended after connect
	// found it: nobody would look whose certificate it is.
	errSelfDialled = errors.New("ua: the connection has just ended")
	// errOtherPeer refuses a connection that leads to the right address, where
	// somebody else has proved to be.
	errOtherPeer = errors.New("ua: the connection is another peer's")
)

// sipgoTLS is the configuration for sipgo's own dialling: it gets nowhere.
func sipgoTLS() *tls.Config {
	return &tls.Config{
		MinVersion:       tls.VersionTLS12,
		VerifyConnection: func(tls.ConnectionState) error { return errSelfDialled },
	}
}

// connect directs a request to where it goes and, where that is over TCP or TLS, makes
// the connection if there is none. The certificate of a server has to be for the peer
// that the request is for.
func (e *Endpoint) connect(ctx context.Context, req *sip.Request) error {
	host, at, err := e.peers.locate(ctx, req)
	transport := transportOf(req)
	if err != nil || transport == UDP {
		return err
	}
	who, way := e.peers.identity(host, int(at.Port()), at.Addr()), way{transport, at.String()}
	if there, err := e.leadsTo(way, who); there || err != nil {
		return err
	}
	flight := e.dialled[transport].flights.DoChan(way.remote, func() (any, error) {
		if there, err := e.leadsTo(way, who); there || err != nil { // the flight before was just over
			return nil, err
		}
		return nil, e.dial(context.WithoutCancel(ctx), way, who.name) // others wait for it too
	})
	select {
	case done := <-flight:
		if done.Err != nil {
			return done.Err
		}
		there, err := e.leadsTo(way, who) // it may have been somebody else's flight
		if err == nil && !there {
			err = errSelfDialled
		}
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leadsTo reports whether there is a connection to an address; errOtherPeer where
// somebody else has proved to be there. What they have opened was judged when they did.
func (e *Endpoint) leadsTo(by way, who identity) (there bool, err error) {
	conn, err := e.agent.TransportLayer().GetConnection(string(by.transport), by.remote)
	if err != nil {
		return false, nil
	}
	defer func() { _, _ = conn.TryClose() }() // gives back what GetConnection took
	if tcp, ok := conn.(*sip.TCPConnection); ok {
		if ours, ok := tcp.Conn.(*dialledConn); ok && ours.certificate != nil && !who.mayBe(ours.certificate) {
			return false, fmt.Errorf("%w: %s", errOtherPeer, by.remote)
		}
	}
	return true, nil
}

// dial opens a connection; over TLS the server has to have a certificate for a name, or
// an address, by the authorities of now.
func (e *Endpoint) dial(ctx context.Context, by way, name string) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	var dialer net.Dialer
	raw, err := dialer.DialContext(ctx, "tcp", by.remote)
	if err != nil {
		return err
	}
	ours := &dialledConn{Conn: e.ending(raw, by.transport), inUse: make(chan struct{})}
	if by.transport == TCP {
		return e.dialled[TCP].handOver(ours)
	}
	config := &tls.Config{}  // the version is set below
	if e.config.TLS != nil { // a stored dialog may be of a time when there was one
		config = e.config.TLS.Clone()
	}
	config.MinVersion = tls.VersionTLS12
	config.ServerName = name
	if e.config.Authorities != nil {
		config.RootCAs = e.config.Authorities()
	}
	conn := tls.Client(ours.Conn, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		return errors.Join(fmt.Errorf("TLS with %s: %w", by.remote, err), raw.Close())
	}
	ours.Conn, ours.certificate = conn, conn.ConnectionState().PeerCertificates[0]
	return e.dialled[TLS].handOver(ours)
}
