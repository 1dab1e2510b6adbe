package sso_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"teamsbridge/sso"
	"teamsbridge/sso/tokentest"
)

func TestGoodTokensMakePrincipals(t *testing.T) {
	type want struct {
		Agent    sso.AgentID
		Name     string
		Tenant   string
		Roles    []sso.Role
		Identity sso.Identity
		Channel  sso.Channel
	}
	anjaInTeams := want{"anja", "Anja Weber", home, []sso.Role{sso.RoleAgent}, sso.IdentityEntra, sso.ChannelTeams}
	anjaInBrowser := anjaInTeams
	anjaInBrowser.Channel = sso.ChannelBrowser
	theApplication := want{"app:" + tokentest.SyncApp, "Application " + tokentest.SyncApp, home, []sso.Role{sso.RoleAdmin}, sso.IdentityEntra, sso.ChannelBrowser}
	anjaAtHome := anjaInBrowser
	anjaAtHome.Identity = sso.IdentityContactCentre

	for _, test := range []struct {
		name  string
		token func(testing.TB, *authority) string
		want  want
	}{
		{"from Teams on the web", claiming(nil), anjaInTeams},
		{"from Teams on the desktop", claiming(payload{"azp": teamsDesk}), anjaInTeams},
		{"from the browser, our own client", claiming(payload{"azp": serviceID}), anjaInBrowser},
		{"from a further admitted client", claiming(payload{"azp": cliApp}), anjaInBrowser},
		{"version 1 for the id URI, from Teams", claimingV1(nil), anjaInTeams},
		{"version 1 for the client id", claimingV1(payload{"aud": serviceID}), anjaInTeams},
		{"version 1 from the browser", claimingV1(payload{"appid": serviceID}), anjaInBrowser},
		{"the audience as a list of one", claiming(payload{"aud": []string{serviceID}}), anjaInTeams},
		{"the scope among others", claiming(payload{"scp": "openid access_as_user  email"}), anjaInTeams},
		{"the object id in upper case", claiming(payload{"oid": strings.ToUpper(anja)}), anjaInTeams},
		{"no roles in the token: the row makes an agent", claiming(payload{"roles": nil}), anjaInTeams},
		{"roles as one string", claiming(payload{"roles": "Agent"}), anjaInTeams},
		{"roles nobody knows here are ignored", claiming(payload{"roles": []string{"Owner", "Agent", "Agent"}}), anjaInTeams},
		{"expired within the leeway", claiming(payload{"exp": at(-59 * time.Second)}), anjaInTeams},
		{"expiry with a fraction", claiming(payload{"exp": float64(at(time.Hour)) + 0.25}), anjaInTeams},
		{"not valid before a minute from now", claiming(payload{"nbf": at(time.Minute)}), anjaInTeams},
		{"no not-before and no issued-at", claiming(payload{"nbf": nil, "iat": nil}), anjaInTeams},
		{"a name that is missing: the row has one", claiming(payload{"name": nil}), anjaInTeams},
		{"another organisation's agent", func(t testing.TB, a *authority) string {
			return sign(t, a.Key(0), a.V2().with(payload{"iss": a.URL + "/" + partner + "/v2.0", "tid": partner, "oid": bert}))
		}, want{"bert", "Bert Brand", partner, []sso.Role{sso.RoleAgent}, sso.IdentityEntra, sso.ChannelTeams}},
		{"a supervisor without a row", claiming(payload{"oid": sofia, "name": "Sofia S.", "roles": []string{"Supervisor"}}),
			want{sofia, "Sofia S.", home, []sso.Role{sso.RoleSupervisor}, sso.IdentityEntra, sso.ChannelTeams}},
		{"an admin and supervisor without a row", claiming(payload{"oid": sofia, "roles": []string{"Admin", "Supervisor"}}),
			want{sofia, "Anja W.", home, []sso.Role{sso.RoleSupervisor, sso.RoleAdmin}, sso.IdentityEntra, sso.ChannelTeams}},
		{"an agent with role Admin in the token", claiming(payload{"roles": []string{"Admin"}}),
			want{"anja", "Anja Weber", home, []sso.Role{sso.RoleAdmin}, sso.IdentityEntra, sso.ChannelTeams}},
		{"the contact centre's own identity", claimingCC(nil), anjaAtHome},
		{"the same with our audience among others", claimingCC(payload{"aud": []string{"account", "desktop"}}), anjaAtHome},
		{"the same without a key id, one key being published", func(t testing.TB, a *authority) string {
			return a.SignWith(t, tokentest.RS256(a.Key(0)), nil, a.Authority.ContactCentre())
		}, anjaAtHome},
		{"a contact-centre agent without Entra, roles from both places", claimingCC(payload{"sub": "cc|carl", "roles": []string{"Supervisor"}}),
			want{"carl", "Carl Cohn", home, []sso.Role{sso.RoleAgent, sso.RoleSupervisor}, sso.IdentityContactCentre, sso.ChannelBrowser}},
		{"an access token by its type", func(t testing.TB, a *authority) string {
			return a.SignWith(t, tokentest.RS256(a.Key(0)), tokentest.Header{"kid": "a", "typ": "application/AT+JWT"}, a.Authority.V2())
		}, anjaInTeams},
		{"a token of no type", func(t testing.TB, a *authority) string {
			return a.SignWith(t, tokentest.RS256(a.Key(0)), tokentest.Header{"kid": "a"}, a.Authority.V2())
		}, anjaInTeams},
		{"a key bound to the organisation itself", func(t testing.TB, a *authority) string {
			k := a.Key(0)
			k.Issuer = a.URL + "/" + home + "/v2.0"
			a.Publish(k)
			return sign(t, k, a.V2())
		}, anjaInTeams},
		{"a key bound to nobody, as an authority of one's own publishes it", func(t testing.TB, a *authority) string {
			k := a.Key(0)
			k.Issuer = ""
			a.Publish(k)
			return sign(t, k, a.V2())
		}, anjaInTeams},
		{"a guest who is an agent here", claiming(payload{"idp": "https://sts.windows.net/" + partner + "/", "preferred_username": "anja@partner.example"}), anjaInTeams},
		{"an application by client and role", application(nil), theApplication},
		{"an application with other roles too", application(payload{"roles": []string{"Agent", "Admin", "Supervisor"}}), theApplication},
		{"an application that says what it is", application(payload{"idtyp": "app", "azpacr": "1"}), theApplication},
		{"an application in version 1", func(t testing.TB, a *authority) string {
			return sign(t, a.Key(0), a.Application().with(payload{
				"iss": a.URL + "/" + home + "/", "ver": "1.0", "aud": idURI, "azp": nil, "azpacr": nil, "appid": tokentest.SyncApp, "appidacr": "2",
			}))
		}, theApplication},
		{"a contact-centre token never speaks for Teams", claimingCC(payload{"azp": teamsWeb}), anjaAtHome},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := newAuthority(t)
			p, err := a.verifier(t).Verify(t.Context(), test.token(t, a))
			if err != nil || !p.Valid() {
				t.Fatalf("Verify: %v (valid %v)", err, p.Valid())
			}
			got := want{p.Agent().ID, p.Agent().Name, p.Tenant(), p.Roles(), p.Identity(), p.Channel()}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("principal (-want +got):\n%s", diff)
			}
		})
	}
}

func application(changes payload) func(testing.TB, *authority) string {
	return func(t testing.TB, a *authority) string { return sign(t, a.Key(0), a.Application().with(changes)) }
}

// TestAnApplicationActsForNobody: its token cannot be exchanged for a person's,
// and no row of the agent table, not even one with its ids, makes it an agent.
func TestAnApplicationActsForNobody(t *testing.T) {
	a := newAuthority(t)
	table, err := sso.NewAgents([]sso.Agent{{ID: "robot", Tenant: home, EntraID: tokentest.Sync, Name: "Robot"}})
	if err != nil {
		t.Fatal(err)
	}
	v := a.verifier(t, func(_ *sso.Config, deps *sso.Deps) { deps.Agents = table })
	p, err := v.Verify(t.Context(), sign(t, a.Key(0), a.Application()))
	if err != nil {
		t.Fatal(err)
	}
	again, err := v.Renew(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []sso.Principal{p, again} {
		if p.Assertion() != (sso.Assertion{}) || p.Agent().EntraID != "" || p.Agent().ID == "robot" || p.Has(sso.RoleAgent) {
			t.Errorf("principal of agent %+v with roles %v, want nobody's", p.Agent(), p.Roles())
		}
	}
}

func TestProvidersKeepTheirOwnWays(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t, func(cfg *sso.Config, _ *sso.Deps) { *cfg = a.Config() })
	for _, test := range []struct {
		name  string
		token string
		agent sso.AgentID
		roles []sso.Role
	}{
		{"one provider's subject is one organisation's agent", sign(t, a.Key(0), a.ContactCentre()), "anja", []sso.Role{sso.RoleAgent}},
		{"the same subject at another provider is the other's", sign(t, a.Key(2), a.Second()), "bert", []sso.Role{sso.RoleAgent}},
		{"roles come by the provider's path and names", sign(t, a.Key(2), a.Second().with(payload{
			"realm_access": map[string]any{"roles": []string{"offline_access", "cc-lead"}},
		})), "bert", []sso.Role{sso.RoleSupervisor}},
		{"a claim whose name has dots goes before the path", sign(t, a.Key(2), a.Second().with(payload{
			"realm_access": map[string]any{"roles": []string{"x"}}, "realm_access.roles": "cc-lead",
		})), "bert", []sso.Role{sso.RoleSupervisor}},
		{"our own names mean nothing where the provider has its own", sign(t, a.Key(2), a.Second().with(payload{
			"realm_access": map[string]any{"roles": []string{"Admin", "Supervisor"}},
		})), "bert", []sso.Role{sso.RoleAgent}},
		{"a path that leads nowhere gives no role", sign(t, a.Key(2), a.Second().with(payload{"realm_access": "cc-lead"})), "bert", []sso.Role{sso.RoleAgent}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := v.Verify(t.Context(), test.token)
			if err != nil || p.Agent().ID != test.agent || !slices.Equal(p.Roles(), test.roles) {
				t.Errorf("agent %q with %v, %v, want %q with %v", p.Agent().ID, p.Roles(), err, test.agent, test.roles)
			}
		})
	}
	for id, want := range map[string]string{"entra": "Microsoft", "contact-centre": "contact-centre", "second": "The second one"} {
		if got := v.ProviderName(id); got != want {
			t.Errorf("ProviderName(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestAPrincipalEndsWithItsToken(t *testing.T) {
	a := newAuthority(t)
	p, err := a.verifier(t).Verify(t.Context(), sign(t, a.Key(0), a.V2()))
	if want := noon.Add(time.Hour); err != nil || !p.Expires().Equal(want) {
		t.Errorf("Expires = %v, %v, want %v", p.Expires(), err, want)
	}
}

func TestTheZeroPrincipalIsNobody(t *testing.T) {
	var p sso.Principal
	if p.Valid() || p.Has(sso.RoleAgent) || p.Tenant() != "" {
		t.Errorf("the zero principal is somebody: %+v", p)
	}
}

func TestOtherClaimsCanNameTheContactCentresPeople(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t, func(cfg *sso.Config, _ *sso.Deps) {
		cfg.ContactCentre[0].SubjectClaim, cfg.ContactCentre[0].RolesClaim = "employee", "groups"
	})
	p, err := v.Verify(t.Context(), sign(t, a.Key(0), a.ContactCentre().with(payload{
		"sub": "x", "employee": "cc|carl", "groups": []string{"everybody", "Admin"}, "roles": []string{"Supervisor"},
	})))
	if err != nil || p.Agent().ID != "carl" || !p.Has(sso.RoleAdmin) || p.Has(sso.RoleSupervisor) {
		t.Errorf("principal = %+v, %v", p, err)
	}
}

func TestARoleSpelledRightInTheTableOutlivesTheToken(t *testing.T) {
	a := newAuthority(t)
	table := agents(t)
	v := a.verifier(t, func(_ *sso.Config, deps *sso.Deps) { deps.Agents = table })
	token := sign(t, a.Key(0), a.V2())
	if p, err := v.Verify(t.Context(), token); err != nil || p.Has(sso.RoleSupervisor) {
		t.Fatalf("before: %v, %v", p.Roles(), err)
	}
	err := table.Replace([]sso.Agent{{ID: "anja", Tenant: home, EntraID: anja, Name: "Anja", Roles: []sso.Role{sso.RoleSupervisor}}})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := v.Verify(t.Context(), token); err != nil || !p.Has(sso.RoleSupervisor) {
		t.Errorf("after the table changed: %v, %v", p.Roles(), err)
	}
}

func TestAServiceMayDoWithoutEntra(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t, func(cfg *sso.Config, _ *sso.Deps) { cfg.Entra = sso.EntraConfig{} })
	if p, err := v.Verify(t.Context(), sign(t, a.Key(0), a.ContactCentre())); err != nil || p.Agent().ID != "anja" {
		t.Errorf("contact-centre token: %v, %v", p, err)
	}
	_, err := v.Verify(t.Context(), sign(t, a.Key(0), a.V2()))
	if refused, ok := errors.AsType[*sso.TokenError](err); !ok || refused.Reason != "issuer" {
		t.Errorf("Entra token: %v, want it refused by its issuer", err)
	}
}

func TestRealCloudsIssueVersion1TokensElsewhere(t *testing.T) {
	for _, test := range []struct {
		name, authority, issuer string
		known                   bool
	}{
		{"the global cloud", "https://login.microsoftonline.com", "https://sts.windows.net/", true},
		{"a slash after the authority does not matter", "https://login.microsoftonline.com/", "https://sts.windows.net/", true},
		{"the cloud of the US government", "https://login.microsoftonline.us", "https://sts.windows.net/", true},
		{"the cloud of China", "https://login.chinacloudapi.cn", "https://sts.chinacloudapi.cn/", true},
		{"the authority itself is no issuer of version 1 there", "https://login.microsoftonline.com", "https://login.microsoftonline.com/", false},
		{"the issuer of another cloud", "https://login.chinacloudapi.cn", "https://sts.windows.net/", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := newAuthority(t)
			v := a.verifier(t, func(cfg *sso.Config, deps *sso.Deps) {
				cfg.Entra.Authority, deps.HTTPClient = test.authority, offline()
			})
			_, err := v.Verify(t.Context(), sign(t, a.Key(0), a.V1().with(payload{"iss": test.issuer + home + "/"})))
			// A known issuer gets as far as asking for its keys, which cannot be had here.
			if known := errors.Is(err, sso.ErrProviderUnavailable); known != test.known {
				t.Errorf("Verify: %v; the issuer is known: %v, want %v", err, known, test.known)
			}
		})
	}
}

func TestVerificationsAreCountedByResult(t *testing.T) {
	a := newAuthority(t)
	registry := prometheus.NewRegistry()
	v := a.verifier(t, func(_ *sso.Config, deps *sso.Deps) { deps.Registerer = registry })
	ctx := t.Context()
	for _, token := range []string{
		sign(t, a.Key(0), a.V2()), sign(t, a.Key(0), a.V2()), "", "x",
		sign(t, a.Key(0), a.V2().with(payload{"exp": at(-time.Hour)})),
		sign(t, a.Key(0), a.V2().with(payload{"oid": nina})),
		sign(t, a.Key(0), a.V2().with(payload{"iss": a.URL + "/" + stranger + "/v2.0", "tid": stranger})),
	} {
		_, _ = v.Verify(ctx, token)
	}
	_, _ = v.FromSession(ctx, "nobody's")
	want := `
# HELP teamsbridge_sso_verifications_total Tokens and sessions checked, by result: ok, no-token, no-session, agent-unknown, not-admitted, unavailable, error, or why a token was refused.
# TYPE teamsbridge_sso_verifications_total counter
teamsbridge_sso_verifications_total{result="agent-unknown"} 1
teamsbridge_sso_verifications_total{result="expired"} 1
teamsbridge_sso_verifications_total{result="malformed"} 1
teamsbridge_sso_verifications_total{result="no-session"} 1
teamsbridge_sso_verifications_total{result="no-token"} 1
teamsbridge_sso_verifications_total{result="not-admitted"} 1
teamsbridge_sso_verifications_total{result="ok"} 2
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "teamsbridge_sso_verifications_total"); err != nil {
		t.Error(err)
	}
}
