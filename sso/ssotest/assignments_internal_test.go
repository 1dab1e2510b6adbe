package ssotest

import (
	"net/url"
	"slices"
	"testing"
)

func TestWhatWasGrantedAndWhoIsAssignedIsListedByIDs(t *testing.T) {
	const (
		tenant = "aaaaaaaa-0000-4000-8000-0000000000a1"
		client = "aaaaaaaa-0000-4000-8000-0000000000b1"
		person = "aaaaaaaa-0000-4000-8000-0000000000c1"
	)
	e := New(Options{Seed: 1, PlainURL: "http://entra.test"})
	e.AddTenant(Tenant{ID: tenant})
	e.AddApp(App{ClientID: client, Name: "desk", GraphApplication: []string{"User.Read.All"}})
	e.AddAccount(Account{Tenant: tenant, ObjectID: person, Name: "Anja"})
	e.Consent(tenant, client, []string{"User.Read.All"})
	e.Assign(tenant, client, person)
	app, _ := e.ServicePrincipal(tenant, client)

	held := e.AppRoleAssignments(tenant, app.ObjectID)
	if len(held) != 1 || held[0].AppRoleID != graphRoles["User.Read.All"] || held[0].PrincipalID != app.ObjectID {
		t.Errorf("held %+v", held)
	}
	assigned := e.AppRoleAssignedTo(tenant, app.ObjectID)
	if len(assigned) != 1 || assigned[0].PrincipalID != person || assigned[0].PrincipalName != "Anja" || assigned[0].ResourceID != app.ObjectID {
		t.Errorf("assigned %+v", assigned)
	}
	offered := e.AppRoles(GraphAppID)
	if !slices.Contains(offered, AppRole{held[0].AppRoleID, "User.Read.All"}) || e.AppRoles(client) != nil {
		t.Errorf("offered %+v", offered)
	}
	if e.AppRoleAssignments(tenant, person) != nil || e.AppRoleAssignedTo(client, app.ObjectID) != nil {
		t.Error("something is listed of what is not there")
	}
}

func TestConsentToOnePermissionMoreKeepsTheOthers(t *testing.T) {
	const tenant, client = "aaaaaaaa-0000-4000-8000-0000000000a1", "aaaaaaaa-0000-4000-8000-0000000000b1"
	e := New(Options{Seed: 1, PlainURL: "http://entra.test"})
	e.AddTenant(Tenant{ID: tenant})
	app := App{ClientID: client, GraphApplication: []string{"User.Read.All"}}
	e.AddApp(app)
	e.Consent(tenant, client, []string{"User.Read.All"})
	ask := consentRequest{client: app, query: url.Values{"scope": {GraphURI + "/Application.Read.All"}}}
	wanted, err := e.wantedPermissions(ask)
	if err != nil {
		t.Fatal(err)
	}
	e.accept(tenant, app, wanted)
	principal, _ := e.ServicePrincipal(tenant, client)
	if got := e.ApplicationPermissions(tenant, principal.ObjectID); !slices.Equal(got, []string{"User.Read.All"}) {
		t.Errorf("application permissions %v", got)
	}
	if got := e.Grants(tenant, principal.ObjectID); len(got) != 1 || got[0].Scope != "Application.Read.All" || got[0].ConsentType != "AllPrincipals" {
		t.Errorf("grants %+v", got)
	}
	ask.query.Set("scope", GraphURI+"/Mail.Send")
	if _, err := e.wantedPermissions(ask); err == nil {
		t.Error("a permission that nobody registered is asked for")
	}
}
