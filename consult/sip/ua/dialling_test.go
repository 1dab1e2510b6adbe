package ua_test

import (
	"crypto/tls"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// TestWhoseAClientsCertificateIs has clients of 127.0.0.1 call, where that is the
// address of the trunk here.
func TestWhoseAClientsCertificateIs(t *testing.T) {
	a := newAuthority(t)
	others := []ua.Trunk{
		{Name: "there", Peers: []ua.Peer{{Transport: ua.TLS, Host: "127.0.0.2"}}},
		{Name: "named", Peers: []ua.Peer{{Transport: ua.TLS, Host: "127.0.0.3", CertificateName: "named.example.com"}}},
	}
	plain := ua.Trunk{Name: "here", Peers: []ua.Peer{{Transport: ua.TLS, Host: "127.0.0.1"}}}
	demanding := plain
	demanding.Peers = []ua.Peer{{Transport: ua.TLS, Host: "127.0.0.1", CertificateName: "here.example.com"}}
	for _, c := range []struct {
		name  string
		here  ua.Trunk
		shown string
		want  string // the trunk of the call; empty: the connection is ended
	}{
		{"the certificate of its address", plain, "127.0.0.1", "here"},
		{"a certificate of nobody who is configured, from its address", plain, "gateway.example.com", "here"},
		{"the certificate of another peer's address", plain, "127.0.0.2", ""},
		{"the certificate of a peer that has a name", plain, "named.example.com", "named"},
		{"the name that is wanted", demanding, "here.example.com", "here"},
		{"the certificate of its address, where a name is wanted", demanding, "127.0.0.1", ""},
		{"a certificate of nobody who is configured, where a name is wanted", demanding, "gateway.example.com", ""},
		{"the certificate of another peer's address, where a name is wanted", demanding, "127.0.0.2", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			called := make(chan string, 1)
			us := start(t, ua.Config{
				Host: "localhost", Listen: []ua.Listen{{Transport: ua.TLS, Address: "127.0.0.1:0"}}, TLS: named(a.of(t, "localhost")),
				Trunks: append([]ua.Trunk{c.here}, others...),
			}, func(in *ua.Incoming) { called <- in.Trunk })
			w, err := siptest.Dial(t, ua.TLS, us.Addr(ua.TLS).String(), a.of(t, c.shown))
			if c.want == "" {
				if err == nil { // TLS 1.3 tells a client of its refusal only when it reads
					hear(t, "end of the connection", w.Closed())
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			w.Talk("100", us.Addr(ua.TLS).String()).Request(sip.INVITE, "offer")
			if got := hear(t, "call", called); got != c.want {
				t.Errorf("a call of %q, want %q", got, c.want)
			}
		})
	}
}

// TestALaterProcessEndsACallOnlyWithItsPeer follows the address that the other side
// named in a call whose connection is gone.
func TestALaterProcessEndsACallOnlyWithItsPeer(t *testing.T) {
	a := newAuthority(t)
	for _, c := range []struct {
		name, shown string
		ended       bool
	}{
		{"the peer of that address has another port by now", "sbc.example.com", true},
		{"another peer is there", "other.example.com", false},
		{"somebody who has a certificate for the address, and is not who is wanted", "127.0.0.1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := siptest.Listen(t, ua.TLS, a.of(t, c.shown))
			w.Answers(sip.BYE, 200)
			us := start(t, ua.Config{Host: "localhost", TLS: named(a.of(t, "localhost")), Trunks: []ua.Trunk{
				{Name: "sbc", Peers: []ua.Peer{{Transport: ua.TLS, Host: "127.0.0.1", CertificateName: "sbc.example.com"}}},
				{Name: "other", Peers: []ua.Peer{{Transport: ua.TLS, Host: "127.0.0.2", CertificateName: "other.example.com"}}},
			}}, nil)
			err := us.Release(t.Context(), ua.Stored{
				Trunk: "sbc", Transport: ua.TLS, CallID: "call", LocalTag: "ours", RemoteTag: "theirs", Seq: 1,
				Local: "sip:us@localhost", Remote: "sip:1@127.0.0.1", Target: "sip:sbc@" + w.Addr() + ";transport=tls",
			})
			if (err == nil) != c.ended {
				t.Errorf("Release: %v", err)
			}
			if err != nil && !strings.Contains(err.Error(), "certificate") {
				t.Errorf("Release: %v, want a word about the certificate", err)
			}
		})
	}
}

func TestCallsOfOneMomentShareAConnection(t *testing.T) {
	a := newAuthority(t)
	const calls = 8
	var handshakes atomic.Int32
	server := a.of(t, "127.0.0.1")
	server.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		handshakes.Add(1)
		return nil, nil
	}
	w := siptest.Listen(t, ua.TLS, server)
	us := start(t, ua.Config{Host: "localhost", TLS: named(a.of(t, "localhost")), Trunks: []ua.Trunk{{Name: "sbc", Peers: []ua.Peer{w.Peer()}}}}, nil)
	ears := make([]*ear, calls)
	for i := range ears {
		ears[i] = newEar()
		if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "sbc", To: "1"}, ears[i]); err != nil {
			t.Fatal(err)
		}
	}
	for range ears {
		w.Answer(w.Request(sip.INVITE), 486, "tag", "")
	}
	for _, heard := range ears {
		if f := hear(t, "failure", heard.failed); f.Status != 486 {
			t.Errorf("failure %+v", f)
		}
	}
	if got := handshakes.Load(); got != 1 {
		t.Errorf("%d connections, want 1", got)
	}
}

func TestCertificateNamesThatCouldNotBeKept(t *testing.T) {
	peer := func(host string, port int, name string) ua.Peer {
		return ua.Peer{Transport: ua.TLS, Host: host, Port: port, CertificateName: name}
	}
	for _, c := range []struct {
		name  string
		peers [2][]ua.Peer
		want  string
	}{
		{"a name for each of two ports", [2][]ua.Peer{{peer("192.0.2.1", 0, "a.example.com")}, {peer("192.0.2.1", 5063, "b.example.com")}}, ""},
		{"one name for two trunks", [2][]ua.Peer{{peer("192.0.2.1", 0, "a.example.com")}, {peer("192.0.2.1", 5061, "a.example.com")}}, ""},
		{"two names for one port", [2][]ua.Peer{{peer("192.0.2.1", 0, "a.example.com")}, {peer("192.0.2.1", 5061, "b.example.com")}}, "trunks[0].peers[0].certificate_name: differs"},
		{"a name, and the host itself, for one port", [2][]ua.Peer{{peer("SBC.example.com", 0, "a.example.com")}, {peer("sbc.example.com", 0, "")}}, "trunks[0].peers[0].certificate_name: differs"},
		{"a wildcard", [2][]ua.Peer{{peer("192.0.2.1", 0, "*.example.com")}}, `trunks[0].peers[0].certificate_name: "*.example.com" is not`},
		{"beside a peer without TLS", [2][]ua.Peer{{peer("192.0.2.1", 0, "a.example.com"), {Transport: ua.UDP, Host: "192.0.2.1"}}}, "trunks[0].peers[0].certificate_name: is for trunks over tls only, and peers[1] is not"},
		{"of a peer without TLS", [2][]ua.Peer{{{Transport: ua.TCP, Host: "192.0.2.1", CertificateName: "a.example.com"}}}, "peers[0].certificate_name: is for trunks over tls only"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := ua.Config{Host: "localhost", Listen: []ua.Listen{{Transport: ua.TLS, Address: "127.0.0.1:0"}}, TLS: &tls.Config{MinVersion: tls.VersionTLS12}}
			for i, name := range []string{"one", "another"} {
				if len(c.peers[i]) > 0 {
					config.Trunks = append(config.Trunks, ua.Trunk{Name: name, Peers: c.peers[i]})
				}
			}
			err := config.Validate()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("Validate: %v, want %q", err, c.want)
			}
		})
	}
}
