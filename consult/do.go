package consult

import (
	"context"
	"slices"

	"teamsbridge/sso"
)

// Do carries out a command and answers with the interaction as it then is. One
// that comes before Run has found what is still there waits for that.
// Errors: those of errors.go, *sso.RequiredError. The order in which it
// refuses is the contract's: not found, role, replay, version, phase, sign-on,
// content.
func (e *Engine) Do(ctx context.Context, p sso.Principal, id InteractionID, cmd Command) (View, error) {
	if !p.Valid() {
		return View{}, ErrUnauthenticated
	}
	kind, ok := inputOf(cmd.Action)
	if !ok {
		return View{}, &InvalidError{Location: "path", Message: "unknown action"}
	}
	s, c, err := e.lookUp(ctx, p, id)
	if err != nil {
		return View{}, err
	}
	role := e.roleHere(s, p)
	if !role.commands() && !e.Answered(ctx, p, id, cmd.Action, cmd.Key) {
		if role == RoleSupervisor {
			return View{}, &RoleError{Role: string(sso.RoleAgent)}
		}
		return View{}, ErrNotFound
	}
	run := func(ctx context.Context, claim *Claim) answer {
		if !role.commands() { // the first try was refused before the journal: there is nothing to repeat
			return failure(ErrNotFound)
		}
		return e.command(ctx, p, c, s, role, kind, cmd, claim)
	}
	var a answer
	if cmd.Key == "" {
		a = run(ctx, nil)
	} else if a, err = e.once(ctx, p, id, cmd, run); err != nil {
		return View{}, err
	}
	if err := a.err(); err != nil {
		return View{}, err
	}
	return e.viewer.view(a.State, p, a.Role), nil
}

// command decides and carries out one command that is not a repeat.
func (e *Engine) command(ctx context.Context, p sso.Principal, c *call, s *State, role RoleHere, kind InputKind, cmd Command, claim *Claim) answer {
	if c == nil { // ended: nothing is possible, and the refusal says so
		return failure(refusalOf(s, p, kind, cmd))
	}
	if err := e.awaitRecovery(ctx); err != nil {
		return failure(err)
	}
	c.mu.Lock()
	s = c.s
	err := refusalOf(s, p, kind, cmd)
	c.mu.Unlock()
	if err != nil {
		return failure(err)
	}
	in, err := e.prepare(ctx, p, s, kind, cmd) // may ask Graph, so without the lock
	if err != nil {
		return failure(err)
	}
	in.Role = role
	if claim != nil {
		in.Scope, in.Key = claim.Scope, claim.Key
	}
	c.mu.Lock()
	s = c.s
	if err := refusalOf(s, p, kind, cmd); err != nil {
		c.mu.Unlock()
		return failure(err)
	}
	in.At = clock()
	in.Actor, _ = s.actorOf(p.Agent().ID, kind)
	r, _, _ := next(s, &in)
	if r.when == now {
		err := e.step(ctx, c, r, in, claim)
		after := c.s
		c.mu.Unlock()
		if err != nil {
			return failure(err)
		}
		a := newAnswer(after, roleAfter(after, p.Agent().ID, role), nil)
		if claim != nil {
			e.answered(ctx, claim.Scope, claim.Key, a)
		}
		return a
	}
	wait := make(chan result, 1)
	c.waiter = wait
	e.atWork.begin()
	defer e.atWork.end()
	if err := e.step(ctx, c, r, in, claim); err != nil {
		c.waiter = nil
		c.mu.Unlock()
		return failure(err)
	}
	was := *c.s.Pending
	c.mu.Unlock()
	select {
	case res := <-wait:
		if res.err != nil {
			return failure(res.err)
		}
		return newAnswer(res.s, roleAfter(res.s, p.Agent().ID, role), e.outcomeError(res.s, &was, res.res))
	case <-e.stopped: // the engine ended first; the journal knows, and recovery goes on from there
		return failure(ErrOutcomeUnknown)
	}
}

// refusalOf says why the command is not possible now: version, then phase.
func refusalOf(s *State, p sso.Principal, kind InputKind, cmd Command) error {
	if cmd.IfVersion != nil && *cmd.IfVersion != s.Version {
		return &VersionError{Version: s.Version}
	}
	agent := p.Agent().ID
	actor, ok := s.actorOf(agent, kind)
	if !ok {
		return &PhaseError{Phase: s.Phase, Allowed: []Action{}, Reason: reasonNotYourPart}
	}
	if _, why, _ := next(s, &Input{Kind: kind, Actor: actor, Agent: agent}); why != "" {
		return &PhaseError{Phase: s.Phase, Allowed: s.allowed(agent), Reason: string(why)}
	}
	return nil
}

// prepare checks sign-on and content, and makes the input.
func (e *Engine) prepare(ctx context.Context, p sso.Principal, s *State, kind InputKind, cmd Command) (Input, error) {
	in := Input{Kind: kind, Agent: p.Agent().ID}
	switch kind {
	case InConsult, InColdTransfer:
		if e.draining.Load() {
			return in, ErrDraining
		}
		found, err := e.resolveTarget(ctx, p, s, cmd.Target)
		if err != nil {
			return in, err
		}
		in.Target, in.Party, in.Refused = &found.target, found.party, found.refused
	case InTransfer, InLeave:
		if reachesExpert(s, kind) {
			if actor, _ := s.actorOf(p.Agent().ID, kind); actor == ActorAgent1 {
				if err := e.deps.Gate.Allow(p); err != nil {
					return in, err
				}
			}
		}
	case InAccept:
		if _, ok := e.deps.Switch.(Answerer); !ok {
			return in, &SwitchError{Reason: FailureRejected}
		}
	case InDecline:
		if len([]rune(cmd.Note)) > maxNote {
			return in, &InvalidError{Location: "body.reason", Message: "must have at most 2000 characters"}
		}
		in.Note = cmd.Note
	case InWrapUp:
		var how WrapUpConfig
		if w := s.openWrapUp(p.Agent().ID); w != nil {
			how = e.lists.Load().wrapUpOf(w.OpenedAt)
		}
		known := slices.ContainsFunc(how.Reasons, func(r WrapUpReason) bool { return r.Code == cmd.Code })
		if !known {
			return in, &InvalidError{Location: "body.code", Message: "must be the code of a wrap-up reason"}
		}
		if len([]rune(cmd.Note)) > maxNote {
			return in, &InvalidError{Location: "body.note", Message: "must have at most 2000 characters"}
		}
		in.Code, in.Note = cmd.Code, cmd.Note
	default: // nothing to check beyond the phase
	}
	return in, nil
}

// maxNote is the longest note, in characters.
const maxNote = 2000

// roleAfter is what an agent is once their command is done; somebody whose
// part ended keeps the role for this last view.
func roleAfter(s *State, agent sso.AgentID, before RoleHere) RoleHere {
	if role := s.roleOf(agent); role != "" {
		return role
	}
	return before
}
