package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"teamsbridge/graph"
	"teamsbridge/graph/budget"
	"teamsbridge/presence"
	"teamsbridge/sso"
)

type consentState struct {
	Permission string         `json:"permission"`
	Kind       permissionKind `json:"kind"`
	Granted    bool           `json:"granted"`
}

type directoryHealth struct {
	Mode              directoryMode              `json:"mode" doc:"Whether the directory is mirrored or asked at each search"`
	Ready             bool                       `json:"ready"`
	SyncedAt          *string                    `json:"syncedAt" format:"date-time"`
	People            int                        `json:"people"`
	Experts           int                        `json:"experts"`
	Rate              float64                    `json:"rate" doc:"People per second during a full reading"`
	Reading           nullable[directoryReading] `json:"reading" doc:"A full reading under way"`
	Error             *string                    `json:"error"`
	Since             *string                    `json:"since" format:"date-time" doc:"Since when Graph has been failing"`
	RetryAfterSeconds *int64                     `json:"retryAfterSeconds" doc:"How long Graph asked to be left alone; null when it did not"`
	RequestID         *string                    `json:"requestId" doc:"Graph's, of the last error"`
	NextAt            *string                    `json:"nextAt" format:"date-time" doc:"When the directory is asked for changes next; null while it is, and where it is not mirrored"`
}

type directoryReading struct {
	Since       string `json:"since" format:"date-time"`
	People      int    `json:"people" doc:"Read so far"`
	Expected    *int   `json:"expected" doc:"All of them, about; null when Graph did not say"`
	SecondsLeft *int64 `json:"secondsLeft" doc:"At the rate so far; null when not known"`
}

type presenceHealth struct {
	Watched           int                      `json:"watched"`
	OldestAgeSeconds  *int64                   `json:"oldestAgeSeconds"`
	Error             *string                  `json:"error"`
	Since             *string                  `json:"since" format:"date-time" doc:"Since when Graph has been failing"`
	RetryAfterSeconds *int64                   `json:"retryAfterSeconds" doc:"For how long Graph is left alone, because it asked for that; null when it did not"`
	Budget            nullable[presenceBudget] `json:"budget" doc:"What may be asked of what Graph grants; null when nobody keeps count"`
}

type presenceBudget struct {
	Pace    float64 `json:"pace" doc:"Share of the usual pace: 1, or less after Graph has throttled, until it has recovered"`
	Waiting int     `json:"waiting" doc:"Requests that wait for their turn"`
}

type lastError struct {
	Code      string  `json:"code"`
	RequestID *string `json:"requestId" doc:"Microsoft's, of the step that failed"`
}

type organization struct {
	Tenant           string              `json:"tenant"`
	Enabled          bool                `json:"enabled" doc:"The switch here"`
	ServicePrincipal servicePrincipal    `json:"servicePrincipal"`
	Consent          []consentState      `json:"consent"`
	Credential       credentialState     `json:"credential"`
	Directory        directoryHealth     `json:"directory"`
	Presence         presenceHealth      `json:"presence"`
	LastError        nullable[lastError] `json:"lastError"`
	CheckedAt        *string             `json:"checkedAt" format:"date-time"`
	SSO              ssoStatus           `json:"sso" doc:"As it stands for the caller"`
	Missing          []string            `json:"missing" doc:"What is not in place at Microsoft"`
	Checks           []organizationCheck `json:"checks" doc:"Everything that single sign-on needs, as last seen, in the order in which to heal it"`
}

// languageRequest is one whose answer has sentences for people.
type languageRequest struct {
	AcceptLanguage string `header:"Accept-Language"`
}

type checkRequest struct {
	AcceptLanguage string `header:"Accept-Language"`
	Deep           bool   `query:"deep" doc:"Look with the caller's own token too, which takes the delegated permission Application.Read.All; what it shows is in this answer only"`
	Body           *emptyBody
}

type consentRequest struct {
	Deep bool `query:"deep" doc:"Consent to looking deeper, not to the product's permissions"`
	Body *emptyBody
}

type switchRequest struct {
	AcceptLanguage string `header:"Accept-Language"`
	Body           struct {
		Enabled bool `json:"enabled"`
	}
}

type consentAddress struct {
	URL       string `json:"url" doc:"One-time address; open it in a window of its own"`
	ExpiresAt string `json:"expiresAt" format:"date-time"`
}

func (a *api) organization() {
	s := a.server
	tag, admin := tagged("Administration"), forRole(sso.RoleAdmin)
	handle(a, operation(http.MethodGet, "/admin/organization", "getOrganization", "Single sign-on, directory and presence of the organisation", tag, admin),
		func(_ context.Context, p sso.Principal, in *languageRequest) (*body[organization], error) {
			org, ok := s.deps.Organizations.Get(p.Tenant())
			if !ok {
				return nil, newProblem(slugNotFound)
			}
			return answerWith(s.organizationOf(p, org, in.AcceptLanguage)), nil
		})
	handle(a, operation(http.MethodPost, "/admin/organization/check", "checkOrganization", "Ask Microsoft now", tag, admin),
		func(ctx context.Context, p sso.Principal, in *checkRequest) (*body[organization], error) {
			org, err := s.deps.Organizations.Check(ctx, p.Tenant())
			if err != nil && !errors.Is(err, sso.ErrProviderUnavailable) { // that Microsoft is away is what was found
				return nil, err
			}
			out := s.organizationOf(p, org, in.AcceptLanguage)
			if in.Deep {
				if out.Checks, err = s.inspect(ctx, p, locale(in.AcceptLanguage, p.Agent().Country)); err != nil {
					return nil, err
				}
			}
			return answerWith(out), nil
		})
	handle(a, operation(http.MethodPut, "/admin/organization/sso", "switchSSO", "Switch single sign-on; on is refused while something is missing", tag, admin),
		func(ctx context.Context, p sso.Principal, in *switchRequest) (*body[organization], error) {
			org, err := s.deps.Organizations.SetEnabled(ctx, p.Tenant(), in.Body.Enabled)
			if err != nil {
				return nil, err
			}
			return answerWith(s.organizationOf(p, org, in.AcceptLanguage)), nil
		})
	handle(a, operation(http.MethodPost, "/admin/consent", "beginConsent", "A one-time address that leads to Microsoft's admin consent", tag, admin),
		func(ctx context.Context, p sso.Principal, in *consentRequest) (*body[consentAddress], error) {
			begin := s.deps.Consent.Begin
			if in.Deep {
				begin = s.deps.Consent.BeginInspection
			}
			url, expires, err := begin(ctx, p)
			if err != nil {
				return nil, err
			}
			return answerWith(consentAddress{URL: url, ExpiresAt: formatTime(expires)}), nil
		})
}

func (s *Server) organizationOf(p sso.Principal, org sso.Organization, acceptLanguage string) organization {
	language := locale(acceptLanguage, p.Agent().Country)
	out := organization{
		Tenant:           org.Tenant,
		Enabled:          org.Enabled,
		ServicePrincipal: servicePrincipal(org.ServicePrincipal),
		Consent:          mapped(org.Consent, func(c sso.Permission) consentState { return consentState{c.Name, permissionKind(c.Kind), c.Granted} }),
		Credential:       s.credentialOf(org),
		Directory:        directoryHealthOf(s.deps.Experts.Status(graph.TenantID(p.Tenant()))),
		Presence:         s.presenceHealth(graph.TenantID(p.Tenant())),
		CheckedAt:        timeOrNull(org.CheckedAt),
		SSO:              translated(s.deps.Gate.Status(p), language),
		Missing:          nonNil(org.Missing()),
		Checks:           s.checksOf(p.Tenant(), language),
	}
	if org.LastError != "" {
		out.LastError = orNullObject(&lastError{Code: org.LastError, RequestID: orNull(org.RequestID)})
	}
	return out
}

func directoryHealthOf(st graph.Status) directoryHealth {
	out := directoryHealth{
		Mode: directoryMode(cmp.Or(st.Mode, graph.ModeIndex)), Ready: st.Ready, SyncedAt: timeOrNull(st.SyncedAt),
		People: st.People, Experts: st.Experts, Rate: st.Rate,
		Reading: readingOf(st.Reading), Error: orNull(st.LastError), Since: timeOrNull(st.Since), RequestID: orNull(st.RequestID),
		NextAt: timeOrNull(st.NextAt),
	}
	if st.RetryAfter > 0 {
		wait := seconds(st.RetryAfter)
		out.RetryAfterSeconds = &wait
	}
	return out
}

// readingOf is null while nothing is read.
func readingOf(r graph.Reading) nullable[directoryReading] {
	if r.Began.IsZero() {
		return nullable[directoryReading]{}
	}
	reading := directoryReading{Since: formatTime(r.Began), People: r.People}
	if r.Expected > 0 {
		reading.Expected = &r.Expected
	}
	if r.Left > 0 {
		left := seconds(r.Left)
		reading.SecondsLeft = &left
	}
	return orNullObject(&reading)
}

func (s *Server) presenceHealth(tenant graph.TenantID) presenceHealth {
	out := presenceHealthOf(s.deps.Presence.Health(tenant), s.now())
	if s.deps.Budget != nil {
		st := s.deps.Budget.State(string(tenant), budget.Presence)
		out.Budget = orNullObject(&presenceBudget{Pace: st.Pace, Waiting: st.Waiting})
	}
	return out
}

func presenceHealthOf(h presence.Health, now time.Time) presenceHealth {
	out := presenceHealth{
		Watched: h.Watched, OldestAgeSeconds: secondsSince(now, h.OldestAt), Error: orNull(h.Reason), Since: timeOrNull(h.Since),
	}
	if left := h.Until.Sub(now); !h.Until.IsZero() && left > 0 {
		wait := seconds(left)
		out.RetryAfterSeconds = &wait
	}
	return out
}
