package ua

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

func TestWhoHasToAnswer(t *testing.T) {
	a := newAdmission(Config{Trunks: []Trunk{
		{Name: "udp", Peers: []Peer{{Transport: UDP, Host: "192.0.2.1"}}},
		{Name: "teams", Peers: []Peer{{Transport: TLS, Host: "sip.example.com"}, {Transport: TLS, Host: "sip2.example.com"}}},
		{Name: "sbc", Peers: []Peer{
			{Transport: TLS, Host: "192.0.2.1", CertificateName: "sbc.example.com"},
			{Transport: TLS, Host: "192.0.2.1", Port: 5063, CertificateName: "spare.example.com"},
		}},
		{Name: "six", Peers: []Peer{{Transport: TLS, Host: "2001:db8::1"}}},
	}}, nil)
	a.note("192.0.2.1", []netip.Addr{netip.MustParseAddr("192.0.2.1")}, time.Now())
	a.note("sip2.example.com", []netip.Addr{netip.MustParseAddr("192.0.2.2")}, time.Now())
	certificate := func(name string) *x509.Certificate { return &x509.Certificate{DNSNames: []string{name}} }
	for _, c := range []struct {
		name, host string
		port       int
		address    string
		want       string
		shares     string // whose connection will do too
		doesNot    string // whose will not
	}{
		{"a peer by name", "sip.example.com", 5061, "192.0.2.3", "sip.example.com", "sip2.example.com", "sbc.example.com"},
		{"a peer by name, as others write it", "SIP2.example.com.", 5061, "192.0.2.2", "sip2.example.com", "sip.example.com", "sbc.example.com"},
		{"a peer by address", "192.0.2.1", 5061, "192.0.2.1", "sbc.example.com", "spare.example.com", "sip.example.com"},
		{"a peer by address and port", "192.0.2.1", 5063, "192.0.2.1", "spare.example.com", "sbc.example.com", "sip.example.com"},
		{"another port of a peer's host", "sip.example.com", 1, "192.0.2.3", "sip.example.com", "sip2.example.com", "sbc.example.com"},
		{"a peer by an address of version 6, as others write it", "2001:db8:0::1", 5061, "2001:db8::1", "2001:db8::1", "", "sip.example.com"},
		{"an address of a peer that has a name: a dialog's, over whatever connection it has", "192.0.2.2", 1, "192.0.2.2", "sip2.example.com", "stranger.example.com", ""},
		{"a name that nobody knows: as that", "proxy.example.com", 5061, "192.0.2.9", "proxy.example.com", "stranger.example.com", ""},
		{"an address that nobody has: as that", "192.0.2.9", 5061, "192.0.2.9", "192.0.2.9", "stranger.example.com", ""},
	} {
		who := a.identity(c.host, c.port, netip.MustParseAddr(c.address))
		if who.name != c.want {
			t.Errorf("%s: a certificate for %q, want %q", c.name, who.name, c.want)
		}
		if c.shares != "" && !who.mayBe(certificate(c.shares)) {
			t.Errorf("%s: the connection with %s is not used", c.name, c.shares)
		}
		if c.doesNot != "" && who.mayBe(certificate(c.doesNot)) {
			t.Errorf("%s: the connection with %s is used", c.name, c.doesNot)
		}
	}
}

// TestSipgoOpensNoTLSConnectionItself is what becomes of a request whose connection
// ends right before it is sent, with a server that everybody would trust.
func TestSipgoOpensNoTLSConnectionItself(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	t.Cleanup(server.Close)
	trusted := x509.NewCertPool()
	trusted.AddCert(server.Certificate())
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	e, err := New(Config{
		Host: "localhost", Listen: []Listen{{UDP, "127.0.0.1:0"}}, TLS: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12},
		Trunks: []Trunk{{Name: "sbc", Peers: []Peer{{Transport: TLS, Host: at.Addr().String(), Port: int(at.Port())}}}},
	}, Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	p := e.trunks["sbc"].peers[0]
	ask := func() *sip.Request {
		req := sip.NewRequest(sip.OPTIONS, p.uri(""))
		e.address(req, p)
		return req
	}
	ctx, cancel := context.WithTimeout(t.Context(), requestTimeout)
	defer cancel()
	if _, err := e.client.TransactionRequest(ctx, ask()); err == nil || !strings.Contains(err.Error(), "TLS handshake") {
		t.Errorf("sipgo by itself: %v, want a handshake that fails", err)
	}
	if err := e.connect(ctx, ask()); err != nil {
		t.Errorf("connect: %v", err)
	}
}
