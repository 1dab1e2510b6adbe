package ssotest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"teamsbridge/sso/ssotest"
)

// claimsOf reads a token without judging it.
func claimsOf(t *testing.T, raw string) (claims, header map[string]any) {
	t.Helper()
	read := jwt.MapClaims{}
	token, _, err := jwt.NewParser().ParseUnverified(raw, read)
	if err != nil {
		t.Fatal(err)
	}
	return read, token.Header
}

// pick leaves the named claims only.
func pick(claims map[string]any, names ...string) map[string]any {
	picked := map[string]any{}
	for _, name := range names {
		if value, ok := claims[name]; ok {
			picked[name] = value
		}
	}
	return picked
}

func TestAccessTokensSayWhatEntrasDo(t *testing.T) {
	t.Run("for the service, from Teams", func(t *testing.T) {
		w := newWorld(t)
		answer := w.signedIn(t, tenantA, ssotest.TeamsWeb, anja)
		claims, _ := claimsOf(t, answer.AccessToken)
		want := map[string]any{
			"iss": w.URL + "/" + tenantA + "/v2.0", "aud": serviceID, "ver": "2.0", "tid": tenantA, "oid": anjaID,
			"azp": ssotest.TeamsWeb, "azpacr": "0", "scp": "access_as_user", "roles": []any{"Agent"},
			"name": "Anja Weber", "preferred_username": anja,
		}
		if diff := cmp.Diff(want, pick(claims, "iss", "aud", "ver", "tid", "oid", "azp", "azpacr", "scp", "roles", "name",
			"preferred_username", "appid", "idp", "idtyp", "nonce")); diff != "" {
			t.Error(diff)
		}
		for _, name := range []string{"sub", "uti", "iat", "nbf", "exp"} {
			if claims[name] == nil {
				t.Errorf("no %s", name)
			}
		}
		if answer.TokenType != "Bearer" || answer.ExpiresIn != 75*60-1 || answer.RefreshToken == "" || answer.IDToken == "" {
			t.Errorf("answer %+v", answer)
		}
	})
	t.Run("for a service that takes version 1", func(t *testing.T) {
		w := newWorld(t, func(a *ssotest.App, _ *ssotest.Options) { a.TokenVersion = 1 })
		claims, _ := claimsOf(t, w.signedIn(t, tenantA, serviceID, anja).AccessToken)
		want := map[string]any{
			"iss": w.URL + "/" + tenantA + "/", "aud": idURI, "ver": "1.0", "appid": serviceID, "appidacr": "0",
			"unique_name": anja, "upn": anja,
		}
		if diff := cmp.Diff(want, pick(claims, "iss", "aud", "ver", "appid", "appidacr", "unique_name", "upn", "azp", "preferred_username")); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("roles are those the service offers", func(t *testing.T) {
		w := newWorld(t)
		claims, _ := claimsOf(t, w.signedIn(t, tenantA, serviceID, admin).AccessToken)
		if diff := cmp.Diff([]any{"Admin"}, claims["roles"]); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("another subject for every application", func(t *testing.T) {
		w := newWorld(t)
		service, _ := claimsOf(t, w.signedIn(t, tenantA, serviceID, anja).AccessToken)
		graph, _ := claimsOf(t, w.ask(t, tenantA, change(byPassword, "scope", "User.Read")...).AccessToken)
		if service["sub"] == graph["sub"] || service["oid"] != graph["oid"] {
			t.Errorf("sub %v and %v, oid %v and %v", service["sub"], graph["sub"], service["oid"], graph["oid"])
		}
	})
	t.Run("for an application itself", func(t *testing.T) {
		w := newWorld(t)
		claims, _ := claimsOf(t, w.ask(t, tenantA, byClient...).AccessToken)
		sp, _ := w.ServicePrincipal(tenantA, serviceID)
		want := map[string]any{
			"aud": ssotest.GraphURI, "idtyp": "app", "oid": sp.ObjectID, "sub": sp.ObjectID, "appidacr": "1",
			"roles": []any{"Presence.Read.All", "User.Read.All"},
		}
		if diff := cmp.Diff(want, pick(claims, "aud", "idtyp", "oid", "sub", "appidacr", "roles", "scp", "name")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAssignedPeopleAndPermissionsByPersonAreAdmitted(t *testing.T) {
	w := newWorld(t)
	assign(w)
	w.Assign(tenantA, serviceID, anjaID)
	w.signedIn(t, tenantA, ssotest.TeamsWeb, anja)

	mail := change(byPassword, "scope", "Mail.Read")
	w.Grant(tenantA, serviceID, ssotest.GraphAppID, adminID, "Mail.Read")
	wantRefusal(t, w.ask(t, tenantA, mail...), 65001, "invalid_grant", 400, "consent_required")
	w.Grant(tenantA, serviceID, ssotest.GraphAppID, anjaID, "Mail.Read")
	if got := w.ask(t, tenantA, mail...); got.Status != http.StatusOK {
		t.Errorf("with consent of one's own: %s", got.Description)
	}
}

func TestAssignedGroupsAdmitTheirDirectMembers(t *testing.T) {
	const agents, inner = "ffffffff-0000-4000-8000-0000000000f1", "ffffffff-0000-4000-8000-0000000000f2"
	w := newWorld(t)
	assign(w)
	w.AssignGroup(tenantA, serviceID, agents, "Agents")
	wantRefusal(t, w.ask(t, tenantA, byPassword...), 50105, "invalid_grant", 400, "")
	members := map[string]string{anjaID: inner}
	w.AskForMembers(func(tenant, group, person string) bool { return tenant == tenantA && members[person] == group })
	wantRefusal(t, w.ask(t, tenantA, byPassword...), 50105, "invalid_grant", 400, "")
	members[anjaID] = agents
	w.signedIn(t, tenantA, ssotest.TeamsWeb, anja)
	service, _ := w.ServicePrincipal(tenantA, serviceID)
	if got := w.AppRoleAssignedTo(tenantA, service.ObjectID); len(got) != 1 || got[0].PrincipalType != "Group" || got[0].PrincipalID != agents || got[0].PrincipalName != "Agents" {
		t.Errorf("assignments %+v", got)
	}
}

func TestGrantsAreListedAsGraphListsThem(t *testing.T) {
	w := newWorld(t)
	w.Grant(tenantA, serviceID, ssotest.GraphAppID, anjaID, "Mail.Read", "Calendars.Read")
	service, ok := w.ServicePrincipal(tenantA, serviceID)
	graph, okGraph := w.ServicePrincipal(tenantA, ssotest.GraphAppID)
	if !ok || !okGraph || service.ObjectID == graph.ObjectID || !service.Enabled || service.Name != "teamsbridge" {
		t.Fatalf("service principals %+v, %+v", service, graph)
	}
	got := w.Grants(tenantA, service.ObjectID)
	for i := range got {
		if got[i].ID == "" {
			t.Error("a grant without an id")
		}
		got[i].ID = ""
	}
	want := []ssotest.Grant{
		{ClientObjectID: service.ObjectID, ConsentType: "AllPrincipals", ResourceObjectID: graph.ObjectID, Scope: "Presence.Read.All User.Read"},
		{ClientObjectID: service.ObjectID, ConsentType: "Principal", PrincipalID: anjaID, ResourceObjectID: graph.ObjectID, Scope: "Calendars.Read Mail.Read"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if elsewhere, ok := w.ServicePrincipal(tenantB, serviceID); !ok || elsewhere.ObjectID == service.ObjectID {
		t.Errorf("in another tenant %+v, %v", elsewhere, ok)
	}
	if _, ok := w.ServicePrincipal("cccccccc-0000-4000-8000-000000000003", ssotest.GraphAppID); ok {
		t.Error("a service principal in a tenant that does not exist")
	}
}

func TestGraphTokenIsChecked(t *testing.T) {
	w := newWorld(t)
	good := ssotest.Forgery{Tenant: tenantA, Resource: ssotest.GraphAppID, Client: serviceID, ObjectID: anjaID,
		Claims: map[string]any{"scp": "User.Read"}}
	if got, err := w.CheckGraphToken(w.Forge(good)); err != nil || got.ObjectID != anjaID || !slices.Equal(got.Scopes, []string{"User.Read"}) {
		t.Fatalf("a good token: %+v, %v", got, err)
	}
	for _, row := range []struct {
		name  string
		forge func(*ssotest.Forgery)
	}{
		{"signed by somebody else", func(f *ssotest.Forgery) { f.Signing = ssotest.SignStranger }},
		{"signed with a key nobody published", func(f *ssotest.Forgery) { f.Signing = ssotest.SignUnknown }},
		{"signed with the public key as a secret", func(f *ssotest.Forgery) { f.Signing = ssotest.SignHMAC }},
		{"not signed", func(f *ssotest.Forgery) { f.Signing = ssotest.SignNone }},
		{"changed afterwards", func(f *ssotest.Forgery) { f.Signing = ssotest.SignTampered }},
		{"for the service", func(f *ssotest.Forgery) { f.Resource = serviceID }},
		{"of another issuer", claim("iss", "https://sts.example/")},
		{"ended", claim("exp", time.Now().Add(-time.Minute).Unix())},
		{"without an end", claim("exp", nil)},
		{"of tomorrow", claim("nbf", time.Now().Add(24*time.Hour).Unix())},
	} {
		t.Run(row.name, func(t *testing.T) {
			forgery := good
			row.forge(&forgery)
			_, err := w.CheckGraphToken(w.Forge(forgery))
			if err == nil || err.Error() != "InvalidAuthenticationToken" {
				t.Errorf("got %v", err)
			}
		})
	}
	for _, raw := range []string{"", "x", "a.b.c"} {
		if _, err := w.CheckGraphToken(raw); err == nil {
			t.Errorf("%q is accepted", raw)
		}
	}
}

func TestMetadataNamesPagesAtThePlainAddressAndAllElseAtTheOther(t *testing.T) {
	e := ssotest.New(ssotest.Options{PlainURL: "http://127.0.0.1:8081", TLSURL: "https://127.0.0.1:8443"})
	e.AddTenant(ssotest.Tenant{ID: strings.ToUpper(tenantA), Domain: "nordlicht.example"})
	for _, row := range []struct{ name, path, realm, issuer string }{
		{"a tenant", "/" + tenantA + "/v2.0", tenantA, "https://127.0.0.1:8443/" + tenantA + "/v2.0"},
		{"a tenant by its domain", "/nordlicht.example/v2.0", tenantA, "https://127.0.0.1:8443/" + tenantA + "/v2.0"},
		{"any organization", "/organizations/v2.0", "organizations", "https://127.0.0.1:8443/{tenantid}/v2.0"},
		{"anybody", "/common/v2.0", "common", "https://127.0.0.1:8443/{tenantid}/v2.0"},
		{"a tenant's version 1", "/" + tenantA, tenantA, "https://127.0.0.1:8443/" + tenantA + "/"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got map[string]any
			getJSON(t, e.Handler(), row.path+"/.well-known/openid-configuration", &got)
			want := map[string]any{
				"issuer":                 row.issuer,
				"authorization_endpoint": "http://127.0.0.1:8081/" + row.realm + "/oauth2/v2.0/authorize",
				"end_session_endpoint":   "http://127.0.0.1:8081/" + row.realm + "/oauth2/v2.0/logout",
				"token_endpoint":         "https://127.0.0.1:8443/" + row.realm + "/oauth2/v2.0/token",
				"jwks_uri":               "https://127.0.0.1:8443/" + row.realm + "/discovery/v2.0/keys",
			}
			if diff := cmp.Diff(want, pick(got, "issuer", "authorization_endpoint", "end_session_endpoint", "token_endpoint", "jwks_uri")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func getJSON(t *testing.T, h http.Handler, path string, v any) {
	t.Helper()
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	if recorder.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, recorder.Code, recorder.Body)
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), v); err != nil {
		t.Fatal(err)
	}
}

// keySet is what a JWKS document says here.
type keySet struct {
	Keys []struct {
		ID          string   `json:"kid"`
		Thumbprint  string   `json:"x5t"`
		Certificate []string `json:"x5c"`
		Issuer      string   `json:"issuer"`
		Modulus     string   `json:"n"`
	} `json:"keys"`
}

func TestSameSeedGivesTheSameKeysAndIDs(t *testing.T) {
	made := func(seed uint64) (keySet, string) {
		e := ssotest.New(ssotest.Options{Seed: seed, TLSURL: "https://127.0.0.1:8443"})
		e.AddTenant(ssotest.Tenant{ID: tenantA})
		e.AddApp(ssotest.App{ClientID: serviceID})
		e.Consent(tenantA, serviceID, nil)
		sp, _ := e.ServicePrincipal(tenantA, serviceID)
		var keys keySet
		getJSON(t, e.Handler(), "/"+tenantA+"/discovery/v2.0/keys", &keys)
		return keys, sp.ObjectID
	}
	keys, id := made(1)
	again, sameID := made(1)
	if diff := cmp.Diff(keys, again); diff != "" || id != sameID {
		t.Errorf("the same seed differs: %s and %s %s", id, sameID, diff)
	}
	other, otherID := made(2)
	if other.Keys[0].ID == keys.Keys[0].ID || otherID == id {
		t.Error("another seed gives the same")
	}
	if k := keys.Keys[0]; k.Issuer != "https://127.0.0.1:8443/"+tenantA+"/v2.0" || len(k.Certificate) != 1 || k.Thumbprint != k.ID {
		t.Errorf("key %+v", k)
	}
}

func TestRotationPublishesTheOldKeyUntilTheNext(t *testing.T) {
	e := ssotest.New(ssotest.Options{Seed: 1, TLSURL: "https://127.0.0.1:8443"})
	ids := func() (ids []string) {
		var keys keySet
		getJSON(t, e.Handler(), "/common/discovery/v2.0/keys", &keys)
		for _, k := range keys.Keys {
			ids = append(ids, k.ID)
		}
		return ids
	}
	first := ids()
	e.RotateKeys()
	second := ids()
	e.RotateKeys()
	third := ids()
	if len(first) != 1 || len(second) != 2 || second[1] != first[0] || len(third) != 2 || third[1] != second[0] || slices.Contains(third, first[0]) {
		t.Errorf("published %v, then %v, then %v", first, second, third)
	}
}

func TestRefreshTokensSurviveARestart(t *testing.T) {
	before := newWorld(t)
	refresh := before.signedIn(t, tenantA, serviceID, anja).RefreshToken
	after := newWorld(t)
	got := after.ask(t, tenantA, "grant_type", "refresh_token", "client_id", serviceID, "refresh_token", refresh)
	if got.Status != http.StatusOK {
		t.Errorf("%d %s", got.Status, got.Description)
	}
}

func TestCodesAndRefreshTokensEnd(t *testing.T) {
	now := time.Now()
	w := newWorld(t, func(_ *ssotest.App, o *ssotest.Options) { o.Clock = func() time.Time { return now } })
	app, b := w.application(t, tenantA), w.browser(t)
	code := wantCode(t, b.signIn(b.open(app.start()), anja))
	refresh := w.signedIn(t, tenantA, serviceID, anja).RefreshToken

	now = now.Add(11 * time.Minute)
	wantRefusal(t, w.ask(t, tenantA, "grant_type", "authorization_code", "client_id", serviceID, "client_secret", secret,
		"code", code, "redirect_uri", redirect, "code_verifier", codeVerifier), 70008, "invalid_grant", 400, "")
	now = now.Add(91 * 24 * time.Hour)
	wantRefusal(t, w.ask(t, tenantA, "grant_type", "refresh_token", "client_id", serviceID, "refresh_token", refresh), 70008, "invalid_grant", 400, "")
	if p := b.open(app.start()); p.Left {
		t.Error("the browser is still signed in after three months")
	}
}

func TestRequestsAreTold(t *testing.T) {
	var mu sync.Mutex
	var got []ssotest.Request
	w := newWorld(t, func(_ *ssotest.App, o *ssotest.Options) {
		o.Log = func(r ssotest.Request) {
			mu.Lock()
			defer mu.Unlock()
			r.At = time.Time{}
			got = append(got, r)
		}
	})
	w.ask(t, tenantA, byClient...)
	w.ask(t, "organizations", byClient...)
	mu.Lock()
	defer mu.Unlock()
	want := []ssotest.Request{
		{Method: "POST", Path: "/" + tenantA + "/oauth2/v2.0/token", Status: 200},
		{Method: "POST", Path: "/organizations/oauth2/v2.0/token", Status: 400},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFaults(t *testing.T) {
	happen := func(f *ssotest.Faults, times int) (n int) {
		for range times {
			if _, ok := f.Next("/x/token"); ok {
				n++
			}
		}
		return n
	}
	for _, row := range []struct {
		name   string
		inject []ssotest.Fault
		least  int
		most   int
	}{
		{"a counted fault happens that often", []ssotest.Fault{{Route: "/x", Status: 503, Count: 3}}, 3, 3},
		{"an uncounted one for ever", []ssotest.Fault{{Route: "/x", Status: 503}}, 1000, 1000},
		{"until it is cleared", []ssotest.Fault{{Route: "/x", Status: 503}, {Route: "/x", Count: -1}}, 0, 0},
		{"another route is left alone", []ssotest.Fault{{Route: "/y", Status: 503}}, 0, 0},
		{"a new one replaces the old", []ssotest.Fault{{Route: "/x", Status: 503}, {Route: "/x", Status: 429, Count: 1}}, 1, 1},
		{"a rate is a share", []ssotest.Fault{{Route: "/x", Status: 503, Rate: 0.25}}, 200, 300},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := ssotest.NewFaults(1)
			for _, fault := range row.inject {
				f.Inject(fault)
			}
			if n := happen(f, 1000); n < row.least || n > row.most {
				t.Errorf("%d of 1000, want %d to %d", n, row.least, row.most)
			}
		})
	}
}

func TestFaultDelaysAndSaysWhenToComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := ssotest.New(ssotest.Options{TLSURL: "https://127.0.0.1:8443"})
		e.InjectFault(ssotest.Fault{Route: "/common", Status: 429, RetryAfter: 7, Delay: time.Minute})
		recorder, start := httptest.NewRecorder(), time.Now()
		e.Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/common/discovery/v2.0/keys", nil))
		if waited := time.Since(start); waited != time.Minute || recorder.Code != 429 || recorder.Header().Get("Retry-After") != "7" {
			t.Errorf("after %v: %d, Retry-After %q", waited, recorder.Code, recorder.Header().Get("Retry-After"))
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	w := newWorld(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 5 {
				answer := w.ask(t, tenantA, byPassword...)
				if answer.Status != http.StatusOK && answer.Status != http.StatusUnauthorized {
					t.Errorf("%d %s", answer.Status, answer.Description)
				}
				if sp, ok := w.ServicePrincipal(tenantA, serviceID); ok {
					w.Grants(tenantA, sp.ObjectID)
				}
			}
		})
		group.Go(func() {
			for i := range 5 {
				enabled := i%2 == 0
				w.SetApp(tenantA, serviceID, &enabled, nil)
				w.Consent(tenantA, serviceID, []string{"User.Read.All"})
				w.AddAccount(ssotest.Account{Tenant: tenantA, ObjectID: anjaID, Username: anja, Password: password})
			}
		})
	}
	group.Go(w.RotateKeys)
	group.Wait()
}
