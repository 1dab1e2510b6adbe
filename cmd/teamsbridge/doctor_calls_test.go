package main

import (
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"time"

	"teamsbridge/configs"
	"teamsbridge/consult/explain"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/siptest"
)

func TestTheDoctorLooksAtWhatRealCallsNeed(t *testing.T) {
	phone := siptest.New(t, 700).Peer()
	answers := sip.PeerConfig{Transport: "udp", Host: phone.Host, Port: phone.Port}
	taken, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	web, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing of SIP
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			conn, err := web.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			_ = conn.Close()
		}
	}()
	defer web.Close()
	other := sip.PeerConfig{Transport: "tcp", Host: "127.0.0.1", Port: web.Addr().(*net.TCPAddr).Port}
	dir := t.TempDir()
	certified := certificateFiles(t, dir, "sbc", 90*24*time.Hour, "sbc.example.com")
	secure := sip.PeerConfig{Transport: "tls", Host: "127.0.0.1", Port: answersOverTLS(t, certified)}

	for name, c := range map[string]struct {
		change func(*sip.Config)
		want   []string // findings and their states
	}{
		"everything is there": {
			func(c *sip.Config) { c.Trunks[0].Peers = []sip.PeerConfig{answers} }, []string{"switch green", "trunk-peers green"},
		},
		"calls come in only": {
			func(c *sip.Config) { c.Trunks[0].Networks = []string{"192.0.2.0/24"} }, []string{"switch green", "trunk-peers green"},
		},
		"an address is taken": {
			func(c *sip.Config) { c.Listen[0].Address = taken.LocalAddr().String() }, []string{"switch red", "trunk-peers green"},
		},
		"an address is another machine's": {
			func(c *sip.Config) { c.Listen[0].Address = "192.0.2.1:5060" }, []string{"switch red", "trunk-peers green"},
		},
		"a peer is something else": {
			func(c *sip.Config) { c.Trunks[0].Peers = []sip.PeerConfig{answers, other} }, []string{"switch green", "trunk-peers yellow"},
		},
		"a peer's name does not exist": {
			func(c *sip.Config) {
				c.Trunks[0].Peers = []sip.PeerConfig{{Transport: "tcp", Host: "sbc.invalid"}}
			}, []string{"switch green", "trunk-peers yellow"},
		},
		"a peer by address is certified by the name that is said": {
			func(c *sip.Config) {
				secure.CertificateName = "sbc.example.com"
				c.TLS, c.Trunks[0].Peers = certified, []sip.PeerConfig{secure}
			}, []string{"sip-certificate green", "switch green", "trunk-peers green"},
		},
		"a peer is certified by another name": {
			func(c *sip.Config) {
				secure.CertificateName = "other.example.com"
				c.TLS, c.Trunks[0].Peers = certified, []sip.PeerConfig{secure}
			}, []string{"sip-certificate green", "switch green", "trunk-peers yellow"},
		},
		"a peer by address is certified by a name that nobody says": {
			func(c *sip.Config) {
				secure.CertificateName = ""
				c.TLS, c.Trunks[0].Peers = certified, []sip.PeerConfig{secure}
			}, []string{"sip-certificate green", "switch green", "trunk-peers yellow"},
		},
		"the certificate lasts": {
			func(c *sip.Config) { c.TLS = certificateFiles(t, dir, "long", 90*24*time.Hour) }, []string{"sip-certificate green", "switch green", "trunk-peers green"},
		},
		"the certificate ends soon": {
			func(c *sip.Config) { c.TLS = certificateFiles(t, dir, "soon", 20*24*time.Hour) }, []string{"sip-certificate yellow", "switch green", "trunk-peers green"},
		},
		"the certificate has ended": {
			func(c *sip.Config) { c.TLS = certificateFiles(t, dir, "over", -time.Hour) }, []string{"sip-certificate red", "switch green", "trunk-peers green"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, language := range []string{"en", "de"} {
				d := &doctor{language: language, cfg: configs.Default()}
				d.cfg.SIP = sip.Config{
					Host: "127.0.0.1", Listen: []sip.ListenConfig{{Transport: "udp", Address: "127.0.0.1:0"}},
					Trunks: []sip.TrunkConfig{{Name: "carrier"}}, Media: sip.MediaConfig{Address: "127.0.0.1"},
				}
				c.change(&d.cfg.SIP)
				d.realCalls(t.Context())
				var got []string
				for _, f := range d.findings {
					got = append(got, f.Step+" "+string(f.State))
					if f.Title == "" || f.Detail == "" || strings.Contains(f.Detail, "%!") || f.State != explain.Green && f.Actor == nil {
						t.Errorf("finding %+v", f)
					}
				}
				if strings.Join(got, ", ") != strings.Join(c.want, ", ") {
					t.Errorf("%v, want %v", got, c.want)
				}
			}
		})
	}
}

// answersOverTLS is a peer that shows a certificate and answers whatever is asked.
func answersOverTLS(t *testing.T, files sip.TLSConfig) (port int) {
	t.Helper()
	certificate, err := tls.LoadX509KeyPair(files.CertFile, files.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				if _, err := conn.Read(make([]byte, 1<<16)); err == nil { // no answer to whom the certificate is not good enough
					_, _ = conn.Write([]byte("SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"))
				}
				_ = conn.Close()
			}()
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}
