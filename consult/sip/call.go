package sip

import (
	"maps"
	"slices"

	"teamsbridge/consult"
	"teamsbridge/consult/sip/media"
)

// call is one interaction at the switch. The switch's mutex guards it.
type call struct {
	id       consult.InteractionID
	tenant   string
	from     string // the customer's number, for whoever may see it
	legs     map[consult.LegID]*leg
	room     *media.Room
	visit    bool   // of a consult number: nothing that the engine knows
	arranged uint64 // Seq of the picture that is true
	talk     []consult.LegID
	hold     []consult.LegID
}

// callOf finds or makes the call of an interaction. The caller holds the mutex.
func (s *Switch) callOf(id consult.InteractionID) *call {
	c := s.calls[id]
	if c == nil {
		c = &call{id: id, legs: map[consult.LegID]*leg{}, room: s.audio.NewRoom()}
		s.calls[id] = c
	}
	return c
}

// connected reports whether every leg of the list is up.
func (c *call) connected(ids []consult.LegID) bool {
	for _, id := range ids {
		if l := c.legs[id]; l == nil || l.state != consult.LegUp {
			return false
		}
	}
	return true
}

// arrange makes a picture of the engine one of the room.
func (c *call) arrange(a consult.Arrangement) error {
	picture := media.Picture{Music: c.streams(a.Hold)}
	if len(a.Talk) > 0 {
		picture.Talk = [][]*media.Stream{c.streams(a.Talk)}
	}
	if err := c.room.Arrange(picture); err != nil {
		return err
	}
	c.arranged, c.talk, c.hold = a.Seq, slices.Clone(a.Talk), slices.Clone(a.Hold)
	return nil
}

func (c *call) streams(ids []consult.LegID) []*media.Stream {
	streams := make([]*media.Stream, 0, len(ids))
	for _, id := range ids {
		streams = append(streams, c.legs[id].stream)
	}
	return streams
}

func (c *call) status() consult.CallStatus {
	status := consult.CallStatus{Interaction: c.id, Tenant: c.tenant, Arranged: c.arranged}
	for _, id := range slices.Sorted(maps.Keys(c.legs)) {
		l := c.legs[id]
		status.Legs = append(status.Legs, consult.LegStatus{Leg: id, Party: l.party, State: l.state})
	}
	return status
}

// drop takes a leg away; a call without legs is forgotten. The caller holds the mutex.
func (s *Switch) drop(l *leg) {
	l.gone = true
	c := l.call
	if c != nil && c.legs[l.id] == l {
		delete(c.legs, l.id)
		if len(c.legs) == 0 && s.calls[c.id] == c {
			c.room.Close()
			delete(s.calls, c.id)
			s.wake()
		}
	}
	s.limits.give()
	s.metrics.legs.Dec()
	s.run(l.clean)
}

// wake tells whoever drains that something ended. The caller holds the mutex.
func (s *Switch) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}
