package audit_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/audit"
)

var day = time.Date(2026, 11, 22, 8, 0, 0, 123e6, time.UTC)

const tenant = "11111111-1111-4111-8111-111111111111"

// sealed is a chain of so many lines, with persons in every one.
func sealed(count int) (audit.Chain, []audit.Line) {
	c := audit.Chain{Tenant: tenant}
	var lines []audit.Line
	for n := range count {
		lines = append(lines, c.Seal(audit.Event{
			At: day.Add(time.Duration(n) * time.Second), Tenant: tenant, Kind: audit.Consult, Action: "consult", Outcome: audit.Begun,
			Reason: "organization", Interaction: "i-1", Trace: fmt.Sprint(n),
			Actor: audit.Actor{Agent: "anja", Entra: "e-anja"}, Target: audit.Target{Kind: "dialNumber", Number: "+49301234567"},
		}))
	}
	return c, lines
}

func TestVerification(t *testing.T) {
	at := func(n uint64, why string) audit.Break {
		return audit.Break{Tenant: tenant, Sequence: n, Last: n, Why: why}
	}
	for _, tc := range []struct {
		name   string
		change func(lines []audit.Line) []audit.Line
		chain  func(*audit.Chain)
		want   []audit.Break
		erased int
	}{
		{name: "what was sealed is whole", change: func(l []audit.Line) []audit.Line { return l }},
		{name: "an altered line is found", want: []audit.Break{at(3, audit.BrokenAltered)},
			change: func(l []audit.Line) []audit.Line { l[2].Outcome = audit.Done; return l }},
		{name: "a line with an altered time is found", want: []audit.Break{at(3, audit.BrokenAltered)},
			change: func(l []audit.Line) []audit.Line { l[2].Time = l[1].Time; return l }},
		{name: "an altered line with a new hash does not fit the next one", want: []audit.Break{at(4, audit.BrokenLink)},
			change: func(l []audit.Line) []audit.Line {
				c := audit.Chain{Tenant: tenant, Sequence: 2, Hash: l[1].Hash}
				l[2] = c.Seal(audit.Event{At: day, Tenant: tenant, Kind: audit.Consult, Outcome: audit.Done})
				return l
			}},
		{name: "an altered person is found", want: []audit.Break{at(3, audit.BrokenPerson)},
			change: func(l []audit.Line) []audit.Line { l[2].Actor.Agent = "ben"; return l }},
		{name: "an altered target is found", want: []audit.Break{at(3, audit.BrokenPerson)},
			change: func(l []audit.Line) []audit.Line { l[2].Target.Number = "…99"; return l }},
		{name: "a person who was put into a line without one is found", want: []audit.Break{at(3, audit.BrokenPerson)},
			change: func(l []audit.Line) []audit.Line {
				c := audit.Chain{Tenant: tenant, Sequence: 2, Hash: l[1].Hash}
				l[2] = c.Seal(audit.Event{At: day, Tenant: tenant, Kind: audit.Consult, Outcome: audit.Done})
				l[2].Actor = &audit.Actor{Agent: "ben"}
				return l[:3]
			}, chain: func(c *audit.Chain) { *c = audit.Chain{Tenant: tenant} }},
		{name: "erased persons are counted, and are no break", erased: 2,
			change: func(l []audit.Line) []audit.Line { l[0].Actor, l[3].Target = nil, nil; return l }},
		{name: "lines that are missing in the middle are told", want: []audit.Break{{Tenant: tenant, Sequence: 2, Last: 3, Why: audit.BrokenMissing}},
			change: func(l []audit.Line) []audit.Line { return slices.Delete(l, 1, 3) }},
		{name: "lines that are missing at the beginning are told", want: []audit.Break{{Tenant: tenant, Sequence: 1, Last: 2, Why: audit.BrokenMissing}},
			change: func(l []audit.Line) []audit.Line { return l[2:] }},
		{name: "what retention took is not missing",
			change: func(l []audit.Line) []audit.Line { return l[2:] },
			chain:  func(c *audit.Chain) { c.First = 3 }},
		{name: "a cut end is told by what the store knows", want: []audit.Break{{Tenant: tenant, Sequence: 4, Last: 5, Why: audit.BrokenCut}},
			change: func(l []audit.Line) []audit.Line { return l[:3] }},
		{name: "a line that comes twice is told", want: []audit.Break{at(2, audit.BrokenOrder)},
			change: func(l []audit.Line) []audit.Line { return slices.Insert(l, 2, l[1]) }},
		{name: "two lines that changed places are told", want: []audit.Break{at(2, audit.BrokenMissing), at(2, audit.BrokenOrder)},
			change: func(l []audit.Line) []audit.Line { l[1], l[2] = l[2], l[1]; return l }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, lines := sealed(5)
			if tc.chain != nil {
				tc.chain(&c)
			}
			if c.First == 3 {
				c.Before = lines[1].Hash
			}
			check := audit.NewCheck(c)
			for _, l := range tc.change(lines) {
				check.Line(l)
			}
			r := check.Report()
			if diff := cmp.Diff(tc.want, r.Breaks); diff != "" {
				t.Errorf("breaks (-want +got):\n%s", diff)
			}
			if r.Erased != tc.erased {
				t.Errorf("%d erased, want %d", r.Erased, tc.erased)
			}
		})
	}
}

func TestAnchorsTellWhatTheStoreCannot(t *testing.T) {
	_, lines := sealed(5)
	written := audit.Anchor{Tenant: tenant, Sequence: 5, Hash: lines[4].Hash}
	other, anew := sealed(5) // the salts differ, and so all hashes
	for _, tc := range []struct {
		name  string
		lines []audit.Line
		chain audit.Chain
		want  string
	}{
		{"the end was cut off and the store's head with it", lines[:3], audit.Chain{Tenant: tenant, First: 1, Sequence: 3, Hash: lines[2].Hash}, audit.BrokenCut},
		{"the whole chain was written anew", anew, other, audit.BrokenAnchor},
		{"an exported file lacks its end", lines[:4], audit.Chain{Tenant: tenant}, audit.BrokenCut},
	} {
		t.Run(tc.name, func(t *testing.T) {
			check := audit.NewCheck(tc.chain, written)
			for _, l := range tc.lines {
				check.Line(l)
			}
			if r := check.Report(); len(r.Breaks) != 1 || r.Breaks[0].Why != tc.want {
				t.Errorf("breaks %v, want %s", r.Breaks, tc.want)
			}
		})
	}
	t.Run("a part of a chain is whole by itself", func(t *testing.T) {
		check := audit.NewCheck(audit.Chain{Tenant: tenant})
		for _, l := range lines[2:] {
			check.Line(l)
		}
		r := check.Report()
		if len(r.Breaks) != 0 || r.Head != written {
			t.Errorf("report %+v", r)
		}
	})
	t.Run("another organisation's anchor says nothing", func(t *testing.T) {
		check := audit.NewCheck(audit.Chain{Tenant: "other"}, written)
		if r := check.Report(); len(r.Breaks) != 0 {
			t.Errorf("breaks %v", r.Breaks)
		}
	})
}
