package ssotest_test

import (
	"net/url"
	"strings"
	"testing"

	"teamsbridge/sso/ssotest"
)

func TestOnlyAnAdminConsents(t *testing.T) {
	w := newWorld(t)
	w.Consent(tenantA, serviceID, []string{"User.Read.All"})
	start := func(tenant string, changes ...string) string {
		return w.URL + "/" + tenant + "/v2.0/adminconsent?" + form(change([]string{
			"client_id", serviceID, "redirect_uri", consented, "state", "the-state", "scope", graphDefault,
		}, changes...)...).Encode()
	}
	result := func(t *testing.T, p page) url.Values {
		t.Helper()
		if !p.Left || !strings.HasPrefix(p.At.String(), consented+"?") {
			t.Fatalf("arrived at %s (%d)\n%s", p.At, p.Status, p.Body)
		}
		query := p.At.Query()
		if query.Get("admin_consent") != "True" || query.Get("state") != "the-state" || query.Get("tenant") != tenantA {
			t.Errorf("answer %v", query)
		}
		return query
	}

	t.Run("an agent can only cancel", func(t *testing.T) {
		b := w.browser(t)
		p := b.signIn(b.open(start(tenantA)), anja)
		if !strings.Contains(p.Body, "AADSTS90094") || strings.Contains(p.Body, `value="accept"`) {
			t.Fatalf("an agent is offered to accept:\n%s", p.Body)
		}
		if got := result(t, b.submit(p, "decision", "accept")); got.Get("error") != "access_denied" || !strings.Contains(got.Get("error_description"), "AADSTS90094") {
			t.Errorf("accepting anyway: %v", got)
		}
		if got := result(t, b.submit(p, "decision", "cancel")); got.Get("error") != "access_denied" {
			t.Errorf("cancel: %v", got)
		}
	})
	t.Run("an admin cancels", func(t *testing.T) {
		b := w.browser(t)
		got := result(t, b.submit(b.signIn(b.open(start(tenantA)), admin), "decision", "cancel"))
		if got.Get("error") != "access_denied" || !strings.Contains(got.Get("error_description"), "AADSTS65004") {
			t.Errorf("answer %v", got)
		}
	})
	t.Run("a scope that the app did not register", func(t *testing.T) {
		got := result(t, w.browser(t).open(start(tenantA, "scope", "https://graph.microsoft.com/Mail.Read")))
		if got.Get("error") == "" || !strings.Contains(got.Get("error_description"), "AADSTS650053") {
			t.Errorf("answer %v", got)
		}
	})
	if roles := w.applicationRoles(t); len(roles) != 1 {
		t.Fatalf("consent changed without anybody accepting: %v", roles)
	}
	t.Run("an admin accepts", func(t *testing.T) {
		b := w.browser(t)
		p := b.signIn(b.open(start("organizations")), admin)
		for _, want := range []string{"teamsbridge", "Nordlicht", "Presence.Read.All", "User.Read.All"} {
			if !strings.Contains(p.Body, want) {
				t.Errorf("the page does not name %s", want)
			}
		}
		got := result(t, b.submit(p, "decision", "accept"))
		if got.Has("error") || got.Get("scope") != graphDefault {
			t.Errorf("answer %v", got)
		}
		if roles := w.applicationRoles(t); len(roles) != 2 {
			t.Errorf("granted %v", roles)
		}
	})
	t.Run("common and unknown addresses are refused on a page", func(t *testing.T) {
		if p := w.browser(t).open(start("common")); p.Left || !strings.Contains(p.Body, "AADSTS50059") {
			t.Errorf("arrived at %s", p.At)
		}
		if p := w.browser(t).open(start(tenantA, "redirect_uri", "https://evil.example/")); p.Left || !strings.Contains(p.Body, "AADSTS50011") {
			t.Errorf("arrived at %s", p.At)
		}
	})
}

// applicationRoles are the application permissions in effect in tenantA.
func (w world) applicationRoles(t *testing.T) []string {
	t.Helper()
	sp, ok := w.ServicePrincipal(tenantA, serviceID)
	if !ok {
		t.Fatal("not installed")
	}
	return w.ApplicationPermissions(tenantA, sp.ObjectID)
}

func TestAdminInstallsTheAppByConsenting(t *testing.T) {
	w := newWorld(t)
	w.Uninstall(tenantA, serviceID)
	if _, ok := w.ServicePrincipal(tenantA, serviceID); ok {
		t.Fatal("still installed")
	}
	b := w.browser(t)
	p := b.open(w.URL + "/" + tenantA + "/v2.0/adminconsent?" + form(
		"client_id", serviceID, "redirect_uri", consented, "scope", graphDefault).Encode())
	if p = b.submit(b.signIn(p, admin), "decision", "accept"); !p.Left || p.At.Query().Has("error") {
		t.Fatalf("arrived at %s", p.At)
	}
	if got := w.signedIn(t, tenantA, ssotest.TeamsWeb, anja); got.AccessToken == "" {
		t.Error("no token after consent")
	}
}
