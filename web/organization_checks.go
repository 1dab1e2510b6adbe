package web

import (
	"cmp"
	"context"

	"teamsbridge/sso"
)

// organizationCheck is one thing that single sign-on needs, and how it stands.
type organizationCheck struct {
	Name       sso.CheckName            `json:"name"`
	Result     sso.CheckResult          `json:"result"`
	Permission *string                  `json:"permission" doc:"Of a permission; null while it is not known which ones"`
	Kind       nullable[permissionKind] `json:"kind" doc:"Of a permission"`
	Title      string                   `json:"title" doc:"In the caller's language"`
	Detail     string                   `json:"detail" doc:"How it stands and what to do, in the caller's language"`
	Actor      nullable[checkActor]     `json:"actor" doc:"Who can heal it: admin (of the organisation) or operator (of this service)"`
	Action     *string                  `json:"action" doc:"An address of this service that heals it"`
	Link       *string                  `json:"link" doc:"Microsoft's page where an admin heals it"`
	Code       *string                  `json:"code" doc:"Microsoft's, of the refusal that tells"`
	RequestID  *string                  `json:"requestId" doc:"Microsoft's, of that refusal"`
}

func (s *Server) checksOf(tenant, language string) []organizationCheck {
	checks, _ := s.deps.Organizations.Checks(tenant)
	return checkViews(checks, language)
}

// inspect asks Microsoft with the caller's own token. What it finds is told to
// them alone.
func (s *Server) inspect(ctx context.Context, p sso.Principal, language string) ([]organizationCheck, error) {
	found := sso.Inspection{Outcome: sso.InspectionUnsupported}
	switch {
	case s.deps.Present == nil && p.Assertion().Token == "":
		found.Outcome = sso.InspectionElsewhere // nor would another sign-in here bring one
	case s.deps.Inspect != nil:
		var err error
		if found, err = s.deps.Inspect(ctx, graphCaller(p)); err != nil {
			return nil, err
		}
	}
	checks, _ := s.deps.Organizations.Inspected(p.Tenant(), found)
	return checkViews(checks, language), nil
}

func checkViews(checks []sso.Check, language string) []organizationCheck {
	return mapped(checks, func(c sso.Check) organizationCheck {
		return organizationCheck{
			Name: c.Name, Result: c.Result,
			Permission: orNull(c.Permission.Name), Kind: orNullWord(permissionKind(c.Permission.Kind)),
			Title: c.Title(language), Detail: c.Detail(language),
			Actor: orNullWord(checkActor(c.Actor)), Action: orNull(c.Action), Link: orNull(c.Link),
			Code: orNull(c.Code), RequestID: orNull(c.RequestID),
		}
	})
}

// translated is the status with its detail in a language.
func translated(st sso.Status, language string) ssoStatus {
	out := ssoStatusOf(st)
	out.Detail = cmp.Or(st.DetailIn(language), out.Detail)
	return out
}
