package ua_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// TestAuthoritiesOfNowJudgeClients has a trunk's certificate come from another
// authority after the service has started.
func TestAuthoritiesOfNowJudgeClients(t *testing.T) {
	t.Parallel()
	before, after := newAuthority(t), newAuthority(t)
	var trusted atomic.Pointer[x509.CertPool]
	trusted.Store(before.pool)
	us := start(t, ua.Config{
		Host: "localhost", Listen: []ua.Listen{{Transport: ua.TLS, Address: "127.0.0.1:0"}}, TLS: named(before.of(t, "localhost")), Authorities: trusted.Load,
		Trunks: []ua.Trunk{{Name: "sbc", Networks: loopback, Names: []string{"sbc.example.com"}}},
	}, nil)
	connects := func(by *authority, taken bool) *siptest.Wire {
		t.Helper()
		client := by.of(t, "sbc.example.com")
		client.RootCAs = before.pool // of our own certificate
		w, err := siptest.Dial(t, ua.TLS, us.Addr(ua.TLS).String(), client)
		if err == nil && !taken {
			hear(t, "end of the connection", w.Closed()) // TLS 1.3 tells a client of its refusal only when it reads
		}
		if err != nil && taken {
			t.Fatal(err)
		}
		return w
	}
	lives := func(w *siptest.Wire) {
		t.Helper()
		w.Talk("", us.Addr(ua.TLS).String()).Request(sip.OPTIONS, "")
		w.Response(sip.OPTIONS, 200)
	}
	old := connects(before, true)
	lives(old)
	connects(after, false)
	trusted.Store(after.pool)
	lives(connects(after, true))
	connects(before, false)
	lives(old) // whoever is connected stays
}

// TestAuthoritiesOfNowJudgeServers calls servers that are named and such that are
// only addressed, beside peers that have certificates of their own.
func TestAuthoritiesOfNowJudgeServers(t *testing.T) {
	t.Parallel()
	ours, strangers := newAuthority(t), newAuthority(t)
	for _, c := range []struct {
		name, host, wanted, shown string
		by, trusted               *authority
		rung                      bool
	}{
		{"a name, and its certificate", "localhost", "", "localhost", ours, ours, true},
		{"a name, and another's certificate", "localhost", "", "stranger.example.com", ours, ours, false},
		{"a name, and the certificate of its address", "localhost", "", "127.0.0.1", ours, ours, false},
		{"a name, and another peer's certificate", "localhost", "", "other.example.com", ours, ours, false},
		{"a name, and a certificate of an authority that is trusted no more", "localhost", "", "localhost", ours, strangers, false},
		{"a name, and the certificate that is wanted of it", "localhost", "sbc.example.com", "sbc.example.com", ours, ours, true},
		{"a name, and its certificate where another is wanted of it", "localhost", "sbc.example.com", "localhost", ours, ours, false},
		{"an address, and its certificate", "127.0.0.1", "", "127.0.0.1", ours, ours, true},
		{"an address, and the certificate of a name", "127.0.0.1", "", "localhost", ours, ours, false},
		{"an address, and the certificate of an address that nobody has", "127.0.0.1", "", "192.0.2.1", ours, ours, false},
		{"an address, and the certificate of another peer's address", "127.0.0.1", "", "127.0.0.2", ours, ours, false},
		{"an address, and a stranger's certificate of it", "127.0.0.1", "", "127.0.0.1", strangers, ours, false},
		{"an address, and the certificate that is wanted of it", "127.0.0.1", "sbc.example.com", "sbc.example.com", ours, ours, true},
		{"an address, and its certificate where another is wanted of it", "127.0.0.1", "sbc.example.com", "127.0.0.1", ours, ours, false},
		{"an address, and the certificate that is wanted of another peer", "127.0.0.1", "sbc.example.com", "other.example.com", ours, ours, false},
		{"an address, and a stranger's certificate with the right name", "127.0.0.1", "sbc.example.com", "sbc.example.com", strangers, ours, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := siptest.Listen(t, ua.TLS, c.by.of(t, c.shown))
			peer := w.Peer()
			peer.Host, peer.CertificateName = c.host, c.wanted
			config := named(ours.of(t, "localhost"))
			config.RootCAs = ours.pool // which Authorities overrules
			us := start(t, ua.Config{
				Host: "localhost", TLS: config, Authorities: func() *x509.CertPool { return c.trusted.pool },
				Trunks: []ua.Trunk{
					{Name: "other", Peers: []ua.Peer{
						{Transport: ua.TLS, Host: "127.0.0.2"},
						{Transport: ua.TLS, Host: "127.0.0.3", CertificateName: "other.example.com"},
					}},
					{Name: "sbc", Peers: []ua.Peer{peer}},
				},
			}, nil)
			heard := newEar()
			if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "sbc", To: "1"}, heard); err != nil {
				t.Fatal(err)
			}
			if !c.rung {
				if f := hear(t, "failure", heard.failed); f.Status != 0 || f.Err == nil {
					t.Errorf("failure %+v", f)
				}
				return
			}
			w.Answer(w.Request(sip.INVITE), 486, "tag", "")
			hear(t, "failure", heard.failed)
		})
	}
}

// TestAStrangersTLSConnectionIsEndedAtOnce holds open no connection of whom no
// address and no certificate could make a peer.
func TestAStrangersTLSConnectionIsEndedAtOnce(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	us := start(t, ua.Config{
		Host: "localhost", Listen: []ua.Listen{{Transport: ua.TLS, Address: "127.0.0.1:0"}}, TLS: named(a.of(t, "localhost")),
		Trunks: []ua.Trunk{{Name: "sbc", Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}}},
	}, nil)
	for from, known := range map[string]bool{"127.0.0.2": true, "127.0.0.1": false} {
		dialer := tls.Dialer{NetDialer: &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: siptest.Patience}, Config: a.of(t, "localhost")}
		conn, err := dialer.DialContext(t.Context(), "tcp4", us.Addr(ua.TLS).String())
		if (err == nil) != known {
			t.Errorf("from %s: %v", from, err)
		}
		if err == nil {
			if err := conn.SetDeadline(time.Now()); err != nil {
				t.Error(err)
			}
			_ = conn.Close()
		}
	}
}
