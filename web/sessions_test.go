package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// api asks the interface with the browser's cookies, as the page does.
func (b *browser) api(method, path string) answered {
	b.t.Helper()
	a, _ := b.visit(method, b.url+apiBase+path, nil, "Sec-Fetch-Site", "same-origin")
	return a
}

// sessionIDs are those of a list, the current one first.
func (b *browser) sessionIDs(path string) (current string, others []string) {
	b.t.Helper()
	a := b.api(http.MethodGet, path)
	if a.status != http.StatusOK {
		b.t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	for _, item := range a.decode(b.t)["sessions"].([]any) {
		session := item.(map[string]any)
		if session["current"] == true {
			current = session["id"].(string)
			continue
		}
		others = append(others, session["id"].(string))
	}
	return current, others
}

func TestAPersonListsAndEndsTheirSessions(t *testing.T) {
	w := newWorld(t)
	here, there, third := w.browser(), w.browser(), w.browser()
	for _, b := range []*browser{here, there, third} {
		b.signIn("anja", "/")
	}
	w.browser().signIn("ben", "/")

	current, others := here.sessionIDs("/session/sessions")
	if current == "" || len(others) != 2 {
		t.Fatalf("current %q, others %v", current, others)
	}
	for _, secret := range here.cookies() {
		if strings.Contains(here.api(http.MethodGet, "/session/sessions").body, secret) {
			t.Error("the list tells the cookie's secret")
		}
	}
	thereNow, _ := there.sessionIDs("/session/sessions")
	if a := here.api(http.MethodDelete, "/session/sessions/"+thereNow); a.status != http.StatusNoContent || a.body != "" {
		t.Errorf("ending another: %d %s", a.status, a.body)
	}
	if a := there.api(http.MethodGet, "/session"); a.status != http.StatusUnauthorized || a.problem() != "sign-in-required" {
		t.Errorf("the ended one: %d %s", a.status, a.body)
	}
	if a := here.api(http.MethodDelete, "/session/sessions/"+thereNow); a.problem() != "not-found" {
		t.Errorf("ending it twice: %d %s", a.status, a.body)
	}
	if a := here.api(http.MethodDelete, "/session/sessions"); a.status != http.StatusNoContent {
		t.Errorf("ending the others: %d %s", a.status, a.body)
	}
	if a := third.api(http.MethodGet, "/session"); a.status != http.StatusUnauthorized {
		t.Errorf("one of the others: %d", a.status)
	}
	if a := here.api(http.MethodDelete, "/session/sessions/"+current); a.status != http.StatusNoContent {
		t.Errorf("ending the current one: %d %s", a.status, a.body)
	}
	if a := here.api(http.MethodGet, "/session"); a.status != http.StatusUnauthorized {
		t.Errorf("after that: %d", a.status)
	}
	if left := w.sessions.Sessions(); left != 1 {
		t.Errorf("%d sessions are left, want ben's", left)
	}
}

func TestAnAdminEndsTheSessionsOfTheOrganization(t *testing.T) {
	w := newWorld(t)
	admin, agent, other := w.browser(), w.browser(), w.browser()
	admin.signIn("ada", "/")
	agent.signIn("anja", "/")
	other.signIn("ben", "/")
	w.guest("berta")

	_, all := admin.sessionIDs("/admin/sessions")
	if len(all) != 2 {
		t.Fatalf("the admin sees %v, want anja's and ben's", all)
	}
	_, anjas := admin.sessionIDs("/admin/sessions?agent=anja")
	if len(anjas) != 1 {
		t.Fatalf("of anja there are %v", anjas)
	}
	for _, path := range []string{"/admin/sessions", "/admin/sessions/" + anjas[0]} {
		method := http.MethodDelete
		if path == "/admin/sessions" {
			method = http.MethodGet
		}
		if a := agent.api(method, path); a.problem() != "role-required" {
			t.Errorf("an agent at %s: %d %s", path, a.status, a.body)
		}
	}
	if a := admin.api(http.MethodDelete, "/admin/sessions"); a.problem() != "request-invalid" {
		t.Errorf("ending nobody's in particular: %d %s", a.status, a.body)
	}
	if a := admin.api(http.MethodDelete, "/admin/sessions/"+anjas[0]); a.status != http.StatusNoContent {
		t.Errorf("ending anja's: %d %s", a.status, a.body)
	}
	if a := admin.api(http.MethodDelete, "/admin/sessions?agent=ben"); a.status != http.StatusNoContent {
		t.Errorf("ending ben's: %d %s", a.status, a.body)
	}
	for name, b := range map[string]*browser{"anja": agent, "ben": other} {
		if a := b.api(http.MethodGet, "/session"); a.status != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if left := w.sessions.Sessions(); left != 2 {
		t.Errorf("%d sessions are left, want the admin's and the partner's", left)
	}
}

// guest signs somebody of the partner in.
func (w *world) guest(person string) *browser {
	w.t.Helper()
	b := w.browser()
	b.domain = partner
	b.signIn(person, "/")
	return b
}

func TestTheStreamOfARevokedSessionEndsAtOnce(t *testing.T) {
	w := newWorld(t)
	here, there := w.browser(), w.browser()
	here.signIn("anja", "/")
	there.signIn("anja", "/")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+apiBase+"/events", nil)
	fatal(t, err)
	resp, err := there.client.Do(r)
	fatal(t, err)
	defer resp.Body.Close()
	events := make(chan sse, 16)
	go readEvents(resp.Body, events)
	if first := <-events; first.event != eventHello {
		t.Fatalf("the first event is %+v", first)
	}
	_, others := here.sessionIDs("/session/sessions")
	if a := here.api(http.MethodDelete, "/session/sessions/"+others[0]); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var last sse
	for e := range events { // closes with the stream
		last = e
	}
	if last.event != eventSession || !strings.Contains(last.data, `"expired":true`) {
		t.Errorf("the last event is %+v", last)
	}
}
