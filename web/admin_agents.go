package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"teamsbridge/consult"
	"teamsbridge/sso"
)

// agentRow is a row of the agent table.
type agentRow struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	EntraID  *string         `json:"entraId" doc:"Object id at Microsoft Entra"`
	Subject  *string         `json:"subject" doc:"Subject at the contact centre's own identity provider"`
	Number   *string         `json:"number" doc:"The agent's telephone"`
	Country  *string         `json:"country" doc:"ISO 3166 region of the agent's site"`
	TimeZone *string         `json:"timeZone" doc:"IANA name"`
	Team     *string         `json:"team"`
	Queues   []string        `json:"queues" doc:"Ids of queues that the agent is a member of, beside those that name them"`
	Roles    []sso.Role      `json:"roles" doc:"Beside those of the token"`
	Source   sso.AgentSource `json:"source" doc:"file: stands in the configuration; admin: made here"`
	Version  string          `json:"version" doc:"Of the row as it stands; the ETag is the same, for If-Match"`
}

func agentRowOf(a sso.AgentRow) agentRow {
	return agentRow{
		ID: string(a.ID), Name: a.Name, EntraID: orNull(a.EntraID), Subject: orNull(a.Subject), Number: orNull(a.Number),
		Country: orNull(a.Country), TimeZone: orNull(a.TimeZone), Team: orNull(a.Team),
		Queues: nonNil(a.Queues), Roles: nonNil(a.Roles), Source: a.Source,
		Version: a.Version(),
	}
}

type agentsAnswer struct {
	Agents []agentRow `json:"agents"`
}

type agentPath struct {
	ID string `path:"id" maxLength:"128" doc:"The agent's id"`
}

// RowConditions are the headers that keep two administrators from overwriting
// each other's rows.
type RowConditions struct {
	IfMatch     string `header:"If-Match" doc:"Only while the row has this version, in quotes"`
	IfNoneMatch string `header:"If-None-Match" doc:"*: only while there is no row with this id"`
}

// condition reads the headers. A tag that no row has never matches; a weak one,
// a list and a * in If-Match are refused: a version is one text.
func (c RowConditions) condition() (sso.Condition, error) {
	match, none := strings.TrimSpace(c.IfMatch), strings.TrimSpace(c.IfNoneMatch)
	switch {
	case none != "" && (none != "*" || match != ""):
		return sso.Condition{}, invalid("header.If-None-Match", "must be *, and alone")
	case none != "":
		return sso.Condition{Absent: true}, nil
	case match == "":
		return sso.Condition{}, nil
	}
	version, found := strings.CutPrefix(match, `"`)
	version, closed := strings.CutSuffix(version, `"`)
	if !found || !closed || version == "" || strings.Contains(version, `"`) {
		return sso.Condition{}, invalid("header.If-Match", `must be one version in quotes`)
	}
	return sso.Condition{Version: version}, nil
}

type agentDeletion struct {
	ID string `path:"id" maxLength:"128" doc:"The agent's id"`
	RowConditions
}

// agentRequest is a row as it shall be. What was read may be sent back: id,
// source and version are accepted, and change nothing.
type agentRequest struct {
	ID string `path:"id" maxLength:"128" doc:"The agent's id"`
	RowConditions
	Body struct {
		ID       *string  `json:"id,omitempty" nullable:"true" doc:"The id of the path, or left out"`
		Name     string   `json:"name"`
		EntraID  *string  `json:"entraId,omitempty" nullable:"true"`
		Subject  *string  `json:"subject,omitempty" nullable:"true"`
		Number   *string  `json:"number,omitempty" nullable:"true"`
		Country  *string  `json:"country,omitempty" nullable:"true"`
		TimeZone *string  `json:"timeZone,omitempty" nullable:"true"`
		Team     *string  `json:"team,omitempty" nullable:"true"`
		Queues   []string `json:"queues,omitempty" maxItems:"200"`
		Roles    []string `json:"roles,omitempty" maxItems:"3"`
		Source   *string  `json:"source,omitempty" nullable:"true" doc:"Ignored"`
		Version  *string  `json:"version,omitempty" nullable:"true" doc:"Ignored"`
	}
}

func (r *agentRequest) agent() sso.Agent {
	b := &r.Body
	return sso.Agent{
		ID: sso.AgentID(r.ID), Name: b.Name, EntraID: textOf(b.EntraID), Subject: textOf(b.Subject), Number: textOf(b.Number),
		Country: textOf(b.Country), TimeZone: textOf(b.TimeZone), Team: textOf(b.Team),
		Queues: b.Queues, Roles: mapped(b.Roles, func(r string) sso.Role { return sso.Role(r) }),
	}
}

// textOf is empty for null.
func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

type agentAnswer struct {
	Status int
	ETag   string `header:"ETag" doc:"The version, for If-Match"`
	Body   agentRow
}

func answerRow(status int, row sso.AgentRow) *agentAnswer {
	return &agentAnswer{Status: status, ETag: strconv.Quote(row.Version()), Body: agentRowOf(row)}
}

func (a *api) agents() {
	s := a.server
	tag, admin := tagged("Administration"), forRole(sso.RoleAdmin)
	handle(a, operation(http.MethodGet, "/admin/agents", "adminListAgents", "The agent table of the organisation", tag, admin),
		func(_ context.Context, p sso.Principal, _ *struct{}) (*body[agentsAnswer], error) {
			return answerWith(agentsAnswer{Agents: mapped(s.deps.Roster.List(p.Tenant()), agentRowOf)}), nil
		})
	handle(a, operation(http.MethodGet, "/admin/agents/{id}", "adminGetAgent", "One row of the agent table", tag, admin),
		func(_ context.Context, p sso.Principal, in *agentPath) (*agentAnswer, error) {
			row, err := s.deps.Roster.Row(p.Tenant(), sso.AgentID(in.ID))
			if err != nil {
				return nil, err
			}
			return answerRow(http.StatusOK, row), nil
		})
	put := operation(http.MethodPut, "/admin/agents/{id}", "adminPutAgent", "Create an agent, or replace the whole row", tag, admin)
	put.DefaultStatus = http.StatusOK
	handle(a, put, s.putAgent)
	a.alsoCreates(put)
	handle(a, operation(http.MethodDelete, "/admin/agents/{id}", "adminDeleteAgent", "Delete an agent who was made here", tag, admin),
		s.deleteAgent)
	a.importAgents()
}

func (s *Server) putAgent(ctx context.Context, p sso.Principal, in *agentRequest) (*agentAnswer, error) {
	if id := in.Body.ID; id != nil && *id != in.ID {
		return nil, invalid("body.id", "must be the id of the path, or left out")
	}
	condition, err := in.condition()
	if err != nil {
		return nil, err
	}
	done, err := s.deps.Roster.PutRow(ctx, p.Tenant(), in.agent(), condition)
	if problems := sso.RowErrors(err); len(problems) > 0 {
		p := newProblem(slugRequestInvalid)
		p.Errors = mapped(problems, bodyError)
		return nil, p
	}
	switch {
	case errors.Is(err, sso.ErrAgentChanged):
		return nil, newProblem(slugVersionConflict)
	case err != nil:
		return nil, storageError(err)
	}
	row, err := s.deps.Roster.Row(p.Tenant(), sso.AgentID(in.ID))
	if err != nil {
		return nil, err
	}
	status := http.StatusOK
	if done.Created > 0 {
		status = http.StatusCreated
	}
	return answerRow(status, row), nil
}

// deleteAgent refuses for an agent somebody talks to. One who is offered a call
// between the question and the deletion keeps the call and loses the desktop.
func (s *Server) deleteAgent(ctx context.Context, p sso.Principal, in *agentDeletion) (*struct{}, error) {
	condition, err := in.condition()
	if err != nil {
		return nil, err
	}
	id := sso.AgentID(in.ID)
	row, err := s.deps.Roster.Row(p.Tenant(), id)
	if err != nil {
		return nil, err
	}
	if row.Source == sso.SourceAdmin && s.deps.Engine.Involved(p.Tenant(), id) {
		return nil, invalid("path.id", "has a live interaction or an open wrap-up; delete the agent when it is over")
	}
	switch err := s.deps.Roster.Delete(ctx, p.Tenant(), id, condition); {
	case err == nil:
		return nil, nil
	case errors.Is(err, sso.ErrAgentChanged):
		return nil, newProblem(slugVersionConflict)
	case errors.Is(err, sso.ErrAgentFromFile):
		return nil, invalid("path.id", "stands in the configuration; take the row out there")
	case errors.Is(err, sso.ErrAgentNotFound):
		return nil, err
	default:
		return nil, storageError(err)
	}
}

// storageError says of a failure of the store what it means: nothing was done.
func storageError(err error) error { return fmt.Errorf("%w: %w", consult.ErrStorage, err) }

// memberNames are the fields of a row as this interface spells them, where the
// configuration does otherwise.
var memberNames = strings.NewReplacer("entra_id", "entraId", "time_zone", "timeZone")

// bodyError says where in a body with one row something is wrong.
func bodyError(e *sso.RowError) FieldError {
	location := "body"
	if e.Field != "" {
		location += "." + memberNames.Replace(e.Field)
	}
	if e.Field == "id" {
		location = "path.id"
	}
	return FieldError{Location: location, Message: memberNames.Replace(e.Problem.Message()), Code: problemCode(e.Problem), Values: valuesOf(e.Problem)}
}
