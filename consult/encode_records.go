package consult

import (
	"slices"
	"sync"
)

// scratch is where a step's lines are written before it is known how long they
// are: a store may keep them for a while, and no more than they need.
var scratch = sync.Pool{New: func() any { return new(line) }}

// encodeStep writes what the journal keeps of a step.
func encodeStep(in *Input, s *State, h *HistoryEntry) (input, state, entry []byte) {
	l := scratch.Get().(*line) // nothing else is put there
	defer scratch.Put(l)
	l.begin(in.At)
	l.object(func() { writeInput(l, in) })
	first := len(l.b)
	l.object(func() { writeState(l, s) })
	second := len(l.b)
	l.object(func() { writeEntry(l, h) })
	lines := slices.Clone(l.b)
	return lines[:first:first], lines[first:second:second], lines[second:]
}

func writeState(l *line, s *State) {
	l.text("id", string(s.ID))
	l.text("tenant", s.Tenant)
	l.number("version", s.Version)
	l.text("phase", string(s.Phase))
	l.time("startedAt", s.StartedAt)
	nested(l, "customer", &s.Customer, writeCustomer)
	nested(l, "owner", s.Owner, writeMember)
	nested(l, "taker", s.Taker, writeMember)
	list(l, "former", s.Former, writeMember)
	nested(l, "pending", s.Pending, writePending)
	nested(l, "consult", s.Consult, writeConsult)
	list(l, "wrapUps", s.WrapUps, writeWrapUp)
	nested(l, "lost", s.Lost, writeLost)
	legs(l, "holding", s.Holding)
	l.number("seq", s.Seq)
	l.some("told", string(s.Told))
}

// legs writes an array of legs, if it has any.
func legs(l *line, k string, all []LegID) {
	if len(all) == 0 {
		return
	}
	l.key(k)
	l.b = append(l.b, '[')
	for _, leg := range all {
		l.b = append(appendText(l.b, string(leg)), ',')
	}
	l.close(']')
	l.b = append(l.b, ',')
}

func writeCustomer(l *line, c *Customer) {
	l.some("leg", string(c.Leg))
	l.text("number", c.Number)
	l.text("state", c.State)
	l.time("since", c.Since)
	l.someTrue("warned", c.Warned)
}

func writeMember(l *line, m *Member) {
	l.some("agent", string(m.Agent))
	l.some("name", m.Name)
	l.some("number", m.Number)
	l.some("leg", string(m.Leg))
}

func writeLost(l *line, m *Lost) {
	l.some("leg", string(m.Leg))
	l.time("since", m.Since)
}

func writePending(l *line, p *Pending) {
	l.text("action", string(p.Action))
	l.text("input", p.Input.String())
	l.text("actor", p.Actor.String())
	l.some("by", string(p.By))
	l.text("to", string(p.To))
	l.someNumber("seq", p.Seq)
	l.time("since", p.Since)
	l.some("scope", p.Scope)
	l.some("key", p.Key)
	l.some("role", string(p.Role))
}

func writeConsult(l *line, k *Consult) {
	nested(l, "target", &k.Target, writeTarget)
	nested(l, "party", k.Party, writeParty)
	l.some("then", k.Then)
	l.some("leg", string(k.Leg))
	l.someTrue("asked", k.Asked)
	l.some("refused", string(k.Refused))
	list(l, "tried", k.Tried, writeTried)
	l.someNumber("hold", k.Hold)
	l.text("state", k.State)
	l.time("since", k.Since)
	l.some("failure", string(k.Failure))
	l.some("note", k.Note)
}

func writeTarget(l *line, t *Target) {
	l.text("kind", string(t.Kind))
	l.some("id", t.ID)
	l.some("name", t.Name)
	l.text("number", t.Number)
	l.someTrue("numberChanged", t.NumberChanged)
	l.some("expert", string(t.Expert))
	l.some("agent", string(t.Agent))
}

func writeParty(l *line, p *ConsultParty) {
	l.text("id", p.ID)
	l.text("name", p.Name)
	l.some("number", p.Number)
	l.some("agent", string(p.Agent))
}

func writeTried(l *line, t *Tried) {
	l.text("agent", string(t.Agent))
	l.time("at", t.At)
}

func writeWrapUp(l *line, w *WrapUp) {
	l.text("agent", string(w.Agent))
	l.time("openedAt", w.OpenedAt)
	l.someTime("dueAt", w.DueAt)
	l.someTrue("pausable", w.Pausable)
	l.someTrue("paused", w.Paused)
	l.someTime("closedAt", w.ClosedAt)
	l.some("code", w.Code)
	l.some("note", w.Note)
}

func writeInput(l *line, in *Input) {
	l.text("kind", in.Kind.String())
	l.text("actor", in.Actor.String())
	l.some("agent", string(in.Agent))
	l.time("at", in.At)
	nested(l, "target", in.Target, writeTarget)
	nested(l, "party", in.Party, writeParty)
	l.some("refused", string(in.Refused))
	l.some("code", in.Code)
	l.some("note", in.Note)
	l.some("leg", string(in.Leg))
	l.someNumber("seq", in.Seq)
	l.some("reason", string(in.Reason))
	nested(l, "call", in.Call, writeCall)
	l.some("scope", in.Scope)
	l.some("key", in.Key)
	l.some("role", string(in.Role))
}

func writeCall(l *line, c *CallInput) {
	l.text("interaction", string(c.Interaction))
	l.text("tenant", c.Tenant)
	l.text("customerLeg", string(c.CustomerLeg))
	l.text("from", c.From)
	l.text("agentLeg", string(c.AgentLeg))
	l.text("agent", string(c.Agent))
	l.text("agentName", c.AgentName)
	l.some("agentNumber", c.AgentNumber)
}

func writeEntry(l *line, h *HistoryEntry) {
	l.number("Version", h.Version)
	l.time("At", h.At)
	l.text("Actor", h.Actor)
	if h.Person == nil {
		l.key("Person")
		l.b = append(l.b, "null,"...)
	} else {
		nested(l, "Person", h.Person, func(l *line, p *PersonView) {
			l.text("ID", p.ID)
			l.text("Name", p.Name)
		})
	}
	l.text("Input", h.Input)
	l.text("Cause", h.Cause)
	l.text("From", string(h.From))
	l.text("To", string(h.To))
	l.text("Pending", string(h.Pending))
}
