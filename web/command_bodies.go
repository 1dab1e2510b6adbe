package web

import (
	"github.com/danielgtaylor/huma/v2"

	"teamsbridge/consult"
)

// targetRequest is who to reach: a number for dialNumber, an id for all others.
type targetRequest struct {
	Kind    consult.TargetKind `json:"kind"`
	ID      *string            `json:"id,omitempty" minLength:"1" maxLength:"256" doc:"For every kind but dialNumber"`
	Number  *string            `json:"number,omitempty" maxLength:"4096" doc:"For dialNumber: what was typed"`
	Confirm bool               `json:"confirm,omitempty" doc:"An emergency number is meant"`
}

// Resolve asks for what the kind needs, and refuses what it does not.
func (t *targetRequest) Resolve(_ huma.Context, path *huma.PathBuffer) []error {
	var problems []error
	need := func(member string, present, wanted bool) {
		switch {
		case wanted && !present:
			problems = append(problems, &huma.ErrorDetail{Location: path.With(member), Message: "is required for this kind"})
		case present && !wanted:
			problems = append(problems, &huma.ErrorDetail{Location: path.With(member), Message: "does not belong to this kind"})
		}
	}
	byNumber := t.Kind == consult.TargetDialNumber
	if t.Kind != "" {
		need("number", t.Number != nil, byNumber)
		need("id", t.ID != nil, !byNumber)
	}
	return problems
}

func (t *targetRequest) request() consult.TargetRequest {
	out := consult.TargetRequest{Kind: t.Kind, Confirm: t.Confirm}
	if t.ID != nil {
		out.ID = *t.ID
	}
	if t.Number != nil {
		out.Number = *t.Number
	}
	return out
}

// emptyBody is {} or nothing at all.
type emptyBody struct{}

type plainCommand struct {
	CommandHeaders
	Body *emptyBody
}

func (*plainCommand) command(a consult.Action) consult.Command { return consult.Command{Action: a} }
func (*plainCommand) content() any                             { return emptyBody{} }

type consultBody struct {
	Target targetRequest `json:"target"`
}

type consultCommand struct {
	CommandHeaders
	Body consultBody
}

func (c *consultCommand) command(a consult.Action) consult.Command {
	return consult.Command{Action: a, Target: c.Body.Target.request()}
}
func (c *consultCommand) content() any { return c.Body }

type transferBody struct {
	Target *targetRequest `json:"target,omitempty" doc:"Makes it a cold transfer; without it the consulted party takes the call"`
}

type transferCommand struct {
	CommandHeaders
	Body *transferBody
}

// command is a cold transfer when a target is named.
func (c *transferCommand) command(a consult.Action) consult.Command {
	if c.Body == nil || c.Body.Target == nil {
		return consult.Command{Action: a}
	}
	return consult.Command{Action: consult.ActionColdTransfer, Target: c.Body.Target.request()}
}

func (c *transferCommand) content() any {
	if c.Body == nil {
		return transferBody{}
	}
	return *c.Body
}

type declineBody struct {
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"Shown to the agent who asked"`
}

type declineCommand struct {
	CommandHeaders
	Body *declineBody
}

func (c *declineCommand) command(a consult.Action) consult.Command {
	cmd := consult.Command{Action: a}
	if c.Body != nil {
		cmd.Note = c.Body.Reason
	}
	return cmd
}

func (c *declineCommand) content() any {
	if c.Body == nil {
		return declineBody{}
	}
	return *c.Body
}

type wrapUpBody struct {
	Code string `json:"code" minLength:"1" maxLength:"100" doc:"One of wrapUp.reasons"`
	Note string `json:"note,omitempty" maxLength:"2000"`
}

type wrapUpCommand struct {
	CommandHeaders
	Body wrapUpBody
}

func (c *wrapUpCommand) command(a consult.Action) consult.Command {
	return consult.Command{Action: a, Code: c.Body.Code, Note: c.Body.Note}
}
func (c *wrapUpCommand) content() any { return c.Body }
