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

func TestSessionsThatPeopleEndAreAudited(t *testing.T) {
	w := newWorld(t)
	here, there, third, admin := w.browser(), w.browser(), w.browser(), w.browser()
	for _, b := range []*browser{here, there, third} {
		b.signIn("anja", "/")
	}
	admin.signIn("ada", "/")
	mine, others := here.sessionIDs("/session/sessions")
	short := func(id string) string { return id[:shortLength] }
	for _, tc := range []struct {
		name, path string
		by         *browser
		want       []string
	}{
		{"another one of theirs", "/session/sessions/" + others[0], here, []string{"sign-in sign-out done by anja to session " + short(others[0])}},
		{"one that is gone", "/session/sessions/" + others[0], here, []string{"refusal DELETE /api/v1/session/sessions/{id} refused not-found by anja"}},
		{"all others of theirs", "/session/sessions", here, []string{"sign-in sign-out done by anja to session " + short(others[1])}},
		{"one of an agent, by an administrator", "/admin/sessions/" + mine, admin, []string{
			"administration endOrganizationSession begun by ada", "administration endOrganizationSession done by ada to session " + short(mine),
		}},
		{"all of an agent, by an administrator", "/admin/sessions?agent=anja", admin, []string{
			"administration endAgentSessions begun by ada", "administration endAgentSessions done by ada to agent anja",
		}},
		{"those of somebody in no table", "/admin/sessions?agent=planted-text", admin, []string{
			"administration endAgentSessions begun by ada", "administration endAgentSessions done by ada",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := len(w.lines(home))
			tc.by.api(http.MethodDelete, tc.path)
			if diff := cmp.Diff(tc.want, w.told(home, before)); diff != "" {
				t.Errorf("audit (-want +got):\n%s", diff)
			}
		})
	}
	if signedIn := w.lines(home)[0]; signedIn.Actor.Session != short(mine) {
		t.Errorf("the sign-in's session is %q, its end's %q", signedIn.Actor.Session, short(mine))
	}
}
