package consult

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"teamsbridge/sso"
)

// keyLife is how long an idempotency key gets its first answer.
const keyLife = 24 * time.Hour

// answer is what a command is answered with, in a form that the journal keeps.
// A refusal before the journal has Refused only, and is never kept.
type answer struct {
	State   *State        `json:"state,omitempty"`
	Role    RoleHere      `json:"role,omitempty"`
	Failed  FailureReason `json:"failed,omitempty"` // the switch did not do it
	Phase   Phase         `json:"phase,omitempty"`  // something came first: the phase then
	Allowed []Action      `json:"allowed,omitempty"`
	Refused error         `json:"-"`
}

func failure(err error) answer { return answer{Refused: err} }

// newAnswer makes the answer of a command that was journaled.
func newAnswer(s *State, role RoleHere, err error) answer {
	a := answer{State: s, Role: role}
	if failed, ok := errors.AsType[*SwitchError](err); ok {
		a.Failed = failed.Reason
	}
	if phase, ok := errors.AsType[*PhaseError](err); ok {
		a.Phase, a.Allowed = phase.Phase, phase.Allowed
	}
	return a
}

func (a answer) err() error {
	switch {
	case a.Refused != nil:
		return a.Refused
	case a.Failed != "":
		return &SwitchError{Reason: a.Failed}
	case a.Phase != "":
		return &PhaseError{Phase: a.Phase, Allowed: a.Allowed, Reason: reasonWrongPhase}
	}
	return nil
}

// flights are the keyed commands that run now.
type flights struct {
	mu sync.Mutex
	m  map[string]*flight
}

type flight struct {
	hash string
	done chan struct{}
	a    answer
}

// join gives the flight of a key; first says that the caller is to run it.
func (f *flights) join(key, hash string) (fl *flight, first bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fl, ok := f.m[key]; ok {
		return fl, false
	}
	if f.m == nil {
		f.m = make(map[string]*flight)
	}
	fl = &flight{hash: hash, done: make(chan struct{})}
	f.m[key] = fl
	return fl, true
}

// flying reports whether the key's command runs now.
func (f *flights) flying(key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.m[key] != nil
}

func (f *flights) land(key string, fl *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.m, key)
	close(fl.done)
}

// Answered reports whether the caller has given this command with this key
// before, and it runs or was carried out: a repeat gets that answer, even when
// it has ended the caller's part and the interaction is not theirs to read any more.
func (e *Engine) Answered(ctx context.Context, p sso.Principal, id InteractionID, action Action, key string) bool {
	if key == "" || !p.Valid() {
		return false
	}
	scope := scopeOf(p, id, action)
	if e.flights.flying(flightOf(scope, key)) {
		return true
	}
	_, ok, err := e.deps.Store.Claimed(ctx, scope, key, clock().Add(-keyLife))
	return err == nil && ok
}

// scopeOf is within what a key is used once: an agent's commands at one address.
func scopeOf(p sso.Principal, id InteractionID, action Action) string {
	return strings.Join([]string{p.Tenant(), string(p.Agent().ID), string(id), path(action)}, "/")
}

func flightOf(scope, key string) string { return scope + "\x00" + key }

// once runs a keyed command once: a repeat gets the first answer, waits while
// the first one runs, and is refused with another body.
func (e *Engine) once(ctx context.Context, p sso.Principal, id InteractionID, cmd Command, run func(context.Context, *Claim) answer) (answer, error) {
	scope := scopeOf(p, id, cmd.Action)
	key := flightOf(scope, cmd.Key)
	for {
		fl, first := e.flights.join(key, cmd.BodyHash)
		if first {
			fl.a = e.runOnce(ctx, p, id, scope, cmd, run)
			e.flights.land(key, fl)
			return fl.a, nil
		}
		if fl.hash != cmd.BodyHash {
			return answer{}, ErrKeyReused
		}
		select {
		case <-ctx.Done():
			return answer{}, ctx.Err()
		case <-fl.done:
		}
		if fl.a.Refused == nil || errors.Is(fl.a.Refused, ErrOutcomeUnknown) {
			return fl.a, nil
		}
		// Refused before the journal: nothing was kept, this one is a new try.
	}
}

// path is the last part of an action's address: both transfers share theirs.
func path(a Action) string {
	if a == ActionColdTransfer {
		return string(ActionTransfer)
	}
	return string(a)
}

func (e *Engine) runOnce(ctx context.Context, p sso.Principal, id InteractionID, scope string, cmd Command, run func(context.Context, *Claim) answer) answer {
	kept, ok, err := e.deps.Store.Claimed(ctx, scope, cmd.Key, clock().Add(-keyLife))
	if err != nil {
		return failure(errors.Join(ErrStorage, err))
	}
	if !ok {
		return run(ctx, &Claim{Scope: scope, Key: cmd.Key, BodyHash: cmd.BodyHash, At: clock()})
	}
	if kept.BodyHash != cmd.BodyHash {
		return failure(ErrKeyReused)
	}
	if kept.Done {
		var a answer
		if err := json.Unmarshal(kept.Answer, &a); err != nil {
			return failure(err)
		}
		return a
	}
	return e.unanswered(ctx, p, id, scope, cmd.Key, kept.Version)
}

// unanswered is for a key whose command was journaled, in a version, but whose
// answer was not kept: it still runs at the switch (the outcome is unknown), or
// the process ended in between (the journal tells the answer).
func (e *Engine) unanswered(ctx context.Context, p sso.Principal, id InteractionID, scope, key string, version uint64) answer {
	s, c, err := e.lookUp(ctx, p, id)
	if err != nil {
		return failure(err)
	}
	if c != nil {
		s = e.atLeast(ctx, c, version)
	}
	if w := s.Pending; w != nil && w.Scope == scope && w.Key == key {
		return failure(ErrOutcomeUnknown)
	}
	a, err := e.answerOf(ctx, s, version)
	if errors.Is(err, errNoOutcome) {
		return failure(ErrOutcomeUnknown)
	}
	if err != nil {
		e.log.WarnContext(ctx, "journal does not tell an answer", "interaction", id, "version", version, "error", err)
		role := e.roleHere(s, p)
		if !role.commands() { // nothing of it is theirs to see any more
			return failure(ErrNotFound)
		}
		a = newAnswer(s, role, nil) // as it is now
	}
	e.answered(ctx, scope, key, a)
	return a
}

// errNoOutcome: the journal does not say yet how the command ended.
var errNoOutcome = errors.New("consult: the command has no outcome yet")

// answerOf replays how the command that was journaled in a version was answered.
func (e *Engine) answerOf(ctx context.Context, s *State, version uint64) (a answer, err error) {
	inputs, err := e.deps.Store.Inputs(ctx, s.Tenant, s.ID)
	if err != nil {
		return answer{}, err
	}
	err = replay(&e.lists.Load().set, inputs, func(r replayed) bool {
		switch {
		case r.s.Version < version || r.rule == nil:
		case r.s.Version == version && r.rule.when == now:
			a = newAnswer(r.s, roleAfter(r.s, r.in.Agent, r.in.Role), nil)
		case r.s.Version > version && r.s.Pending == nil:
			was := r.before.Pending
			a = newAnswer(r.s, roleAfter(r.s, was.By, was.Role), e.outcomeError(r.s, was, r.resolved))
		}
		return a.State == nil
	})
	if err == nil && a.State == nil {
		err = errNoOutcome
	}
	return a, err
}

// answered keeps the first answer. A failure is logged only: the repeat then
// gets the interaction as it is.
func (e *Engine) answered(ctx context.Context, scope, key string, a answer) {
	b, err := json.Marshal(a)
	if err == nil {
		err = e.deps.Store.Answered(context.WithoutCancel(ctx), scope, key, b)
	}
	if err != nil {
		e.log.ErrorContext(ctx, "answer not kept for its idempotency key", "error", err)
	}
}
