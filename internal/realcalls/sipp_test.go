package realcalls

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"teamsbridge/consult/sip/g711"
	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
	"teamsbridge/internal/porttest"
)

// scenario is sipp with one of the files under testdata/sipp.
type scenario struct {
	*other
	t      *testing.T
	name   string
	errors string // file
}

// dead is the scenario of a line that answers nothing any more.
const dead = "silent-death"

// plays starts a scenario at a port, for one call.
func plays(t *testing.T, name string, port int, more ...string) *scenario {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("testdata", "sipp", name+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "voice"), voice(), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &scenario{t: t, name: name, errors: filepath.Join(dir, "errors")}
	args := []string{
		"-sf", file, "-m", "1", "-nostdin", "-trace_err", "-error_file", s.errors,
		"-i", "127.0.0.1", "-p", fmt.Sprint(port), "-mi", "127.0.0.1", "-mp", fmt.Sprint(porttest.Free(t)),
	}
	if name != dead {
		args = append(args, "-aa") // OPTIONS, which ask whether a line that is silent is still there
	}
	s.other = start(t, dir, "sipp", append(args, more...)...)
	s.quiet = true
	t.Cleanup(func() {
		if why, err := os.ReadFile(s.errors); err == nil && t.Failed() {
			t.Logf("sipp, playing %s, said:\n%s", name, why)
		}
	})
	until(t, name+" is listening", func() bool {
		select {
		case <-s.exited:
			t.Fatalf("sipp does not play %s: %v", name, s.err)
		default:
		}
		return bound(port)
	})
	return s
}

// voice is two seconds of the expert's tone in A-law, as scenarios say it.
func voice() []byte {
	samples := tonetest.Tone(ofExpert, 2*sampleRate)
	said := make([]byte, len(samples))
	g711.A.Encode(said, samples)
	return said
}

// isContent waits for the end of the scenario, and demands that all was as it says.
func (s *scenario) isContent() {
	s.t.Helper()
	until(s.t, "the end of "+s.name, func() bool {
		select {
		case <-s.exited:
			return true
		default:
			return false
		}
	})
	if s.err != nil {
		s.t.Errorf("sipp is not content with %s: %v", s.name, s.err)
	}
}

// bound reports whether somebody on this machine takes packets at a port.
func bound(port int) bool {
	sockets, err := os.ReadFile("/proc/net/udp")
	return err == nil && strings.Contains(string(sockets), fmt.Sprintf(":%04X 00000000:0000", port))
}

// Numbers that an agent dials; their telephones answer without a voice that asks.
const (
	aNumber      = "+493023125090"
	thatDeclines = "+493023125091" // in the scenario lossy
	thatHangsUp  = "+493023125092"
)

// exchange is a contact centre in which customer and agent talk, and everybody else is a scenario.
type exchange struct {
	*centre
	customer       *siptest.Phone
	telephone      *siptest.Phone // the agent's
	there, another int            // where experts and numbers are rung, and the numbers' second gateway
	who            expert
}

func newExchange(t *testing.T) *exchange {
	t.Helper()
	return exchangeOver(t, direct)
}

// exchangeOver is one whose audio travels as the configuration's section media says.
func exchangeOver(t *testing.T, media string) *exchange {
	t.Helper()
	x := &exchange{telephone: siptest.New(t, ofAgent), there: porttest.Free(t), another: porttest.Free(t)}
	x.centre = startCentre(t, ringShortly, section(t, x.telephone.Peer().Port, x.there, x.another, media))
	x.who = x.anExpert()
	x.customer = x.calls(t, x.agent, "+4915112345678")
	x.telephone.Rings()
	x.telephone.PickUp()
	x.customer.IsUp()
	x.hasCall()
	return x
}

// direct lets audio travel without a detour.
const direct = "{address: 127.0.0.1}"

// section is the configuration's section sip, with ports of the agents'
// telephones, of experts and numbers, and of the numbers' second gateway, and
// with its section media.
func section(t *testing.T, phones, there, another int, media string) string {
	t.Helper()
	return fmt.Sprintf(`
sip:
  host: 127.0.0.1
  caller: %q
  listen: [{transport: udp, address: "127.0.0.1:%%PORT"}]
  trunks:
  - {name: carrier, networks: [127.0.0.0/8]}
  - {name: phones, peers: [%s]}
  - {name: teams, peers: [%s]}
  - {name: gateways, peers: [%s, %s], username: teamsbridge, password_file: %q}
  routes: {agents: phones, experts: teams, numbers: gateways}
  media: %s
`, contactNumber, at(phones), at(there), at(there), at(another), secretFile(t, "a password of the trunk"), media)
}

// calls has a customer with a number call an agent.
func (c *centre) calls(t *testing.T, a *agent, number string) *siptest.Phone {
	t.Helper()
	customer := siptest.New(t, ofCustomer, siptest.PeerAt(fmt.Sprintf("127.0.0.1:%d", c.port), ua.UDP))
	customer.Call(a.number, number)
	return customer
}

func secretFile(t *testing.T, secret string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(name, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// number is a consult's target that nobody asks for a key.
func number(dialled string) map[string]any {
	return map[string]any{"target": map[string]any{"kind": "dialNumber", "number": dialled}}
}

// TestWhoDoesNotTakeTheConsultLeavesTheCustomerOnHold plays every way in which
// an expert's telephone says no.
func TestWhoDoesNotTakeTheConsultLeavesTheCustomerOnHold(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	for _, c := range []struct{ name, scenario, failure string }{
		{"who is busy", "busy", "busy"},
		{"who declines everywhere", "decline", "declined"},
		{"whose telephone rings too long", "no-answer", "no-answer"},
		{"whose answer crosses our giving up", "late-answer", "no-answer"},
		{"whose voicemail answers", "voicemail", "no-acceptance"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := x.in(t)
			there := plays(t, c.scenario, x.there)
			a.does("/consult", x.who.target(), "consult_requested")
			if v := a.reaches("held"); v.Consult == nil || v.Consult.State != "failed" || v.Consult.Failure != c.failure || v.Customer.State != "held" {
				t.Errorf("%+v, consult %+v", v, v.Consult)
			}
			there.isContent()
		})
	}
}

// TestRacesEndAsBothSidesKnow plays what happens in calls that are answered.
func TestRacesEndAsBothSidesKnow(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	for _, c := range []struct {
		name, scenario string
		act            func(*agent)
	}{
		{"after eighteen provisional answers of four devices", "eighteen-provisional", func(a *agent) { a.does("/consult/end", nil, "active") }},
		{"both hang up at the same time", "bye-crossing", func(a *agent) { a.does("/consult/end", nil, "active") }},
		{"both change the session at the same time", "glare", func(a *agent) {
			until(a.t, "held by the other side, after the glare", func() bool { v := a.now(); return v.Consult != nil && v.Consult.Holds })
			a.does("/consult/end", nil, "active")
		}},
		{"a trunk asks for a password", "challenge", func(a *agent) { a.does("/consult/end", nil, "active") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := x.in(t)
			there := plays(t, c.scenario, x.there)
			a.does("/consult", number(aNumber), "consult_requested")
			a.reaches("consulting")
			c.act(a)
			there.isContent()
		})
	}
}

// TestALineThatDiesIsLost has a telephone that was heard send no audio any more,
// and answer nothing.
func TestALineThatDiesIsLost(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	there, mark := plays(t, dead, x.there), x.telephone.Mark()
	x.does("/consult", number(aNumber), "consult_requested")
	x.reaches("consulting")
	x.reaches("active")
	there.isContent()
	if !slices.ContainsFunc(slices.Collect(slices.Chunk(x.telephone.Heard()[mark:], samples(window))), func(look []int16) bool {
		return slices.Equal(tonetest.Hears(look, voices...), []float64{ofExpert})
	}) {
		t.Error("the line was never heard")
	}
}

// TestAnOverloadedGatewayIsLeftForTheNext plays 503, which says that nobody was rung.
func TestAnOverloadedGatewayIsLeftForTheNext(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	first, second := plays(t, "unavailable", x.there), plays(t, "answers", x.another)
	x.does("/consult", number(aNumber), "consult_requested")
	x.reaches("consulting")
	first.isContent()
	x.does("/consult/end", nil, "active")
	second.isContent()

	// For the time that it asked for, it is left alone.
	second = plays(t, "answers", x.another)
	x.does("/consult", number(aNumber), "consult_requested")
	x.reaches("consulting")
	x.does("/consult/end", nil, "active")
	second.isContent()
}
