package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/sso"
	"teamsbridge/sso/ssotest"
)

func TestASessionThatEntraEndedIsAudited(t *testing.T) {
	w := newWorld(t)
	for _, reason := range []sso.EndedReason{sso.EndedRevoked, sso.EndedAccount} {
		w.server.auditTaken(sso.Taken{Tenant: home, Key: strings.Repeat("ab", 32), Reason: reason})
	}
	if got, want := w.told(home, 0), []string{"sign-in taken done revoked by", "sign-in taken done account-disabled by"}; !cmp.Equal(got, want) {
		t.Errorf("audit %q, want %q", got, want)
	}
	if session := w.lines(home)[0].Actor.Session; session != strings.Repeat("ab", 8) {
		t.Errorf("session %q, want the beginning of its key", session)
	}
}

func TestALogoutByTheProviderIsAudited(t *testing.T) {
	r := newRaid(t)
	r.goes(r.comesBack(r.victim, contactCentre, "anja", "").String())
	before := r.lines(home)
	if len(before) != 1 || before[0].Actor == nil {
		t.Fatalf("audit %q, want the sign-in", r.told(home, 0))
	}
	form := url.Values{"logout_token": {r.provider.ForgeLogout(ssotest.Forgery{ObjectID: "cc|anja"})}}
	a := r.ask("", http.MethodPost, "/auth/backchannel-logout", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if got, want := r.told(home, 1), []string{"sign-in taken done backchannel-logout by anja"}; !cmp.Equal(got, want) {
		t.Fatalf("audit %q, want %q", got, want)
	}
	if taken := r.lines(home)[1]; taken.Actor.Session != before[0].Actor.Session {
		t.Errorf("the session has two digests: %q, %q", before[0].Actor.Session, taken.Actor.Session)
	}
}
