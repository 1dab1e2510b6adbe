package consult

import (
	"slices"
	"time"

	"teamsbridge/sso"
)

// State is everything that is decided about one interaction. It is a value:
// the journal keeps one after each step, and apply makes the next from a copy.
type State struct {
	ID        InteractionID `json:"id"`
	Tenant    string        `json:"tenant"`
	Version   uint64        `json:"version"`
	Phase     Phase         `json:"phase"`
	StartedAt time.Time     `json:"startedAt"`
	Customer  Customer      `json:"customer"`
	Owner     *Member       `json:"owner,omitempty"` // nil after a transfer to somebody who is no contact-centre agent
	Taker     *Member       `json:"taker,omitempty"` // that somebody, while they have the customer
	Former    []Member      `json:"former,omitempty"`
	Pending   *Pending      `json:"pending,omitempty"`
	Consult   *Consult      `json:"consult,omitempty"`
	WrapUps   []WrapUp      `json:"wrapUps,omitempty"`
	Lost      *Lost         `json:"lost,omitempty"`    // the owner's line died
	Holding   []LegID       `json:"holding,omitempty"` // legs whose parties hold on their own telephones
	Seq       uint64        `json:"seq"`               // of the last picture the switch was told
	Told      Phase         `json:"told,omitempty"`    // whose picture that was
}

// Customer is the calling party.
type Customer struct {
	Leg    LegID     `json:"leg,omitempty"` // empty once gone
	Number string    `json:"number"`
	State  string    `json:"state"` // connected, held, conferenced, left
	Since  time.Time `json:"since"`
	Warned bool      `json:"warned,omitempty"` // on hold for longer than hold.warn
}

// Member is somebody who has or had the customer.
type Member struct {
	Agent  sso.AgentID `json:"agent,omitempty"` // empty for an expert or a number
	Name   string      `json:"name,omitempty"`
	Number string      `json:"number,omitempty"` // where their telephone rings again when its line died
	Leg    LegID       `json:"leg,omitempty"`    // empty once gone
}

// Lost is an owner whose line died without a hang-up.
type Lost struct {
	Leg   LegID     `json:"leg,omitempty"` // rings their telephone again; empty once that was given up
	Since time.Time `json:"since"`
}

// Pending is a command that the switch is carrying out.
type Pending struct {
	Action Action      `json:"action"`
	Input  InputKind   `json:"input"`
	Actor  Actor       `json:"actor"`
	By     sso.AgentID `json:"by,omitempty"`
	To     Phase       `json:"to"`
	Seq    uint64      `json:"seq,omitempty"` // of the picture that completes it; 0 when a leg's event does
	Since  time.Time   `json:"since"`
	Scope  string      `json:"scope,omitempty"` // of the idempotency key that waits for the outcome
	Key    string      `json:"key,omitempty"`
	Role   RoleHere    `json:"role,omitempty"` // of whoever waits
}

// Consult is the latest consult of an interaction.
type Consult struct {
	Target  Target        `json:"target"`
	Party   *ConsultParty `json:"party,omitempty"` // who rings or talks
	Then    string        `json:"then,omitempty"`  // "transfer" for a cold transfer
	Leg     LegID         `json:"leg,omitempty"`   // empty before the dial and once gone
	Asked   bool          `json:"asked,omitempty"` // they picked up and are asked to press a key
	Refused FailureReason `json:"refused,omitempty"`
	Tried   []Tried       `json:"tried,omitempty"` // of a queue: who did not take it
	Hold    uint64        `json:"hold,omitempty"`  // picture to wait for before the dial
	State   string        `json:"state"`
	Since   time.Time     `json:"since"`
	Failure FailureReason `json:"failure,omitempty"`
	Note    string        `json:"note,omitempty"`
}

// ConsultParty is the person at the consulted leg.
type ConsultParty struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`
	Number string      `json:"number,omitempty"` // where it differs from the target's: a queue's agent
	Agent  sso.AgentID `json:"agent,omitempty"`  // empty for an expert or a number
}

// Tried is an agent of a queue who was offered the consult and did not take it.
type Tried struct {
	Agent sso.AgentID `json:"agent"`
	At    time.Time   `json:"at"`
}

// The states of a consult, in the words of the HTTP contract.
const (
	consultRequested  = "requested"
	consultRinging    = "ringing"
	consultConnected  = "connected"
	consultHeld       = "held"
	consultConference = "conferenced"
	consultEnded      = "ended"
	consultFailed     = "failed"
)

// The states of the customer, in the words of the HTTP contract.
const (
	customerConnected   = "connected"
	customerHeld        = "held"
	customerConferenced = "conferenced"
	customerLeft        = "left"
)

// ThenTransfer marks a consult that completes itself: a cold transfer.
const ThenTransfer = "transfer"

// WrapUp is one agent's duty to say how a call ended.
type WrapUp struct {
	Agent    sso.AgentID `json:"agent"`
	OpenedAt time.Time   `json:"openedAt"`
	DueAt    time.Time   `json:"dueAt,omitzero"`     // zero: no timer, or paused
	Pausable bool        `json:"pausable,omitempty"` // the configuration allows to stop the timer
	Paused   bool        `json:"paused,omitempty"`
	ClosedAt time.Time   `json:"closedAt,omitzero"`
	Code     string      `json:"code,omitempty"`
	Note     string      `json:"note,omitempty"`
}

// live reports whether the consult has a party that rings, talks or waits.
func (c *Consult) live() bool {
	return c != nil && c.State != consultEnded && c.State != consultFailed
}

// gaveUp reports whether the owner's line died and they did not come back.
func (s *State) gaveUp() bool { return s.Lost != nil && s.Lost.Leg == "" }

// queued reports whether the consult is one to a queue.
func (c *Consult) queued() bool { return c != nil && c.Target.Kind == TargetQueue }

// waiting reports whether a queue's next agent is to be offered the consult.
func (s *State) waiting() bool {
	k := s.Consult
	return s.Phase == PhaseConsultRequested && k.live() && k.queued() && k.Hold == 0 && k.Leg == "" && s.Pending == nil
}

// agent2 is the contact-centre agent who is consulted now, or "".
func (s *State) agent2() sso.AgentID {
	if !s.Consult.live() || s.Consult.Party == nil {
		return ""
	}
	return s.Consult.Party.Agent
}

// agents appends those who have, had or are offered a part in the call.
func (s *State) agents(to []sso.AgentID) []sso.AgentID {
	if s.Owner != nil && s.Owner.Agent != "" {
		to = append(to, s.Owner.Agent)
	}
	if agent := s.agent2(); agent != "" {
		to = append(to, agent)
	}
	for _, m := range s.Former {
		if m.Agent != "" {
			to = append(to, m.Agent)
		}
	}
	return to
}

// openWrapUp is the agent's open wrap-up, or nil.
func (s *State) openWrapUp(agent sso.AgentID) *WrapUp {
	for i := range s.WrapUps {
		if w := &s.WrapUps[i]; w.Agent == agent && w.ClosedAt.IsZero() {
			return w
		}
	}
	return nil
}

// anyWrapUp reports whether somebody still has to wrap up.
func (s *State) anyWrapUp() bool {
	return slices.ContainsFunc(s.WrapUps, func(w WrapUp) bool { return w.ClosedAt.IsZero() })
}

// roleOf says what an agent is in this interaction; "" for nobody.
func (s *State) roleOf(agent sso.AgentID) RoleHere {
	switch {
	case agent == "":
		return ""
	case s.Owner != nil && s.Owner.Agent == agent:
		return RoleAgent1
	case s.agent2() == agent:
		return RoleAgent2
	case slices.ContainsFunc(s.Former, func(m Member) bool { return m.Agent == agent }):
		return RoleFormer
	}
	return ""
}

// holds reports whether a leg's party holds on their own telephone.
func (s *State) holds(leg LegID) bool { return len(s.Holding) > 0 && slices.Contains(s.Holding, leg) }

// clone copies everything that apply changes.
func (s *State) clone() *State {
	c := *s
	if s.Owner != nil {
		o := *s.Owner
		c.Owner = &o
	}
	if s.Taker != nil {
		t := *s.Taker
		c.Taker = &t
	}
	if s.Pending != nil {
		p := *s.Pending
		c.Pending = &p
	}
	if s.Consult != nil {
		k := *s.Consult
		k.Tried = slices.Clone(k.Tried)
		c.Consult = &k
	}
	if s.Lost != nil {
		l := *s.Lost
		c.Lost = &l
	}
	c.Former = slices.Clone(s.Former)
	c.Holding = slices.Clone(s.Holding)
	c.WrapUps = slices.Clone(s.WrapUps)
	return &c
}
