package consult

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// call is one live interaction of this process. Its mutex serialises it: a
// step is decided, journaled and acted on before the next is looked at.
type call struct {
	mu     sync.Mutex
	s      *State
	waiter chan result   // of the command that is pending, if somebody waits
	alarm  *time.Timer   // rings when something is due; nil until something is
	rings  time.Time     // when it does; zero when it is not set
	done   time.Time     // what was due until then has been done since the last step
	timers []*time.Timer // what is tried again
	gone   bool          // ended, no longer in the engine's table
	// confirmed is the newest picture that the switch said is true. It is not
	// journaled: after a restart the picture is told again.
	confirmed uint64
}

// result is how a pending command ended, and the state then.
type result struct {
	s   *State
	res resolution
	err error
}

func (e *Engine) newCall(s *State) *call { return &call{s: s} }

// step journals a decided rule and then acts on it. The caller holds c.mu.
func (e *Engine) step(ctx context.Context, c *call, r *rule, in Input, claim *Claim) error {
	ch := apply(c.s, r, in, &e.lists.Load().set)
	if err := e.journal(ctx, ch.s, c.s, in, claim); err != nil {
		if errors.Is(err, ErrVersion) {
			e.catchUp(ctx, c)
		}
		return err
	}
	before := c.s
	c.s = ch.s
	e.published(before, c.s, in)
	if ch.resolved.outcome != outcomeNone {
		e.resolve(ctx, c, before.Pending, ch)
	}
	e.arm(c)
	e.execute(ctx, c, ch.effects)
	return nil
}

// journal appends the step under the expected version.
func (e *Engine) journal(ctx context.Context, s, before *State, in Input, claim *Claim) error {
	rec := Record{
		Interaction: s.ID, Tenant: s.Tenant, Version: s.Version, Live: s.Phase != PhaseEnded, At: in.At, Claim: claim,
		Urgent: in.Kind.urgent(),
	}
	if s.Owner != nil {
		rec.Owners = append(rec.Owners, string(s.Owner.Agent))
	}
	for _, m := range s.Former {
		rec.Owners = append(rec.Owners, string(m.Agent))
	}
	entry := e.entry(s, before, in)
	rec.Input, rec.State, rec.Entry = encodeStep(&in, s, &entry)
	// A step that was begun is finished, whoever hung up their browser meanwhile.
	if err := e.deps.Store.Append(context.WithoutCancel(ctx), rec); err != nil {
		if errors.Is(err, ErrKeyTaken) {
			return err
		}
		return fmt.Errorf("%w: %w", ErrStorage, err)
	}
	return nil
}

// resolve tells whoever waits for the pending command, and keeps the answer
// for its idempotency key. A command that went on to the next one (an accepted
// cold transfer) is still waited for.
func (e *Engine) resolve(ctx context.Context, c *call, was *Pending, ch *change) {
	if c.s.Pending != nil {
		return
	}
	res := result{s: c.s, res: ch.resolved}
	if was != nil && was.Key != "" {
		e.answered(ctx, was.Scope, was.Key, newAnswer(c.s, roleAfter(c.s, was.By, was.Role), e.outcomeError(c.s, was, ch.resolved)))
	}
	if c.waiter != nil {
		c.waiter <- res // one place is kept for it
		c.waiter = nil
	}
}

// outcomeError is the error of a resolved command; nil when it was done.
func (e *Engine) outcomeError(s *State, was *Pending, res resolution) error {
	switch res.outcome {
	case outcomeFailed:
		return &SwitchError{Reason: res.reason}
	case outcomeCancelled:
		return &PhaseError{Phase: s.Phase, Allowed: s.allowed(was.By), Reason: reasonWrongPhase}
	case outcomeNone, outcomeDone:
	}
	return nil
}

// execute does what the step asks of the switch. The switch only starts work
// here; a refusal to start becomes an event like any other outcome.
func (e *Engine) execute(ctx context.Context, c *call, effects []effect) {
	id := c.s.ID
	for _, f := range effects {
		ctx := context.WithoutCancel(ctx)
		var err error
		failed := Event{Interaction: id, Leg: f.leg, Reason: FailureFailed, At: clock()}
		switch f.kind {
		case effectArrange:
			failed.Kind, failed.Seq = EventArrangeFailed, f.arrange.Seq
			err = e.deps.Switch.Arrange(ctx, id, f.arrange)
		case effectDial:
			failed.Kind = EventFailed
			err = e.deps.Switch.Dial(ctx, f.dial)
		case effectAnswer:
			failed.Kind = EventFailed
			if a, ok := e.deps.Switch.(Answerer); ok {
				err = a.Answer(ctx, id, f.leg)
			}
		case effectHangup:
			failed.Kind = EventHangupFailed
			err = e.deps.Switch.Hangup(ctx, id, f.leg)
		case effectRefuse:
			failed.Kind, failed.Reason = EventFailed, f.reason
			err = errUnavailable
		}
		e.metrics.switched(f.kind, err)
		if err == nil {
			continue
		}
		if !errors.Is(err, errUnavailable) {
			e.log.WarnContext(ctx, "switch did not start", "interaction", id, "leg", f.leg, "error", err)
		}
		e.lanes.put(id, func(ctx context.Context) { e.happened(ctx, failed) })
	}
}

// errUnavailable marks a party that is not even rung.
var errUnavailable = errors.New("consult: party not available")

// clock is now, to the millisecond that the contract shows.
func clock() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
