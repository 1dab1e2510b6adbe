package telephones

import (
	"slices"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

// call is one interaction as the network sees it pass by.
type call struct {
	id         consult.InteractionID
	legs       []*leg // oldest first
	talk, hold []consult.LegID
	pictures   map[uint64]consult.Arrangement // not true yet, by Seq
}

// leg is one telephone's connection.
type leg struct {
	id     consult.LegID
	party  consult.Party
	number string
	state  consult.LegState
	rings  bool       // the switch has said so
	asked  bool       // for a key
	accept bool       // whoever picks up presses it
	phone  *telephone // nil until it rings, and where a softphone plays
	soft   bool       // a softphone plays
	waits  []*wait
}

// wait is somebody who wants the service's word on an event of a leg.
type wait struct {
	kinds []consult.EventKind
	word  chan error // has room for the one word
}

// await adds somebody who waits. The caller holds the network's mutex.
func (l *leg) await(kinds ...consult.EventKind) <-chan error {
	w := &wait{kinds: kinds, word: make(chan error, 1)}
	l.waits = append(l.waits, w)
	return w.word
}

// words takes away whoever waits for an event.
func (l *leg) words(kind consult.EventKind) (told []*wait) {
	l.waits = slices.DeleteFunc(l.waits, func(w *wait) bool {
		if !slices.Contains(w.kinds, kind) {
			return false
		}
		told = append(told, w)
		return true
	})
	return told
}

func (c *call) leg(id consult.LegID) *leg {
	for _, l := range c.legs {
		if l.id == id {
			return l
		}
	}
	return nil
}

// reach finds the leg that a party holds in their hand, in the state that is
// wanted ("" means any), by the rules of the simulated network: "consulted" is
// the newest consulted leg; "agent" the agent's or, once that is no part of the
// call any more, the oldest consulted one.
func (c *call) reach(party consult.Party, want consult.LegState) *leg {
	var found *leg
	for _, l := range c.legs {
		if l.party == party && (l.rings || l.state == consult.LegUp) && (want == "" || l.state == want) {
			found = l
		}
	}
	if party != consult.PartyAgent || found != nil && c.partOf(found) {
		return found
	}
	for _, l := range c.legs {
		if l.party == consult.PartyConsulted && l.state == consult.LegUp && want != consult.LegRinging && c.partOf(l) {
			return l
		}
	}
	return found
}

func (c *call) partOf(l *leg) bool {
	return l.state == consult.LegRinging || slices.Contains(c.talk, l.id) || slices.Contains(c.hold, l.id)
}

// lines shows the legs to people.
func (c *call) lines() []memswitch.Line {
	lines := make([]memswitch.Line, 0, len(c.legs))
	for _, l := range c.legs {
		line := memswitch.Line{
			Call: c.id, Leg: l.id, Party: l.party, Number: l.number, State: l.state, Music: slices.Contains(c.hold, l.id),
		}
		if slices.Contains(c.talk, l.id) {
			for _, other := range c.legs {
				if other != l && slices.Contains(c.talk, other.id) {
					line.Hears = append(line.Hears, other.party)
				}
			}
		}
		lines = append(lines, line)
	}
	return lines
}
