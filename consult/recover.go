package consult

import (
	"context"
	"fmt"
)

// recover compares what the journal says with what is really at the switch;
// the differences become events. Nothing is guessed and nothing dialled again.
func (e *Engine) recover(ctx context.Context) error {
	calls, err := e.deps.Switch.Calls(ctx)
	if err != nil {
		return fmt.Errorf("ask the switch what is there: %w", err)
	}
	there := make(map[InteractionID]CallStatus, len(calls))
	for _, status := range calls {
		there[status.Interaction] = status
	}
	e.mu.RLock()
	live := make([]*call, 0, len(e.calls))
	for _, c := range e.calls {
		live = append(live, c)
	}
	e.mu.RUnlock()
	for _, c := range live {
		status, found := there[c.s.ID]
		delete(there, c.s.ID)
		e.reconcile(ctx, c, status, found)
	}
	for _, status := range there {
		e.stray(ctx, status)
	}
	return nil
}

// awaitRecovery waits until it is known what is still there: a leg that is dialled
// in between would be taken for one that is gone. ErrDraining where the engine ends before.
func (e *Engine) awaitRecovery(ctx context.Context) error {
	if e.isRecovered() {
		return nil
	}
	select {
	case <-e.recovered:
		return nil
	case <-e.stopped:
		return ErrDraining
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *Engine) isRecovered() bool {
	select {
	case <-e.recovered:
		return true
	default:
		return false
	}
}

// stray looks at a call that no live interaction has. One that has ended left
// it when its release was not carried out. What the journal does not know, and
// what is set apart, is left alone: a customer may be on that line.
func (e *Engine) stray(ctx context.Context, status CallStatus) {
	stored, err := e.deps.Store.Interaction(ctx, status.Tenant, status.Interaction)
	if err != nil || stored.Live {
		e.log.WarnContext(ctx, "the switch has a call that no live interaction has", "interaction", status.Interaction, "error", err)
		return
	}
	e.releaseAll(ctx, status)
}

// releaseAll lets everybody go who is left of a call that has ended.
func (e *Engine) releaseAll(ctx context.Context, status CallStatus) {
	for _, leg := range status.Legs {
		e.release(ctx, status.Interaction, leg.Leg)
	}
}

// reconcile brings one interaction and the switch together.
func (e *Engine) reconcile(ctx context.Context, c *call, status CallStatus, found bool) {
	e.releaseLeft(ctx, c, status)
	for _, in := range truth(c.s, status, found, false) {
		e.input(ctx, c.s.ID, in, nil)
	}
	e.restore(ctx, c)
}

// releaseLeft lets go who is not part of the call any more: released by a step
// whose effect was not carried out. It comes before the truth, which may ring
// somebody: an earlier consult's telephone would ring beside theirs.
func (e *Engine) releaseLeft(ctx context.Context, c *call, status CallStatus) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.s.legs()
	for _, leg := range status.Legs {
		if !known[leg.Leg] {
			e.execute(ctx, c, []effect{{kind: effectHangup, leg: leg.Leg}})
		}
	}
}

// restore has the switch do what the journal says and nobody knows to be done.
func (e *Engine) restore(ctx context.Context, c *call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		return
	}
	e.arm(c)
	// The picture again: it changes nothing where it is true already.
	if c.s.Customer.Leg != "" {
		talk, hold := c.s.picture(c.s.Told)
		cause := Action("")
		if p := c.s.Pending; p != nil && p.Seq == c.s.Seq {
			cause = p.Action
		}
		e.execute(ctx, c, []effect{{kind: effectArrange, arrange: Arrangement{Seq: c.s.Seq, Cause: cause, Talk: talk, Hold: hold}}})
		switch p := c.s.Pending; {
		case p == nil:
		case p.Input == InEnd:
			e.execute(ctx, c, []effect{{kind: effectHangup, leg: c.s.Customer.Leg}})
		case p.Input == InAccept && c.s.Consult.Leg != "":
			e.execute(ctx, c, []effect{{kind: effectAnswer, leg: c.s.Consult.Leg}})
		}
	}
}

// legs are all legs that the interaction has.
func (s *State) legs() map[LegID]bool {
	legs := map[LegID]bool{s.Customer.Leg: true}
	for _, m := range []*Member{s.Owner, s.Taker} {
		if m != nil {
			legs[m.Leg] = true
		}
	}
	if s.Consult.live() {
		legs[s.Consult.Leg] = true
	}
	if s.Lost != nil {
		legs[s.Lost.Leg] = true
	}
	delete(legs, "")
	return legs
}

// truth lists what must have happened for the switch to be as it is. After a
// silence what is not there has failed; after a restart it is told again.
func truth(s *State, status CallStatus, found, silence bool) []Input {
	at := clock()
	states := make(map[LegID]LegState, len(status.Legs))
	for _, leg := range status.Legs {
		states[leg.Leg] = leg.State
	}
	if s.Customer.Leg == "" {
		return nil
	}
	if _, up := states[s.Customer.Leg]; !found || !up {
		return []Input{{Kind: InHungUp, Actor: ActorCustomer, Leg: s.Customer.Leg, At: at}}
	}
	var list []Input
	if s.Owner != nil && s.Owner.Leg != "" {
		if _, up := states[s.Owner.Leg]; !up {
			list = append(list, Input{Kind: InHungUp, Actor: ActorAgent1, Leg: s.Owner.Leg, At: at})
		}
	}
	if s.Lost != nil && s.Lost.Leg != "" {
		switch state, there := states[s.Lost.Leg]; {
		case !there:
			list = append(list, Input{Kind: InNotReturned, Actor: ActorAgent1, Leg: s.Lost.Leg, At: at})
		case state == LegUp:
			list = append(list, Input{Kind: InReturned, Actor: ActorAgent1, Leg: s.Lost.Leg, At: at})
		}
	}
	if s.Taker != nil && s.Taker.Leg != "" {
		if _, up := states[s.Taker.Leg]; !up {
			list = append(list, Input{Kind: InHungUp, Actor: ActorSwitch, Leg: s.Taker.Leg, At: at})
		}
	}
	if k := s.Consult; k.live() && k.Leg != "" {
		switch state, there := states[k.Leg]; {
		case !there && k.State != consultRequested && k.State != consultRinging:
			list = append(list, Input{Kind: InHungUp, Actor: ActorSwitch, Leg: k.Leg, At: at})
		case !there: // never dialled, or it ended unheard: not dialled again
			reason := FailureFailed
			if k.Refused != "" {
				reason = k.Refused
			}
			list = append(list, Input{Kind: InFailed, Actor: ActorSwitch, Leg: k.Leg, Reason: reason, At: at})
		case state == LegUp && k.State != consultConnected:
			list = append(list, Input{Kind: InAnswered, Actor: ActorSwitch, Leg: k.Leg, At: at})
		}
	}
	if p := s.Pending; p != nil {
		switch {
		case p.Input == InEnd && silence:
			list = append(list, Input{Kind: InHangupFailed, Actor: ActorSwitch, Leg: s.Customer.Leg, At: at})
		case p.Input == InAccept && silence && states[s.Consult.Leg] == LegRinging:
			list = append(list, Input{Kind: InFailed, Actor: ActorSwitch, Leg: s.Consult.Leg, Reason: FailureFailed, At: at})
		default: // a picture is looked for below
		}
	}
	for _, seq := range s.pictures() {
		switch {
		case status.Arranged >= seq:
			list = append(list, Input{Kind: InArranged, Actor: ActorSwitch, Seq: seq, At: at})
		case silence:
			list = append(list, Input{Kind: InArrangeFailed, Actor: ActorSwitch, Seq: seq, At: at})
		}
	}
	return list
}

// pictures are those whose outcome is waited for: the pending command's, and a
// consult's own hold, during which agent 2 may have accepted already.
func (s *State) pictures() (seqs []uint64) {
	if s.Pending != nil && s.Pending.Seq != 0 {
		seqs = append(seqs, s.Pending.Seq)
	}
	if s.Consult.live() && s.Consult.Hold != 0 {
		seqs = append(seqs, s.Consult.Hold)
	}
	return seqs
}
