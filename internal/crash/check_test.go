package crash

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	lookEvery = 20 * time.Millisecond
	// settleLooks take longer than the switch has for a command. Looks are
	// counted, not time: a machine that stands still takes none of them away.
	settleLooks = 750
)

// check holds a call after a restart against what was answered before it.
func (s *service) check(ctx context.Context, call *tracked, found tally) error {
	if err := s.judged(ctx, call); err != nil {
		return err
	}
	if err := s.checkKeys(ctx, call, found); err != nil {
		return err
	}
	// The keys that had not been answered were sent again, and may have moved it.
	if err := s.judged(ctx, call); err != nil {
		return err
	}
	call.checkedOver = call.over
	return nil
}

// judged collects the evidence of a call and judges it.
func (s *service) judged(ctx context.Context, call *tracked) error {
	v, err := s.settled(ctx, call)
	if err != nil {
		return err
	}
	a, err := s.interaction(ctx, "GET", call.id, "/history", call.agent.ID, "", "")
	if err != nil {
		return err
	}
	var history struct{ Entries []entry }
	if err := a.decode(&history); err != nil {
		return err
	}
	e := evidence{call: call, view: v, now: history.Entries, phones: s.phones.of(call.id)}
	if err := e.judge(); err != nil {
		return err
	}
	call.history = e.now
	return nil
}

// settled waits until nothing is pending: a command that the switch was
// carrying out when the process died must come to an end. An owner whose line
// died takes the telephone that rings for them. What is still pending after
// the looks is given back as it is.
func (s *service) settled(ctx context.Context, call *tracked) (view, error) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for looks := 1; ; looks++ {
		v, err := s.asOwner(ctx, call)
		if err != nil || v.Pending == nil && !v.idle() || looks == settleLooks {
			return v, err
		}
		if v.Pending != nil && v.Pending.Action == "resume" && looks%10 == 0 {
			s.act(ctx, call.id, "agent", "answer")
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return v, ctx.Err()
		}
	}
}

// asOwner reads a call as whoever owns it now.
func (s *service) asOwner(ctx context.Context, call *tracked) (view, error) {
	v, err := s.read(ctx, call.id, call.agent.ID)
	if err != nil || v.Owner == nil || v.Owner.ID == call.agent.ID || s.tokens[v.Owner.ID] == "" {
		return v, err
	}
	owners, err := s.read(ctx, call.id, v.Owner.ID)
	if err != nil { // handed on in between
		return v, nil // the first one's view is as good
	}
	return owners, nil
}

// read gives a call as somebody sees it.
func (s *service) read(ctx context.Context, id, who string) (view, error) {
	a, err := s.interaction(ctx, "GET", id, "", who, "", "")
	if err != nil {
		return view{}, err
	}
	if a.status != 200 {
		return view{}, fmt.Errorf("%w: %d %s", errLost, a.status, a.raw)
	}
	var v view
	return v, a.decode(&v)
}

// checkKeys sends what was not answered again, which gives it its first
// answer; what nobody knew the outcome of, which must be known by now; and some
// of what was answered, which must be answered the same.
func (s *service) checkKeys(ctx context.Context, call *tracked, found tally) error {
	for i, c := range call.commands {
		switch {
		case c.answer.status == 0:
			if err := s.send(ctx, call, c); err != nil {
				return err
			}
			found["keys sent again without an answer"]++
		case c.answer.status == 504:
			truth, err := s.again(ctx, call, c)
			if err != nil {
				return err
			}
			if truth.status == 504 {
				return fmt.Errorf("%w: nobody ever knows what became of %s", errStuck, c.action)
			}
			c.answer = truth
			found["outcomes unknown first, and then known"]++
		case len(call.commands)-i <= 3 && !call.checkedOver && (c.answer.status == 200 || c.answer.status == 502):
			again, err := s.again(ctx, call, c)
			if err != nil {
				return err
			}
			if again.status == 404 && c.who != call.agent.ID {
				continue // agent 2 of before, who may not see it any more
			}
			if err := same(c.answer, again); err != nil {
				return fmt.Errorf("%w: %s with the same key: %w", errTwice, c.action, err)
			}
			found["keys sent again after an answer"]++
		}
	}
	return nil
}

func (s *service) again(ctx context.Context, call *tracked, c *command) (answer, error) {
	return s.interaction(ctx, "POST", call.id, c.path, c.who, c.key, c.body)
}

// same compares two answers to one key.
func same(first, again answer) error {
	if again.status != first.status {
		return fmt.Errorf("answered %d first, then %d %s", first.status, again.status, again.raw)
	}
	if first.status != 200 {
		return nil
	}
	var a, b view
	if err := errors.Join(first.decode(&a), again.decode(&b)); err != nil {
		return err
	}
	if a.ID != b.ID || a.Version != b.Version || a.Phase != b.Phase {
		return fmt.Errorf("answered version %d (%s) first, then version %d (%s)", a.Version, a.Phase, b.Version, b.Phase)
	}
	return nil
}
