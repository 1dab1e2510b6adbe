package memswitch

import (
	"slices"

	"teamsbridge/consult"
)

// call is one interaction as the network knows it.
type call struct {
	ID       consult.InteractionID `json:"interaction"`
	Tenant   string                `json:"tenant,omitempty"`
	Legs     []*leg                `json:"legs"` // oldest first
	Arranged uint64                `json:"arranged"`
	Talk     []consult.LegID       `json:"talk,omitempty"`
	Hold     []consult.LegID       `json:"hold,omitempty"`
}

// leg is one telephone's connection.
type leg struct {
	ID     consult.LegID    `json:"leg"`
	Party  consult.Party    `json:"party"`
	Number string           `json:"number,omitempty"`
	State  consult.LegState `json:"state"`
	// Setup is true until a delayed dial has begun to ring: nobody can act on
	// the telephone yet, but the engine can withdraw it.
	Setup bool `json:"-"`
}

func (c *call) leg(id consult.LegID) *leg {
	for _, l := range c.Legs {
		if l.ID == id {
			return l
		}
	}
	return nil
}

// has reports whether l is still a leg of the call.
func (c *call) has(l *leg) bool { return slices.Contains(c.Legs, l) }

func (c *call) remove(l *leg) {
	c.Legs = slices.DeleteFunc(c.Legs, func(o *leg) bool { return o == l })
	isLeg := func(id consult.LegID) bool { return id == l.ID }
	c.Talk = slices.DeleteFunc(c.Talk, isLeg)
	c.Hold = slices.DeleteFunc(c.Hold, isLeg)
}

// connected reports whether every leg of the list is up.
func (c *call) connected(ids []consult.LegID) bool {
	for _, id := range ids {
		if l := c.leg(id); l == nil || l.State != consult.LegUp {
			return false
		}
	}
	return true
}

// reach finds the leg that a party holds in their hand, in the state that is
// wanted ("" means any).
//
// The engine keeps a party's name for life: whoever was consulted stays
// "consulted" after a transfer. People think of them as the agent then, and as
// consulted only until they consult somebody themselves. So "consulted" is the
// newest consulted leg, and "agent" the agent's leg or, when that one is no
// longer part of the call, the oldest consulted leg.
func (c *call) reach(party consult.Party, want consult.LegState) *leg {
	var found *leg
	for _, l := range c.Legs {
		if l.Party == party && !l.Setup && (want == "" || l.State == want) {
			found = l
		}
	}
	if party != consult.PartyAgent || (found != nil && c.partOf(found)) {
		return found
	}
	for _, l := range c.Legs {
		if l.Party == consult.PartyConsulted && l.State == consult.LegUp && want != consult.LegRinging && c.partOf(l) {
			return l
		}
	}
	return found
}

// partOf reports whether the leg rings or has a place in the picture.
func (c *call) partOf(l *leg) bool {
	return l.State == consult.LegRinging || slices.Contains(c.Talk, l.ID) || slices.Contains(c.Hold, l.ID)
}

// Line is one leg for people to look at.
type Line struct {
	Call   consult.InteractionID
	Leg    consult.LegID
	Party  consult.Party
	Number string
	State  consult.LegState
	Hears  []consult.Party // who this party hears; empty means music or silence
	Music  bool
}

func (c *call) lines() []Line {
	lines := make([]Line, 0, len(c.Legs))
	for _, l := range c.Legs {
		line := Line{Call: c.ID, Leg: l.ID, Party: l.Party, Number: l.Number, State: l.State,
			Music: slices.Contains(c.Hold, l.ID)}
		if slices.Contains(c.Talk, l.ID) {
			for _, id := range c.Talk {
				if other := c.leg(id); other != nil && other != l {
					line.Hears = append(line.Hears, other.Party)
				}
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func (c *call) status() consult.CallStatus {
	status := consult.CallStatus{Interaction: c.ID, Tenant: c.Tenant, Arranged: c.Arranged}
	for _, l := range c.Legs {
		status.Legs = append(status.Legs, consult.LegStatus{Leg: l.ID, Party: l.Party, State: l.State})
	}
	return status
}
