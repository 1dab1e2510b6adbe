package web

import (
	"context"
	"net/http"

	"golang.org/x/text/language"

	"teamsbridge/consult"
	"teamsbridge/sso"
)

type sessionAgent struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Number *string    `json:"number" doc:"The agent's telephone"`
	Tenant string     `json:"tenant" doc:"Entra tenant id of the organisation"`
	Roles  []sso.Role `json:"roles"`
}

type ssoStatus struct {
	State  sso.State             `json:"state" doc:"All but the first two refuse with sso-required"`
	Detail string                `json:"detail" doc:"One sentence that helps"`
	Actor  nullable[statusActor] `json:"actor" doc:"Who can heal it"`
	Action *string               `json:"action" doc:"An address of this service that heals it"`
	Claims string                `json:"claims,omitempty" doc:"A claims challenge of Microsoft's: what the next token has to be asked for with (claims of getAuthToken in Teams); action answers it too"`
}

func ssoStatusOf(st sso.Status) ssoStatus {
	return ssoStatus{State: st.State, Detail: st.Detail, Actor: orNullWord(statusActor(st.Actor)), Action: orNull(st.Action)}
}

type agentState struct {
	Name   consult.AgentState `json:"name"`
	Since  string             `json:"since" format:"date-time"`
	Reason *string            `json:"reason" doc:"What the agent said when choosing it"`
}

func agentStateOf(st consult.AgentStatus) agentState {
	return agentState{Name: st.Name, Since: formatTime(st.Since), Reason: orNull(st.Reason)}
}

// usableTargets says which kinds of target the caller can use now.
type usableTargets struct {
	Agent        bool `json:"agent"`
	Queue        bool `json:"queue"`
	Organization bool `json:"organization" doc:"False while single sign-on refuses; sso says why"`
	EntryPoint   bool `json:"entryPoint"`
	DialNumber   bool `json:"dialNumber"`
}

type session struct {
	Agent    sessionAgent  `json:"agent"`
	Channel  sso.Channel   `json:"channel"`
	Identity sso.Identity  `json:"identity"`
	Locale   string        `json:"locale" enum:"de,en"`
	SSO      ssoStatus     `json:"sso"`
	State    agentState    `json:"state"`
	Targets  usableTargets `json:"targets"`
}

// sessionOf is everything the page needs to know about the caller.
func (s *Server) sessionOf(p sso.Principal, acceptLanguage string) session {
	agent := p.Agent()
	return session{
		Agent: sessionAgent{
			ID:     string(agent.ID),
			Name:   agent.Name,
			Number: orNull(agent.Number),
			Tenant: p.Tenant(),
			Roles:  nonNil(p.Roles()),
		},
		Channel:  p.Channel(),
		Identity: p.Identity(),
		Locale:   locale(acceptLanguage, agent.Country),
		SSO:      translated(s.deps.Gate.Status(p), locale(acceptLanguage, agent.Country)),
		State:    agentStateOf(s.deps.Engine.State(p)),
		Targets:  s.usableTargets(p),
	}
}

func (s *Server) usableTargets(p sso.Principal) usableTargets {
	configured := func(kind consult.TargetKind) bool { return len(s.deps.Engine.Targets(p, kind, "")) > 0 }
	return usableTargets{
		Agent:        true,
		Queue:        configured(consult.TargetQueue),
		Organization: s.deps.Gate.Allow(p) == nil,
		EntryPoint:   configured(consult.TargetEntryPoint),
		DialNumber:   true,
	}
}

var (
	languages       = []language.Tag{language.German, language.English}
	languageMatcher = language.NewMatcher(languages)
	germanCountries = map[string]bool{"DE": true, "AT": true, "CH": true, "LI": true, "LU": true}
)

// locale is the browser's language where the product speaks it, else the one
// of the agent's site.
func locale(acceptLanguage, country string) string {
	if wanted, _, err := language.ParseAcceptLanguage(acceptLanguage); err == nil && len(wanted) > 0 {
		if _, index, confidence := languageMatcher.Match(wanted...); confidence > language.No {
			return languages[index].String()
		}
	}
	if germanCountries[country] {
		return "de"
	}
	return "en"
}

type sessionRequest struct {
	AcceptLanguage string `header:"Accept-Language"`
}

type stateRequest struct {
	AcceptLanguage string `header:"Accept-Language"`
	Body           struct {
		Name   chosenState `json:"name"`
		Reason string      `json:"reason,omitempty" maxLength:"200"`
	}
}

type provider struct {
	ID   string `json:"id" doc:"What /auth/login takes as provider"`
	Name string `json:"name"`
}

type signInChoices struct {
	Providers []provider `json:"providers"`
}

func (a *api) session() {
	s := a.server
	tag := tagged("Session")
	handle(a, operation(http.MethodGet, "/session", "getSession", "Who I am, what I am doing, and what I may reach", tag),
		func(_ context.Context, p sso.Principal, in *sessionRequest) (*body[session], error) {
			return answerWith(s.sessionOf(p, in.AcceptLanguage)), nil
		})
	handle(a, operation(http.MethodPut, "/session/state", "setState", "Choose available or idle", tag),
		func(ctx context.Context, p sso.Principal, in *stateRequest) (*body[session], error) {
			if _, err := s.deps.Engine.SetState(ctx, p, consult.AgentState(in.Body.Name), in.Body.Reason); err != nil {
				return nil, err
			}
			return answerWith(s.sessionOf(p, in.AcceptLanguage)), nil
		})
	handle(a, operation(http.MethodGet, "/sign-in", "getSignIn", "The identity providers that a browser can sign in with", tag, forEverybody),
		func(context.Context, sso.Principal, *struct{}) (*body[signInChoices], error) {
			return answerWith(signInChoices{Providers: mapped(s.deps.SignIn.Providers(), s.providerOf)}), nil
		})
}

// entraProvider is what package sso calls Microsoft Entra as a provider.
const entraProvider = "entra"

func (s *Server) providerOf(id string) provider {
	return provider{ID: id, Name: s.deps.Verifier.ProviderName(id)}
}
