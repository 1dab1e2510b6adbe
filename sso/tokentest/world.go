package tokentest

import (
	"testing"

	"teamsbridge/sso"
)

// The organisations, applications and people of the table.
const (
	Home     = "aaaaaaaa-0000-4000-8000-000000000001" // the admitted organisation
	Partner  = "bbbbbbbb-0000-4000-8000-000000000002" // another admitted one
	Stranger = "cccccccc-0000-4000-8000-000000000003" // not admitted

	ServiceID = "11111111-0000-4000-8000-00000000000a" // this service
	OtherApp  = "22222222-0000-4000-8000-00000000000b" // admitted by nobody
	CLIApp    = "33333333-0000-4000-8000-00000000000c" // people come through it
	SyncApp   = "44444444-0000-4000-8000-00000000000d" // comes by itself, as Admin
	TeamsWeb  = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"
	TeamsDesk = "1fec8e78-bce4-4aaf-ab1b-5451cc387264"
	IDURI     = "api://127.0.0.1/" + ServiceID

	Anja  = "a0000000-0000-4000-8000-000000000001" // agent, both identities
	Bert  = "a0000000-0000-4000-8000-000000000002" // agent of the partner
	Sofia = "a0000000-0000-4000-8000-000000000003" // supervisor without a row
	Nina  = "a0000000-0000-4000-8000-000000000004" // nobody here
	Sync  = "a0000000-0000-4000-8000-000000000005" // SyncApp's service principal at Home

	Contact = "the service desk" // whom somebody without a row shall ask
)

// Agents is the agent table that the attacks are made against.
func Agents(t testing.TB) *sso.Agents {
	t.Helper()
	table, err := sso.NewAgents([]sso.Agent{
		{ID: "anja", Tenant: Home, EntraID: Anja, Subject: "cc|anja", Name: "Anja Weber", Number: "+49301001", Country: "DE"},
		{ID: "carl", Tenant: Home, Subject: "cc|carl", Name: "Carl Cohn", Number: "+49301002", Roles: []sso.Role{sso.RoleAgent}},
		{ID: "bert", Tenant: Partner, EntraID: Bert, Subject: "cc|anja", Name: "Bert Brand"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// Config trusts the authority, in all three of its parts.
func (a *Authority) Config() sso.Config {
	return sso.Config{
		Entra: sso.EntraConfig{
			Authority: a.URL, ClientID: ServiceID, ClientSecret: "secret", Scope: IDURI + "/access_as_user",
			Tenants: []string{Home, Partner}, Clients: []string{CLIApp},
			Applications: []sso.ApplicationConfig{{ClientID: SyncApp, Roles: []sso.Role{sso.RoleAdmin}}},
		},
		ContactCentre: []sso.ProviderConfig{
			{Name: "contact-centre", Issuer: a.URL + "/contact-centre", Audience: "desktop", ClientID: "teamsbridge", Tenant: Home},
			{
				Name: "second", DisplayName: "The second one", Issuer: a.URL + "/second", ClientID: "spa", Tenant: Partner,
				RolesClaim: "realm_access.roles", RoleNames: map[string]sso.Role{"cc-lead": sso.RoleSupervisor},
			},
		},
		Contact: Contact,
	}
}
