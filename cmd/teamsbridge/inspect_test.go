package main

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"teamsbridge/demo"
	"teamsbridge/graph"
	"teamsbridge/graph/budget"
	"teamsbridge/sso"
	"teamsbridge/sso/azcred"
	"teamsbridge/sso/ssotest"
)

// admin is the world's first administrator, signed in with Teams.
func admin(t *testing.T, world *demo.World) graph.Caller {
	t.Helper()
	var shown struct {
		Tenant, Scope string
		Users         []struct {
			ID, Username, Password string
			Roles                  []string
		}
	}
	fetch(t, "", world.URL()+"/_control/world", nil, &shown)
	last := shown.Users[len(shown.Users)-1]
	if last.Roles[0] != "Admin" {
		t.Fatalf("the last is %v", last.Roles)
	}
	var token struct {
		Token string `json:"access_token"`
	}
	fetch(t, "", world.URL()+"/"+shown.Tenant+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"password"}, "client_id": {ssotest.TeamsWeb}, "username": {last.Username}, "password": {last.Password}, "scope": {shown.Scope},
	}, &token)
	return graph.Caller{Tenant: graph.TenantID(shown.Tenant), ID: graph.UserID(last.ID), Assertion: token.Token, Expires: time.Now().Add(time.Hour)}
}

func TestAnInspectionSaysHowFarItCame(t *testing.T) {
	world := newWorld(t)
	cfg := world.Config()
	client, err := outboundClient(cfg.Outbound)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	credentials, err := azcred.New(cfg.Credential, azcred.Deps{HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	access, err := newGraphAccess(cfg, credentials, client)
	if err != nil {
		t.Fatal(err)
	}
	limits, err := budget.New(cfg.Graph.Budget, nil)
	if err != nil {
		t.Fatal(err)
	}
	agents, err := sso.NewAgents(cfg.Agents)
	if err != nil {
		t.Fatal(err)
	}
	look, err := newInspector(cfg, access, []string{"User.Read.All", "Presence.Read.All"}, agents, client, limits)
	if err != nil {
		t.Fatal(err)
	}
	caller := admin(t, world)
	ask := func(want sso.InspectionOutcome) sso.Inspection {
		t.Helper()
		found, err := look.inspect(t.Context(), caller)
		if err != nil || found.Outcome != want {
			t.Fatalf("%+v, %v; want %s", found, err, want)
		}
		return found
	}
	if found := ask(sso.InspectionConsent); found.Code != "AADSTS65001" || found.RequestID == "" {
		t.Errorf("without consent %+v", found)
	}
	play(t, world, http.MethodPut, "/tenants/"+string(caller.Tenant), map[string]any{"consent": []string{"User.Read.All", "Application.Read.All"}})
	found := ask(sso.InspectionDone)
	if found.ObjectID == "" || !found.Enabled || len(found.Needed) != 2 || found.DelegatedSeen {
		t.Errorf("with consent %+v", found)
	}
	other := caller
	other.Tenant = graph.TenantID(world.Tenants()[1])
	if found, err := look.inspect(t.Context(), other); err == nil {
		t.Errorf("with a token of another organisation: %+v", found)
	}
	cfg.Credential.ClientID = string(other.Tenant)
	if look, err = newInspector(cfg, access, nil, agents, client, limits); err != nil {
		t.Fatal(err)
	}
	ask(sso.InspectionUnsupported)
}
