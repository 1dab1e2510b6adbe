package msgraph_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"

	"teamsbridge/graph"
	"teamsbridge/graph/msgraph"
	"teamsbridge/presence"
	"teamsbridge/sso"
	"teamsbridge/sso/onbehalf"
	"teamsbridge/sso/ssotest"
)

// delegate is a service without any application permission: what it asks of
// Graph it asks on behalf of people.
type delegate struct {
	*world
	*msgraph.Client
	people *onbehalf.Credentials
}

const (
	desk     = "bbbbbbbb-1111-4111-8111-bbbbbbbbbbbb"
	deskURI  = "api://desk.example/" + desk
	password = "Geheim-123"
)

func newDelegate(t *testing.T, consented ...string) *delegate {
	t.Helper()
	d := &delegate{world: newWorld(t, 60)}
	d.entra.AddApp(ssotest.App{
		ClientID: desk, Name: "desk", IDURI: deskURI, Scopes: []string{"access_as_user"}, Secrets: []string{secret},
		PreAuthorized: []string{ssotest.TeamsWeb}, GraphDelegated: permissions,
	})
	d.entra.Consent(contoso, desk, consented)
	d.entra.AddAccount(ssotest.Account{Tenant: contoso, ObjectID: string(d.id(0)), Username: "agent@contoso.example", Name: "Agent", Password: password})
	proof, err := confidential.NewCredFromSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	d.people, err = onbehalf.New(onbehalf.Config{Authority: d.url, ClientID: desk, DisableInstanceDiscovery: true}, onbehalf.Deps{Proof: proof, HTTPClient: d.http})
	if err != nil {
		t.Fatal(err)
	}
	d.Client, err = msgraph.New(msgraph.Config{BaseURL: d.url + "/v1.0"}, msgraph.Deps{Credential: d.people.For, HTTPClient: d.http})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// agent signs in with Teams.
func (d *delegate) agent(t *testing.T) graph.Caller {
	t.Helper()
	response, err := d.http.PostForm(d.url+"/"+contoso+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"password"}, "client_id": {ssotest.TeamsWeb}, "username": {"agent@contoso.example"}, "password": {password},
		"scope": {deskURI + "/access_as_user"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Token == "" {
		t.Fatalf("no token with status %d: %v", response.StatusCode, err)
	}
	return graph.Caller{Tenant: contoso, ID: d.id(0), Assertion: answer.Token, Expires: time.Now().Add(time.Hour)}
}

// everything asks for all that the product needs of a live directory.
func (d *delegate) everything(ctx context.Context) map[string]error {
	_, person := d.Client.Person(ctx, contoso, d.id(1))
	_, found := d.Client.FindPeople(ctx, contoso, "A", 5)
	seen, presences := d.Client.Presences(ctx, contoso, []graph.UserID{d.id(1), d.id(2)})
	if presences == nil && len(seen) != 2 {
		presences = errors.New("not everybody's presence")
	}
	return map[string]error{"person": person, "find": found, "presences": presences}
}

func TestOnBehalfOfAnAgentEverythingIsRead(t *testing.T) {
	d := newDelegate(t, permissions...)
	agent := d.agent(t)
	d.requests()
	for what, err := range d.everything(graph.OnBehalf(t.Context(), agent)) {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, r := range d.requests() {
		token, err := d.entra.CheckGraphToken(strings.TrimPrefix(r.header.Get("Authorization"), "Bearer "))
		if err != nil || token.ObjectID != string(d.id(0)) || len(token.Roles) != 0 {
			t.Errorf("%s was asked with the token %+v, %v", r.path, token, err)
		}
	}
	for _, check := range d.Client.CheckPermissions(graph.OnBehalf(t.Context(), agent), contoso) {
		if !check.Granted {
			t.Errorf("%s: %v", check.Permission, check.Err)
		}
	}
	if person, err := d.Client.Person(graph.OnBehalf(t.Context(), agent), fabrikam, d.id(1)); !errors.Is(err, graph.ErrSignInRequired) {
		t.Errorf("in another organisation: %v, %v", person.ID, err)
	}
}

func TestWithNobodyToActForGraphIsNotAsked(t *testing.T) {
	d := newDelegate(t, permissions...)
	for what, err := range d.everything(t.Context()) {
		if !errors.Is(err, graph.ErrSignInRequired) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := len(d.requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestPresenceIsPolledOnBehalfOfWhoLooks(t *testing.T) {
	d := newDelegate(t, permissions...)
	unhurried := presence.Config{FetchTimeout: time.Minute, RequestTimeout: time.Minute} // a busy machine is no answer
	cache, err := presence.NewCache(unhurried, presence.Deps{Source: d.Client})
	if err != nil {
		t.Fatal(err)
	}
	ids := []graph.UserID{d.id(3)}
	if p := cache.Fetch(t.Context(), contoso, ids)[0]; p.Availability != presence.Unknown || p.Reason != presence.ReasonSignInRequired {
		t.Errorf("with nobody there: %+v", p)
	}
	leave := d.people.Present(d.agent(t))
	if _, failed := cache.Refresh(t.Context(), contoso, ids); len(failed) != 0 {
		t.Errorf("with an agent there: %v", failed)
	}
	leave()
	if _, failed := cache.Refresh(t.Context(), contoso, ids); len(failed) != 1 || failed[0].Reason != presence.ReasonSignInRequired {
		t.Errorf("after they left: %v", failed)
	}
	if p := cache.Read(contoso, ids)[0]; p.Availability == presence.Unknown || p.Reason != presence.ReasonSignInRequired {
		t.Errorf("what was known is kept with its age and the reason: %+v", p)
	}
}

func TestWithoutConsentTheRefusalSaysSo(t *testing.T) {
	d := newDelegate(t)
	for what, err := range d.everything(graph.OnBehalf(t.Context(), d.agent(t))) {
		required, ok := errors.AsType[*sso.RequiredError](err)
		if !ok || required.Status.State != sso.StateConsentRequired || required.Status.Actor != "admin" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestOnlyWhatWasConsentedToIsGranted(t *testing.T) {
	d := newDelegate(t, "User.Read.All")
	granted := func() (names []string) {
		for _, check := range d.Client.CheckPermissions(graph.OnBehalf(t.Context(), d.agent(t)), contoso) {
			if check.Granted {
				names = append(names, check.Permission)
			}
		}
		return names
	}
	if got := granted(); !slices.Equal(got, []string{"User.Read.All"}) {
		t.Errorf("granted %v", got)
	}
}

func TestAFactorThatMicrosoftWantsIsToldWithItsChallenge(t *testing.T) {
	d := newDelegate(t, permissions...)
	ctx := graph.OnBehalf(t.Context(), d.agent(t))
	d.entra.InjectFault(ssotest.Fault{Route: "/" + contoso + "/oauth2/v2.0/token", Status: http.StatusBadRequest, Code: 50076, Count: 1})
	_, err := d.Client.Person(ctx, contoso, d.id(1))
	e, ok := errors.AsType[*onbehalf.Error](err)
	if !ok || e.Reason != onbehalf.ReasonInteraction || !strings.Contains(e.Claims, "access_token") {
		t.Errorf("%v", err)
	}
}
