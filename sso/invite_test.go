package sso_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

func TestAnInvitationBringsTheApplicationIntoAnOrganisation(t *testing.T) {
	w := newWorld(t)
	w.Entra.Uninstall(home, serviceID)
	address, until, err := sso.Invite(t.Context(), w.Store, public+"/", home)
	if err != nil || !strings.HasPrefix(address, public+"/auth/consent?code=") {
		t.Fatalf("Invite = %q, %v", address, err)
	}
	if left := time.Until(until); left < 6*24*time.Hour || left > 7*24*time.Hour {
		t.Errorf("good for %v", left)
	}
	there, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	begun, err := w.Consent.Follow(t.Context(), there.Query().Get("code"))
	if err != nil {
		t.Fatal(err)
	}
	back := signingIn(t, "sofia@nordlicht.example").visit(begun.URL)
	org, err := w.Consent.Complete(t.Context(), back.Get("state"), back.Get("error"), begun.Browser)
	if err != nil || org.Tenant != home || org.Enabled {
		t.Errorf("Complete = %+v, %v; want home, still to be switched on", org, err)
	}
	if _, there := w.Entra.ServicePrincipal(home, serviceID); !there {
		t.Error("the application is not in the organisation")
	}
	if _, err := w.Consent.Follow(t.Context(), there.Query().Get("code")); !errors.Is(err, sso.ErrTransactionNotFound) {
		t.Errorf("Follow again: %v", err)
	}
}

func TestAnInvitationToAnotherOrganisationOpensNothingThere(t *testing.T) {
	w := newWorld(t)
	w.Entra.Uninstall(partner, serviceID)
	address, _, err := sso.Invite(t.Context(), w.Store, public, partner)
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(address, "code=")
	begun, err := w.Consent.Follow(t.Context(), code)
	if err != nil || !strings.Contains(begun.URL, "/"+partner+"/v2.0/adminconsent?") {
		t.Fatalf("Follow: %v", err)
	}
	// What is said to have come back names no organisation: the transaction does.
	state, err := url.Parse(begun.URL)
	if err != nil {
		t.Fatal(err)
	}
	org, err := w.Consent.Complete(t.Context(), state.Query().Get("state"), "", begun.Browser)
	if err != nil || org.Tenant != partner {
		t.Errorf("Complete = %+v, %v", org, err)
	}
	if _, there := w.Entra.ServicePrincipal(partner, serviceID); there {
		t.Error("the application came into the organisation without anybody's consent")
	}
}

func TestAnInvitationNeedsAnAddressThatAdminsCanUse(t *testing.T) {
	for _, address := range []string{"", "http://desk.example", "https://desk.example/app"} {
		if _, _, err := sso.Invite(t.Context(), new(sessiontest.Memory), address, home); err == nil {
			t.Errorf("Invite at %q", address)
		}
	}
}
