package web

import (
	"testing"

	"teamsbridge/graph"
)

func TestWhoReadsAStreamIsPresentUntilTheyLeave(t *testing.T) {
	came, left := make(chan graph.Caller, 1), make(chan struct{}, 1)
	w := newWorld(t, func(_ *Config, w *world) {
		w.deps.Present = func(c graph.Caller) func() {
			came <- c
			return func() { left <- struct{}{} }
		}
	})
	token := w.token(home, anja)
	next := w.listen(token)
	next("hello")
	c := <-came
	if c.Tenant != home || c.ID != anja || c.Assertion != token || c.Expires.IsZero() {
		t.Errorf("present is somebody else, or without their token: %s of %s", c.ID, c.Tenant)
	}
	w.server.Drain(t.Context())
	<-left
}

func TestGraphIsAskedForTheCallerWhereItIsAskedForPeople(t *testing.T) {
	for _, people := range []bool{true, false} {
		w := newWorld(t, func(_ *Config, w *world) {
			if people {
				w.deps.Present = func(graph.Caller) func() { return func() {} }
			}
		})
		p, err := w.deps.Verifier.Verify(t.Context(), w.token(home, anja))
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := graph.CallerOf(w.server.onBehalf(t.Context(), p)); ok != people || people && c.ID != anja {
			t.Errorf("asked for %s: %v, want %v", c.ID, ok, people)
		}
	}
}

func TestNobodyToAskForIsASignInThatIsRequired(t *testing.T) {
	w := newWorld(t)
	p := w.server.problemOf(t.Context(), graph.ErrSignInRequired)
	if p.Status != 403 || p.SSO == nil || p.SSO.State != "sign-in-required" {
		t.Errorf("%+v", p)
	}
}
