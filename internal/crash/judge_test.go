package crash

import (
	"errors"
	"fmt"
	"slices"
)

// What can be wrong with a call.
var (
	errLost     = errors.New("lost")
	errTwice    = errors.New("done twice")
	errStuck    = errors.New("stuck")
	errDropped  = errors.New("the customer was dropped")
	errTrespass = errors.New("a supervisor commanded")
)

// evidence is what is known of a call after a life of the service.
type evidence struct {
	call   *tracked // what was asked, answered and done, and the history as last read
	view   view     // as its owner sees it
	now    []entry  // its history
	phones *lines   // the telephone network's own record; nil: it has none
}

// judge holds a call against what the product promises. The error names
// everything that is wrong.
func (e evidence) judge() error {
	return errors.Join(e.unbroken(), e.answered(), e.counted(), e.rung(), e.moving(), e.customerKept(), e.untouched())
}

// unbroken: versions without a gap, and nothing of what was read before has changed.
func (e evidence) unbroken() error {
	if before := e.call.history; len(e.now) < len(before) || !slices.Equal(e.now[:len(before)], before) {
		return fmt.Errorf("%w: history was rewritten:\nbefore %v\nnow    %v", errLost, before, e.now)
	}
	for i, line := range e.now {
		if line.Version != i+1 {
			return fmt.Errorf("%w: entry %d of history has version %d", errLost, i+1, line.Version)
		}
	}
	if len(e.now) < e.view.Version {
		return fmt.Errorf("%w: version %d, but %d entries of history", errLost, e.view.Version, len(e.now))
	}
	return nil
}

// answered: every command that was answered "done" stands there as it was answered.
func (e evidence) answered() error {
	var errs []error
	for _, c := range e.call.commands {
		if c.answer.status != 200 {
			continue
		}
		var got view
		if err := c.answer.decode(&got); err != nil {
			return err
		}
		if got.Version < 1 || got.Version > len(e.now) {
			errs = append(errs, fmt.Errorf("%w: %s was answered with version %d, history has %d", errLost, c.action, got.Version, len(e.now)))
		} else if to := e.now[got.Version-1].To; to != got.Phase {
			errs = append(errs, fmt.Errorf("%w: %s was answered with %s in version %d, history says %s", errLost, c.action, got.Phase, got.Version, to))
		}
	}
	return errors.Join(errs...)
}

// journaled are the answers that are given after the command stands in the
// journal: done, not done by the switch, and nobody knows yet.
var journaled = []int{200, 502, 504}

// counted: each action stands in the history at least as often as it was
// answered and at most as often as it was sent.
func (e evidence) counted() error {
	done, sent := map[string]int{}, map[string]int{}
	for _, c := range e.call.commands {
		sent[c.action]++
		if slices.Contains(journaled, c.answer.status) {
			done[c.action]++
		}
	}
	var errs []error
	for action := range paths {
		switch n := e.count(action); {
		case n < done[action]:
			errs = append(errs, fmt.Errorf("%w: %s was answered %d times and is %d times in history", errLost, action, done[action], n))
		case n > sent[action]:
			errs = append(errs, fmt.Errorf("%w: %s was sent %d times and is %d times in history", errTwice, action, sent[action], n))
		}
	}
	return errors.Join(errs...)
}

// count is how often the input stands in the history.
func (e evidence) count(inputs ...string) (n int) {
	for _, line := range e.now {
		if slices.Contains(inputs, line.Input) {
			n++
		}
	}
	return n
}

// rung: no telephone rang that nobody was to be reached by.
func (e evidence) rung() error {
	if e.phones == nil {
		return nil
	}
	var errs []error
	if rung, asked := len(e.phones.consulted), e.count("consult", "coldTransfer", "offer"); rung > asked {
		errs = append(errs, fmt.Errorf("%w: %d telephones were rung for %d consults", errTwice, rung, asked))
	}
	if rung, lost := len(e.phones.agents)-1, e.count("lost"); rung > lost {
		errs = append(errs, fmt.Errorf("%w: the owner was rung %d times for %d lost lines", errTwice, rung, lost))
	}
	for _, complaint := range e.phones.twice {
		errs = append(errs, fmt.Errorf("%w: %s", errTwice, complaint))
	}
	if len(errs) > 0 {
		errs = append(errs, fmt.Errorf("the telephone network's record:\n%s\nhistory: %+v", e.phones, e.now))
	}
	return errors.Join(errs...)
}

// moving: nothing is pending any more, and the owner has something to do.
func (e evidence) moving() error {
	if p := e.view.Pending; p != nil {
		return fmt.Errorf("%w: %s pending in %s", errStuck, p.Action, e.view.Phase)
	}
	if e.view.idle() {
		return fmt.Errorf("%w: the owner can do nothing in %s", errStuck, e.view.Phase)
	}
	if e.phones != nil && !over(e.view.Phase) && !e.phones.customer {
		return fmt.Errorf("%w: the customer is gone, the call is %s", errStuck, e.view.Phase)
	}
	return nil
}

// idle says that an owner cannot do anything with their call.
func (v view) idle() bool {
	if v.Role != "agent1" || v.Phase == "ended" {
		return false
	}
	for _, permit := range v.Actions {
		if permit.Allowed {
			return false
		}
	}
	return true
}

// over reports whether the customer is gone in the phase.
func over(phase string) bool { return phase == "wrapup" || phase == "ended" }

// customerKept: the customer's call ended by a cause that the product permits,
// and this cause was really there.
func (e evidence) customerKept() error {
	for i, line := range e.now {
		switch {
		case i > 0 && line.From != e.now[i-1].To:
			return fmt.Errorf("%w: version %d begins in %s after %s", errLost, line.Version, line.From, e.now[i-1].To)
		case !over(line.To) && over(line.From):
			return fmt.Errorf("%w: from %s back to %s", errDropped, line.From, line.To)
		case over(line.To) && !over(line.From) && !e.permitted(line):
			return fmt.Errorf("%w in %s by %s %s", errDropped, line.From, line.Actor, line.Input)
		}
	}
	return nil
}

// permitted says whether the product lets this end the customer's call: their
// own hang-up, the owner's End, the owner's telephone hanging up or staying
// lost, and after a transfer the hang-up of whoever has them. What people call
// the agent's telephone and the consulted one changes with a transfer, so
// either counts for either.
func (e evidence) permitted(line entry) bool {
	telephone := e.call.did["agent"] || e.call.did["consulted"]
	switch line.Actor + " " + line.Input {
	case "customer hungUp":
		return e.call.did["customer"] || e.count("end") > 0
	case "agent1 hungUp":
		return telephone && line.From != "conferenced"
	case "agent1 notReturned":
		return telephone && line.From != "conferenced" && e.count("lost") > 0
	case "switch hungUp":
		return telephone && line.From == "transferred"
	}
	return false
}

// untouched: a supervisor's command is refused, whatever it is. That it did
// nothing is seen by counted.
func (e evidence) untouched() error {
	for _, c := range e.call.trespasses {
		if c.answer.status != 0 && c.answer.status != 403 {
			return fmt.Errorf("%w: %s was answered %d %s", errTrespass, c.action, c.answer.status, c.answer.raw)
		}
	}
	return nil
}
