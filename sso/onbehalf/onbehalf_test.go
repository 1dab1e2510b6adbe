package onbehalf_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"

	"teamsbridge/graph"
	"teamsbridge/sso"
	"teamsbridge/sso/onbehalf"
	"teamsbridge/sso/ssotest"
)

const (
	tenant   = "aaaaaaaa-0000-4000-8000-000000000001"
	other    = "aaaaaaaa-0000-4000-8000-000000000002"
	clientID = "11111111-0000-4000-8000-00000000000a"
	idURI    = "api://desktop.example/" + clientID
	secret   = "not-a-secret-at-all"
	password = "Geheim-123"
)

var (
	permissions = []string{"User.Read.All", "Presence.Read.All"}
	wanted      = policy.TokenRequestOptions{Scopes: []string{ssotest.GraphURI + "/.default"}, EnableCAE: true}
	people      = map[string]string{"anja": "cccccccc-0000-4000-8000-000000000001", "bert": "cccccccc-0000-4000-8000-000000000002"}
)

// world is an Entra with two organisations, two agents in the first, and no
// application permission anywhere.
type world struct {
	*onbehalf.Credentials
	entra     *ssotest.Entra
	url       string
	http      *http.Client
	exchanges atomic.Int32
	arrived   []graph.TenantID
	refused   []string // tenant and code
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{}
	var handler http.Handler
	server := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/token") && r.FormValue("requested_token_use") == "on_behalf_of" {
			w.exchanges.Add(1)
		}
		handler.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	w.url, w.http = server.URL, server.Client()
	w.entra = ssotest.New(ssotest.Options{Seed: 3, PlainURL: w.url, TLSURL: w.url})
	handler = w.entra.Handler()
	w.entra.AddApp(ssotest.App{
		ClientID: clientID, Name: "teamsbridge", IDURI: idURI, Scopes: []string{"access_as_user"}, Secrets: []string{secret},
		PreAuthorized: []string{ssotest.TeamsWeb}, GraphDelegated: permissions,
	})
	for _, id := range []string{tenant, other} {
		w.entra.AddTenant(ssotest.Tenant{ID: id, Name: id, Domain: id + ".example"})
		w.entra.Consent(id, clientID, permissions)
	}
	for name, id := range people {
		w.entra.AddAccount(ssotest.Account{Tenant: tenant, ObjectID: id, Username: name + "@example", Name: name, Password: password})
	}
	proof, err := confidential.NewCredFromSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	w.Credentials, err = onbehalf.New(onbehalf.Config{Authority: w.url + "/", ClientID: clientID, DisableInstanceDiscovery: true}, onbehalf.Deps{
		Proof: proof, HTTPClient: w.http, Arrived: func(t graph.TenantID) { w.arrived = append(w.arrived, t) },
		Refused: func(t graph.TenantID, code string) { w.refused = append(w.refused, string(t)+" "+code) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// caller signs somebody in with Teams.
func (w *world) caller(t *testing.T, name string) graph.Caller {
	t.Helper()
	form := url.Values{
		"grant_type": {"password"}, "client_id": {ssotest.TeamsWeb}, "username": {name + "@example"}, "password": {password},
		"scope": {idURI + "/access_as_user"},
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/"+tenant+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := w.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Token       string `json:"access_token"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Token == "" {
		t.Fatalf("token of %s: %v %s", name, err, answer.Description)
	}
	return graph.Caller{Tenant: tenant, ID: graph.UserID(people[name]), Assertion: answer.Token, Expires: time.Now().Add(time.Hour)}
}

func (w *world) token(ctx context.Context, of string, o policy.TokenRequestOptions) (string, error) {
	credential, err := w.For(of)
	if err != nil {
		return "", err
	}
	token, err := credential.GetToken(ctx, o)
	return token.Token, err
}

// whose is who a token for Graph acts for.
func (w *world) whose(ctx context.Context, t *testing.T) string {
	t.Helper()
	raw, err := w.token(ctx, tenant, wanted)
	if err != nil {
		t.Fatal(err)
	}
	token, err := w.entra.CheckGraphToken(raw)
	if err != nil || token.AppID != clientID || !slices.Contains(token.Scopes, "User.Read.All") || len(token.Roles) != 0 {
		t.Fatalf("token %+v, %v", token, err)
	}
	for name, id := range people {
		if id == token.ObjectID {
			return name
		}
	}
	return token.ObjectID
}

func reason(err error) string {
	if e, ok := errors.AsType[*onbehalf.Error](err); ok {
		return e.Reason
	}
	return ""
}

func TestWhoAsksIsActedForAndNobodyElse(t *testing.T) {
	w := newWorld(t)
	anja, bert := w.caller(t, "anja"), w.caller(t, "bert")
	defer w.Present(bert)()
	if who := w.whose(graph.OnBehalf(t.Context(), anja), t); who != "anja" {
		t.Errorf("acted for %s", who)
	}
	if who := w.whose(graph.OnBehalf(t.Context(), bert), t); who != "bert" {
		t.Errorf("acted for %s", who)
	}
	ended := anja
	ended.Expires = time.Now().Add(10 * time.Second)
	for name, c := range map[string]graph.Caller{
		"a token that ends now": ended, "no token": {Tenant: tenant, ID: anja.ID},
		"another organisation's": {Tenant: other, Assertion: anja.Assertion, Expires: anja.Expires},
	} {
		if _, err := w.token(graph.OnBehalf(t.Context(), c), tenant, wanted); reason(err) != onbehalf.ReasonEnded || !errors.Is(err, graph.ErrSignInRequired) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPollIsMadeForSomebodyWhoIsPresent(t *testing.T) {
	w := newWorld(t)
	if _, err := w.token(t.Context(), tenant, wanted); reason(err) != onbehalf.ReasonNobody {
		t.Fatalf("with nobody there: %v", err)
	}
	anja, bert := w.caller(t, "anja"), w.caller(t, "bert")
	bert.Expires = bert.Expires.Add(time.Minute)
	anjaLeaves, again, bertLeaves := w.Present(anja), w.Present(anja), w.Present(bert)
	if who := w.whose(t.Context(), t); who != "bert" {
		t.Errorf("acted for %s, not for the one whose sign-in lasts longest", who)
	}
	bertLeaves()
	bertLeaves() // leaving twice is leaving once
	anjaLeaves()
	if who := w.whose(t.Context(), t); who != "anja" {
		t.Errorf("acted for %s, who is gone", who)
	}
	again()
	if _, err := w.token(t.Context(), tenant, wanted); reason(err) != onbehalf.ReasonNobody {
		t.Errorf("after all left: %v", err)
	}
	w.Present(graph.Caller{Tenant: tenant, Assertion: anja.Assertion, Expires: time.Now()})
	if _, err := w.token(t.Context(), tenant, wanted); reason(err) != onbehalf.ReasonNobody {
		t.Errorf("with an ended sign-in: %v", err)
	}
	if !slices.Equal(w.arrived, []graph.TenantID{tenant}) {
		t.Errorf("arrived: %v", w.arrived)
	}
	defer w.Present(anja)()
	if _, err := w.token(t.Context(), other, wanted); reason(err) != onbehalf.ReasonNobody {
		t.Errorf("another organisation: %v", err)
	}
}

func TestOneExchangeServesAllWhoWait(t *testing.T) {
	w := newWorld(t)
	ctx := graph.OnBehalf(t.Context(), w.caller(t, "anja"))
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := w.token(ctx, strings.ToUpper(tenant), wanted); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := w.exchanges.Load(); n != 1 {
		t.Errorf("%d exchanges", n)
	}
}

func TestRefusalsSayWhatWouldHealThem(t *testing.T) {
	fault := func(code int) func(*world) {
		return func(w *world) {
			w.entra.InjectFault(ssotest.Fault{Route: "/" + tenant + "/oauth2/v2.0/token", Status: 400, Code: code})
		}
	}
	for name, tt := range map[string]struct {
		prepare      func(*world)
		reason, code string
		claims       bool
		state        sso.State
	}{
		"nobody consented":           {func(w *world) { w.entra.Consent(tenant, clientID, nil) }, onbehalf.ReasonConsent, "AADSTS65001", false, sso.StateConsentRequired},
		"another factor is wanted":   {fault(50076), onbehalf.ReasonInteraction, "AADSTS50076", true, sso.StateSignInRequired},
		"a policy blocks":            {fault(53003), onbehalf.ReasonInteraction, "AADSTS53003", true, sso.StateSignInRequired},
		"the sign-in was revoked":    {fault(50173), onbehalf.ReasonEnded, "AADSTS50173", false, sso.StateSignInRequired},
		"the token is past its time": {fault(500133), onbehalf.ReasonEnded, "AADSTS500133", false, sso.StateSignInRequired},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			ctx := graph.OnBehalf(t.Context(), w.caller(t, "anja"))
			tt.prepare(w)
			_, err := w.token(ctx, tenant, wanted)
			e, ok := errors.AsType[*onbehalf.Error](err)
			if !ok || e.Reason != tt.reason || e.Code != tt.code || (e.Claims != "") != tt.claims || e.RequestID == "" {
				t.Fatalf("%+v, %v", e, err)
			}
			required, ok := errors.AsType[*sso.RequiredError](err)
			if !ok || required.Status.State != tt.state || required.Status.Detail == "" {
				t.Errorf("refused with %+v", required)
			}
			if !errors.Is(err, graph.ErrSignInRequired) || strings.Contains(err.Error(), "eyJ") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestWhoMicrosoftRefusesIsPassedOver(t *testing.T) {
	w := newWorld(t)
	anja, bert := w.caller(t, "anja"), w.caller(t, "bert")
	bert.Expires = bert.Expires.Add(time.Minute)
	defer w.Present(anja)()
	defer w.Present(bert)()
	w.entra.InjectFault(ssotest.Fault{Route: "/" + tenant + "/oauth2/v2.0/token", Status: 400, Code: 50076, Count: 1})
	for range 3 {
		if who := w.whose(t.Context(), t); who != "anja" {
			t.Errorf("acted for %s", who)
		}
	}
	if n := w.exchanges.Load(); n != 2 {
		t.Errorf("%d exchanges, want one that was refused and one that was not", n)
	}
	if who := w.whose(graph.OnBehalf(t.Context(), bert), t); who != "bert" {
		t.Error("who asks themself is tried all the same")
	}
}

func TestTheServicesOwnTroubleIsNobodysSignIn(t *testing.T) {
	for name, tt := range map[string]struct {
		prepare func(*world)
		ok      func(error) bool
	}{
		"disabled": {func(w *world) { off := false; w.entra.SetApp(tenant, clientID, &off, nil) }, func(err error) bool {
			denied, ok := errors.AsType[*graph.DeniedError](err)
			return ok && denied.Code == "AADSTS7000112" && denied.RequestID != ""
		}},
		"Entra away": {func(w *world) {
			w.entra.InjectFault(ssotest.Fault{Route: "/" + tenant + "/oauth2/v2.0/token", Status: 503, Count: 10})
		}, func(err error) bool { return errors.Is(err, graph.ErrUnavailable) }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			ctx := graph.OnBehalf(t.Context(), w.caller(t, "anja"))
			tt.prepare(w)
			if _, err := w.token(ctx, tenant, wanted); !tt.ok(err) || errors.Is(err, graph.ErrSignInRequired) {
				t.Errorf("%#v", err)
			}
		})
	}
}

func TestWhatIsTheOrganisationsMatterIsTold(t *testing.T) {
	no := false
	for _, c := range []struct {
		name string
		play func(*world)
		want []string
	}{
		{"all is well", func(*world) {}, nil},
		{"nobody consented", func(w *world) { w.entra.Consent(tenant, clientID, nil) }, []string{tenant + " AADSTS65001"}},
		{"the application is disabled", func(w *world) { w.entra.SetApp(tenant, clientID, &no, nil) }, []string{tenant + " AADSTS7000112"}},
		{"a person's account is gone", func(w *world) { w.entra.RemoveAccount(tenant, people["anja"]) }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			ctx := graph.OnBehalf(t.Context(), w.caller(t, "anja"))
			c.play(w)
			credential, err := w.For(tenant)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := credential.GetToken(ctx, wanted); (err == nil) != (c.name == "all is well") {
				t.Errorf("GetToken: %v", err)
			}
			if !slices.Equal(w.refused, c.want) {
				t.Errorf("told %v, want %v", w.refused, c.want)
			}
		})
	}
}

func TestAChallengeIsPassedOn(t *testing.T) {
	w := newWorld(t)
	ctx := graph.OnBehalf(t.Context(), w.caller(t, "anja"))
	if _, err := w.token(ctx, tenant, wanted); err != nil {
		t.Fatal(err)
	}
	challenged := wanted
	challenged.Claims = `{"access_token":{"nbf":{"essential":true,"value":"1"}}}`
	if _, err := w.token(ctx, tenant, challenged); err != nil {
		t.Fatal(err)
	}
	if n := w.exchanges.Load(); n == 0 {
		t.Error("a token from the cache cannot meet a challenge")
	}
}

func TestWhoLeavesWaitsForNothing(t *testing.T) {
	w := newWorld(t)
	ctx, leave := context.WithCancel(graph.OnBehalf(t.Context(), w.caller(t, "anja")))
	leave()
	if _, err := w.token(ctx, tenant, wanted); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	proof, err := confidential.NewCredFromSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]onbehalf.Config{
		"plain http": {Authority: "http://login.example", ClientID: clientID}, "no client": {Authority: "https://login.example"},
	} {
		if _, err := onbehalf.New(cfg, onbehalf.Deps{Proof: proof}); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestARenewedSecretIsShownFromTheNextExchangeOn(t *testing.T) {
	w := newWorld(t)
	ctx := graph.OnBehalf(t.Context(), w.caller(t, "anja"))
	wrong, err := confidential.NewCredFromSecret("never was one")
	if err != nil {
		t.Fatal(err)
	}
	w.SetProof(wrong)
	if _, err := w.token(ctx, tenant, wanted); err == nil {
		t.Fatal("a wrong secret was accepted, or not shown")
	}
	right, err := confidential.NewCredFromSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	w.SetProof(right)
	if who := w.whose(ctx, t); who != "anja" {
		t.Errorf("acted for %q", who)
	}
}
