package crash

import (
	"errors"
	"fmt"
	"testing"
)

// story is a call in which nothing is wrong: held, an expert consulted and
// talked to, handed over, who hung up; the agent wrapped up.
func story() evidence {
	inputs := []entry{
		{Input: "call", Actor: "customer", To: "active"},
		{Input: "hold", Actor: "agent1", To: "active"},
		{Input: "arranged", Actor: "switch", To: "held"},
		{Input: "consult", Actor: "agent1", To: "consult_requested"},
		{Input: "answered", Actor: "switch", To: "consulting"},
		{Input: "transfer", Actor: "agent1", To: "consulting"},
		{Input: "arranged", Actor: "switch", To: "transferred"},
		{Input: "hungUp", Actor: "switch", To: "wrapup"},
		{Input: "wrapUp", Actor: "former", To: "ended"},
	}
	for i := range inputs {
		inputs[i].Version = i + 1
		if i > 0 {
			inputs[i].From = inputs[i-1].To
		}
	}
	return evidence{
		call: &tracked{
			did: map[string]bool{"consulted": true},
			commands: []*command{
				done("hold", 3, "held"), done("consult", 4, "consult_requested"), done("transfer", 7, "transferred"), done("wrapUp", 9, "ended"),
				{action: "end", answer: answer{status: 409}},
			},
			trespasses: []*command{{action: "hold", answer: answer{status: 403}}, {action: "end"}},
			history:    inputs[:4],
		},
		view:   view{Version: 9, Phase: "ended", Role: "former"},
		now:    inputs,
		phones: &lines{consulted: map[string]bool{"e": false}, agents: map[string]bool{"a": false}},
	}
}

func done(action string, version int, phase string) *command {
	return &command{action: action, answer: answer{200, fmt.Appendf(nil, `{"version":%d,"phase":%q}`, version, phase)}}
}

// until cuts the story after a version, as a call that still goes on.
func (e *evidence) until(version int, commands int, offered ...string) {
	e.now, e.call.history, e.call.commands = e.now[:version], nil, e.call.commands[:commands]
	e.view = view{Version: version, Phase: e.now[version-1].To, Role: "agent1", Actions: map[string]permit{}}
	for _, action := range offered {
		e.view.Actions[action] = permit{Allowed: true}
	}
	e.phones.customer = true
	if version < 4 {
		e.phones.consulted = nil
	}
}

// TestTheJudgeFindsWhatIsWrong spoils a good story in every way that the
// harness is to find: a judge who finds nothing proves nothing.
func TestTheJudgeFindsWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*evidence)
		want  error // nil: nothing is wrong
	}{
		{"the story as it is", func(*evidence) {}, nil},
		{"a call that goes on", func(e *evidence) { e.until(3, 1, "resume") }, nil},
		{"a command that was not answered and is there", func(e *evidence) { e.call.commands[2].answer = answer{} }, nil},
		{"a command that was not answered and is not there", func(e *evidence) {
			e.call.commands = append(e.call.commands, &command{action: "leave"})
		}, nil},
		{"an outcome that nobody knew", func(e *evidence) { e.call.commands[2].answer.status = 504 }, nil},

		{"an answered step is not in the journal", func(e *evidence) { e.until(6, 3, "endConsult") }, errLost},
		{"an answered phase is not the journal's", func(e *evidence) { e.call.commands[0] = done("hold", 3, "active") }, errLost},
		{"an answered command is not in the journal, its version is", func(e *evidence) { e.now[1].Input = "holdWarn" }, errLost},
		{"a failure was told, and the journal knows nothing of it", func(e *evidence) { e.call.commands[4].answer.status = 502 }, errLost},
		{"an outcome was unknown, and the journal knows nothing of it", func(e *evidence) { e.call.commands[4].answer.status = 504 }, errLost},
		{"an answer without a version", func(e *evidence) { e.call.commands[0] = done("hold", 0, "held") }, errLost},
		{"history has a gap", func(e *evidence) { e.now[5].Version = 9 }, errLost},
		{"history is shorter than the version", func(e *evidence) { e.view.Version = 10 }, errLost},
		{"history is shorter than it was", func(e *evidence) {
			e.until(3, 1, "resume")
			e.call.history = story().now
		}, errLost},
		{"history was rewritten", func(e *evidence) {
			e.call.history = []entry{{Version: 1, Input: "call", Actor: "customer", To: "held"}}
		}, errLost},
		{"a phase was skipped", func(e *evidence) { e.now[4].From = "held" }, errLost},

		{"a command is there twice", func(e *evidence) { e.now[7].Input, e.now[7].To, e.now[8].From = "hold", "transferred", "transferred" }, errTwice},
		{"a command is there that nobody sent", func(e *evidence) { e.call.commands = e.call.commands[1:] }, errTwice},
		{"two telephones rang for one consult", func(e *evidence) { e.phones.consulted["f"] = false }, errTwice},
		{"the owner was rung whose line never died", func(e *evidence) { e.phones.agents["b"] = true }, errTwice},
		{"the network saw a second dial", func(e *evidence) { e.phones.twice = []string{"leg e was dialled again"} }, errTwice},

		{"something is pending for ever", func(e *evidence) {
			e.until(3, 1, "resume")
			e.view.Pending = &pending{Action: "resume"}
		}, errStuck},
		{"the owner can do nothing", func(e *evidence) { e.until(3, 1) }, errStuck},
		{"the customer is gone and the call goes on", func(e *evidence) {
			e.until(3, 1, "resume")
			e.phones.customer = false
		}, errStuck},

		{"a failed transfer dropped the customer", func(e *evidence) { e.now[7].Input = "arrangeFailed" }, errDropped},
		{"nobody hung up", func(e *evidence) { e.call.did = nil }, errDropped},
		{"the expert's hang-up before a transfer dropped the customer", func(e *evidence) {
			for i := 5; i < 7; i++ {
				e.now[i].To, e.now[i+1].From = "swapped", "swapped"
			}
			e.call.commands[2].answer.status = 502
		}, errDropped},
		{"the customer hung up, and did not", func(e *evidence) { e.now[7].Actor = "customer" }, errDropped},
		{"the owner left a conference and took the customer with them", func(e *evidence) {
			e.now[7].Actor, e.now[6].To, e.now[7].From = "agent1", "conferenced", "conferenced"
			e.call.commands[2].answer.status = 502
		}, errDropped},
		{"an owner stayed lost who never was", func(e *evidence) { e.now[7].Actor, e.now[7].Input = "agent1", "notReturned" }, errDropped},
		{"a timer dropped the customer", func(e *evidence) { e.now[7].Actor, e.now[7].Input = "system", "holdMax" }, errDropped},
		{"a call that was over goes on", func(e *evidence) { e.now[8].To = "active" }, errDropped},

		{"a supervisor's command was carried out", func(e *evidence) { e.call.trespasses[0].answer = answer{status: 200} }, errTrespass},
		{"a supervisor's command was looked at", func(e *evidence) { e.call.trespasses[0].answer = answer{status: 409} }, errTrespass},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := story()
			c.spoil(&e)
			switch err := e.judge(); {
			case c.want == nil && err != nil:
				t.Errorf("the judge complains: %v", err)
			case c.want != nil && !errors.Is(err, c.want):
				t.Errorf("the judge says %v, want %q", err, c.want)
			}
		})
	}
}

// TestTheNetworksRecordShowsASecondDial: the judge believes the record, so the
// record must be read right.
func TestTheNetworksRecordShowsASecondDial(t *testing.T) {
	leg := func(leg, party, state string) phoneLeg { return phoneLeg{leg, party, state} }
	customer, agent := leg("c", "customer", "up"), leg("a", "agent", "up")
	ringing, another := leg("e", "consulted", "ringing"), leg("f", "consulted", "ringing")
	for _, c := range []struct {
		name    string
		changes [][]phoneLeg
		faulty  bool
		twice   int
	}{
		{"one after the other", [][]phoneLeg{{customer, agent, ringing}, {customer, agent}, {customer, agent, another}}, false, 0},
		{"a leg that was gone is back", [][]phoneLeg{{customer, agent, ringing}, {customer, agent}, {customer, agent, ringing}}, false, 1},
		{"the owner's telephone that was gone is back", [][]phoneLeg{{customer, agent}, {customer}, {customer, agent}}, false, 1},
		{"two ring at once", [][]phoneLeg{{customer, agent, ringing, another}}, false, 1},
		{"two ring at once where hang-ups are refused", [][]phoneLeg{{customer, agent, ringing, another}}, true, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p phones
			for _, legs := range c.changes {
				p.see(phoneLine{Interaction: "i", Legs: legs}, c.faulty)
			}
			got := p.of("i")
			if len(got.twice) != c.twice || !got.customer && len(c.changes) > 0 {
				t.Errorf("%q, customer there: %t", got.twice, got.customer)
			}
		})
	}
	t.Run("what is left is counted", func(t *testing.T) {
		var p phones
		p.see(phoneLine{Interaction: "i", Legs: []phoneLeg{customer, agent, ringing}}, false)
		p.see(phoneLine{Interaction: "i", Legs: []phoneLeg{customer}}, false)
		p.see(phoneLine{Interaction: "j"}, false)
		p.see(phoneLine{Interaction: "begun, and never journaled", Legs: []phoneLeg{customer, agent}}, false)
		if left := p.left(map[string]bool{"i": true, "j": true}); len(left) != 1 || left["customer"] != 1 {
			t.Errorf("%v left, want the customer's", left)
		}
	})
}

// TestTwoAnswersToOneKeyAreCompared: what checkKeys relies on.
func TestTwoAnswersToOneKeyAreCompared(t *testing.T) {
	first := done("hold", 3, "held").answer
	for _, c := range []struct {
		name  string
		again answer
		same  bool
	}{
		{"the same", done("hold", 3, "held").answer, true},
		{"another version", done("hold", 5, "held").answer, false},
		{"another phase", done("hold", 3, "active").answer, false},
		{"another status", answer{status: 409}, false},
		{"nothing that can be read", answer{status: 200, raw: []byte("{")}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := same(first, c.again); (err == nil) != c.same {
				t.Errorf("same: %v", err)
			}
		})
	}
}
