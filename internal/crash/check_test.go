package crash

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	settleLimit = 15 * time.Second // longer than the switch has for a command
	lookEvery   = 20 * time.Millisecond
)

// check holds a call after a restart against what was answered before it.
func (s *service) check(ctx context.Context, call *tracked, report *report) error {
	v, err := s.settled(ctx, call)
	if err != nil {
		return err
	}
	if err := s.checkHistory(ctx, call, v, report); err != nil {
		return err
	}
	if err := s.checkKeys(ctx, call, report); err != nil {
		return err
	}
	// The keys that had not been answered were sent again, and may have moved it.
	if v, err = s.settled(ctx, call); err != nil {
		return err
	}
	return s.checkHistory(ctx, call, v, report)
}

// settled waits until nothing is pending: a command that the switch was
// carrying out when the process died must come to an end.
func (s *service) settled(ctx context.Context, call *tracked) (view, error) {
	limit := time.After(settleLimit)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		a, err := s.interaction(ctx, "GET", call.id, "", call.agent.ID, "", "")
		if err != nil {
			return view{}, err
		}
		if a.status != 200 {
			return view{}, fmt.Errorf("lost: %d %s", a.status, a.raw)
		}
		var v view
		if err := a.decode(&v); err != nil {
			return view{}, err
		}
		if v.Pending == nil {
			return v, v.stuck()
		}
		select {
		case <-tick.C:
		case <-limit:
			return v, fmt.Errorf("stuck: %s pending in %s", v.Pending.Action, v.Phase)
		case <-ctx.Done():
			return v, ctx.Err()
		}
	}
}

// stuck says whether an owner cannot do anything with their call.
func (v view) stuck() error {
	if v.Role != "agent1" || v.Phase == "ended" {
		return nil
	}
	for _, permit := range v.Actions {
		if permit.Allowed {
			return nil
		}
	}
	return fmt.Errorf("stuck: the owner can do nothing in %s", v.Phase)
}

// checkHistory: versions without a gap, nothing of what was read before has
// changed, and every answered command stands there as it was answered.
func (s *service) checkHistory(ctx context.Context, call *tracked, v view, report *report) error {
	a, err := s.interaction(ctx, "GET", call.id, "/history", call.agent.ID, "", "")
	if err != nil {
		return err
	}
	var history struct{ Entries []entry }
	if err := a.decode(&history); err != nil {
		return err
	}
	now := history.Entries
	if len(now) < v.Version {
		return fmt.Errorf("version %d, but %d entries of history", v.Version, len(now))
	}
	if len(now) < len(call.history) || !slices.Equal(now[:len(call.history)], call.history) {
		return fmt.Errorf("history was rewritten:\nbefore %v\nnow    %v", call.history, now)
	}
	counts := map[string]int{}
	for i, e := range now {
		if e.Version != i+1 {
			return fmt.Errorf("entry %d of history has version %d", i+1, e.Version)
		}
		counts[e.Input]++
	}
	call.history = now
	done, sent := map[string]int{}, map[string]int{}
	for _, c := range call.commands {
		sent[c.action]++
		if c.answer.status != 200 {
			continue
		}
		done[c.action]++
		var got view
		if err := c.answer.decode(&got); err != nil {
			return err
		}
		if got.Version > len(now) {
			return fmt.Errorf("lost: %s was answered with version %d, history has %d", c.action, got.Version, len(now))
		}
		if to := now[got.Version-1].To; to != got.Phase {
			return fmt.Errorf("%s was answered with %s in version %d, history says %s", c.action, got.Phase, got.Version, to)
		}
		report.acknowledged[c.key] = true
	}
	for action, n := range sent {
		if counts[action] < done[action] || counts[action] > n {
			return fmt.Errorf("%s: %d sent, %d answered with 200, %d in history", action, n, done[action], counts[action])
		}
	}
	dials := counts["consult"] + counts["coldTransfer"] + counts["offer"]
	if dialled := len(s.phones.dialled[call.id]); dialled > dials {
		return fmt.Errorf("%d telephones were rung for %d consults", dialled, dials)
	}
	return nil
}

// checkKeys sends what was not answered again, which gives it its first answer,
// and some of what was answered, which must be answered the same.
func (s *service) checkKeys(ctx context.Context, call *tracked, report *report) error {
	for i, c := range call.commands {
		switch {
		case c.answer.status == 0:
			if err := s.send(ctx, call, c); err != nil {
				return err
			}
			report.resent++
		case c.answer.status == 200 && len(call.commands)-i <= 3:
			again, err := s.interaction(ctx, "POST", call.id, c.path, c.who, c.key, c.body)
			if err != nil {
				return err
			}
			if err := same(c.answer, again); err != nil {
				return fmt.Errorf("%s with the same key: %w", c.action, err)
			}
			report.repeated++
		}
	}
	return nil
}

// same compares two answers to one key.
func same(first, again answer) error {
	if again.status != first.status {
		return fmt.Errorf("answered %d first, then %d %s", first.status, again.status, again.raw)
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
