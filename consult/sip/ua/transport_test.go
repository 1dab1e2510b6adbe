package ua_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// authority makes certificates.
type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{pool: x509.NewCertPool()}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	a.key, a.cert = sign(t, template, template, nil)
	a.pool.AddCert(a.cert)
	return a
}

func sign(t *testing.T, template, parent *x509.Certificate, by *ecdsa.PrivateKey) (*ecdsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if by == nil {
		by = key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, by)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, cert
}

// of makes a configuration with a certificate for a name, for both directions.
func (a *authority) of(t *testing.T, name string) *tls.Config {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	key, cert := sign(t, template, a.cert, a.key)
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key}},
		RootCAs:      a.pool, ClientCAs: a.pool, ServerName: "localhost", MinVersion: tls.VersionTLS12,
	}
}

// named drops the server's name, which endpoints take from whom they call.
func named(c *tls.Config) *tls.Config {
	c = c.Clone()
	c.ServerName = ""
	return c
}

func TestACallOverEachTransport(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	for _, transport := range []ua.Transport{ua.UDP, ua.TCP, ua.TLS} {
		t.Run(string(transport), func(t *testing.T) {
			theirs := newEar()
			at := []ua.Listen{{Transport: transport, Address: "127.0.0.1:0"}}
			dialogs := make(chan *ua.Dialog, 1)
			phone := start(t, ua.Config{Listen: at, Host: "localhost", TLS: named(a.of(t, "localhost"))}, func(in *ua.Incoming) {
				d, _, err := in.Answer(context.Background(), []byte("answer"), theirs)
				if err != nil {
					t.Error(err)
				}
				dialogs <- d
			})
			peer := peerOf(phone, transport)
			peer.Host = "localhost"
			us := start(t, ua.Config{
				Listen: at, Host: "localhost", TLS: named(a.of(t, "localhost")), Trunks: []ua.Trunk{{Name: "phone", Peers: []ua.Peer{peer}, Networks: loopback}},
			}, nil)
			heard := newEar()
			d, err := us.Invite(t.Context(), ua.Invite{Trunk: "phone", To: "1", Offer: []byte("offer")}, heard)
			if err != nil {
				t.Fatal(err)
			}
			hear(t, "answer", heard.answered)
			their := hear(t, "dialog", dialogs)
			for name, ping := range map[string]*ua.Dialog{"ours": d, "theirs": their} {
				if err := ping.Ping(t.Context()); err != nil {
					t.Errorf("OPTIONS of %s: %v", name, err)
				}
			}
			their.Hangup(t.Context(), ua.Cause{})
			hear(t, "end", heard.ended)
		})
	}
}

func TestTLSPeersProveWhoTheyAre(t *testing.T) {
	t.Parallel()
	ours, strangers := newAuthority(t), newAuthority(t)
	for _, c := range []struct {
		name   string
		client *tls.Config
		taken  bool
	}{
		{"the trunk's name is taken", ours.of(t, "sbc.example.com"), true},
		{"another name is refused", ours.of(t, "stranger.example.com"), false},
		{"another authority's certificate is refused", func() *tls.Config {
			c := strangers.of(t, "sbc.example.com")
			c.RootCAs = ours.pool
			return c
		}(), false},
		{"no certificate is refused", &tls.Config{RootCAs: ours.pool, ServerName: "localhost", MinVersion: tls.VersionTLS12}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			us := start(t, ua.Config{
				Host: "localhost", Listen: []ua.Listen{{Transport: ua.TLS, Address: "127.0.0.1:0"}}, TLS: named(ours.of(t, "localhost")),
				Trunks: []ua.Trunk{{Name: "sbc", Networks: loopback, Names: []string{"sbc.example.com"}}},
			}, nil)
			w, err := siptest.Dial(t, ua.TLS, us.Addr(ua.TLS).String(), c.client)
			if err != nil {
				if c.taken {
					t.Fatal(err)
				}
				return
			}
			if c.taken {
				w.Talk("", us.Addr(ua.TLS).String()).Request(sip.OPTIONS, "")
				w.Response(sip.OPTIONS, 200)
				return
			}
			hear(t, "end of the connection", w.Closed()) // TLS 1.3 tells a client of its refusal only when it reads
		})
	}
}

func TestWhoDemandsCertificatesTakesNothingWithoutThem(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	us := start(t, ua.Config{
		Host: "localhost", TLS: named(a.of(t, "localhost")),
		Listen: []ua.Listen{{Transport: ua.TLS, Address: "127.0.0.1:0"}, {Transport: ua.UDP, Address: "127.0.0.1:0"}, {Transport: ua.TCP, Address: "127.0.0.1:0"}},
		Trunks: []ua.Trunk{{Name: "sbc", Networks: loopback, Names: []string{"sbc.example.com"}}},
	}, func(*ua.Incoming) { t.Error("a call came through") })
	packets := wireTo(t, us, ua.UDP)
	packets.Talk("100", us.Addr(ua.UDP).String()).Request(sip.INVITE, "offer")
	stream, err := siptest.Dial(t, ua.TCP, us.Addr(ua.TCP).String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	hear(t, "end of the connection", stream.Closed())
}

func TestAServerIsCheckedByTheNameThatIsConfigured(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	for _, c := range []struct {
		name, certificate string
		rung              bool
	}{
		{"its own name", "localhost", true},
		{"somebody else's", "other.example.com", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := a.of(t, c.certificate)
			server.ClientAuth = tls.RequireAndVerifyClientCert
			w := siptest.Listen(t, ua.TLS, server)
			peer := w.Peer()
			peer.Host = "localhost"
			us := start(t, ua.Config{Host: "localhost", TLS: named(a.of(t, "localhost")), Trunks: []ua.Trunk{{Name: "sbc", Peers: []ua.Peer{peer}}}}, nil)
			heard := newEar()
			d, err := us.Invite(t.Context(), ua.Invite{Trunk: "sbc", To: "1"}, heard)
			if err != nil {
				t.Fatal(err)
			}
			if !c.rung {
				if f := hear(t, "failure", heard.failed); f.Status != 0 || !strings.Contains(f.Err.Error(), "certificate") {
					t.Errorf("failure %+v", f)
				}
				return
			}
			// They name themselves by an address that their certificate does not have: the
			// connection that is there serves all the same.
			w.Answer(w.Request(sip.INVITE), 200, "tag", "answer", "Contact: <sip:sbc@127.0.0.1:1;transport=tls>")
			hear(t, "answer", heard.answered)
			w.Request(sip.ACK)
			d.Hangup(t.Context(), ua.Cause{})
			w.Answer(w.Request(sip.BYE), 200, "", "")
		})
	}
}

func TestLargeMessages(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("a=x-long:0123456789\r\n", 100)
	t.Run("a request over UDP goes by TCP", func(t *testing.T) {
		both := []ua.Listen{{Transport: ua.UDP, Address: "127.0.0.1:0"}}
		phone, address := startBoth(t)
		us := start(t, ua.Config{Listen: both, Trunks: []ua.Trunk{{Name: "phone", Peers: []ua.Peer{siptest.PeerAt(address, ua.UDP)}}}}, nil)
		heard := newEar()
		d, err := us.Invite(t.Context(), ua.Invite{Trunk: "phone", To: "1", Offer: []byte(large)}, heard)
		if err != nil {
			t.Fatal(err)
		}
		if got := hear(t, "call", phone.how); got != "TCP" {
			t.Errorf("the INVITE came over %s", got)
		}
		hear(t, "answer", heard.answered)
		d.Hangup(t.Context(), ua.Cause{})
		hear(t, "their end", phone.ear.ended)
	})
	t.Run("where nobody listens by TCP it goes all the same", func(t *testing.T) {
		w := siptest.Listen(t, ua.UDP, nil)
		for !nobodyListens(t, w.Peer().Port) {
			w = siptest.Listen(t, ua.UDP, nil)
		}
		us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "phone", Peers: []ua.Peer{w.Peer()}}}}, nil)
		heard := newEar()
		if _, err := us.Invite(t.Context(), ua.Invite{Trunk: "phone", To: "1", Offer: []byte(large)}, heard); err != nil {
			t.Fatal(err)
		}
		invite := w.Request(sip.INVITE)
		if string(invite.Body()) != large || invite.Via().Transport != "UDP" {
			t.Errorf("by %s, with %d bytes", invite.Via().Transport, len(invite.Body()))
		}
		w.Answer(invite, 486, "tag", "")
		hear(t, "failure", heard.failed)
	})
	t.Run("an answer leaves the way its request came", func(t *testing.T) {
		acknowledged := make(chan error, 1)
		phone := start(t, ua.Config{}, func(in *ua.Incoming) {
			_, _, err := in.Answer(context.Background(), []byte(large), newEar())
			acknowledged <- err
		})
		k := wireTo(t, phone, ua.UDP).Talk("100", phone.Addr(ua.UDP).String())
		if res := k.Begin("offer"); string(res.Body()) != large {
			t.Errorf("%d bytes", len(res.Body()))
		}
		if err := hear(t, "ACK", acknowledged); err != nil {
			t.Error(err)
		}
	})
	t.Run("over TLS", func(t *testing.T) {
		a := newAuthority(t)
		acknowledged := make(chan error, 1)
		phone := start(t, ua.Config{Host: "localhost", TLS: named(a.of(t, "localhost")), Listen: []ua.Listen{{Transport: ua.TLS, Address: "127.0.0.1:0"}}}, func(in *ua.Incoming) {
			if string(in.Offer) != large {
				t.Errorf("offer of %d bytes", len(in.Offer))
			}
			_, _, err := in.Answer(context.Background(), in.Offer, newEar())
			acknowledged <- err
		})
		w, err := siptest.Dial(t, ua.TLS, phone.Addr(ua.TLS).String(), a.of(t, "localhost"))
		if err != nil {
			t.Fatal(err)
		}
		if res := w.Talk("100", phone.Addr(ua.TLS).String()).Begin(large); string(res.Body()) != large {
			t.Errorf("answer of %d bytes", len(res.Body()))
		}
		if err := hear(t, "ACK", acknowledged); err != nil {
			t.Error(err)
		}
	})
	t.Run("above the limit they are dropped, and the next is read", func(t *testing.T) {
		a := answers(t, ua.Config{MaxMessage: 4096})
		w := wireTo(t, a.Endpoint, ua.UDP)
		w.Talk("100", a.Addr(ua.UDP).String()).Request(sip.INVITE, strings.Repeat(large, 3))
		w.Talk("100", a.Addr(ua.UDP).String()).Begin("offer")
		hear(t, "dialog", a.dialogs)
		if len(a.dialogs) != 0 {
			t.Error("the large one came through")
		}
	})
}

// reached is an endpoint that says how calls came.
type reached struct {
	how chan string
	ear *ear
}

// startBoth listens by UDP and TCP on one port.
func startBoth(t *testing.T) (*reached, string) {
	t.Helper()
	r := &reached{how: make(chan string, 1), ear: newEar()}
	taken := func(in *ua.Incoming) {
		via, _, _ := strings.Cut(strings.TrimPrefix(in.Header("Via"), "SIP/2.0/"), " ")
		if _, _, err := in.Answer(context.Background(), []byte("answer"), r.ear); err != nil {
			t.Error(err)
		}
		r.how <- via
	}
	for range 10 { // the port of the one may be taken for the other
		var config net.ListenConfig
		conn, err := config.ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := netip.MustParseAddrPort(conn.LocalAddr().String()).String()
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
		e, err := ua.New(ua.Config{
			Host: "127.0.0.1", Trunks: []ua.Trunk{{Name: "all", Networks: loopback}},
			Listen: []ua.Listen{{Transport: ua.UDP, Address: address}, {Transport: ua.TCP, Address: address}},
		}, ua.Deps{Incoming: taken})
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Start(t.Context()); err != nil {
			continue
		}
		t.Cleanup(func() { _ = e.Close() })
		return r, address
	}
	t.Fatal("no port for both")
	return nil, ""
}

// nobodyListens keeps a TCP port from everybody, those who run beside too, without
// listening there; false where somebody has it.
func nobodyListens(t *testing.T, port int) bool {
	t.Helper()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(socket) })
	return syscall.Bind(socket, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}) == nil
}

func TestAPeerByNameIsRung(t *testing.T) {
	t.Parallel()
	for _, transport := range []ua.Transport{ua.UDP, ua.TCP} {
		w := siptest.Listen(t, transport, nil)
		at := w.Peer()
		at.Host = "localhost"
		us := start(t, ua.Config{Trunks: []ua.Trunk{{Name: "wire", Peers: []ua.Peer{at}}}}, nil)
		heard := newEar()
		d, err := us.Invite(t.Context(), ua.Invite{Trunk: "wire", To: "1"}, heard)
		if err != nil {
			t.Fatal(err)
		}
		invite := w.Request(sip.INVITE)
		if invite.Recipient.Host != "localhost" {
			t.Errorf("%s: %s is called", transport, invite.Recipient.Host)
		}
		w.Answer(invite, 200, "tag", "answer", strings.Replace(w.Contact(), "127.0.0.1", "localhost", 1))
		hear(t, "answer", heard.answered)
		w.Request(sip.ACK)
		d.Hangup(t.Context(), ua.Cause{})
		w.Request(sip.BYE)
	}
}

func TestADialogTakesItsConnectionWhileThatLives(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		cut  bool
	}{
		{"over the connection that they opened, whatever they call themselves", false},
		{"to the address they name, when it is gone", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := answers(t, ua.Config{Listen: []ua.Listen{{Transport: ua.TCP, Address: "127.0.0.1:0"}}})
			w, elsewhere := wireTo(t, a.Endpoint, ua.TCP), siptest.Listen(t, ua.TCP, nil)
			k := w.Talk("100", a.Addr(ua.TCP).String())
			k.Seq, k.Branch = 1, "z9hG4bKfirst"
			k.Send(strings.Replace(k.Text(sip.INVITE, "offer"), k.Contact(), elsewhere.Contact(), 1))
			k.Confirm(k.Response(sip.INVITE, 200))
			k.Request(sip.ACK, "")
			d := hear(t, "dialog", a.dialogs)
			if !c.cut {
				d.Hangup(t.Context(), ua.Cause{})
				w.Request(sip.BYE)
				return
			}
			w.Disconnect() // which the endpoint may not have noticed yet
			d.Hangup(t.Context(), ua.Cause{})
			elsewhere.Answer(elsewhere.Request(sip.BYE), 200, "", "")
		})
	}
}

func TestALegThatAnswersOPTIONSLivesWhateverItSays(t *testing.T) {
	t.Parallel()
	for status, alive := range map[int]bool{200: true, 405: true, 486: true, 500: true, 481: false, 408: false} {
		k, _, d := talking(t, ua.Config{})
		pinged := make(chan error, 1)
		go func() { pinged <- d.Ping(context.Background()) }()
		k.Answer(k.Wire.Request(sip.OPTIONS), status, "", "")
		if err := hear(t, "outcome", pinged); (err == nil) != alive || errors.Is(err, ua.ErrGone) == alive {
			t.Errorf("%d: %v", status, err)
		}
	}
}
