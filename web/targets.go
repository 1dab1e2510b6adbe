package web

import (
	"context"
	"net/http"

	"teamsbridge/consult"
	"teamsbridge/consult/dial"
	"teamsbridge/sso"
)

// targetList is a list of targets, by the last part of its path.
type targetList struct {
	path, id, summary string
	kind              consult.TargetKind
}

var targetLists = [...]targetList{
	{"agents", "listAgents", "Contact-centre agents, the caller left out", consult.TargetAgent},
	{"queues", "listQueues", "Queues of agents", consult.TargetQueue},
	{"entry-points", "listEntryPoints", "Named entries to routing flows", consult.TargetEntryPoint},
	{"dial-numbers", "listDialNumbers", "Numbers of the contact centre's own list", consult.TargetDialNumber},
}

type target struct {
	Kind   listedKind                   `json:"kind"`
	ID     string                       `json:"id"`
	Name   string                       `json:"name"`
	Number *string                      `json:"number"`
	State  nullable[consult.AgentState] `json:"state" doc:"Of agents; null for all others"`
}

func targetOf(e consult.TargetEntry) target {
	return target{
		Kind: listedKind(e.Kind), ID: e.ID, Name: e.Name,
		Number: orNull(e.Number), State: orNullWord(e.State),
	}
}

type targetsRequest struct {
	Q       string `query:"q" maxLength:"256" doc:"Start of any word of the name; case and accents do not matter"`
	Refresh bool   `query:"refresh" doc:"Look first whether the configuration has changed"`
}

type targetsAnswer struct {
	Targets    []target `json:"targets"`
	ObservedAt string   `json:"observedAt" format:"date-time"`
}

type numberRequest struct {
	Body struct {
		Input string `json:"input" maxLength:"4096" doc:"What was typed or pasted"`
	}
}

type numberCheck struct {
	Valid     bool                   `json:"valid"`
	Dialable  *string                `json:"dialable" doc:"What will be dialled: cleaned, never reformatted"`
	Digits    int                    `json:"digits"`
	Format    nullable[dial.Format]  `json:"format" doc:"How it was recognised; null when it is not valid"`
	Country   *string                `json:"country" doc:"ISO 3166 region where it can be known"`
	Removed   []string               `json:"removed" doc:"Each distinct character or piece that was cut, in order of appearance"`
	Ambiguous bool                   `json:"ambiguous"`
	Readings  []string               `json:"readings" doc:"What to choose from when ambiguous"`
	Emergency bool                   `json:"emergency" doc:"An emergency number of the agent's site: dialled only with confirm"`
	Problem   nullable[dial.Problem] `json:"problem" doc:"Why it is not valid"`
}

func numberCheckOf(c dial.Check) numberCheck {
	return numberCheck{
		Valid:     c.Valid,
		Dialable:  orNull(c.Dialable),
		Digits:    c.Digits,
		Format:    orNullWord(c.Format),
		Country:   orNull(c.Country),
		Removed:   nonNil(c.Removed),
		Ambiguous: c.Ambiguous,
		Readings:  nonNil(c.Readings),
		Emergency: c.Emergency,
		Problem:   orNullWord(c.Problem),
	}
}

func (a *api) targets() {
	s := a.server
	tag := tagged("Targets")
	for _, l := range targetLists {
		handle(a, operation(http.MethodGet, "/targets/"+l.path, l.id, l.summary, tag),
			func(ctx context.Context, p sso.Principal, in *targetsRequest) (*body[targetsAnswer], error) {
				if in.Refresh && s.deps.Refresh != nil {
					s.deps.Refresh(ctx)
				}
				return answerWith(targetsAnswer{
					Targets:    mapped(s.deps.Engine.Targets(p, l.kind, in.Q), targetOf),
					ObservedAt: formatTime(s.now()),
				}), nil
			})
	}
	handle(a, operation(http.MethodPost, "/dial-number/check", "checkDialNumber", "How a text would be dialled; nothing is", tag),
		func(_ context.Context, p sso.Principal, in *numberRequest) (*body[numberCheck], error) {
			return answerWith(numberCheckOf(s.numbers(p, in.Body.Input))), nil
		})
}
