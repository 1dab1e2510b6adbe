package realcalls

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"teamsbridge/consult/sip/media/tonetest"
)

// The voices, and the operator's own music and ringing tone, in hertz: no two have
// a harmonic in common.
const (
	ofCustomer = 400.0
	ofAgent    = 700.0
	ofExpert   = 1100.0
	ofMusic    = 1700.0
	ofRinging  = 1300.0
)

var voices = []float64{ofCustomer, ofAgent, ofExpert, ofMusic, ofRinging}

const (
	window  = 500 * time.Millisecond // one look at a recording
	windows = 3                      // of each phase
	settle  = 400 * time.Millisecond // from the service's answer to the telephone's recording
)

// samples is how many of them a time has.
func samples(d time.Duration) int { return int(d * sampleRate / time.Second) }

// TestEachHearsWhatThePhaseSays has three telephones go through every phase and
// back, and holds every half second of what they recorded against the phase.
func TestEachHearsWhatThePhaseSays(t *testing.T) {
	t.Parallel()
	file := func(hertz float64) string {
		name := filepath.Join(t.TempDir(), "tone.wav")
		if err := os.WriteFile(name, tonetest.WAV(tonetest.Tone(hertz, 10*sampleRate)), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	agentAt, expertAt := freePort(t), freePort(t)
	c := startCentre(t, ringPatiently, fmt.Sprintf(`
sip:
  host: 127.0.0.1
  caller: %q
  listen: [{transport: udp, address: "127.0.0.1:%%PORT"}]
  trunks:
  - {name: carrier, networks: [127.0.0.0/8]}
  - {name: phones, peers: [%s]}
  - {name: teams, peers: [%s]}
  routes: {agents: phones, experts: teams, numbers: teams}
  media: {address: 127.0.0.1, music: %q, ringing: %q}
`, contactNumber, at(agentAt), at(expertAt), file(ofMusic), file(ofRinging)))
	who := c.anExpert()
	customer := newBaresip(t, freePort(t), "+4915112345678", ofCustomer)
	agent, expert := newBaresip(t, agentAt, c.number, ofAgent), newBaresip(t, expertAt, who.Number, ofExpert)

	customer.do("dial", fmt.Sprintf("sip:%s@127.0.0.1:%d", c.number, c.port))
	agent.answers()
	customer.waits("CALL_ESTABLISHED")
	c.hasCall()

	rings := func() {
		c.does("/consult", who.target(), "consult_requested")
		expert.waits("CALL_INCOMING")
	}
	accepts := func() {
		expert.do("accept", "")
		expert.waits("CALL_ESTABLISHED")
		expert.do("sndcode", "1") // accepts
		c.reaches("consulting")
		until(t, "after the prompt", func() bool {
			heard := expert.heard()
			return slices.Equal(tonetest.Hears(heard[max(0, len(heard)-samples(window)):], voices...), []float64{ofAgent})
		})
	}
	does := func(path, phase string) func() { return func() { c.does(path, nil, phase) } }
	all := [3]*baresip{customer, agent, expert}
	names := [3]string{"customer", "agent", "expert"}
	a, b, x, m, r := []float64{ofAgent}, []float64{ofCustomer}, []float64{ofExpert}, []float64{ofMusic}, []float64{ofRinging}
	for _, step := range []struct {
		name  string
		act   func()
		hears [3][]float64 // customer, agent, expert
		gone  [3]bool      // who has no call
	}{
		{"they talk", func() {}, [3][]float64{a, b}, [3]bool{2: true}},
		{"the customer is held", does("/hold", "held"), [3][]float64{m, nil}, [3]bool{2: true}},
		{"and back", does("/resume", "active"), [3][]float64{a, b}, [3]bool{2: true}},
		{"the expert's telephone rings", rings, [3][]float64{m, r}, [3]bool{2: true}},
		{"consulting", accepts, [3][]float64{m, x, a}, [3]bool{}},
		{"back to the customer", does("/resume", "swapped"), [3][]float64{a, b, m}, [3]bool{}},
		{"back to the expert", does("/consult/resume", "consulting"), [3][]float64{m, x, a}, [3]bool{}},
		{"all three", does("/conference", "conferenced"), [3][]float64{{ofAgent, ofExpert}, {ofCustomer, ofExpert}, {ofCustomer, ofAgent}}, [3]bool{}},
		{"the expert hangs up", func() { expert.do("hangup", ""); c.reaches("active") }, [3][]float64{a, b}, [3]bool{2: true}},
		{"consulting again", func() { rings(); accepts() }, [3][]float64{m, x, a}, [3]bool{}},
		{"transferred", does("/transfer", "transferred"), [3][]float64{x, nil, b}, [3]bool{1: true}},
	} {
		step.act()
		var from [3]int
		for i, phone := range all {
			from[i] = len(phone.heard()) + samples(settle)
		}
		// The customer hears somebody in each phase: that recording is the clock of those who do not.
		until(t, "settled", func() bool { return len(customer.heard()) >= from[0] })
		for i, phone := range all {
			if step.hears[i] == nil {
				from[i] = len(phone.heard())
			}
		}
		for i, phone := range all {
			if step.gone[i] || step.hears[i] == nil {
				continue
			}
			to := from[i] + windows*samples(window)
			until(t, "enough in a recording", func() bool { return len(phone.heard()) >= to })
			for n, look := range slices.Collect(slices.Chunk(phone.heard()[from[i]:to], samples(window))) {
				heard := tonetest.Hears(look, voices...)
				if !slices.Equal(heard, step.hears[i]) {
					t.Errorf("%s: in half second %d the %s hears %v, want %v", step.name, n+1, names[i], heard, step.hears[i])
				}
			}
		}
		for i, phone := range all {
			if step.gone[i] || step.hears[i] != nil {
				continue
			}
			// One packet a second is sent to who hears nobody, and baresip records no more than that.
			heard := phone.heard()[from[i]:]
			if len(heard) > samples(window)/2 || tonetest.LongestSilence(heard) < len(heard) {
				t.Errorf("%s: the %s does not hear silence, but %d samples", step.name, names[i], len(heard))
			}
		}
	}
	agent.waits("CALL_CLOSED")
	customer.do("hangup", "")
	expert.waits("CALL_CLOSED")
	var ended view
	until(t, "the end", func() bool {
		return c.do(http.MethodGet, "/api/v1/interactions/"+c.interaction, nil, &ended) == http.StatusOK && ended.Customer.State == "left"
	})
}
