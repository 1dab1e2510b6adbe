package sso_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

const public = "http://127.0.0.1:8080"

// desk is the browser sign-in over an authority that says what a test wants.
type desk struct {
	*authority
	*sso.Verifier
	*sso.SignIn
	Store  *sessiontest.Memory
	Agents *sso.Agents
	sent   url.Values // the last redemption
}

func newDesk(t testing.TB, change ...func(*sso.Config)) *desk {
	t.Helper()
	d := &desk{authority: newAuthority(t), Store: new(sessiontest.Memory), Agents: agents(t)}
	cfg := d.config()
	for _, c := range change {
		c(&cfg)
	}
	deps := sso.WithClock(sso.Deps{Agents: d.Agents, Sessions: d.Store, PublicURL: public}, d.Clock.Now)
	var err error
	if d.Verifier, err = sso.NewVerifier(cfg, deps); err != nil {
		t.Fatal(err)
	}
	if d.SignIn, err = sso.NewSignIn(cfg, d.Verifier, deps); err != nil {
		t.Fatal(err)
	}
	return d
}

// begin starts a sign-in and gives the query of the provider's page with it.
func (d *desk) begin(t testing.TB, provider, session string) (sso.Begun, url.Values) {
	t.Helper()
	begun, err := d.Begin(t.Context(), sso.Entry{Provider: provider, Return: "/calls", Session: session})
	if err != nil {
		t.Fatalf("Begin: %v", err)
	}
	address, err := url.Parse(begun.URL)
	if err != nil {
		t.Fatal(err)
	}
	return begun, address.Query()
}

// answers makes the token endpoint give an ID token for the sign-in that query began.
func (d *desk) answers(t testing.TB, k key, token payload) {
	t.Helper()
	d.Redeem = func(form url.Values) (int, map[string]string) {
		d.sent = form
		return http.StatusOK, map[string]string{"access_token": "opaque", "token_type": "Bearer", "id_token": sign(t, k, token)}
	}
}

func (d *desk) entraID(nonce string) payload {
	now := d.Clock.Now()
	return payload{
		"iss": d.URL + "/" + home + "/v2.0", "aud": serviceID, "tid": home, "oid": anja, "sub": "pairwise", "ver": "2.0",
		"name": "Anja W.", "nonce": nonce, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

func (d *desk) contactCentreID(nonce string) payload {
	now := d.Clock.Now()
	return payload{
		"iss": d.URL + "/contact-centre", "aud": "teamsbridge", "sub": "cc|anja", "name": "Anja C.",
		"nonce": nonce, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

// signIn goes the whole way and gives the session's secret.
func (d *desk) signIn(t testing.TB, provider, session string, changes payload) (sso.Completed, error) {
	t.Helper()
	begun, query := d.begin(t, provider, session)
	token := d.entraID(query.Get("nonce"))
	if provider != sso.ProviderEntra {
		token = d.contactCentreID(query.Get("nonce"))
	}
	d.answers(t, d.Key(0), token.with(changes))
	return d.Complete(t.Context(), sso.Callback{State: query.Get("state"), Code: "the-code", Browser: begun.Browser})
}

func (d *desk) mustSignIn(t testing.TB, provider, session string, changes payload) sso.Completed {
	t.Helper()
	done, err := d.signIn(t, provider, session, changes)
	if err != nil {
		t.Fatalf("sign-in at %s: %v", provider, err)
	}
	return done
}

func TestASignInAsksTheProviderProperly(t *testing.T) {
	d := newDesk(t)
	begun, err := d.Begin(t.Context(), sso.Entry{Provider: "entra", Return: "/calls?tab=experts", LoginHint: "anja@nordlicht.example"})
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(begun.URL)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	for name, want := range map[string]string{
		"response_type": "code", "client_id": serviceID, "redirect_uri": public + "/auth/callback",
		"scope": "openid profile offline_access", "code_challenge_method": "S256", "login_hint": "anja@nordlicht.example",
	} {
		if got := query.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	for _, secret := range []string{query.Get("state"), query.Get("nonce"), query.Get("code_challenge"), begun.Browser} {
		if len(secret) < 22 {
			t.Errorf("a secret of %d characters is short of 128 bits", len(secret))
		}
	}
	if strings.Contains(begun.URL, begun.Browser) {
		t.Error("the address gives the browser's secret away")
	}

	d.answers(t, d.Key(0), d.entraID(query.Get("nonce")))
	done, err := d.Complete(t.Context(), sso.Callback{State: query.Get("state"), Code: "the-code", Browser: begun.Browser})
	if err != nil || done.Return != "/calls?tab=experts" || !done.ExpiresAt.Equal(noon.Add(12*time.Hour)) {
		t.Fatalf("Complete = %+v, %v", done, err)
	}
	sum := sha256.Sum256([]byte(d.sent.Get("code_verifier")))
	if got := base64.RawURLEncoding.EncodeToString(sum[:]); got != query.Get("code_challenge") {
		t.Error("the verifier sent is not the challenge's")
	}
	for name, want := range map[string]string{
		"grant_type": "authorization_code", "code": "the-code", "client_id": serviceID, "client_secret": "secret",
		"redirect_uri": public + "/auth/callback",
	} {
		if got := d.sent.Get(name); got != want {
			t.Errorf("sent %s = %q, want %q", name, got, want)
		}
	}

	p, err := d.FromSession(t.Context(), done.Secret)
	if err != nil || p.Agent().ID != "anja" || p.Identity() != sso.IdentityEntra || p.Channel() != sso.ChannelBrowser {
		t.Errorf("FromSession = %+v, %v", p, err)
	}
}

func TestProvidersAreListedEntraFirst(t *testing.T) {
	d := newDesk(t, func(cfg *sso.Config) {
		cfg.ContactCentre = append(cfg.ContactCentre,
			sso.ProviderConfig{Name: "second", Issuer: "https://second.example", ClientID: "x", Tenant: home},
			sso.ProviderConfig{Name: "tokens-only", Issuer: "https://third.example", Audience: "x", Tenant: home})
	})
	if diff := cmp.Diff([]string{"entra", "contact-centre", "second"}, d.Providers()); diff != "" {
		t.Error(diff)
	}
	for _, unknown := range []string{"", "tokens-only", "Entra", "https://evil.example"} {
		if _, err := d.Begin(t.Context(), sso.Entry{Provider: unknown, Return: "/"}); !errors.Is(err, sso.ErrProviderUnknown) {
			t.Errorf("Begin(%q): %v, want ErrProviderUnknown", unknown, err)
		}
	}
}

func TestOneOrganisationIsAskedDirectly(t *testing.T) {
	d := newDesk(t, func(cfg *sso.Config) { cfg.Entra.Tenants = []string{home} })
	d.Discovery(map[string]string{"authorization_endpoint": d.URL + "/direct"})
	begun, _ := d.begin(t, "entra", "")
	if !strings.HasPrefix(begun.URL, d.URL+"/direct?") {
		t.Errorf("Begin leads to %s", begun.URL)
	}
	d.mustSignIn(t, "entra", "", nil)
}

func TestDiscoveryIsTrustedOnlySoFar(t *testing.T) {
	for name, changes := range map[string]map[string]string{
		"another issuer":                      {"issuer": "https://evil.example"},
		"a sign-in page over plain http":      {"authorization_endpoint": "http://login.example/authorize"},
		"a token endpoint over plain http":    {"token_endpoint": "http://login.example/token"},
		"keys over plain http":                {"jwks_uri": "http://login.example/keys"},
		"a sign-out page over plain http":     {"end_session_endpoint": "http://login.example/logout"},
		"a sign-in page that is a script":     {"authorization_endpoint": "javascript:alert(1)"},
		"a host that only looks like us":      {"authorization_endpoint": "http://127.0.0.1.evil.example/"},
		"no token endpoint":                   {"token_endpoint": ""},
		"an address with somebody's password": {"token_endpoint": "https://a:b@login.example/token"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.Discovery(changes)
			for _, provider := range []string{"entra", "contact-centre"} {
				if _, err := d.Begin(t.Context(), sso.Entry{Provider: provider, Return: "/"}); !errors.Is(err, sso.ErrProviderUnavailable) {
					t.Errorf("Begin(%s): %v, want ErrProviderUnavailable", provider, err)
				}
			}
		})
	}
}

func TestBothIdentitiesInOneSession(t *testing.T) {
	d := newDesk(t)
	first := d.mustSignIn(t, "contact-centre", "", nil)
	d.Clock.Advance(30 * time.Minute)
	both := d.mustSignIn(t, "entra", first.Secret, payload{"roles": []string{"Supervisor"}})
	p, err := d.FromSession(t.Context(), both.Secret)
	if err != nil || p.Identity() != sso.IdentityEntra || p.Agent().ID != "anja" || !p.Has(sso.RoleSupervisor) {
		t.Errorf("FromSession = %+v, %v", p, err)
	}
	if !both.ExpiresAt.Equal(first.ExpiresAt) {
		t.Errorf("the joint session ends %v, want the older sign-in's %v", both.ExpiresAt, first.ExpiresAt)
	}
	if _, err := d.FromSession(t.Context(), first.Secret); !errors.Is(err, sso.ErrSessionNotFound) {
		t.Errorf("the secret from before the sign-in: %v, want ErrSessionNotFound", err)
	}

	// The contact centre's again, the other way round: Entra's part stays.
	again := d.mustSignIn(t, "contact-centre", both.Secret, nil)
	p, err = d.FromSession(t.Context(), again.Secret)
	if err != nil || p.Identity() != sso.IdentityEntra || !p.Has(sso.RoleSupervisor) {
		t.Errorf("FromSession = %+v, %v", p, err)
	}
	if got := d.Store.Sessions(); got != 1 {
		t.Errorf("%d sessions are kept, want 1", got)
	}
}

func TestSessionsOfDifferentPeopleAreNotJoined(t *testing.T) {
	for _, test := range []struct {
		name          string
		first, second string
		firstIs       payload
		secondIs      payload
		want          sso.AgentID
		wantIdentity  sso.Identity
	}{
		{"another agent's contact-centre session", "contact-centre", "entra", payload{"sub": "cc|carl"}, nil, "anja", sso.IdentityEntra},
		{"the same subject in another organisation", "contact-centre", "entra", nil, payload{"iss": partner, "tid": partner, "oid": bert}, "bert", sso.IdentityEntra},
		{"another agent's Entra session", "entra", "contact-centre", nil, payload{"sub": "cc|carl"}, "carl", sso.IdentityContactCentre},
		{"a supervisor without a row", "entra", "contact-centre", payload{"oid": sofia, "roles": []string{"Supervisor"}}, nil, "anja", sso.IdentityContactCentre},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			if test.secondIs["iss"] == partner {
				test.secondIs = test.secondIs.with(payload{"iss": d.URL + "/" + partner + "/v2.0"})
			}
			first := d.mustSignIn(t, test.first, "", test.firstIs)
			second := d.mustSignIn(t, test.second, first.Secret, test.secondIs)
			p, err := d.FromSession(t.Context(), second.Secret)
			if err != nil || p.Agent().ID != test.want || p.Identity() != test.wantIdentity || p.Has(sso.RoleSupervisor) {
				t.Errorf("FromSession = %+v, %v", p, err)
			}
			if _, err := d.FromSession(t.Context(), first.Secret); !errors.Is(err, sso.ErrSessionNotFound) {
				t.Errorf("the session before: %v, want it ended", err)
			}
			if !second.ExpiresAt.Equal(noon.Add(12 * time.Hour)) {
				t.Errorf("the new session ends %v", second.ExpiresAt)
			}
		})
	}
}

func TestSigningOutEndsTheSessionAndLeadsToTheProvider(t *testing.T) {
	d := newDesk(t)
	done := d.mustSignIn(t, "entra", "", nil)
	address, err := d.End(t.Context(), done.Secret)
	if err != nil {
		t.Fatal(err)
	}
	out, err := url.Parse(address)
	if err != nil || out.Path != "/logout" || out.Query().Get("post_logout_redirect_uri") != public+"/" ||
		out.Query().Get("client_id") != serviceID || strings.Count(out.Query().Get("id_token_hint"), ".") != 2 {
		t.Errorf("End leads to %s", address)
	}
	if _, err := d.FromSession(t.Context(), done.Secret); !errors.Is(err, sso.ErrSessionNotFound) {
		t.Errorf("the session after sign-out: %v", err)
	}
	for _, secret := range []string{done.Secret, "", "nobody's"} {
		if address, err := d.End(t.Context(), secret); address != "" || err != nil {
			t.Errorf("End(%q) = %q, %v, want nothing", secret, address, err)
		}
	}
}

func TestSigningOutWorksWithoutTheProvider(t *testing.T) {
	for name, before := range map[string]func(*desk){
		"while it is away": func(d *desk) { d.Away.Store(true); d.Clock.Advance(8 * 24 * time.Hour) },
		"when it offers no sign-out": func(d *desk) {
			d.Discovery(map[string]string{"end_session_endpoint": ""})
			d.Clock.Advance(25 * time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			done := d.mustSignIn(t, "contact-centre", "", nil)
			before(d)
			if address, err := d.End(t.Context(), done.Secret); address != "" || err != nil || d.Store.Sessions() != 0 {
				t.Errorf("End = %q, %v with %d sessions left", address, err, d.Store.Sessions())
			}
		})
	}
}
