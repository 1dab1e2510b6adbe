package sso_test

import (
	"strings"
	"testing"
	"time"

	"teamsbridge/sso"
	"teamsbridge/sso/tokentest"
)

func TestAConfigurationsProblemsAreToldByPath(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*sso.Config)
		want   string
	}{
		{"nothing is wrong", func(*sso.Config) {}, ""},
		{"a minimal one", func(c *sso.Config) {
			*c = sso.Config{Entra: sso.EntraConfig{ClientID: serviceID, Tenants: []string{home}}}
		}, ""},
		{"ids in upper case", func(c *sso.Config) {
			c.Entra.ClientID, c.Entra.Tenants = strings.ToUpper(serviceID), []string{strings.ToUpper(home)}
		}, ""},
		{"nobody could sign in", func(c *sso.Config) { *c = sso.Config{} }, "entra.client_id: is needed"},
		{"a policy nobody knows", func(c *sso.Config) { c.Require = "never" }, "require: must be always or in-teams"},
		{"an authority over plain http", func(c *sso.Config) { c.Entra.Authority = "http://login.example" }, "entra.authority: must be an https address"},
		{"a client id that is a name", func(c *sso.Config) { c.Entra.ClientID = "teamsbridge" }, "entra.client_id: must be an application id"},
		{"no organisation", func(c *sso.Config) { c.Entra.Tenants = nil }, "entra.tenants: must name at least one"},
		{"an organisation that is a domain", func(c *sso.Config) { c.Entra.Tenants = []string{home, "x.example"} }, "entra.tenants[1]: must be a GUID"},
		{"any organisation", func(c *sso.Config) { c.Entra.Tenants = []string{"common"} }, "entra.tenants[0]: must be a GUID"},
		{"a Teams client that is a name", func(c *sso.Config) { c.Entra.TeamsClients = []string{"Teams"} }, "entra.teams_clients[0]: must be a GUID"},
		{"a client that is a name", func(c *sso.Config) { c.Entra.Clients = []string{"cli"} }, "entra.clients[0]: must be a GUID"},
		{"the tenant of personal accounts", func(c *sso.Config) {
			c.Entra.Tenants = []string{"9188040D-6c67-4c5b-b112-36a304b66dad"}
		}, "entra.tenants[0]: is where personal accounts are kept"},
		{"an application that is a name", applications(sso.ApplicationConfig{ClientID: "sync", Roles: []sso.Role{sso.RoleAdmin}}), "entra.applications[0].client_id: must be a GUID"},
		{"an application without a role", applications(sso.ApplicationConfig{ClientID: otherApp}), "entra.applications[0].roles: must name at least one"},
		{"an application as an agent", applications(sso.ApplicationConfig{ClientID: otherApp, Roles: []sso.Role{sso.RoleAgent}}), "entra.applications[0].roles: must be of Supervisor, Admin: an application is no agent"},
		{"an application with a role nobody knows", applications(sso.ApplicationConfig{ClientID: otherApp, Roles: []sso.Role{"Owner"}}), "entra.applications[0].roles: must be of"},
		{"one application twice, in two spellings", applications(
			sso.ApplicationConfig{ClientID: tokentest.SyncApp, Roles: []sso.Role{sso.RoleAdmin}},
			sso.ApplicationConfig{ClientID: strings.ToUpper(tokentest.SyncApp), Roles: []sso.Role{sso.RoleSupervisor}},
		), "entra.applications[1].client_id: is taken"},
		{"a provider that is Entra", func(c *sso.Config) { c.ContactCentre[0].Issuer = c.Entra.Authority + "/" + home + "/v2.0" }, "contact_centre[0].issuer: is Microsoft Entra"},
		{"a provider whose button would have two lines", func(c *sso.Config) { c.ContactCentre[0].DisplayName = "a\nb" }, "contact_centre[0].display_name: must be at most 100 bytes of one line"},
		{"a provider whose button would be too long", func(c *sso.Config) { c.ContactCentre[0].DisplayName = strings.Repeat("x", 101) }, "contact_centre[0].display_name: must be at most"},
		{"a provider's name for a role nobody knows", func(c *sso.Config) {
			c.ContactCentre[0].RoleNames = map[string]sso.Role{"cc-boss": "Owner"}
		}, "contact_centre[0].role_names.cc-boss: must be Agent, Supervisor or Admin"},
		{"a provider without a name", func(c *sso.Config) { c.ContactCentre[0].Name = "" }, "contact_centre[0].name: must be"},
		{"a provider with Entra's name", func(c *sso.Config) { c.ContactCentre[0].Name = "entra" }, "contact_centre[0].name: is taken"},
		{"two providers of one issuer", func(c *sso.Config) {
			second := c.ContactCentre[0]
			second.Name = "second"
			c.ContactCentre = append(c.ContactCentre, second)
		}, "contact_centre[1].issuer: is taken"},
		{"a provider over plain http", func(c *sso.Config) { c.ContactCentre[0].Issuer = "http://idp.example" }, "contact_centre[0].issuer: must be an https address"},
		{"a provider for nobody", func(c *sso.Config) { c.ContactCentre[0].Audience, c.ContactCentre[0].ClientID = "", "" }, "contact_centre[0].audience: or client_id is needed"},
		{"a provider of no organisation, there being two", func(c *sso.Config) { c.ContactCentre[0].Tenant = "" }, "contact_centre[0].tenant: must be"},
		{"a provider of the only organisation", func(c *sso.Config) {
			c.ContactCentre[0].Tenant, c.Entra.Tenants = "", []string{home}
		}, ""},
		{"checks all the time", func(c *sso.Config) { c.CheckEvery = time.Second }, "check_every: must be at least a minute"},
		{"a state that does not hold until the next check", func(c *sso.Config) { c.HoldLastState = time.Minute }, "hold_last_state: must not be shorter"},
		{"a session that idles out at once", func(c *sso.Config) { c.Session.Idle = time.Second }, "session.idle: must be at least"},
		{"a session shorter than its idle limit", func(c *sso.Config) { c.Session.Absolute = time.Minute }, "session.absolute: must not be shorter"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := newAuthority(t).config()
			test.change(&cfg)
			err := cfg.Validate()
			if test.want == "" {
				if err != nil {
					t.Errorf("Validate: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains("\n"+err.Error(), "\n"+test.want) {
				t.Errorf("Validate: %v, want %q", err, test.want)
			}
			if _, err := sso.NewVerifier(cfg, sso.Deps{Agents: agents(t)}); err == nil {
				t.Error("NewVerifier accepts it")
			}
		})
	}
}

func applications(all ...sso.ApplicationConfig) func(*sso.Config) {
	return func(c *sso.Config) { c.Entra.Applications = all }
}

func TestThePublicAddressIsSecureAndBare(t *testing.T) {
	for address, want := range map[string]bool{
		"https://desk.example": true, "https://desk.example/": true, "https://desk.example:8443": true,
		"http://127.0.0.1:8080": true, "http://localhost:8080": true, "http://[::1]:8080": true,
		"": false, "desk.example": false, "http://desk.example": false, "https://desk.example/app": false,
		"https://desk.example?x": false, "https://user@desk.example": false, "ftp://desk.example": false,
	} {
		d := newDesk(t)
		_, err := sso.NewSignIn(d.config(), d.Verifier, sso.Deps{Agents: d.Agents, Sessions: d.Store, PublicURL: address})
		if (err == nil) != want {
			t.Errorf("NewSignIn at %q: %v, want it accepted: %v", address, err, want)
		}
	}
}
