package consult

import (
	"sync/atomic"

	"teamsbridge/sso"
)

// viewer makes views; it holds what they need beside the state.
type viewer struct {
	lists *atomic.Pointer[lists]
	gate  Gate
}

// view is the interaction as p may see it in a role.
func (v *viewer) view(s *State, p sso.Principal, role RoleHere) View {
	out := View{
		ID: s.ID, Version: s.Version, Phase: s.Phase, StartedAt: s.StartedAt, Role: role,
		Customer: CustomerView{Number: s.Customer.Number, State: s.Customer.State, Since: s.Customer.Since, Waits: s.Customer.Warned, Holds: s.holds(s.Customer.Leg)},
		Actions:  make(map[Action]Permit, len(Actions)),
	}
	if s.Owner != nil {
		out.Owner = &OwnerView{PersonView: PersonView{ID: string(s.Owner.Agent), Name: s.Owner.Name}, Holds: s.holds(s.Owner.Leg)}
	}
	if s.Pending != nil {
		out.Pending = &PendingView{Action: s.Pending.Action, Since: s.Pending.Since}
	}
	if s.Lost != nil && out.Pending == nil {
		out.Pending = &PendingView{Action: ActionResume, Since: s.Lost.Since}
	}
	if k := s.Consult; k != nil {
		out.Consult = &ConsultView{
			Then: k.Then, Note: k.Note, Target: k.Target, State: k.State, Since: k.Since, Failure: k.Failure,
			Asked: k.Asked && k.State == consultRinging, Holds: s.holds(k.Leg),
		}
		if k.Party != nil {
			out.Consult.Party = &PersonView{ID: k.Party.ID, Name: k.Party.Name}
		}
	}
	agent := p.Agent().ID
	if w := s.openWrapUp(agent); w != nil {
		how := v.lists.Load().wrapUpOf(w.OpenedAt)
		out.WrapUp = &WrapUpView{Paused: w.Paused, Default: how.Default, Reasons: how.Reasons}
		if due := w.DueAt; !due.IsZero() {
			out.WrapUp.DueAt = &due
		}
	}
	for i, a := range Actions {
		out.Actions[a] = v.permit(s, p, InputKind(i)) // fourteen actions
	}
	return out
}

// permit says whether p may do an action now, by the same decision as a command.
func (v *viewer) permit(s *State, p sso.Principal, kind InputKind) Permit {
	actor, ok := s.actorOf(p.Agent().ID, kind)
	if !ok {
		return Permit{Reason: reasonNotYourPart}
	}
	if _, why, _ := next(s, &Input{Kind: kind, Actor: actor, Agent: p.Agent().ID}); why != "" {
		return Permit{Reason: string(why)}
	}
	if reachesExpert(s, kind) && v.gate.Allow(p) != nil {
		return Permit{Reason: reasonSSORequired}
	}
	return Permit{Allowed: true}
}

// reachesExpert says whether the action gives the customer to the consulted
// expert, which needs Entra sign-on. A new target is judged when it is named.
func reachesExpert(s *State, kind InputKind) bool {
	return (kind == InTransfer || kind == InLeave) && s.Consult.live() && s.Consult.Target.Expert != ""
}
