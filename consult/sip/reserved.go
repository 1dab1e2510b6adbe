package sip

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/ua"
)

// Reservations knows which calls to consult numbers are expected; *reserve.Book
// does.
type Reservations interface {
	// AsksCode reports whether callers enter a code by keypad.
	AsksCode() bool
	// Claim gives the reservation of a call; reserve.ErrNone where there is none.
	Claim(ctx context.Context, number, code string) (*reserve.Call, error)
}

// TakeReservations makes calls to the consult numbers of the configuration those
// of reservations. It is called before Start.
func (s *Switch) TakeReservations(r Reservations) { s.reservations = r }

// consultNumber finds which consult number was called, in whatever spelling. One
// that is an agent's by mistake stays the agent's: customers come first.
func (s *Switch) consultNumber(in *ua.Incoming) (string, bool) {
	if s.reservations == nil {
		return "", false
	}
	if _, agents := s.deps.Agent(in.To); agents && s.config.Anchor != AnchorConsult {
		return "", false
	}
	trunk := s.config.trunk(in.Trunk)
	called := dialled(in.To, trunk)
	for _, n := range s.config.ConsultNumbers {
		if n == in.To || dialled(n, trunk) == called {
			return n, true
		}
	}
	return "", false
}

// visit is a call of another contact centre to a consult number. The engine never
// hears of it: what happens to its legs is told to their arrivals.
type visit struct {
	owner    *Switch
	in       *ua.Incoming
	number   string // of the configuration
	call     *call
	caller   *leg
	body     []byte // our answer to the caller's offer
	answered bool   // the caller is connected: a code is asked for
}

// consulted sees a call to a consult number through; a status refuses it.
func (s *Switch) consulted(ctx context.Context, in *ua.Incoming, number string) (status int, phrase string) {
	caller, err := s.open(consult.PartyAgent, s.config.trunk(in.Trunk))
	if err != nil {
		s.log.ErrorContext(ctx, "sip: a call to a consult number cannot be taken", "error", err)
		return unavailable()
	}
	body, err := caller.firstBody(in.Offer)
	if err != nil {
		s.abandon(caller)
		return 488, "Not Acceptable Here"
	}
	v := &visit{owner: s, in: in, number: number, caller: caller, body: body}
	if !v.enter() {
		s.abandon(caller)
		return unavailable()
	}
	reserved, err := v.claim(ctx)
	if err != nil {
		return v.turnAway(ctx, err)
	}
	expert, reason := v.ring(ctx, reserved)
	if reason == "" {
		reason = v.join(ctx, reserved, expert)
	}
	if reason != "" {
		v.hangUp(ctx, expert)
		reserved.Over(ctx, reason)
		return v.refuse(ctx, reason)
	}
	s.run(func() { v.talk(context.WithoutCancel(ctx), reserved, expert) })
	return 0, ""
}

// enter makes the call of a visit, which the engine never hears of.
func (v *visit) enter() bool {
	s := v.owner
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining || s.closed {
		return false
	}
	v.call = s.callOf(consult.InteractionID("v-" + strings.ToLower(rand.Text())))
	v.call.visit = true
	v.add(v.caller)
	return true
}

// add puts a leg into the call. The caller holds the switch's mutex.
func (v *visit) add(l *leg) {
	l.call, l.arrival = v.call, &arrival{events: make(chan happened, 8)}
	v.call.legs[l.id] = l
}

// claim finds the reservation of this call, by its number or the code.
func (v *visit) claim(ctx context.Context) (*reserve.Call, error) {
	if !v.owner.reservations.AsksCode() {
		return v.owner.reservations.Claim(ctx, v.number, "")
	}
	if err := v.answer(ctx); err != nil {
		return nil, err
	}
	return v.askCode(ctx)
}

// answer connects the caller.
func (v *visit) answer(ctx context.Context) error {
	s := v.owner
	s.keep(v.call.id, map[*leg]ua.Stored{v.caller: v.in.Stored()}) //nolint:contextcheck // stored whatever becomes of the caller
	dialog, err := v.caller.take(ctx, v.in, v.body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && v.caller.gone {
		err = ua.ErrWithdrawn
	}
	if dialog != nil {
		v.caller.dialog, v.answered = dialog, true
	}
	if err == nil {
		v.caller.state = consult.LegUp
	}
	return err
}

// ring rings whom the reservation reaches, until they have accepted. A reason
// says why they have not.
func (v *visit) ring(ctx context.Context, r *reserve.Call) (*leg, consult.FailureReason) {
	s := v.owner
	d := consult.Dial{Party: consult.PartyConsulted, Number: r.Target.Number, Kind: r.Target.Kind, OnBehalf: r.AgentName}
	trunk := s.config.trunk(s.trunkFor(d))
	number := dialled(d.Number, trunk)
	if !s.limits.allows(number, false) {
		s.log.WarnContext(ctx, "sip: a number was not dialled: it is not among sip.limits.allowed", "kind", d.Kind)
		return nil, consult.FailureRejected
	}
	expert, err := s.open(consult.PartyConsulted, trunk)
	if err != nil {
		s.log.ErrorContext(ctx, "sip: nobody can be rung for a reservation", "error", err)
		return nil, consult.FailureFailed
	}
	if err := v.invite(ctx, expert, trunk, number, s.callerFor(d, v.call), r.Acceptance); err != nil {
		if errors.Is(err, ua.ErrWithdrawn) {
			return nil, consult.FailureWithdrawn
		}
		s.log.ErrorContext(ctx, "sip: a number could not be dialled", "trunk", trunk.Name, "error", err)
		return nil, consult.FailureFailed
	}
	return expert, v.await(ctx, r, expert)
}

// invite rings the expert beside a caller who is still there, with music for one
// who is connected; the leg is given back where that fails.
func (v *visit) invite(ctx context.Context, expert *leg, trunk TrunkConfig, number string, from caller, acceptance bool) error {
	s := v.owner
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.caller.gone { // hung up while the reservation was claimed
		s.drop(expert)
		return ua.ErrWithdrawn
	}
	expert.acceptance = acceptance
	v.add(expert)
	if v.answered {
		v.picture(ctx, consult.Arrangement{Hold: []consult.LegID{v.caller.id}})
	}
	if err := s.invite(ctx, expert, trunk, number, from, expert.keep); err != nil {
		s.drop(expert)
		return err
	}
	return nil
}

// await waits for the expert's word, as long as the caller and the maker do.
func (v *visit) await(ctx context.Context, r *reserve.Call, expert *leg) consult.FailureReason {
	limit, late := time.NewTimer(r.RingTimeout), consult.FailureNoAnswer
	defer limit.Stop()
	for {
		select {
		case h := <-expert.arrival.events:
			switch {
			case h.failed != "":
				return h.failed
			case h.answered:
				return ""
			case h.asked:
				limit.Reset(r.AcceptTimeout)
				late = consult.FailureNoAcceptance
			case h.ringing && !v.answered:
				if err := v.in.Ring(); err != nil {
					v.owner.log.InfoContext(ctx, "sip: a caller cannot be told that it rings", "error", err)
				}
			}
		case <-v.caller.arrival.events: // the only thing that can happen is the end
			return consult.FailureWithdrawn
		case <-v.in.Withdrawn():
			return consult.FailureWithdrawn
		case <-r.Withdrawn():
			return consult.FailureWithdrawn
		case <-limit.C:
			return late
		case <-v.owner.closing:
			return consult.FailureFailed
		}
	}
}

// join connects the two.
func (v *visit) join(ctx context.Context, r *reserve.Call, expert *leg) consult.FailureReason {
	if !v.answered {
		if err := v.answer(ctx); err != nil {
			v.owner.log.InfoContext(ctx, "sip: a call ended while it was connected", "trunk", v.in.Trunk, "error", err)
			return consult.FailureWithdrawn
		}
	}
	if err := r.Connected(ctx); err != nil {
		return consult.FailureWithdrawn
	}
	v.owner.mu.Lock()
	defer v.owner.mu.Unlock()
	if !v.caller.gone && !expert.gone { // else talk hears of the end
		v.picture(ctx, consult.Arrangement{Talk: []consult.LegID{v.caller.id, expert.id}})
	}
	return ""
}

// picture says who hears whom. The caller holds the switch's mutex.
func (v *visit) picture(ctx context.Context, a consult.Arrangement) {
	if err := v.call.arrange(a); err != nil {
		v.owner.log.ErrorContext(ctx, "sip: a picture cannot be made", "error", err)
	}
}

// talk waits until one of the two hangs up, and ends the other.
func (v *visit) talk(ctx context.Context, r *reserve.Call, expert *leg) {
	var end happened
	select {
	case end = <-v.caller.arrival.events:
	case end = <-expert.arrival.events:
	case <-v.owner.closing:
	}
	v.hangUp(ctx, expert)
	v.hangUp(ctx, v.caller)
	reason := consult.FailureReason("")
	if end.lost {
		reason = reserve.ReasonLost
	}
	r.Over(ctx, reason)
}

// turnAway ends a call that no reservation waits for, or none that can be had now.
func (v *visit) turnAway(ctx context.Context, why error) (status int, phrase string) {
	if !errors.Is(why, reserve.ErrNone) {
		v.owner.log.WarnContext(ctx, "sip: a call to a consult number was turned away", "trunk", v.in.Trunk, "error", why)
	}
	if v.answered {
		return v.refuse(ctx, consult.FailureUnreachable)
	}
	v.owner.abandon(v.caller)
	if errors.Is(why, reserve.ErrNone) {
		return 404, "Not Found"
	}
	return unavailable()
}

// goodbyeLimit bounds the goodbye.
const goodbyeLimit = 3 * time.Second

// refuse ends the caller's side: with a final status or, where it was answered
// for the code, with a goodbye.
func (v *visit) refuse(ctx context.Context, reason consult.FailureReason) (status int, phrase string) {
	if v.answered {
		v.caller.say(media.PromptGoodbye, time.After(goodbyeLimit))
		v.hangUp(ctx, v.caller)
		return 0, ""
	}
	v.owner.abandon(v.caller)
	switch {
	case v.owner.stopping(), reason == consult.FailureFailed: // limits, ports, or the expert's side is out of order
		return unavailable()
	case reason == consult.FailureBusy:
		return 486, "Busy Here"
	default: // not 603: another try, with another reservation, may well succeed
		return 480, "Temporarily Unavailable"
	}
}

// hangUp ends a leg, or its ringing; nil and one that is over are fine.
func (v *visit) hangUp(ctx context.Context, l *leg) {
	v.owner.mu.Lock()
	defer v.owner.mu.Unlock()
	if l != nil && !l.gone {
		l.hangUp(ctx)
	}
}
