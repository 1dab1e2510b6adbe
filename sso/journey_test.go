package sso_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"teamsbridge/sso"
)

func TestTokensOfTheSimulatedProvidersAreAccepted(t *testing.T) {
	w := newWorld(t)
	contactCentre := w.URL + "/contact-centre/token"
	for _, test := range []struct {
		name, token string
		agent       sso.AgentID
		identity    sso.Identity
		channel     sso.Channel
		role        sso.Role
	}{
		{"an agent in Teams", w.entraToken(t, home, teamsWeb, "anja@nordlicht.example"), "anja", sso.IdentityEntra, sso.ChannelTeams, sso.RoleAgent},
		{"an agent in the browser", w.entraToken(t, home, serviceID, "anja@nordlicht.example"), "anja", sso.IdentityEntra, sso.ChannelBrowser, sso.RoleAgent},
		{"an admin without a row", w.entraToken(t, home, serviceID, "sofia@nordlicht.example"), sofia, sso.IdentityEntra, sso.ChannelBrowser, sso.RoleAdmin},
		{"an agent of the other organisation", w.entraToken(t, partner, teamsDesk, "bert@suedwind.example"), "bert", sso.IdentityEntra, sso.ChannelTeams, sso.RoleAgent},
		{"the same agent by the contact centre", w.token(t, contactCentre, "teamsbridge", "anja"), "anja", sso.IdentityContactCentre, sso.ChannelBrowser, sso.RoleAgent},
		{"a supervisor of the contact centre", w.token(t, contactCentre, "teamsbridge", "carl"), "carl", sso.IdentityContactCentre, sso.ChannelBrowser, sso.RoleSupervisor},
	} {
		p, err := w.Verify(t.Context(), test.token)
		if err != nil || p.Agent().ID != test.agent || p.Identity() != test.identity || p.Channel() != test.channel || !p.Has(test.role) {
			t.Errorf("%s: %+v, %v", test.name, p, err)
		}
	}
}

func TestTokensOfTheSimulatedProvidersAreRefused(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		name, token string
		want        func(error) bool
	}{
		{"an organisation that is not admitted", w.entraToken(t, stranger, teamsWeb, "anja@fremd.example"), as[*sso.NotAdmittedError]},
		{"nobody's row", w.entraToken(t, home, teamsWeb, "nina@nordlicht.example"), as[*sso.AgentUnknownError]},
		{"nobody's subject", w.token(t, w.URL+"/contact-centre/token", "teamsbridge", "stranger"), as[*sso.AgentUnknownError]},
	} {
		if p, err := w.Verify(t.Context(), test.token); !test.want(err) || p.Valid() {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestRotatedKeysOfTheSimulatedEntraWorkAtOnce(t *testing.T) {
	w := newWorld(t)
	before := w.entraToken(t, home, teamsWeb, "anja@nordlicht.example")
	wantGood(t, w.Verifier, before)
	w.Entra.RotateKeys()
	wantGood(t, w.Verifier, w.entraToken(t, home, teamsWeb, "anja@nordlicht.example"))
	wantGood(t, w.Verifier, before)
}

func TestABrowserSignsInAndOut(t *testing.T) {
	for _, test := range []struct {
		provider, username string
		identity           sso.Identity
	}{
		{"entra", "anja@nordlicht.example", sso.IdentityEntra},
		{"contact-centre", "anja", sso.IdentityContactCentre},
	} {
		t.Run(test.provider, func(t *testing.T) {
			w := newWorld(t)
			begun, err := w.Begin(t.Context(), sso.Entry{Provider: test.provider, Return: "/calls?tab=experts", LoginHint: test.username})
			if err != nil {
				t.Fatal(err)
			}
			person := signingIn(t, test.username)
			back := person.visit(begun.URL)
			done, err := w.Complete(t.Context(), sso.Callback{State: back.Get("state"), Code: back.Get("code"), Error: problem(back), Browser: begun.Browser, Issuer: back.Get("iss")})
			if err != nil || done.Return != "/calls?tab=experts" {
				t.Fatalf("Complete(%v) = %+v, %v", back, done, err)
			}
			p, err := w.FromSession(t.Context(), done.Secret)
			if err != nil || p.Agent().ID != "anja" || p.Identity() != test.identity || p.Channel() != sso.ChannelBrowser {
				t.Errorf("FromSession = %+v, %v", p, err)
			}
			out, err := w.End(t.Context(), done.Secret)
			if err != nil || !strings.HasPrefix(out, w.URL) {
				t.Fatalf("End = %q, %v", out, err)
			}
			person.visit(out) // and comes back to the page
			if _, err := w.FromSession(t.Context(), done.Secret); !errors.Is(err, sso.ErrSessionNotFound) {
				t.Errorf("after sign-out: %v", err)
			}
		})
	}
}

func TestABrowserIsToldWhyItIsNotSignedIn(t *testing.T) {
	yes := true
	for _, test := range []struct {
		name, username string
		before         func(*world)
		want           func(error) bool
	}{
		{"nobody's row", "nina@nordlicht.example", nil, as[*sso.AgentUnknownError]},
		{"an organisation that is not admitted", "anja@fremd.example", nil, as[*sso.NotAdmittedError]},
		{"not assigned to the app", "anja@nordlicht.example", func(w *world) { w.Entra.SetApp(home, serviceID, nil, &yes) }, needs(sso.StateNotAssigned)},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			if test.before != nil {
				test.before(w)
			}
			begun, err := w.Begin(t.Context(), sso.Entry{Provider: "entra", Return: "/"})
			if err != nil {
				t.Fatal(err)
			}
			back := signingIn(t, test.username).visit(begun.URL)
			if _, err := w.Complete(t.Context(), sso.Callback{State: back.Get("state"), Code: back.Get("code"), Error: problem(back), Browser: begun.Browser, Issuer: back.Get("iss")}); !test.want(err) {
				t.Errorf("Complete(%v): %v", back, err)
			}
			if w.Store.Sessions() != 0 {
				t.Error("a session was opened")
			}
		})
	}
}

// admin is somebody who may consent.
func (w *world) admin(t testing.TB) sso.Principal {
	t.Helper()
	p, err := w.Verify(t.Context(), w.entraToken(t, home, serviceID, "sofia@nordlicht.example"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// follow begins a consent and redeems its one-time address.
func (w *world) follow(t testing.TB) (begun sso.Begun, code string) {
	t.Helper()
	address, expires, err := w.Consent.Begin(t.Context(), w.admin(t))
	if err != nil || expires.IsZero() {
		t.Fatalf("Begin: %v (expires %v)", err, expires)
	}
	there, err := url.Parse(address)
	if err != nil || there.Host != "127.0.0.1:8080" || there.Path != "/auth/consent" {
		t.Fatalf("Begin gives %s", address)
	}
	begun, err = w.Consent.Follow(t.Context(), there.Query().Get("code"))
	if err != nil {
		t.Fatalf("Follow: %v", err)
	}
	return begun, there.Query().Get("code")
}

func TestAnAdminConsents(t *testing.T) {
	w := newWorld(t)
	w.Prober.set(without("User.Read.All"), nil)
	begun, _ := w.follow(t)
	back := signingIn(t, "sofia@nordlicht.example").visit(begun.URL)
	if back.Get("admin_consent") != "True" || back.Get("error") != "" {
		t.Fatalf("Entra sent back %v", back)
	}
	w.Prober.set(allWell(), nil)
	org, err := w.Consent.Complete(t.Context(), back.Get("state"), back.Get("error"), begun.Browser)
	if err != nil || org.Tenant != home || len(org.Missing()) != 0 {
		t.Errorf("Complete = %+v, %v", org, err)
	}
}

func TestConsentThatWasNotGivenIsSaid(t *testing.T) {
	w := newWorld(t)
	begun, _ := w.follow(t)
	person := signingIn(t, "sofia@nordlicht.example")
	person.fields["decision"] = "cancel"
	back := person.visit(begun.URL)
	if back.Get("admin_consent") != "True" || back.Get("error") == "" {
		t.Fatalf("Entra sent back %v, want an error beside admin_consent=True", back)
	}
	if _, err := w.Consent.Complete(t.Context(), back.Get("state"), back.Get("error"), begun.Browser); !needs(sso.StateConsentRequired)(err) {
		t.Errorf("Complete: %v", err)
	}
	if w.Prober.probes.Load() != 0 {
		t.Error("a refusal was probed")
	}
}

func TestAConsentIsOneAdminsOneTime(t *testing.T) {
	w := newWorld(t)
	agent, err := w.Verify(t.Context(), w.entraToken(t, home, serviceID, "anja@nordlicht.example"))
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]sso.Principal{"an agent": agent, "nobody": {}} {
		if _, _, err := w.Consent.Begin(t.Context(), p); !errors.Is(err, sso.ErrSignInRequired) {
			t.Errorf("%s begins: %v", name, err)
		}
	}
	begun, code := w.follow(t)
	there, err := url.Parse(begun.URL)
	if err != nil {
		t.Fatal(err)
	}
	state := there.Query().Get("state")
	if there.Path != "/"+home+"/v2.0/adminconsent" || there.Query().Get("scope") != "https://graph.microsoft.com/.default" {
		t.Errorf("Follow leads to %s", begun.URL)
	}
	for name, code := range map[string]string{"the same code": code, "no code": "", "a made-up code": "x", "the state": state} {
		if _, err := w.Consent.Follow(t.Context(), code); !errors.Is(err, sso.ErrTransactionNotFound) {
			t.Errorf("%s is followed: %v", name, err)
		}
	}
	begun, _ = w.follow(t)
	there, err = url.Parse(begun.URL)
	if err != nil {
		t.Fatal(err)
	}
	state = there.Query().Get("state")
	if _, err := w.Complete(t.Context(), sso.Callback{State: state, Code: "code", Browser: begun.Browser}); !errors.Is(err, sso.ErrTransactionNotFound) {
		t.Errorf("a consent's state at the sign-in: %v", err)
	}
	signIn, err := w.Begin(t.Context(), sso.Entry{Provider: "entra", Return: "/"})
	if err != nil {
		t.Fatal(err)
	}
	there, err = url.Parse(signIn.URL)
	if err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string][2]string{
		"a sign-in's state": {there.Query().Get("state"), signIn.Browser},
		"no state":          {"", begun.Browser},
		"another browser":   {state, signIn.Browser},
	} {
		if _, err := w.Consent.Complete(t.Context(), call[0], "", call[1]); !errors.Is(err, sso.ErrTransactionNotFound) {
			t.Errorf("%s at the consent's return: %v", name, err)
		}
	}
}
