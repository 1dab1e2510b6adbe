package sip_test

import (
	"context"
	"encoding/json"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// await takes events until one of a kind comes, and acknowledges them.
func (n *network) await(t *testing.T, kind consult.EventKind) consult.Event {
	t.Helper()
	for {
		e := siptest.Wait(t, string(kind), n.sw.Events())
		if e.Ack != nil {
			e.Ack(nil)
		}
		if e.Kind == kind {
			return e
		}
	}
}

// connect lets the customer call and the agent pick up.
func (n *network) connect(t *testing.T) consult.Event {
	t.Helper()
	n.customer.Call("100", "+4915112345")
	n.agent.Rings()
	n.agent.PickUp()
	call := n.await(t, consult.EventCall)
	n.customer.IsUp()
	return call
}

func (n *network) dial(t *testing.T, call consult.Event, d consult.Dial) {
	t.Helper()
	d.Interaction, d.Party, d.Number, d.Kind = call.Interaction, consult.PartyConsulted, "+49301234567", consult.TargetOrganization
	if err := n.sw.Dial(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

func (n *network) arrange(t *testing.T, id consult.InteractionID, a consult.Arrangement) {
	t.Helper()
	if err := n.sw.Arrange(t.Context(), id, a); err != nil {
		t.Fatal(err)
	}
	n.await(t, consult.EventArranged)
}

func TestEveryPhaseIsHeardAsItSays(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, nil)
	call := n.connect(t)
	customer, agent, expert := call.Call.CustomerLeg, call.Call.AgentLeg, consult.LegID("expert")
	n.dial(t, call, consult.Dial{Leg: expert})
	n.expert.Rings()
	n.expert.PickUp()
	n.await(t, consult.EventAnswered)

	const c, a, x = 400, 700, 1100 // the voices
	for i, p := range []struct {
		phase                                    string
		picture                                  consult.Arrangement
		customerHears, agentHears, expertHears   []float64
		customerMusic, expertMusic, agentDropped bool
	}{
		{"consulting", consult.Arrangement{Talk: []consult.LegID{agent, expert}, Hold: []consult.LegID{customer}}, nil, []float64{x}, []float64{a}, true, false, false},
		{"swapped", consult.Arrangement{Talk: []consult.LegID{agent, customer}, Hold: []consult.LegID{expert}}, []float64{a}, []float64{c}, nil, false, true, false},
		{"conferenced", consult.Arrangement{Talk: []consult.LegID{agent, customer, expert}}, []float64{a, x}, []float64{c, x}, []float64{c, a}, false, false, false},
		{"transferred", consult.Arrangement{Talk: []consult.LegID{customer, expert}}, []float64{x}, nil, []float64{c}, false, false, true},
	} {
		p.picture.Seq = uint64(i + 1)
		n.arrange(t, call.Interaction, p.picture)
		for who, heard := range map[string]struct {
			phone *siptest.Phone
			want  []float64
			music bool
		}{
			"customer": {n.customer, p.customerHears, p.customerMusic},
			"agent":    {n.agent, p.agentHears, false},
			"expert":   {n.expert, p.expertHears, p.expertMusic},
		} {
			if heard.music {
				heard.phone.MustHearSomething(t, p.phase+": the "+who)
				continue
			}
			heard.phone.MustHear(t, p.phase+": the "+who, []float64{c, a, x}, heard.want...)
		}
	}
}

func TestAnExpertCountsAsAnsweredWhenTheyPressOne(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keys   string
		kind   consult.EventKind
		reason consult.FailureReason
		note   string
	}{
		"1 accepts":                    {"1", consult.EventAnswered, "", ""},
		"2 asks for two minutes":       {"2", consult.EventFailed, consult.FailureDeclined, "In zwei Minuten"},
		"3 declines":                   {"3", consult.EventFailed, consult.FailureDeclined, ""},
		"other keys are not an answer": {"901", consult.EventAnswered, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNetwork(t, nil)
			call := n.connect(t)
			n.dial(t, call, consult.Dial{Leg: "expert", Acceptance: true, OnBehalf: "Anja Weber"})
			n.expert.Rings()
			n.expert.PickUp()
			n.await(t, consult.EventAsked)
			n.expert.IsUp()
			n.expert.Press(c.keys)
			if e := n.await(t, c.kind); e.Reason != c.reason || e.Note != c.note || e.Leg != "expert" {
				t.Errorf("event %+v", e)
			}
		})
	}
}

func TestAVoicemailThatPicksUpIsNeverAnAnswer(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, nil)
	call := n.connect(t)
	n.dial(t, call, consult.Dial{Leg: "expert", Acceptance: true})
	n.expert.Rings()
	n.expert.PickUp()
	n.await(t, consult.EventAsked)
	n.expert.IsUp() // it talks, presses nothing and hangs up
	n.expert.HangUp()
	if e := n.await(t, consult.EventFailed); e.Reason != consult.FailureNoAcceptance {
		t.Errorf("reason %q", e.Reason)
	}
}

func TestWhatTheExpertSeesOfTheCustomer(t *testing.T) {
	t.Parallel()
	for show, want := range map[string]string{
		sip.ShowNone: "Anja Weber", sip.ShowMasked: "Anja Weber (********345)", sip.ShowFull: "Anja Weber (+4915112345)",
	} {
		t.Run(show, func(t *testing.T) {
			n := newNetwork(t, func(c *sip.Config) { c.ShowCustomer = show })
			call := n.connect(t)
			n.dial(t, call, consult.Dial{Leg: "expert", OnBehalf: "Anja Weber"})
			if in := n.expert.Rings(); in.From != "+49305550" || in.FromName != want {
				t.Errorf("from %q, name %q, want the contact centre's number and %q", in.From, in.FromName, want)
			}
		})
	}
}

func TestACustomerWhoIsNotTakenHearsWhy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		to     string
		agent  int // the agent's answer; 0: they are not rung
		status int
	}{
		"nobody has that number": {"999", 0, 404},
		"the agent is busy":      {"100", 486, 486},
		"the agent declines":     {"100", 603, 480},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNetwork(t, nil)
			n.customer.Call(c.to, "+4915112345")
			if c.agent != 0 {
				n.agent.Rings()
				n.agent.Refuse(c.agent)
			}
			if f := n.customer.WaitFailed(); f.Status != c.status {
				t.Errorf("status %d, want %d", f.Status, c.status)
			}
		})
	}
}

func TestACustomerWhoGivesUpStopsTheRinging(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, nil)
	n.customer.Call("100", "+4915112345")
	in := n.agent.Rings()
	n.customer.HangUp()
	siptest.Wait(t, "CANCEL", in.Withdrawn())
	if f := n.customer.WaitFailed(); !f.Withdrawn {
		t.Errorf("failure %+v", f)
	}
}

func TestLinesOfADeadProcessAreEnded(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, nil)
	n.connect(t)
	left, err := n.lines.AllLines(t.Context())
	if err != nil || len(left) != 2 {
		t.Fatalf("lines %v, %v; want those of customer and agent", left, err)
	}
	for _, line := range left {
		var stored ua.Stored
		if err := json.Unmarshal(line.Memo, &stored); err != nil || stored.CallID == "" {
			t.Fatalf("line %s: %v", line.Memo, err)
		}
	}
	// The process dies: another one begins with the lines that it left.
	again := newNetwork(t, nil)
	for _, line := range left {
		if err := again.lines.KeepLine(t.Context(), line); err != nil {
			t.Fatal(err)
		}
	}
	after, err := sip.New(sip.Config{
		Host: "127.0.0.1", Listen: []sip.ListenConfig{{Transport: "udp", Address: "127.0.0.1:0"}},
		Trunks: []sip.TrunkConfig{{Name: "carrier", Networks: []string{"127.0.0.0/8"}}, {Name: "phones", Networks: []string{"127.0.0.0/8"}}},
		Media:  sip.MediaConfig{Address: "127.0.0.1"},
	}, sip.Deps{Lines: again.lines, Agent: func(string) (sip.Agent, bool) { return sip.Agent{}, false }})
	if err != nil {
		t.Fatal(err)
	}
	if err := after.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = after.Close() })
	for _, phone := range []*siptest.Phone{n.customer, n.agent} {
		if end := phone.Over(); end.Kind != ua.EndedByThem {
			t.Errorf("ended %q", end.Kind)
		}
	}
}

func TestALineIsForgottenWhenTheStoreIsBack(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, nil)
	n.connect(t)
	n.lines.mu.Lock()
	n.lines.deaf = 3
	n.lines.mu.Unlock()
	n.customer.HangUp()
	n.await(t, consult.EventEnded)
	siptest.Until(t, "one line", func() bool {
		n.lines.mu.Lock()
		defer n.lines.mu.Unlock()
		return n.lines.deaf == 0 && len(n.lines.kept) == 1 // the agent's, which nobody has ended
	})
}

func TestADrainTakesNoNewCallsAndWaitsForThoseThatRun(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, func(c *sip.Config) { c.Inbound.RingTimeout = siptest.Patience / 3 })
	call := n.connect(t)
	drained := make(chan int, 1)
	go func() { drained <- n.sw.Drain(context.Background()) }()
	late := n.newCustomer(t)
	for { // until the drain has begun: a call before it rings for nobody
		late.Call("100", "+49151")
		if f := late.WaitFailed(); f.Status == 503 {
			if f.RetryAfter == 0 {
				t.Error("no Retry-After")
			}
			break
		}
	}
	for _, leg := range []consult.LegID{call.Call.CustomerLeg, call.Call.AgentLeg} {
		if err := n.sw.Hangup(t.Context(), call.Interaction, leg); err != nil {
			t.Fatal(err)
		}
	}
	if left := siptest.Wait(t, "drain", drained); left != 0 {
		t.Errorf("%d left", left)
	}
}
