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

// arrange makes a picture of the engine one of the room. Where that fails, the
// one before stays.
func (c *call) arrange(a consult.Arrangement) error {
	arranged, talk, hold := c.arranged, c.talk, c.hold
	c.arranged, c.talk, c.hold = a.Seq, slices.Clone(a.Talk), slices.Clone(a.Hold)
	err := c.show()
	if err != nil {
		c.arranged, c.talk, c.hold = arranged, talk, hold
	}
	return err
}

// show makes the room's picture of who talks, who holds and whose telephone
// rings: whoever is alone meanwhile waits for that one.
func (c *call) show() error {
	picture := media.Picture{Music: c.streams(c.hold)}
	talk := c.streams(c.talk)
	rung := c.rung()
	switch {
	case len(talk) != 1 || rung == nil:
		picture.Talk = [][]*media.Stream{talk}
	case rung.early:
		picture.Early = []media.Early{{From: rung.stream, To: talk[0]}}
	default:
		picture.Ringing = talk
	}
	return c.room.Arrange(picture)
}

// rung is the leg whose telephone rings, as far as has been heard; nil where none does.
func (c *call) rung() *leg {
	for _, id := range slices.Sorted(maps.Keys(c.legs)) {
		if l := c.legs[id]; l.rings && l.state == consult.LegRinging {
			return l
		}
	}
	return nil
}

// streams are the audio of the legs that are still there.
func (c *call) streams(ids []consult.LegID) []*media.Stream {
	streams := make([]*media.Stream, 0, len(ids))
	for _, id := range ids {
		if l := c.legs[id]; l != nil {
			streams = append(streams, l.stream)
		}
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
		} else if l.rings {
			s.showAgain(c)
		}
	}
	s.limits.give()
	s.metrics.legs.Dec()
	s.run(l.clean)
}

// showAgain makes the room's picture anew after a telephone has begun to ring, or
// stopped. The caller holds the mutex.
func (s *Switch) showAgain(c *call) {
	if err := c.show(); err != nil {
		s.log.Error("sip: a picture cannot be made", "interaction", c.id, "error", err)
	}
}

// wake tells whoever drains that something ended. The caller holds the mutex.
func (s *Switch) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}
