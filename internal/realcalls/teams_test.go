package realcalls

import (
	"crypto/tls"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
	"teamsbridge/internal/porttest"
)

// teams is Microsoft's side as Kamailio plays it, with one telephone behind it.
type teams struct {
	*authority
	port, telephone int
}

func newTeams(t *testing.T) *teams {
	t.Helper()
	dir := t.TempDir()
	m := &teams{authority: newAuthority(t, dir), port: porttest.Free(t), telephone: porttest.Free(t)}
	m.sign("teams")
	m.sign("switch")
	for from, to := range map[string]string{"kamailio.cfg": "kamailio.cfg", "kamailio-tls.cfg": "tls.cfg"} {
		text, err := os.ReadFile(filepath.Join("testdata", from))
		if err != nil {
			t.Fatal(err)
		}
		filled := strings.NewReplacer(
			"TLS_PORT", fmt.Sprint(m.port), "UDP_PORT", fmt.Sprint(porttest.Free(t)), "PHONE_PORT", fmt.Sprint(m.telephone),
			"teams.", m.file("teams."), "ca.crt", m.file("ca.crt"), `"tls.cfg"`, fmt.Sprintf("%q", m.file("tls.cfg")),
		).Replace(string(text))
		if err := os.WriteFile(m.file(to), []byte(filled), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	start(t, dir, "kamailio", "-DD", "-E", "-m", "32", "-M", "8", "-f", m.file("kamailio.cfg"), "-P", m.file("pid"), "-Y", dir, "-w", dir)
	until(t, "Kamailio is listening", func() bool {
		var dialer net.Dialer
		conn, err := dialer.DialContext(t.Context(), "tcp4", fmt.Sprintf("127.0.0.1:%d", m.port))
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return m
}

// TestTeamsIsReachedByItsRulesAndHeardThroughSRTP has an expert of Teams
// consulted over TLS, with encrypted audio all the way to their telephone.
func TestTeamsIsReachedByItsRulesAndHeardThroughSRTP(t *testing.T) {
	t.Parallel()
	m := newTeams(t)
	telephone := siptest.New(t, ofAgent)
	secure := porttest.Free(t)
	c := startCentre(t, ringPatiently, fmt.Sprintf(`
sip:
  host: localhost
  caller: %q
  listen:
  - {transport: udp, address: "127.0.0.1:%%PORT"}
  - {transport: tls, address: "127.0.0.1:%d"}
  tls: {cert_file: %q, key_file: %q, ca_file: %q}
  trunks:
  - {name: carrier, networks: [127.0.0.0/8]}
  - {name: phones, peers: [%s]}
  - {name: teams, peers: [{transport: tls, host: localhost, port: %d}], names: [localhost], direct_routing: true}
  routes: {agents: phones, experts: teams, numbers: teams}
  media: {address: 127.0.0.1}
`, contactNumber, secure, m.file("switch.crt"), m.file("switch.key"), m.file("ca.crt"), at(telephone.Peer().Port), m.port))
	who := c.anExpert()
	expert := newBaresip(t, m.telephone, who.Number, ofExpert, "mediaenc=srtp-mand")
	customer := siptest.New(t, ofCustomer, siptest.PeerAt(fmt.Sprintf("127.0.0.1:%d", c.port), ua.UDP))
	customer.Call(c.number, "+4915112345678")
	telephone.Rings()
	telephone.PickUp()
	customer.IsUp()
	c.hasCall()

	c.does("/consult", who.target(), "consult_requested")
	expert.answers()
	expert.do("sndcode", "1")
	c.reaches("consulting")
	theyTalk := func() {
		t.Helper()
		if got := tonetest.Hears(telephone.Listen(window), voices...); !slices.Equal(got, []float64{ofExpert}) {
			t.Errorf("the agent hears %v, want the expert", got)
		}
		until(t, "heard by the expert", func() bool {
			heard := expert.heard()
			return slices.Equal(tonetest.Hears(heard[max(0, len(heard)-samples(window)):], voices...), []float64{ofAgent})
		})
	}
	theyTalk()
	m.renews(fmt.Sprintf("127.0.0.1:%d", secure))
	theyTalk()
	expert.do("hangup", "") // comes back over TLS, to the name in our Contact
	c.reaches("active")

	c.does("/consult", map[string]any{"target": map[string]any{"kind": "dialNumber", "number": "4711"}}, "consult_requested")
	if v := c.reaches("held"); v.Consult == nil || v.Consult.Failure != "unreachable" {
		t.Errorf("a number that is not E.164: %+v", v.Consult)
	}
}

// renews gives the service another certificate, and another authority to trust
// beside the first: new connections have both without a restart.
func (m *teams) renews(service string) {
	m.t.Helper()
	connect := func(as *tls.Config) (*tls.Conn, error) {
		dialer := tls.Dialer{Config: as}
		conn, err := dialer.DialContext(m.t.Context(), "tcp4", service)
		if err != nil {
			return nil, err
		}
		return conn.(*tls.Conn), nil
	}
	shown := func() *big.Int {
		conn, err := connect(m.client("teams"))
		if err != nil {
			m.t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber
	}
	others := newAuthority(m.t, m.t.TempDir())
	others.sign("teams")
	stranger := others.client("teams")
	stranger.RootCAs = m.client("teams").RootCAs
	calls := 0
	taken := func() bool { // whoever is, is answered
		conn, err := connect(stranger)
		if err != nil {
			return false
		}
		defer func() { _ = conn.Close() }()
		calls++
		if _, err := fmt.Fprintf(conn, "OPTIONS sip:%s SIP/2.0\r\nVia: SIP/2.0/TLS localhost:5061;branch=z9hG4bKtaken%d\r\nMax-Forwards: 70\r\n"+
			"From: <sip:a@localhost>;tag=1\r\nTo: <sip:b@localhost>\r\nCall-ID: taken-%d\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n", service, calls, calls); err != nil {
			return false
		}
		if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			m.t.Fatal(err)
		}
		_, err = conn.Read(make([]byte, 1)) // with TLS 1.3 a client hears of its refusal when it reads
		return err == nil
	}
	before := shown()
	if taken() {
		m.t.Error("a certificate of another authority is taken")
	}
	m.sign("switch")
	both := slices.Concat(m.read("ca.crt"), others.read("ca.crt"))
	if err := os.WriteFile(m.file("ca.crt"), both, 0o600); err != nil {
		m.t.Fatal(err)
	}
	until(m.t, "the new certificate is shown", func() bool { return shown().Cmp(before) != 0 })
	until(m.t, "the new authority is trusted", taken)
}

// TestTeamsSideRefusesWhatMicrosoftDoes is the control of the one above: the
// rules are there, and who breaks them is refused.
func TestTeamsSideRefusesWhatMicrosoftDoes(t *testing.T) {
	t.Parallel()
	m := newTeams(t)
	address := fmt.Sprintf("127.0.0.1:%d", m.port)
	if err := m.isRefused(address); err == nil {
		t.Error("a client without a certificate was answered")
	}
	const named, number = "<sip:localhost:5061;transport=tls>", "+493023125099"
	for _, c := range []struct {
		name, user, contact string
		line                string // one more
		status              int
	}{
		{"an address in Contact", number, "<sip:127.0.0.1:5061;transport=tls>", "", 403},
		{"Replaces", number, named, "Replaces: 1@x;to-tag=a;from-tag=b\r\n", 400},
		{"a number without +", "493023125099", named, "", 404},
		{"audio that is not encrypted", number, named, "", 488},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := siptest.Dial(t, ua.TLS, address, m.client("switch"))
			if err != nil {
				t.Fatal(err)
			}
			const body = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"
			w.Send(fmt.Sprintf("INVITE sip:%s@%s;user=phone SIP/2.0\r\nVia: SIP/2.0/TLS localhost:5061;branch=z9hG4bK%d\r\n"+
				"Max-Forwards: 70\r\nFrom: <sip:a@localhost>;tag=1\r\nTo: <sip:b@localhost>\r\nCall-ID: %d\r\nCSeq: 1 INVITE\r\n"+
				"Contact: %s\r\n%sContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s",
				c.user, address, c.status, c.status, c.contact, c.line, len(body), body))
			w.Response(sip.INVITE, c.status)
		})
	}
}

// isRefused asks without a certificate, and says how that was refused. With
// TLS 1.3 a client hears of it when it reads.
func (m *teams) isRefused(address string) error {
	m.t.Helper()
	dialer := tls.Dialer{Config: m.client("")}
	conn, err := dialer.DialContext(m.t.Context(), "tcp4", address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	_, err = conn.Read(make([]byte, 1))
	return err
}
