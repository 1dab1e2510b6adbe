package web

import (
	"teamsbridge/consult"
)

type person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type owner struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Holds bool   `json:"holds" doc:"Holds on their own telephone"`
}

type customer struct {
	Number *string       `json:"number"`
	Name   *string       `json:"name"`
	State  customerState `json:"state"`
	Since  string        `json:"since" format:"date-time"`
	Waits  bool          `json:"waits" doc:"On hold for longer than hold.warn"`
	Holds  bool          `json:"holds" doc:"Holds on their own telephone"`
}

type pendingAction struct {
	Action consult.Action `json:"action"`
	Since  string         `json:"since" format:"date-time"`
}

type consultTarget struct {
	Kind          consult.TargetKind `json:"kind"`
	ID            *string            `json:"id"`
	Name          *string            `json:"name"`
	Number        *string            `json:"number"`
	NumberChanged bool               `json:"numberChanged" doc:"The number was read at Microsoft just before the call, and is another one than searches showed"`
}

type consultState struct {
	Party   nullable[person]                `json:"party" doc:"Who rings or talks; null while a queue waits"`
	Then    nullable[consultThen]           `json:"then" doc:"transfer: a cold transfer, which completes itself on answer"`
	Note    *string                         `json:"note" doc:"What the person said when declining"`
	Target  consultTarget                   `json:"target"`
	State   consultStateName                `json:"state"`
	Since   string                          `json:"since" format:"date-time"`
	Failure nullable[consult.FailureReason] `json:"failure" doc:"Why it failed: a reason of switch-failed"`
	Asked   bool                            `json:"asked" doc:"They picked up and are asked to press a key before they count as answered"`
	Holds   bool                            `json:"holds" doc:"They hold on their own telephone"`
}

type wrapUpReason struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

type wrapUp struct {
	DueAt   *string        `json:"dueAt" format:"date-time" doc:"When the default reason is applied; null without a timer"`
	Paused  bool           `json:"paused"`
	Default *string        `json:"default" doc:"Code applied when the timer ends"`
	Reasons []wrapUpReason `json:"reasons"`
}

type permit struct {
	Allowed bool         `json:"allowed"`
	Reason  permitReason `json:"reason,omitempty"`
}

// actions holds every action, allowed or not, so that a client never has to
// know the rules.
type actions struct {
	Hold         permit `json:"hold"`
	Resume       permit `json:"resume"`
	Consult      permit `json:"consult"`
	ResumeExpert permit `json:"resumeExpert"`
	EndConsult   permit `json:"endConsult"`
	Accept       permit `json:"accept"`
	Decline      permit `json:"decline"`
	Transfer     permit `json:"transfer"`
	ColdTransfer permit `json:"coldTransfer"`
	Conference   permit `json:"conference"`
	Leave        permit `json:"leave"`
	End          permit `json:"end"`
	WrapUp       permit `json:"wrapUp"`
	PauseWrapUp  permit `json:"pauseWrapUp"`
}

type interaction struct {
	ID        string                  `json:"id"`
	Version   uint64                  `json:"version"`
	Phase     consult.Phase           `json:"phase"`
	StartedAt string                  `json:"startedAt" format:"date-time"`
	Role      consult.RoleHere        `json:"role" doc:"What the caller is here"`
	Customer  customer                `json:"customer"`
	Owner     nullable[owner]         `json:"owner" doc:"Null after a transfer to an expert or a number"`
	Pending   nullable[pendingAction] `json:"pending" doc:"What the telephone system is working on"`
	Consult   nullable[consultState]  `json:"consult" doc:"The latest consult"`
	WrapUp    nullable[wrapUp]        `json:"wrapUp" doc:"The caller's own, while it is open"`
	Actions   actions                 `json:"actions"`
}

func interactionOf(v consult.View) interaction {
	return interaction{
		ID:        string(v.ID),
		Version:   v.Version,
		Phase:     v.Phase,
		StartedAt: formatTime(v.StartedAt),
		Role:      v.Role,
		Customer: customer{
			Number: orNull(v.Customer.Number),
			Name:   orNull(v.Customer.Name),
			State:  customerState(v.Customer.State),
			Since:  formatTime(v.Customer.Since),
			Waits:  v.Customer.Waits,
			Holds:  v.Customer.Holds,
		},
		Owner:   converted(v.Owner, ownerOf),
		Pending: converted(v.Pending, pendingOf),
		Consult: converted(v.Consult, consultOf),
		WrapUp:  converted(v.WrapUp, wrapUpOf),
		Actions: actionsOf(v.Actions),
	}
}

// converted is null for nil.
func converted[T, U any](v *T, convert func(T) U) nullable[U] {
	if v == nil {
		return nullable[U]{}
	}
	out := convert(*v)
	return orNullObject(&out)
}

func personOf(p consult.PersonView) person { return person{ID: p.ID, Name: p.Name} }

func ownerOf(o consult.OwnerView) owner { return owner{ID: o.ID, Name: o.Name, Holds: o.Holds} }

func pendingOf(p consult.PendingView) pendingAction {
	return pendingAction{Action: p.Action, Since: formatTime(p.Since)}
}

func consultOf(c consult.ConsultView) consultState {
	return consultState{
		Party: converted(c.Party, personOf),
		Then:  orNullWord(consultThen(c.Then)),
		Note:  orNull(c.Note),
		Target: consultTarget{
			Kind: c.Target.Kind, ID: orNull(c.Target.ID),
			Name: orNull(c.Target.Name), Number: orNull(c.Target.Number),
			NumberChanged: c.Target.NumberChanged,
		},
		State:   consultStateName(c.State),
		Since:   formatTime(c.Since),
		Failure: orNullWord(c.Failure),
		Asked:   c.Asked,
		Holds:   c.Holds,
	}
}

func wrapUpOf(w consult.WrapUpView) wrapUp {
	out := wrapUp{
		Paused:  w.Paused,
		Default: orNull(w.Default),
		Reasons: mapped(w.Reasons, func(r consult.WrapUpReason) wrapUpReason { return wrapUpReason(r) }),
	}
	if w.DueAt != nil {
		out.DueAt = timeOrNull(*w.DueAt)
	}
	return out
}

// actionsOf fills in every action; the engine decides each of them.
func actionsOf(permits map[consult.Action]consult.Permit) actions {
	of := func(a consult.Action) permit {
		p := permits[a]
		if p.Allowed {
			return permit{Allowed: true}
		}
		return permit{Reason: permitReason(p.Reason)}
	}
	return actions{
		Hold:         of(consult.ActionHold),
		Resume:       of(consult.ActionResume),
		Consult:      of(consult.ActionConsult),
		ResumeExpert: of(consult.ActionResumeExpert),
		EndConsult:   of(consult.ActionEndConsult),
		Accept:       of(consult.ActionAccept),
		Decline:      of(consult.ActionDecline),
		Transfer:     of(consult.ActionTransfer),
		ColdTransfer: of(consult.ActionColdTransfer),
		Conference:   of(consult.ActionConference),
		Leave:        of(consult.ActionLeave),
		End:          of(consult.ActionEnd),
		WrapUp:       of(consult.ActionWrapUp),
		PauseWrapUp:  of(consult.ActionPauseWrapUp),
	}
}

type historyEntry struct {
	Version uint64                   `json:"version"`
	At      string                   `json:"at" format:"date-time"`
	Actor   historyActor             `json:"actor"`
	Person  nullable[person]         `json:"person"`
	Input   string                   `json:"input" doc:"The command or event"`
	Cause   *string                  `json:"cause" doc:"A failure's reason, or what else explains it"`
	From    nullable[consult.Phase]  `json:"from"`
	To      consult.Phase            `json:"to"`
	Pending nullable[consult.Action] `json:"pending" doc:"What the telephone system began to do"`
}

func historyEntryOf(e consult.HistoryEntry) historyEntry {
	return historyEntry{
		Version: e.Version,
		At:      formatTime(e.At),
		Actor:   historyActor(e.Actor),
		Person:  converted(e.Person, personOf),
		Input:   e.Input,
		Cause:   orNull(e.Cause),
		From:    orNullWord(e.From),
		To:      e.To,
		Pending: orNullWord(e.Pending),
	}
}
