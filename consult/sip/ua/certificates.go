package ua

import (
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"
)

// mutualTLS reports whether clients have to show a certificate.
func (c Config) mutualTLS() bool {
	return c.TLS != nil && (c.TLS.ClientCAs != nil || c.Authorities != nil)
}

// serverTLS demands a certificate of clients where there are authorities to
// judge it, and remembers whose it is.
func (e *Endpoint) serverTLS() *tls.Config {
	config := e.config.TLS.Clone()
	config.MinVersion = tls.VersionTLS12
	mutual := e.config.mutualTLS()
	if mutual {
		config.ClientAuth = tls.RequireAndVerifyClientCert
		config.SessionTicketsDisabled = true // who resumes a session is not judged by the authorities of now
	}
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		conn, ok := hello.Conn.(*certifiedConn)
		if !ok {
			return nil, nil
		}
		perClient := config.Clone()
		perClient.GetConfigForClient = nil
		if e.config.Authorities != nil {
			perClient.ClientCAs = e.config.Authorities()
		}
		perClient.VerifyConnection = func(state tls.ConnectionState) error {
			if mutual {
				if err := conn.verified(state.PeerCertificates[0]); err != nil {
					return err
				}
			}
			return conn.SetDeadline(time.Time{})
		}
		return perClient, nil
	}
	return config
}

// handshakeLimit is how long a client may take to prove who it is.
const handshakeLimit = 10 * time.Second

// certifiedListener hands out connections that know whose certificate they carry.
type certifiedListener struct {
	net.Listener
	endpoint *Endpoint
}

func (l *certifiedListener) Accept() (net.Conn, error) {
	peers := l.endpoint.peers
	conn, err := accept(l.Listener, peers, peers.mayProve)
	if err != nil {
		return nil, err
	}
	c := &certifiedConn{Conn: l.endpoint.ending(conn, TLS), peers: peers}
	if err := c.SetDeadline(time.Now().Add(handshakeLimit)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	peers.connected(c)
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
