package telephones_test

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/consult/sip/sdp"
	"teamsbridge/demo/telephones"
)

// softphone is somebody else's telephone: messages on one socket, and no audio.
type softphone struct {
	t        *testing.T
	conn     *net.UDPConn
	exchange netip.AddrPort
	user     string
	seq      int
}

func newSoftphone(t *testing.T, s *stage, user string) *softphone {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return &softphone{t: t, conn: conn, exchange: s.Addr(), user: user}
}

// ask sends a request outside a dialog.
func (p *softphone) ask(method, to string, body string, headers ...string) {
	p.t.Helper()
	p.seq++
	at := p.conn.LocalAddr().String()
	lines := []string{
		fmt.Sprintf("%s sip:%s@%s SIP/2.0", method, to, p.exchange),
		fmt.Sprintf("Via: SIP/2.0/UDP %s;rport;branch=z9hG4bK-%s-%d", at, p.user, p.seq),
		fmt.Sprintf("From: <sip:%s@%s>;tag=ours", p.user, p.exchange),
		fmt.Sprintf("To: <sip:%s@%s>", to, p.exchange),
		fmt.Sprintf("Call-ID: %s-%s-%d", p.user, method, p.conn.LocalAddr().(*net.UDPAddr).Port),
		fmt.Sprintf("CSeq: %d %s", p.seq, method),
		"Max-Forwards: 70",
		// A softphone often knows another address of itself than the exchange does.
		fmt.Sprintf("Contact: <sip:%s@192.0.2.7:5062>", p.user),
	}
	if body != "" {
		lines = append(lines, "Content-Type: application/sdp")
	}
	lines = append(append(lines, headers...), fmt.Sprintf("Content-Length: %d", len(body)))
	p.send(strings.Join(lines, "\r\n") + "\r\n\r\n" + body)
}

func (p *softphone) send(message string) {
	p.t.Helper()
	if _, err := p.conn.WriteToUDPAddrPort([]byte(message), p.exchange); err != nil {
		p.t.Fatal(err)
	}
}

func (p *softphone) read() sip.Message {
	p.t.Helper()
	buffer := make([]byte, 1<<16)
	n, err := p.conn.Read(buffer)
	if err != nil {
		p.t.Fatal(err)
	}
	message, err := sip.ParseMessage(buffer[:n])
	if err != nil {
		p.t.Fatal(err)
	}
	return message
}

// final is the next final answer.
func (p *softphone) final() *sip.Response {
	p.t.Helper()
	for {
		if res, ok := p.read().(*sip.Response); ok && res.StatusCode >= 200 {
			return res
		}
	}
}

// request is the next request of a method.
func (p *softphone) request(method sip.RequestMethod) *sip.Request {
	p.t.Helper()
	for {
		if req, ok := p.read().(*sip.Request); ok && req.Method == method {
			return req
		}
	}
}

// register proves a password and gives the status.
func (p *softphone) register(secret string, headers ...string) int {
	p.t.Helper()
	p.ask("REGISTER", p.user, "")
	res := p.final()
	challenge, err := digest.ParseChallenge(res.GetHeader("WWW-Authenticate").Value())
	if err != nil || res.StatusCode != sip.StatusUnauthorized {
		p.t.Fatalf("%d, %v", res.StatusCode, err)
	}
	proof, err := digest.Digest(challenge, digest.Options{
		Method: "REGISTER", URI: fmt.Sprintf("sip:%s@%s", p.user, p.exchange), Username: p.user, Password: secret,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.ask("REGISTER", p.user, "", append(headers, "Authorization: "+proof.String())...)
	return p.final().StatusCode
}

func (p *softphone) description() sdp.Session {
	return sdp.Session{ID: 7, Addr: netip.MustParseAddr("127.0.0.1"), Port: 9} // nobody listens there, whoever runs beside
}

// ring says that it rings.
func (p *softphone) ring(invite *sip.Request) {
	p.send(sip.NewResponseFromRequest(invite, sip.StatusRinging, "Ringing", nil).String())
}

// hungUp takes a BYE.
func (p *softphone) hungUp() {
	p.t.Helper()
	p.send(sip.NewResponseFromRequest(p.request(sip.BYE), sip.StatusOK, "OK", nil).String())
}

// pickUp answers an INVITE.
func (p *softphone) pickUp(invite *sip.Request) {
	p.t.Helper()
	body, _, err := sdp.Answer(invite.Body(), p.description())
	if err != nil {
		p.t.Fatal(err)
	}
	res := sip.NewResponseFromRequest(invite, sip.StatusOK, "OK", body)
	res.AppendHeader(sip.NewHeader("Contact", fmt.Sprintf("<sip:%s@192.0.2.7:5062>", p.user)))
	res.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	p.send(res.String())
}

func TestWhoMayRegister(t *testing.T) {
	s := newStage(t, telephones.Options{Manual: true})
	for name, c := range map[string]struct {
		user, password string
		status         int
	}{
		"an agent by name":   {"anja", password, 200},
		"a customer":         {"customer", password, 200},
		"whoever a number":   {expert, password, 200},
		"nobody's name":      {"zoe", password, 404},
		"the wrong password": {"anja", "guess", 401},
	} {
		t.Run(name, func(t *testing.T) {
			if status := newSoftphone(t, s, c.user).register(c.password); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
		})
	}
}

func TestASoftphoneIsRungAndHungUp(t *testing.T) {
	s := newStage(t, telephones.Options{Manual: true})
	id := s.connect(t)
	phone := newSoftphone(t, s, expert)
	if status := phone.register(password); status != 200 {
		t.Fatal(status)
	}
	s.ring(t, id, false)
	invite := phone.request(sip.INVITE)
	phone.ring(invite)
	s.await(t, consult.EventRinging)
	if err := s.Act(t.Context(), id, consult.PartyConsulted, memswitch.ActDecline); err == nil {
		t.Error("a softphone's party is played")
	}
	phone.pickUp(invite)
	s.await(t, consult.EventAnswered)
	phone.request(sip.ACK)
	if err := s.Hangup(t.Context(), id, "expert"); err != nil {
		t.Fatal(err)
	}
	phone.hungUp()
	s.await(t, consult.EventEnded)
}

func TestACustomersSoftphoneCallsAnAgent(t *testing.T) {
	s := newStage(t, telephones.Options{Manual: true})
	phone := newSoftphone(t, s, "customer")
	offer, err := sdp.Offer(phone.description())
	if err != nil {
		t.Fatal(err)
	}
	phone.ask("INVITE", "anja", string(offer))
	if res := phone.final(); res.StatusCode != sip.StatusForbidden {
		t.Errorf("who is not registered gets %d", res.StatusCode)
	}
	if status := phone.register(password); status != 200 {
		t.Fatal(status)
	}
	phone.ask("INVITE", "anja", string(offer))
	res := phone.final()
	if res.StatusCode != sip.StatusOK {
		t.Fatalf("status %d", res.StatusCode)
	}
	to := res.Contact().Address
	phone.send(strings.Join([]string{
		"ACK " + to.String() + " SIP/2.0", "Via: SIP/2.0/UDP " + phone.conn.LocalAddr().String() + ";rport;branch=z9hG4bK-ack",
		"Route: " + res.RecordRoute().Value(), res.From().String(), res.To().String(), res.CallID().String(),
		fmt.Sprintf("CSeq: %d ACK", res.CSeq().SeqNo), "Max-Forwards: 70", "Content-Length: 0",
	}, "\r\n") + "\r\n\r\n")
	call := s.await(t, consult.EventCall)
	if call.Call.From != "+491713920010" {
		t.Errorf("the call is from %q", call.Call.From)
	}
	if err := s.Hangup(t.Context(), call.Interaction, call.Call.CustomerLeg); err != nil {
		t.Fatal(err)
	}
	phone.hungUp()
}

func TestWhoUnregistersIsPlayedAgain(t *testing.T) {
	s := newStage(t, telephones.Options{Manual: true})
	id := s.connect(t)
	phone := newSoftphone(t, s, expert)
	for _, expires := range []string{"600", "0"} {
		if status := phone.register(password, "Expires: "+expires); status != 200 {
			t.Fatal(status)
		}
	}
	s.ring(t, id, false)
	if err := s.Act(t.Context(), id, consult.PartyConsulted, memswitch.ActAnswer); err != nil {
		t.Error(err)
	}
}
