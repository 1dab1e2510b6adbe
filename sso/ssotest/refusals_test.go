package ssotest_test

import (
	"crypto"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"teamsbridge/sso/ssotest"
)

// tokenRefusal is one row: what is asked at the token endpoint, and the refusal.
type tokenRefusal struct {
	name     string
	prepare  func(world)
	tenant   string // empty: tenantA
	form     []string
	code     int
	oauth    string
	status   int // 0: 400
	suberror string
}

const graphDefault = "https://graph.microsoft.com/.default"

// change replaces or adds pairs of a form; an empty value takes the pair away.
func change(pairs []string, changes ...string) []string {
	values := form(pairs...)
	for i := 0; i+1 < len(changes); i += 2 {
		values.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			values.Del(changes[i])
		}
	}
	var changed []string
	for name := range values {
		changed = append(changed, name, values.Get(name))
	}
	return changed
}

var (
	byClient   = []string{"grant_type", "client_credentials", "client_id", serviceID, "client_secret", secret, "scope", graphDefault}
	byPassword = []string{"grant_type", "password", "client_id", serviceID, "username", anja, "password", password, "scope", scope}
	inTeams    = change(byPassword, "client_id", ssotest.TeamsWeb)
)

func disable(w world) { off := false; w.SetApp(tenantA, serviceID, &off, nil) }
func assign(w world)  { on := true; w.SetApp(tenantA, serviceID, nil, &on) }
func remove(w world)  { w.Uninstall(tenantA, serviceID) }

var tokenRefusals = []tokenRefusal{
	// the request
	{name: "no grant type", form: change(byClient, "grant_type", ""), code: 900144, oauth: "invalid_request"},
	{name: "a grant type nobody knows", form: change(byClient, "grant_type", "device_code"), code: 70003, oauth: "unsupported_grant_type"},
	{name: "no client id", form: change(byClient, "client_id", ""), code: 900144, oauth: "invalid_request"},
	{name: "an unknown client", form: change(byClient, "client_id", "99999999-0000-4000-8000-000000000009"), code: 700016, oauth: "unauthorized_client"},
	{name: "an unknown tenant", tenant: "cccccccc-0000-4000-8000-000000000003", form: byClient, code: 90002, oauth: "invalid_tenant"},
	{name: "the consumers' tenant", tenant: "consumers", form: byClient, code: 90002, oauth: "invalid_tenant"},

	// client credentials
	{name: "client credentials without a tenant", tenant: "organizations", form: byClient, code: 50059, oauth: "invalid_request"},
	{name: "client credentials with a wrong secret", form: change(byClient, "client_secret", "guess"), code: 7000215, oauth: "invalid_client", status: 401},
	{name: "client credentials with last year's secret", form: change(byClient, "client_secret", "last year's"), code: 7000222, oauth: "invalid_client", status: 401},
	{name: "client credentials without a secret", form: change(byClient, "client_secret", ""), code: 7000218, oauth: "invalid_client", status: 401},
	{name: "client credentials of a public client", form: change(byClient, "client_id", strangeID, "client_secret", ""), code: 7000218, oauth: "invalid_client", status: 401},
	{name: "a public client that shows a secret", form: change(byPassword, "client_id", strangeID, "client_secret", secret), code: 700025, oauth: "invalid_client", status: 401},
	{name: "client credentials for named permissions", form: change(byClient, "scope", "https://graph.microsoft.com/User.Read.All"), code: 1002012, oauth: "invalid_scope"},
	{name: "client credentials without a scope", form: change(byClient, "scope", ""), code: 900144, oauth: "invalid_request"},
	{name: "client credentials for an unknown resource", form: change(byClient, "scope", "api://nobody/.default"), code: 500011, oauth: "invalid_resource"},
	{name: "client credentials for a resource that is not installed", form: change(byClient, "scope", strangeID+"/.default"), code: 500011, oauth: "invalid_resource"},
	{name: "client credentials where the app is not installed", prepare: remove, form: byClient, code: 7000229, oauth: "invalid_client", status: 401},
	{name: "client credentials where the app is disabled", prepare: disable, form: byClient, code: 7000112, oauth: "unauthorized_client", status: 401},

	// password
	{name: "a wrong password", form: change(byPassword, "password", "guess"), code: 50126, oauth: "invalid_grant"},
	{name: "somebody nobody knows", form: change(byPassword, "username", "nobody@nordlicht.example"), code: 50034, oauth: "invalid_grant"},
	{name: "somebody of another tenant", tenant: tenantB, form: byPassword, code: 50020, oauth: "invalid_request"},
	{name: "a disabled account", form: change(byPassword, "username", gone), code: 50057, oauth: "invalid_grant"},
	{name: "no user name", form: change(byPassword, "username", ""), code: 900144, oauth: "invalid_request"},
	{name: "no password", form: change(byPassword, "password", ""), code: 900144, oauth: "invalid_request"},
	{name: "password at common", tenant: "common", form: byPassword, code: 9001023, oauth: "invalid_request"},
	{name: "password with a secret that is wrong", form: change(byPassword, "client_secret", "guess"), code: 7000215, oauth: "invalid_client", status: 401},

	// scopes and consent
	{name: "no scope", form: change(byPassword, "scope", ""), code: 900144, oauth: "invalid_request"},
	{name: "two resources at once", form: change(byPassword, "scope", scope+" User.Read"), code: 28000, oauth: "invalid_request"},
	{name: "a named permission beside .default", form: change(byPassword, "scope", graphDefault+" User.Read"), code: 70011, oauth: "invalid_scope"},
	{name: "a scope without a name", form: change(byPassword, "scope", idURI+"/"), code: 70011, oauth: "invalid_scope"},
	{name: "a scope the service does not offer", form: change(byPassword, "scope", idURI+"/everything"), code: 650053, oauth: "invalid_client"},
	{name: "an unknown resource", form: change(byPassword, "scope", "api://nobody/read"), code: 500011, oauth: "invalid_resource"},
	{name: "a Graph permission nobody consented to", form: change(byPassword, "scope", "Mail.Read"), code: 65001, oauth: "invalid_grant", suberror: "consent_required"},
	{name: "everything, but nothing was consented to", prepare: func(w world) { w.Consent(tenantA, serviceID, nil) }, form: change(byPassword, "scope", graphDefault), code: 65001, oauth: "invalid_grant", suberror: "consent_required"},
	{name: "a client that is not installed", form: change(byPassword, "client_id", strangeID), code: 65001, oauth: "invalid_grant", suberror: "consent_required"},
	{name: "a client that was not authorized for the service", prepare: func(w world) { w.Grant(tenantA, strangeID, ssotest.GraphAppID, "", "User.Read") }, form: change(byPassword, "client_id", strangeID), code: 65001, oauth: "invalid_grant", suberror: "consent_required"},

	// the installed app
	{name: "the service's own sign-in where it is disabled", prepare: disable, form: byPassword, code: 7000112, oauth: "unauthorized_client", status: 401},
	{name: "Teams where the service is disabled", prepare: disable, form: inTeams, code: 500014, oauth: "invalid_resource"},
	{name: "the service's own sign-in where it is not installed", prepare: remove, form: byPassword, code: 65001, oauth: "invalid_grant", suberror: "consent_required"},
	{name: "Teams where the service is not installed", prepare: remove, form: inTeams, code: 500011, oauth: "invalid_resource"},
	{name: "assignment is required and missing", prepare: assign, form: byPassword, code: 50105, oauth: "invalid_grant"},
	{name: "assignment is required and missing, in Teams", prepare: assign, form: inTeams, code: 50105, oauth: "invalid_grant"},

	// code and refresh token
	{name: "a code that was never issued", form: []string{"grant_type", "authorization_code", "client_id", serviceID, "client_secret", secret, "code", "made-up"}, code: 70000, oauth: "invalid_grant"},
	{name: "no code", form: []string{"grant_type", "authorization_code", "client_id", serviceID, "client_secret", secret}, code: 900144, oauth: "invalid_request"},
	{name: "a code without the client's secret", form: []string{"grant_type", "authorization_code", "client_id", serviceID, "code", "made-up"}, code: 7000218, oauth: "invalid_client", status: 401},
	{name: "a refresh token that was never issued", form: []string{"grant_type", "refresh_token", "client_id", serviceID, "refresh_token", "made-up"}, code: 70000, oauth: "invalid_grant"},
	{name: "no refresh token", form: []string{"grant_type", "refresh_token", "client_id", serviceID}, code: 900144, oauth: "invalid_request"},

	// faults
	{name: "Entra is throttling", prepare: fault(ssotest.Fault{Status: 429, RetryAfter: 7}), form: byClient, code: 90055, oauth: "temporarily_unavailable", status: 429},
	{name: "Entra is away", prepare: fault(ssotest.Fault{Status: 503}), form: byClient, code: 90033, oauth: "temporarily_unavailable", status: 503},
	{name: "conditional access wants a second factor", prepare: fault(ssotest.Fault{Status: 400, Code: 50076}), form: byPassword, code: 50076, oauth: "invalid_grant", suberror: "basic_action"},
}

func fault(f ssotest.Fault) func(world) {
	f.Route = "/" + tenantA + "/oauth2/v2.0/token"
	return func(w world) { w.InjectFault(f) }
}

func TestTokenEndpointRefuses(t *testing.T) {
	for _, row := range tokenRefusals {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			if row.prepare != nil {
				row.prepare(w)
			}
			if row.tenant == "" {
				row.tenant = tenantA
			}
			wantRefusal(t, w.ask(t, row.tenant, row.form...), row.code, row.oauth, row.status, row.suberror)
		})
	}
}

// wantRefusal checks the whole shape of Entra's error.
func wantRefusal(t *testing.T, got reply, code int, oauth string, status int, suberror string) {
	t.Helper()
	if status == 0 {
		status = http.StatusBadRequest
	}
	if got.Status != status || got.Error != oauth || !slices.Equal(got.Codes, []int{code}) || got.Suberror != suberror {
		t.Fatalf("got %d %s %v %q (%s), want %d %s %d %q",
			got.Status, got.Error, got.Codes, got.Suberror, got.Description, status, oauth, code, suberror)
	}
	if got.TraceID == "" || got.TraceID != got.Header.Get("x-ms-request-id") || got.CorrelationID == "" {
		t.Errorf("ids: trace %q, correlation %q, header %q", got.TraceID, got.CorrelationID, got.Header.Get("x-ms-request-id"))
	}
	if strings.Contains(got.Description, "%!") || strings.Contains(got.Description, "%s") {
		t.Errorf("description has a hole: %s", got.Description)
	}
	if got.Header.Get("Cache-Control") == "" {
		t.Error("the answer may be cached")
	}
}

func TestOnBehalfOfRefuses(t *testing.T) {
	for _, row := range []struct {
		name     string
		change   []string
		forgery  func(*ssotest.Forgery)
		prepare  func(world)
		code     int
		suberror string
	}{
		{name: "no assertion", change: []string{"assertion", ""}, code: 900144},
		{name: "no requested_token_use", change: []string{"requested_token_use", ""}, code: 900144},
		{name: "another requested_token_use", change: []string{"requested_token_use", "somehow"}, code: 90023},
		{name: "an assertion that is no token", change: []string{"assertion", "not.a.token"}, code: 50013},
		{name: "an assertion signed by somebody else", forgery: func(f *ssotest.Forgery) { f.Signing = ssotest.SignStranger }, code: 50013},
		{name: "an assertion with an unknown key", forgery: func(f *ssotest.Forgery) { f.Signing = ssotest.SignUnknown }, code: 50013},
		{name: "an assertion without a signature", forgery: func(f *ssotest.Forgery) { f.Signing = ssotest.SignNone }, code: 50013},
		{name: "an assertion signed with the public key as a secret", forgery: func(f *ssotest.Forgery) { f.Signing = ssotest.SignHMAC }, code: 50013},
		{name: "an assertion changed afterwards", forgery: func(f *ssotest.Forgery) { f.Signing = ssotest.SignTampered }, code: 50013},
		{name: "an assertion that has ended", forgery: claim("exp", time.Now().Add(-time.Minute).Unix()), code: 500133},
		{name: "an assertion without an end", forgery: claim("exp", nil), code: 500133},
		{name: "an assertion of tomorrow", forgery: claim("nbf", time.Now().Add(24*time.Hour).Unix()), code: 500133},
		{name: "an assertion for another audience", forgery: claim("aud", "api://elsewhere"), code: 500131},
		{name: "an assertion of another issuer", forgery: claim("iss", "https://login.example/x/v2.0"), code: 50013},
		{name: "an assertion of another tenant", forgery: func(f *ssotest.Forgery) { f.Tenant, f.ObjectID = tenantB, bertaID }, code: 50013},
		{name: "an application's own token", forgery: func(f *ssotest.Forgery) { f.ObjectID, f.Client = "", serviceID }, code: 7000114},
		{name: "a person who is gone", prepare: func(w world) { w.RemoveAccount(tenantA, anjaID) }, code: 50034},
		{name: "no consent", change: []string{"scope", "Mail.Read"}, code: 65001, suberror: "consent_required"},
		{name: "consent withdrawn", prepare: func(w world) { w.Consent(tenantA, serviceID, nil) }, code: 65001, suberror: "consent_required"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			forgery := ssotest.Forgery{Tenant: tenantA, Resource: serviceID, ObjectID: anjaID}
			if row.forgery != nil {
				row.forgery(&forgery)
			}
			pairs := []string{
				"grant_type", grantOBO, "client_id", serviceID, "client_secret", secret, "scope", "User.Read",
				"requested_token_use", "on_behalf_of", "assertion", w.Forge(forgery),
			}
			if row.prepare != nil {
				row.prepare(w)
			}
			got := w.ask(t, tenantA, change(pairs, row.change...)...)
			if !slices.Equal(got.Codes, []int{row.code}) || got.Suberror != row.suberror {
				t.Errorf("got %v %q (%s), want %d %q", got.Codes, got.Suberror, got.Description, row.code, row.suberror)
			}
		})
	}
}

func claim(name string, value any) func(*ssotest.Forgery) {
	return func(f *ssotest.Forgery) { f.Claims = map[string]any{name: value} }
}

func TestRefreshTokenForAnotherResourceNeedsItsConsent(t *testing.T) {
	w := newWorld(t)
	refresh := w.signedIn(t, tenantA, serviceID, anja).RefreshToken
	pairs := []string{"grant_type", "refresh_token", "client_id", serviceID, "refresh_token", refresh}
	if got := w.ask(t, tenantA, append(pairs, "scope", "User.Read")...); got.AccessToken == "" || got.RefreshToken == "" {
		t.Fatalf("with consent: %d %s", got.Status, got.Description)
	}
	wantRefusal(t, w.ask(t, tenantA, append(pairs, "scope", "Mail.Read")...), 65001, "invalid_grant", 400, "consent_required")
	wantRefusal(t, w.ask(t, tenantA, change(pairs, "client_id", strangeID)...), 70000, "invalid_grant", 400, "")
	wantRefusal(t, w.ask(t, tenantB, pairs...), 70000, "invalid_grant", 400, "")
	w.RevokeSessions(tenantA, anjaID)
	wantRefusal(t, w.ask(t, tenantA, pairs...), 50173, "invalid_grant", 400, "bad_token")
}

func TestRefreshTokenOfAClientThatProvedItselfNeedsTheProofAgain(t *testing.T) {
	w := newWorld(t)
	first := w.ask(t, tenantA, change(byPassword, "client_secret", secret, "scope", scope+" offline_access")...)
	pairs := []string{"grant_type", "refresh_token", "client_id", serviceID, "refresh_token", first.RefreshToken}
	wantRefusal(t, w.ask(t, tenantA, pairs...), 7000218, "invalid_client", 401, "")
	if got := w.ask(t, tenantA, append(pairs, "client_secret", secret)...); got.Status != http.StatusOK {
		t.Errorf("with the secret: %s", got.Description)
	}
}

func TestClientAssertionIsReallyChecked(t *testing.T) {
	now := time.Now()
	certificate, key := selfSigned(t, now)
	ended, endedKey := selfSigned(t, now.Add(-48*time.Hour))
	_, strangeKey := selfSigned(t, now)
	w := newWorld(t, func(a *ssotest.App, _ *ssotest.Options) { a.Certificates = []*x509.Certificate{certificate, ended} })
	endpoint := w.URL + "/" + tenantA + "/oauth2/v2.0/token"

	for _, row := range []struct {
		name        string
		certificate *x509.Certificate
		key         crypto.PrivateKey
		method      jwt.SigningMethod
		claims      jwt.MapClaims
		kind        string
		code        int // 0: accepted
	}{
		{name: "PS256 for the token endpoint"},
		{name: "RS256 too", method: jwt.SigningMethodRS256},
		{name: "the issuer as audience", claims: jwt.MapClaims{"aud": w.URL + "/" + tenantA + "/v2.0"}},
		{name: "another key under the registered thumbprint", key: strangeKey, code: 700027},
		{name: "a certificate that has ended", certificate: ended, key: endedKey, code: 700027},
		{name: "another audience", claims: jwt.MapClaims{"aud": "https://login.example/token"}, code: 50012},
		{name: "another tenant's endpoint as audience", claims: jwt.MapClaims{"aud": w.URL + "/" + tenantB + "/oauth2/v2.0/token"}, code: 50012},
		{name: "an assertion that has ended", claims: jwt.MapClaims{"exp": now.Add(-time.Minute).Unix()}, code: 700024},
		{name: "an assertion of tomorrow", claims: jwt.MapClaims{"nbf": now.Add(24 * time.Hour).Unix()}, code: 700024},
		{name: "another issuer", claims: jwt.MapClaims{"iss": strangeID}, code: 700021},
		{name: "another subject", claims: jwt.MapClaims{"sub": strangeID}, code: 700021},
		{name: "an assertion without an id", claims: jwt.MapClaims{"jti": ""}, code: 50027},
		{name: "another kind of assertion", kind: "urn:ietf:params:oauth:client-assertion-type:saml2-bearer", code: 900144},
	} {
		t.Run(row.name, func(t *testing.T) {
			claims := jwt.MapClaims{
				"iss": serviceID, "sub": serviceID, "aud": endpoint, "jti": "1",
				"nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(5 * time.Minute).Unix(),
			}
			for name, value := range row.claims {
				claims[name] = value
			}
			if row.method == nil {
				row.method = jwt.SigningMethodPS256
			}
			if row.certificate == nil {
				row.certificate = certificate
			}
			if row.key == nil {
				row.key = key
			}
			if row.kind == "" {
				row.kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
			}
			token := jwt.NewWithClaims(row.method, claims)
			sum := sha1.Sum(row.certificate.Raw)
			token.Header["x5t"] = base64.RawURLEncoding.EncodeToString(sum[:])
			assertion, err := token.SignedString(row.key)
			if err != nil {
				t.Fatal(err)
			}
			got := w.ask(t, tenantA, "grant_type", "client_credentials", "client_id", serviceID, "scope", graphDefault,
				"client_assertion", assertion, "client_assertion_type", row.kind)
			switch {
			case row.code == 0 && got.Status != http.StatusOK:
				t.Errorf("refused: %s", got.Description)
			case row.code != 0 && !slices.Equal(got.Codes, []int{row.code}):
				t.Errorf("got %v (%s), want %d", got.Codes, got.Description, row.code)
			}
		})
	}
}
