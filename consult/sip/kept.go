package sip

import (
	"context"
	"encoding/json"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/sip/ua"
)

// keepLimit bounds how long a store that does not answer holds up a call.
const keepLimit = 2 * time.Second

// keep stores what a later process needs to end legs, in one write: before a
// telephone that was rung is acknowledged, and before one that rang is answered. A store that
// fails does not keep people from talking: it is logged, and the legs cannot be
// ended for a process that dies now.
func (s *Switch) keep(id consult.InteractionID, dialogs map[*leg]ua.Stored) {
	s.intake.resume()
	defer s.intake.rest()
	ctx, cancel := context.WithTimeout(context.Background(), keepLimit)
	defer cancel()
	var lines []consult.Line
	for l, dialog := range dialogs {
		memo, err := json.Marshal(dialog)
		if err != nil {
			s.log.ErrorContext(ctx, "sip: a line was not stored", "leg", l.id, "error", err)
			continue
		}
		lines = append(lines, consult.Line{Leg: l.id, Interaction: id, Memo: memo})
	}
	if err := s.deps.Lines.KeepLine(ctx, lines...); err != nil {
		s.log.ErrorContext(ctx, "sip: lines were not stored", "interaction", id, "error", err)
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

// keep stores the line of a leg that was rung for a call.
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

// forget drops the stored line, with those of others. A store that fails is asked
// again: a later process would end each line that is left, needlessly.
func (l *leg) forget() {
	for told, closing := false, false; !closing; told = true {
		select {
		case <-l.owner.drops.next():
		case <-l.owner.events.Done(): // once more, and it has to be left
			closing = true
		}
		err := l.drop()
		if err == nil {
			return
		}
		if !told {
			l.owner.log.Warn("sip: a line is not forgotten yet", "leg", l.id, "error", err)
		}
	}
}

func (l *leg) drop() error {
	ctx, cancel := context.WithTimeout(context.Background(), keepLimit)
	defer cancel()
	return l.owner.deps.Lines.DropLine(ctx, l.id)
}
