package web

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEveryRouteWithstandsEveryAttack sends every attack of the list to every
// route of the description that it can be tried on. Each gets the refusal that
// the list names, changes nothing and learns nothing. docs/attacks.md is what
// came out.
func TestEveryRouteWithstandsEveryAttack(t *testing.T) {
	s := besieged(newWorld(t))
	routes := s.routes()
	found := newFindings(routes)
	before := s.standing()
	for n, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			for _, r := range routes {
				if !a.on(r) {
					continue
				}
				q := s.honest(r)
				a.change(s, r, q)
				got := s.send(q)
				found.note(n, r, got)
				if problem := refused(a, r, got); problem != "" {
					t.Errorf("%s: %s: %d %.300s", r, problem, got.status, got.body)
				}
				for _, leak := range append(leaks(q, got), s.foreign(q, got)...) {
					t.Errorf("%s: the answer has %q: %.300s", r, leak, got.body)
				}
				if now := s.standing(); !reflect.DeepEqual(before, now) { // far quicker than to look for how they differ
					t.Errorf("%s: changed something:\n%s", r, cmp.Diff(before, now))
					before = now
				}
			}
		})
	}
	for _, leak := range logged(s) {
		t.Errorf("the log has %q", leak)
	}
	found.compare(t)
}

// refused says what is wrong with the answer to an attack; empty: nothing.
func refused(a attack, r route, got answered) string {
	want := a.wanted(r)
	if want == harmless {
		if got.status/100 != 2 {
			return "want an answer"
		}
		return ""
	}
	k := kindOf(want)
	switch {
	case got.problem() != string(want):
		return "want " + string(want)
	case got.status != k.status:
		return "the status is not the problem's"
	case got.header.Get("Content-Type") != "application/problem+json":
		return "no problem document"
	case !strings.Contains(got.body, `"instance":"`+got.header.Get("X-Request-Id")+`"`):
		return "nothing to ask the operator about"
	}
	return ""
}

// inside are traces of how the service is built.
var inside = regexp.MustCompile(`goroutine \d|\.go:\d|runtime error|panic|/tmp/|/home/|/root/|SELECT |INSERT |sqlite|postgres|pgx|json: |huma:|validation failed|eyJ[A-Za-z0-9_-]{8}`)

// leaks are the parts of an answer that nobody should be told: what the
// attacker wrote, their token, how the service is built.
func leaks(q *attempt, got answered) []string {
	var found []string
	text := got.body
	for name, values := range got.header {
		text += "\n" + name + ": " + strings.Join(values, ", ")
	}
	if strings.Contains(text, planted) {
		found = append(found, planted)
	}
	if q.token != "" && strings.Contains(text, q.token) {
		found = append(found, "the token")
	}
	if trace := inside.FindString(text); trace != "" {
		found = append(found, trace)
	}
	return found
}

// foreign are the parts of an answer to the other organisation that belong to
// this one.
func (s *siege) foreign(q *attempt, got answered) []string {
	if !q.stranger {
		return nil
	}
	return slices.DeleteFunc([]string{"Anja", "Ben Brand", "Muster", "+49301001", "+493012345", home, s.call, "Zentrale", "q1"},
		func(text string) bool { return !strings.Contains(got.body, text) })
}

// logged are the parts of the log that nobody should read there.
func logged(s *siege) []string {
	_, secret, _ := strings.Cut(s.cookie, "=")
	return slices.DeleteFunc([]string{planted, secret, "eyJ", "Bearer"}, func(text string) bool { return !strings.Contains(s.logs.String(), text) })
}
