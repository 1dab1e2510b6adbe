package sip

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/sip/ua"
)

const (
	lookEvery   = 2 * time.Second  // between two looks at all legs
	silentAfter = 10 * time.Second // without a packet before somebody is asked
	askEvery    = 10 * time.Second // between two OPTIONS in a dialog
	askLimit    = 8 * time.Second  // for its answer: SIP's own 32 s are too long for a customer who waits
	askAgain    = time.Second      // after a try that could not be sent: their side may restart just now
)

// errSilent ends a line that sends nothing and answers nothing.
var errSilent = errors.New("no audio, and no answer to OPTIONS")

// watch looks for lines that died without a hang-up. Silence alone proves
// nothing: who holds, or is muted, may send nothing.
func (s *Switch) watch(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			for _, l := range s.silent(now) {
				s.run(func() { l.probe(ctx) })
			}
		}
	}
}

// silent lists the legs that have to be asked, and notes that they are.
func (s *Switch) silent(now time.Time) []*leg {
	s.mu.Lock()
	defer s.mu.Unlock()
	var quiet []*leg
	for _, c := range s.calls {
		for _, l := range c.legs {
			if l.state == consult.LegUp && now.Sub(l.pinged) >= askEvery && l.quiet() {
				l.pinged = now
				quiet = append(quiet, l)
			}
		}
	}
	return quiet
}

// quiet reports whether nothing tells that the line is there: no audio comes, or
// none is to come, as from a telephone that holds. The caller holds the mutex.
func (l *leg) quiet() bool {
	silent := l.stream.Silent()
	return silent >= silentAfter || l.holds && silent == 0
}

// probe asks one leg, and gives it up when it does not answer.
func (l *leg) probe(ctx context.Context) {
	asked, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	err := l.dialog.Ping(asked)
	for err != nil && !errors.Is(err, ua.ErrGone) && pause(asked, askAgain) {
		err = l.dialog.Ping(asked)
	}
	if err != nil && ctx.Err() == nil {
		l.dialog.Lose(ctx, errors.Join(errSilent, err))
	}
}

// pause waits; false where ctx is done before.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// A leg of an earlier process is ended at once, or as soon as its peer can be
// reached: the service and its network may have fallen together.
const (
	releaseTries = 9           // some four minutes, with pauses that double
	releasePause = time.Second // before the second
)

// releaseLeft ends a leg that an earlier process left behind.
func (s *Switch) releaseLeft(ctx context.Context, line consult.Line) {
	var stored ua.Stored
	err := json.Unmarshal(line.Memo, &stored)
	if err == nil {
		err = s.release(ctx, stored)
	}
	if err != nil && ctx.Err() != nil {
		return // kept for the next start
	}
	ctx = context.WithoutCancel(ctx)
	if err != nil { // they hear it by silence, or by their own session timer
		s.log.WarnContext(ctx, "sip: a leg of an earlier process could not be ended", "interaction", line.Interaction, "leg", line.Leg, "error", err)
	}
	if err := s.deps.Lines.DropLine(ctx, line.Leg); err != nil {
		s.log.WarnContext(ctx, "sip: a line was not forgotten", "leg", line.Leg, "error", err)
	}
}

// release sends BYE in a dialog of an earlier process until it is answered.
func (s *Switch) release(ctx context.Context, dialog ua.Stored) error {
	wait := releasePause
	for try := 1; ; try++ {
		err := s.endpoint.Release(ctx, dialog)
		if err == nil || try == releaseTries || errors.Is(err, ua.ErrNoTrunk) {
			return err
		}
		if !pause(ctx, wait) {
			return ctx.Err()
		}
		wait *= 2
		dialog.Seq += ua.ReleaseSeqs // what was sent has used some
	}
}
