package sip

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/sip/ua"
)

// keepLimit bounds how long a store that does not answer holds up a call.
const keepLimit = 2 * time.Second

// keep stores what a later process needs to end legs, in one write: before somebody is
// rung - of an agent for a customer, a moment later -, before they are acknowledged,
// and before one that rang us is answered. A store that fails does not keep people from talking: it is logged, and
// the legs cannot be ended for a process that dies now.
func (s *Switch) keep(id consult.InteractionID, dialogs map[*leg]ua.Stored) {
	stored := make(map[consult.LegID]ua.Stored, len(dialogs))
	for l, dialog := range dialogs {
		stored[l.id] = dialog
	}
	if !s.store(id, stored) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range dialogs {
		l.kept = true
		if l.gone { // meanwhile
			s.run(l.forget)
		}
	}
}

// keepEvery is for how long at most an agent's telephone rings for a customer before
// its line is stored. Before it rings, as for whoever is rung else, each call would
// cost a flush of the disk more, and the customer waits for it; those who ring for
// longer are stored together.
const keepEvery = 100 * time.Millisecond

// keepSoon stores the line of an agent's telephone that rings for a customer, with
// those of others, if it still does then.
func (s *Switch) keepSoon(id consult.InteractionID, l *leg, invite ua.Stored) {
	l.keeping.Lock()
	waits := l.rung != nil
	l.rung = &invite
	l.keeping.Unlock()
	if waits { // that one stores this INVITE, which came after a challenge
		return
	}
	s.run(func() {
		select {
		case <-s.rings.next():
		case <-s.closing: // everybody is hung up
			return
		}
		l.keeping.Lock()
		defer l.keeping.Unlock()
		if l.rung != nil && !l.over() {
			s.keep(id, map[*leg]ua.Stored{l: *l.rung})
		}
		l.rung = nil
	})
}

// keepBoth stores the lines of a customer and of the agent who has answered.
func (s *Switch) keepBoth(id consult.InteractionID, customer *leg, in *ua.Incoming, telephone *leg, dialog ua.Stored) {
	telephone.keeping.Lock()
	defer telephone.keeping.Unlock()
	telephone.rung = nil
	s.keep(id, map[*leg]ua.Stored{customer: in.Stored(), telephone: dialog})
}

// over reports whether the leg is not there any more.
func (l *leg) over() bool {
	l.owner.mu.Lock()
	defer l.owner.mu.Unlock()
	return l.gone
}

// keepUnwanted stores what a later process needs to end the dialog of a telephone
// that answered after another one, or after its call was given up. It is no leg.
func (s *Switch) keepUnwanted(dialog ua.Stored) (forget func()) {
	id := consult.LegID("u-" + strings.ToLower(rand.Text()))
	if !s.store("", map[consult.LegID]ua.Stored{id: dialog}) {
		return func() {}
	}
	return func() { s.run(func() { s.forget(id) }) }
}

// store writes lines; false where the store does not take them.
func (s *Switch) store(id consult.InteractionID, dialogs map[consult.LegID]ua.Stored) bool {
	s.intake.resume()
	defer s.intake.rest()
	ctx, cancel := context.WithTimeout(context.Background(), keepLimit)
	defer cancel()
	var lines []consult.Line
	for leg, dialog := range dialogs {
		memo, err := json.Marshal(dialog)
		if err != nil {
			s.log.ErrorContext(ctx, "sip: a line was not stored", "leg", leg, "error", err)
			continue
		}
		lines = append(lines, consult.Line{Leg: leg, Interaction: id, Memo: memo})
	}
	if err := s.deps.Lines.KeepLine(ctx, lines...); err != nil {
		s.log.ErrorContext(ctx, "sip: lines were not stored", "interaction", id, "error", err)
		return false
	}
	return true
}

// keep stores the line of a leg that is rung for a call, and again when it answers.
func (l *leg) keep(dialog ua.Stored) {
	l.owner.keep(l.call.id, map[*leg]ua.Stored{l: dialog})
}

// clean tells how the audio of a leg was that is over, and gives back what it used.
func (l *leg) clean() {
	l.owner.mu.Lock()
	kept, connected := l.kept, l.state == consult.LegUp
	l.owner.mu.Unlock()
	if connected {
		l.account()
	}
	if err := l.stream.Close(); err != nil {
		l.owner.log.Warn("sip: ports were not given back", "leg", l.id, "error", err)
	}
	if kept {
		l.forget()
	}
}

// forget drops the stored line of a leg.
func (l *leg) forget() { l.owner.forget(l.id) }

// forget drops a stored line, with those of others. A store that fails is asked
// again: a later process would end each line that is left, needlessly.
func (s *Switch) forget(leg consult.LegID) {
	for told, closing := false, false; !closing; told = true {
		select {
		case <-s.drops.next():
		case <-s.events.Done(): // once more, and it has to be left
			closing = true
		}
		err := s.dropLine(leg)
		if err == nil {
			return
		}
		if !told {
			s.log.Warn("sip: a line is not forgotten yet", "leg", leg, "error", err)
		}
	}
}

func (s *Switch) dropLine(leg consult.LegID) error {
	ctx, cancel := context.WithTimeout(context.Background(), keepLimit)
	defer cancel()
	return s.deps.Lines.DropLine(ctx, leg)
}
