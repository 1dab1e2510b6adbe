package web

import (
	"context"
	"errors"
	"net/http"

	"teamsbridge/sso"
)

type agentName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type signedInSession struct {
	ID         string              `json:"id"`
	Current    bool                `json:"current" doc:"The session that this was asked with"`
	Agent      nullable[agentName] `json:"agent" doc:"Whose it is; null for somebody who is in no table any more"`
	Name       string              `json:"name"`
	Identities []sso.Identity      `json:"identities" doc:"What it was signed in with"`
	StartedAt  string              `json:"startedAt" format:"date-time"`
	SeenAt     string              `json:"seenAt" format:"date-time" doc:"Last use, to the minute"`
	ExpiresAt  string              `json:"expiresAt" format:"date-time" doc:"When it ends at the latest"`
}

type signedInSessions struct {
	Sessions []signedInSession `json:"sessions" doc:"The latest sign-in first"`
}

func sessionsOf(all []sso.SignedIn) *body[signedInSessions] {
	return answerWith(signedInSessions{Sessions: mapped(all, func(s sso.SignedIn) signedInSession {
		one := signedInSession{
			ID: s.ID, Current: s.Current, Name: s.Name,
			Identities: nonNil(s.Identities),
			StartedAt:  formatTime(s.StartedAt), SeenAt: formatTime(s.SeenAt), ExpiresAt: formatTime(s.ExpiresAt),
		}
		if s.Agent.ID != "" {
			one.Agent = nullable[agentName]{&agentName{ID: string(s.Agent.ID), Name: s.Agent.Name}}
		}
		return one
	})})
}

type oneSession struct {
	ID string `path:"id"`
}

type sessionsOfAgent struct {
	Agent string `query:"agent" maxLength:"200" doc:"Only this agent's"`
}

type agentsSessions struct {
	Agent string `query:"agent" required:"true" minLength:"1" maxLength:"200" doc:"Whose sessions end"`
}

func (a *api) sessions() {
	sessions := func() sso.Sessions { return a.server.deps.Verifier.Sessions() }
	own, all, admin := tagged("Session"), tagged("Administration"), forRole(sso.RoleAdmin)

	handle(a, operation(http.MethodGet, "/session/sessions", "listSessions", "The caller's browser sessions", own),
		func(ctx context.Context, p sso.Principal, _ *struct{}) (*body[signedInSessions], error) {
			found, err := sessions().Own(ctx, p)
			return sessionsOf(found), err
		})
	handle(a, operation(http.MethodDelete, "/session/sessions/{id}", "endSession", "End one of the caller's sessions; their own current one too", own),
		func(ctx context.Context, p sso.Principal, in *oneSession) (*struct{}, error) {
			if err := sessions().EndOwn(ctx, p, in.ID); err != nil {
				return nil, orNotFound(err)
			}
			a.server.auditEnded(ctx, p, in.ID)
			return nil, nil
		})
	handle(a, operation(http.MethodDelete, "/session/sessions", "endOtherSessions", "End the caller's sessions but the current one", own),
		func(ctx context.Context, p sso.Principal, _ *struct{}) (*struct{}, error) {
			ended, err := sessions().EndOthers(ctx, p)
			a.server.auditEnded(ctx, p, ended...)
			return nil, err
		})

	handle(a, operation(http.MethodGet, "/admin/sessions", "listOrganizationSessions", "The browser sessions of the organisation", all, admin),
		func(ctx context.Context, p sso.Principal, in *sessionsOfAgent) (*body[signedInSessions], error) {
			found, err := sessions().OfOrganization(ctx, p, sso.AgentID(in.Agent))
			return sessionsOf(found), err
		})
	handle(a, operation(http.MethodDelete, "/admin/sessions/{id}", "endOrganizationSession", "End a session of the organisation", all, admin),
		func(ctx context.Context, p sso.Principal, in *oneSession) (*struct{}, error) {
			return nil, orNotFound(sessions().EndOfOrganization(ctx, p, in.ID))
		})
	handle(a, operation(http.MethodDelete, "/admin/sessions", "endAgentSessions", "End an agent's sessions, but the one that this is asked with", all, admin),
		func(ctx context.Context, p sso.Principal, in *agentsSessions) (*struct{}, error) {
			return nil, sessions().EndOfAgent(ctx, p, sso.AgentID(in.Agent))
		})
}

// orNotFound tells a session that was asked for by its id apart from the
// caller's own, without which they would have to sign in.
func orNotFound(err error) error {
	if errors.Is(err, sso.ErrSessionNotFound) {
		return newProblem(slugNotFound)
	}
	return err
}
