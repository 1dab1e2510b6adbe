package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamsbridge/consult"
)

// RunLines holds a store to the contract of a switch's lines; newStore gives
// every check a fresh, empty one.
func RunLines(t *testing.T, newStore func(*testing.T) consult.Lines) {
	t.Helper()
	for _, c := range lineContract {
		t.Run(c.name, func(t *testing.T) { c.check(t, newStore(t)) })
	}
}

var lineContract = []struct {
	name  string
	check func(*testing.T, consult.Lines)
}{
	{"an empty store has no lines", func(t *testing.T, s consult.Lines) {
		wantKept(t, s)
	}},
	{"kept lines come in the order of their legs", func(t *testing.T, s consult.Lines) {
		keepLine(t, s, lineOf("b", "one"))
		keepLine(t, s, lineOf("a", "two"))
		wantKept(t, s, lineOf("a", "two"), lineOf("b", "one"))
	}},
	{"a line that is kept again is replaced", func(t *testing.T, s consult.Lines) {
		keepLine(t, s, lineOf("a", "first"))
		keepLine(t, s, consult.Line{Leg: "a", Interaction: "j", Memo: []byte("second")})
		wantKept(t, s, consult.Line{Leg: "a", Interaction: "j", Memo: []byte("second")})
	}},
	{"a dropped line is gone, and dropping it again is no error", func(t *testing.T, s consult.Lines) {
		keepLine(t, s, lineOf("a", "one"))
		keepLine(t, s, lineOf("b", "two"))
		for range 2 {
			if err := s.DropLine(t.Context(), "a"); err != nil {
				t.Fatalf("DropLine: %v", err)
			}
		}
		wantKept(t, s, lineOf("b", "two"))
	}},
}

func lineOf(leg consult.LegID, memo string) consult.Line {
	return consult.Line{Leg: leg, Interaction: "i", Memo: []byte(memo)}
}

func keepLine(t *testing.T, s consult.Lines, l consult.Line) {
	t.Helper()
	if err := s.KeepLine(t.Context(), l); err != nil {
		t.Fatalf("KeepLine: %v", err)
	}
}

func wantKept(t *testing.T, s consult.Lines, want ...consult.Line) {
	t.Helper()
	got, err := s.AllLines(t.Context())
	if err != nil {
		t.Fatalf("AllLines: %v", err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("lines (-want +got):\n%s", diff)
	}
}
