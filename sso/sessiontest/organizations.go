package sessiontest

import (
	"testing"
	"time"

	"teamsbridge/sso"
)

// RunOrganizations checks an OrganizationStore; newStore gives every check a
// fresh, empty one.
func RunOrganizations(t *testing.T, newStore func(*testing.T) sso.OrganizationStore) {
	t.Helper()
	for _, c := range organizationContract {
		t.Run(c.name, func(t *testing.T) { c.check(t, newStore(t)) })
	}
}

var organizationContract = []struct {
	name  string
	check func(*testing.T, sso.OrganizationStore)
}{
	{"of an organisation that was never put nothing is known", organizationUnknown},
	{"an organisation comes back as it was put", organizationComesBack},
	{"putting an organisation again replaces all of it", organizationIsReplaced},
	{"organisations are kept apart", organizationsAreApart},
}

func anOrganization(tenant string) sso.Organization {
	return sso.Organization{
		Tenant:  tenant,
		Enabled: true,
		Consent: []sso.Permission{
			{Name: "User.Read.All", Kind: "application", Granted: true},
			{Name: "Presence.Read.All", Kind: "application", Granted: false},
		},
		ServicePrincipal: "enabled",
		CredentialEnds:   day.Add(90 * 24 * time.Hour),
		CheckedAt:        day,
		LastError:        "AADSTS65001",
		RequestID:        "0f6c4d3e-req",
		Reachable:        true,
	}
}

func organizationUnknown(t *testing.T, s sso.OrganizationStore) {
	org, ok, err := s.Organization(t.Context(), "nobody")
	if err != nil || ok {
		t.Errorf("Organization(nobody) = %+v, %v, %v; want nothing", org, ok, err)
	}
}

func organizationComesBack(t *testing.T, s sso.OrganizationStore) {
	bare := sso.Organization{Tenant: "bare"}
	putOrganizations(t, s, anOrganization("a"), bare)
	wantOrganization(t, s, anOrganization("a"))
	wantOrganization(t, s, bare)
}

func organizationIsReplaced(t *testing.T, s sso.OrganizationStore) {
	changed := sso.Organization{Tenant: "a", ServicePrincipal: "missing", CheckedAt: day.Add(time.Hour)}
	putOrganizations(t, s, anOrganization("a"), changed)
	wantOrganization(t, s, changed)
}

func organizationsAreApart(t *testing.T, s sso.OrganizationStore) {
	other := anOrganization("b")
	other.Enabled = false
	putOrganizations(t, s, anOrganization("a"), other)
	wantOrganization(t, s, anOrganization("a"))
	wantOrganization(t, s, other)
}

func putOrganizations(t *testing.T, s sso.OrganizationStore, orgs ...sso.Organization) {
	t.Helper()
	for _, org := range orgs {
		if err := s.PutOrganization(t.Context(), org); err != nil {
			t.Fatalf("PutOrganization(%s): %v", org.Tenant, err)
		}
	}
}

func wantOrganization(t *testing.T, s sso.OrganizationStore, want sso.Organization) {
	t.Helper()
	got, ok, err := s.Organization(t.Context(), want.Tenant)
	if err != nil || !ok {
		t.Fatalf("Organization(%s): found %v, %v", want.Tenant, ok, err)
	}
	wantSame(t, "organisation", want, got)
}
