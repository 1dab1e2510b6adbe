package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/sso"
)

// firstAdmin is the address with a code.
func firstAdmin(code string) string {
	return "/auth/first-admin?" + url.Values{"code": {code}}.Encode()
}

func TestACodeLetsSomebodyInAsTheFirstAdministrator(t *testing.T) {
	w := newWorld(t)
	if a, _ := w.browser().signIn("nina", "/"); a.status != http.StatusForbidden {
		t.Fatalf("before, they come in: %d", a.status)
	}
	code, _, err := sso.NewAdminCode(t.Context(), w.sessions, home)
	fatal(t, err)
	b := w.browser()
	b.visit(http.MethodGet, w.url+firstAdmin(code), nil) // a look at the link uses nothing up
	before := len(w.lines(home))
	if _, at := b.signInFrom(firstAdmin(code), "nina"); at.String() != w.url+"/" {
		t.Fatalf("ended up at %s", at)
	}
	if a, _ := b.visit(http.MethodGet, w.url+"/api/v1/admin/organization", nil); a.status != http.StatusOK {
		t.Errorf("administration: %d %s", a.status, a.body)
	}
	told := []string{
		"administration first-admin begun by " + nina + " to agent " + nina, "administration first-admin done by " + nina + " to agent " + nina, "sign-in browser done by " + nina,
	}
	if diff := cmp.Diff(told, w.told(home, before)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	if a, _ := w.browser().signInFrom(firstAdmin(code), "anja"); a.problem() != "not-found" {
		t.Errorf("again: %d %s", a.status, a.body)
	}
	if strings.Contains(w.logs.String(), strings.ReplaceAll(code, "-", "")) || strings.Contains(w.logs.String(), code) {
		t.Error("the code is in the log")
	}
}

func TestNobodyBecomesAnAdministratorUnseen(t *testing.T) {
	w := newWorld(t)
	code, _, err := sso.NewAdminCode(t.Context(), w.sessions, home)
	fatal(t, err)
	w.unaudited()
	b := w.browser()
	if a, _ := b.signInFrom(firstAdmin(code), "nina"); a.problem() != "storage-unavailable" || len(b.cookies()) != 0 {
		t.Errorf("%d %s, cookies %v", a.status, a.body, b.cookies())
	}
	if _, known := w.deps.Roster.Agents().ByEntra(home, nina); known {
		t.Error("they are in the agent table")
	}
}

func TestCodesThatLetNobodyIn(t *testing.T) {
	w := newWorld(t)
	if a, _ := w.browser().visit(http.MethodGet, w.url+"/auth/first-admin", nil); a.problem() != "not-found" {
		t.Errorf("without a code: %d %s", a.status, a.body)
	}
	for range 5 { // each time in another browser: it is the person who is counted
		if a, _ := w.browser().signInFrom(firstAdmin("a guess"), "nina"); a.problem() != "not-found" {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	b := w.browser()
	a, _ := b.signInFrom(firstAdmin("another guess"), "nina")
	if a.problem() != "too-many-requests" || a.header.Get("Retry-After") != "900" {
		t.Errorf("%d %s, Retry-After %s", a.status, a.body, a.header.Get("Retry-After"))
	}
	if len(b.cookies()) != 0 {
		t.Errorf("cookies %v", b.cookies())
	}
}
