package calls

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"teamsbridge/audit"
	"teamsbridge/consult"
)

// entry and input are what a line needs of a step's two lines in the journal.
type entry struct {
	Version uint64
	At      time.Time
	Person  *person
	Input   string
	Cause   string
	From    consult.Phase
	To      consult.Phase
	Pending consult.Action
}

// person is who a step names.
type person struct{ ID, Name string }

// isNumber reports whether it is a telephone that nobody is known to have: the
// engine names such a party by its number.
func (p person) isNumber() bool {
	return p.ID == p.Name && strings.Trim(p.ID, "+0123456789*#:") == ""
}

type input struct {
	Actor  string      `json:"actor"`
	Agent  string      `json:"agent"`
	Target *callTarget `json:"target"`
	Party  *struct {
		ID string `json:"id"`
	} `json:"party"`
}

type callTarget struct {
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	Number string `json:"number"`
	Expert string `json:"expert"`
	Agent  string `json:"agent"`
}

// commands are what agents do and is audited; how it went on is another step
// where the switch has to do it first.
var commands = map[string]audit.Kind{
	consult.InConsult.String():      audit.Consult,
	consult.InAccept.String():       audit.Consult,
	consult.InDecline.String():      audit.Consult,
	consult.InEndConsult.String():   audit.Consult,
	consult.InConference.String():   audit.Consult,
	consult.InTransfer.String():     audit.Transfer,
	consult.InColdTransfer.String(): audit.Transfer,
	consult.InLeave.String():        audit.Transfer,
	consult.InWrapUp.String():       audit.WrapUp,
}

// eventOf makes the audit event of a step; ok is false where none is told.
func eventOf(tenant string, id consult.InteractionID, inputLine, entryLine []byte) (e audit.Event, ok bool, err error) {
	var h entry
	if err := json.Unmarshal(entryLine, &h); err != nil {
		return e, false, fmt.Errorf("calls: read a step's entry: %w", err)
	}
	e = audit.Event{At: h.At, Tenant: tenant, Interaction: string(id), Version: h.Version, Action: h.Input, Outcome: audit.Done, Reason: h.Cause}
	kind, command := commands[h.Input]
	switch {
	case command:
		e.Kind = kind
		if h.Pending != "" || h.To == consult.PhaseConsultRequested && h.From != h.To {
			e.Outcome = audit.Begun
		}
	case h.Input == consult.InAnswered.String():
		e.Kind = audit.Consult
	case h.Input == consult.InFailed.String(), h.Input == consult.InRingTimeout.String(), h.Input == consult.InArrangeFailed.String():
		e.Kind, e.Outcome = audit.Consult, audit.Failed
	case h.Input == consult.InArranged.String() && h.From != h.To && h.To == consult.PhaseTransferred:
		e.Kind = audit.Transfer
	case h.Input == consult.InArranged.String() && h.From != h.To && h.To == consult.PhaseConferenced:
		e.Kind = audit.Consult
	case h.Input == consult.InWrapUpTimeout.String():
		e.Kind = audit.WrapUp
	default:
		return audit.Event{}, false, nil
	}
	var in input
	if err := json.Unmarshal(inputLine, &in); err != nil {
		return e, false, fmt.Errorf("calls: read a step's input: %w", err)
	}
	e.Actor.Agent = in.Agent
	if !command && in.Agent == "" && h.Person != nil { // the consulted party's telephone did it
		if e.Target.ID = h.Person.ID; h.Person.isNumber() {
			e.Target = audit.Target{Number: h.Person.ID}
		}
	}
	if t := in.Target; t != nil {
		e.Target = audit.Target{Kind: t.Kind, ID: t.ID, Number: t.Number}
		if t.Expert != "" { // a number that is a listed expert's counts as that expert
			e.Target.ID = t.Expert
		}
	}
	return e, true, nil
}
