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
	"teamsbridge/internal/porttest"
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
	looks   = 40                     // at most, for so many
	// late is how much of a recording a phase may take to begin: a machine that
	// stands still leaves the one before waiting in the sockets on the way, which
	// have room for no more.
	late = 6 * time.Second
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
	agentAt, expertAt := porttest.Free(t), porttest.Free(t)
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
	customer := newBaresip(t, porttest.Free(t), "+4915112345678", ofCustomer)
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
			from[i] = len(phone.heard())
		}
		for i, phone := range all {
			switch who := step.name + ": the " + names[i]; {
			case step.gone[i]:
			case step.hears[i] == nil:
				phone.hearsNobody(who, customer) // who hears somebody in each phase
			default:
				phone.hears(who, from[i], step.hears[i])
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

// hears waits until what a telephone records from a place on is what it has to
// hear, and looks at some half seconds after that: never is anybody else heard.
// That somebody is missing may be a telephone that stood still, so that it is
// looked at further.
func (b *baresip) hears(who string, from int, want []float64) {
	b.t.Helper()
	look := func(at int) []float64 {
		until(b.t, "enough in a recording", func() bool { return len(b.heard()) >= at+samples(window) })
		return tonetest.Hears(b.heard()[at:at+samples(window)], voices...)
	}
	at := from
	for heard := look(at); !slices.Equal(heard, want); heard = look(at) {
		if at += samples(window) / 4; at-from > samples(late) {
			b.t.Errorf("%s hears %v, want %v", who, heard, want)
			return
		}
	}
	seen := 0
	for n := 0; seen < windows; n++ {
		at += samples(window)
		heard := look(at)
		switch isElse := func(voice float64) bool { return !slices.Contains(want, voice) }; {
		case slices.Equal(heard, want):
			seen++
		case slices.ContainsFunc(heard, isElse) || n == looks:
			b.t.Errorf("%s hears %v in half second %d, want %v", who, heard, n+1, want)
			return
		}
	}
}

// hearsNobody waits until a telephone records silence, for some half seconds of
// somebody else's recording. One packet a second is sent to who hears nobody, and
// baresip records no more than that.
func (b *baresip) hearsNobody(who string, clock *baresip) {
	b.t.Helper()
	for from := len(b.heard()); ; {
		before, to := len(b.heard()), len(clock.heard())+windows*samples(window)
		until(b.t, "enough in a recording", func() bool { return len(clock.heard()) >= to })
		heard := b.heard()
		if now := heard[before:]; len(now) <= samples(window)/2 && tonetest.LongestSilence(now) == len(now) {
			return
		}
		if len(heard)-from > samples(late) {
			b.t.Errorf("%s does not hear silence, but %d samples", who, len(heard)-from)
			return
		}
	}
}
