package sso

import (
	"context"
	"errors"
)

// heard tells the organisations what Microsoft said of a person who is signed
// in: nothing, when it served them. It hands err on.
func (d Deps) heard(tenant, objectID string, err error) error {
	ended, over := errors.AsType[*EndedError](err)
	switch {
	case err == nil:
		d.Organizations.Served(tenant, objectID)
	case over && ended.Reason == EndedUnassigned:
		d.Organizations.Refused(tenant, objectID, CodeNotAssigned)
	}
	return err
}

// refused tells the organisations of a refusal at a sign-in with Entra. Whose
// sign-in it was is not known, except where an agent joins Entra's identity to a
// session of the contact centre's. It hands err on.
func (s *SignIn) refused(ctx context.Context, w *way, t Transaction, err error) error {
	required, ok := errors.AsType[*RequiredError](err)
	if !ok || w.name != ProviderEntra {
		return err
	}
	tenant, objectID := t.Tenant, ""
	if before, lookErr := s.before(ctx, t.Session); lookErr == nil && before.Key != "" {
		row, _ := s.deps.Agents.BySubject(before.Tenant, before.Subject)
		tenant, objectID = before.Tenant, row.EntraID
	}
	if tenants := s.verifier.cfg.Entra.Tenants; tenant == "" && len(tenants) == 1 {
		tenant = tenants[0]
	}
	s.deps.Organizations.Refused(tenant, objectID, required.Status.Code)
	return err
}
