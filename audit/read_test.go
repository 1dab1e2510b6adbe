package audit_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/audit"
)

// counted is a chain that counts how often it is read.
type counted struct {
	lines []audit.Line
	reads int
}

func (c *counted) AuditLines(_ context.Context, _ string, after uint64, limit int) ([]audit.Line, error) {
	c.reads++
	rest := c.lines[min(after, uint64(len(c.lines))):]
	return rest[:min(limit, len(rest))], nil
}

func (c *counted) AuditLinesBefore(_ context.Context, _ string, before uint64, limit int) ([]audit.Line, error) {
	c.reads++
	var out []audit.Line
	for _, l := range slices.Backward(c.lines) {
		if (before == 0 || l.Sequence < before) && len(out) < limit {
			out = append(out, l)
		}
	}
	return out, nil
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func ago(minutes int) time.Time { return noon.Add(-time.Duration(minutes) * time.Minute) }

// chainOf makes lines of these ages in minutes.
func chainOf(ages ...int) *counted {
	var chain audit.Chain
	var c counted
	for _, age := range ages {
		c.lines = append(c.lines, chain.Seal(audit.Event{At: ago(age), Kind: audit.Consult, Outcome: audit.Done}))
	}
	return &c
}

func TestARangeOfAChainIsReadBothWays(t *testing.T) {
	for name, tc := range map[string]struct {
		chain *counted
		in    audit.Range
		want  []uint64 // in order
	}{
		"everything":                            {chainOf(3, 2, 1), audit.Range{}, []uint64{1, 2, 3}},
		"nothing of an empty chain":             {chainOf(), audit.Range{}, nil},
		"between two sequence numbers":          {chainOf(5, 4, 3, 2, 1), audit.Range{After: 1, Before: 4}, []uint64{2, 3}},
		"both times are included":               {chainOf(4, 3, 2, 1), audit.Range{From: ago(3), To: ago(2)}, []uint64{2, 3}},
		"a late step is passed over":            {chainOf(3, 90, 2, 80, 1), audit.Range{From: ago(10)}, []uint64{1, 3, 5}},
		"a late step is found among young ones": {chainOf(90, 3, 80, 2), audit.Range{To: ago(60)}, []uint64{1, 3}},
		"bounds that leave nothing between":     {chainOf(3, 2, 1), audit.Range{After: 2, Before: 3}, nil},
		"a bound behind the end bounds nothing": {chainOf(2, 1), audit.Range{Before: 99}, []uint64{1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, sequences(t, audit.Forwards, tc.chain, tc.in)); diff != "" {
				t.Errorf("forwards: %s", diff)
			}
			back := sequences(t, audit.Backwards, tc.chain, tc.in)
			slices.Reverse(back)
			if diff := cmp.Diff(tc.want, back); diff != "" {
				t.Errorf("backwards: %s", diff)
			}
		})
	}
}

func TestALookAtTheLatestLinesDoesNotReadTheWholeChain(t *testing.T) {
	ages := make([]int, 5000)
	for i := range ages {
		ages[i] = len(ages) - 1 - i
	}
	chain := chainOf(ages...)
	if got := sequences(t, audit.Backwards, chain, audit.Range{From: ago(9)}); len(got) != 10 || got[0] != 5000 {
		t.Errorf("read %v", got)
	}
	if chain.reads != 2 {
		t.Errorf("%d pages were read, want 2", chain.reads)
	}
}

func TestReadingEndsWithTheReadersError(t *testing.T) {
	enough := errors.New("enough")
	for name, read := range map[string]reading{"forwards": audit.Forwards, "backwards": audit.Backwards} {
		n := 0
		err := read(t.Context(), chainOf(3, 2, 1), "", audit.Range{}, func(audit.Line) error { n++; return enough })
		if !errors.Is(err, enough) || n != 1 {
			t.Errorf("%s: %v after %d lines", name, err, n)
		}
	}
}

type reading func(context.Context, audit.Lines, string, audit.Range, func(audit.Line) error) error

func sequences(t *testing.T, read reading, chain audit.Lines, in audit.Range) []uint64 {
	t.Helper()
	var out []uint64
	if err := read(t.Context(), chain, "", in, func(l audit.Line) error {
		out = append(out, l.Sequence)
		return nil
	}); err != nil {
		t.Fatalf("reading: %v", err)
	}
	return out
}
