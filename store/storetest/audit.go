package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/audit"
)

// RunAudit holds a store to the contract of audit chains; newStore gives every
// check a fresh, empty one.
func RunAudit(t *testing.T, newStore func(*testing.T) audit.Store) {
	t.Helper()
	for _, c := range auditContract {
		t.Run(c.name, func(t *testing.T) { c.check(t, newStore(t)) })
	}
}

// act is an event of this suite's day.
func act(tenant, action string, minute int) audit.Event {
	return audit.Event{
		At: day.Add(time.Duration(minute) * time.Minute), Tenant: tenant, Kind: audit.Administration, Action: action, Outcome: audit.Done,
		Actor: audit.Actor{Agent: "anja", Session: "5e55"}, Target: audit.Target{Kind: "agent", ID: "ben", Number: "+4930123456"},
	}
}

// told is an event of a journal's step.
func told(interaction string, version uint64, minute int) audit.Event {
	e := act(tenant, "consult", minute)
	e.Kind, e.Interaction, e.Version = audit.Consult, interaction, version
	return e
}

var auditContract = []struct {
	name  string
	check func(*testing.T, audit.Store)
}{
	{"an empty store has no chain and no line", func(t *testing.T, s audit.Store) {
		wantChains(t, s)
		if lines := auditLines(t, s, tenant); len(lines) != 0 {
			t.Errorf("lines: %v", lines)
		}
	}},
	{"lines come back as they were sealed, and the chain is whole", func(t *testing.T, s audit.Store) {
		sealed := recorded(t, s, act(tenant, "one", 1), act(tenant, "two", 2))
		sealed = append(sealed, recorded(t, s, act(tenant, "three", 3))...)
		if diff := cmp.Diff(sealed, auditLines(t, s, tenant)); diff != "" {
			t.Errorf("lines (-sealed +read):\n%s", diff)
		}
		wantWhole(t, s, tenant, 3, 0)
	}},
	{"each organisation has a chain of its own, and the service has one", func(t *testing.T, s audit.Store) {
		recorded(t, s, act(tenant, "one", 1), act(other, "one", 2), act("", "one", 3), act(tenant, "two", 4))
		wantChains(t, s, "", tenant, other)
		wantWhole(t, s, tenant, 2, 0)
		wantWhole(t, s, other, 1, 0)
		wantWhole(t, s, "", 1, 0)
	}},
	{"a step of the journal has one line, however often it is told", func(t *testing.T, s audit.Store) {
		recorded(t, s, told("i-1", 1, 1), told("i-1", 2, 2), told("i-1", 2, 2), told("i-2", 2, 3))
		if again := recorded(t, s, told("i-1", 1, 1), told("i-2", 2, 3)); len(again) != 0 {
			t.Errorf("told again: %v", again)
		}
		wantWhole(t, s, tenant, 3, 0)
		chains, err := s.AuditChains(t.Context())
		if err != nil || len(chains) != 1 || !chains[0].JournalAt.Equal(day.Add(3*time.Minute)) {
			t.Errorf("chains %+v, %v; want the journal audited up to 3 minutes", chains, err)
		}
	}},
	{"lines are read in pages", func(t *testing.T, s audit.Store) {
		for n := range 5 {
			recorded(t, s, act(tenant, fmt.Sprint(n), n))
		}
		for _, page := range []struct{ after, limit, first, count int }{{0, 2, 1, 2}, {2, 2, 3, 2}, {4, 2, 5, 1}, {5, 2, 0, 0}} {
			lines, err := s.AuditLines(t.Context(), tenant, uint64(page.after), page.limit)
			if err != nil || len(lines) != page.count || (page.count > 0 && lines[0].Sequence != uint64(page.first)) {
				t.Errorf("after %d: %v, %v", page.after, lines, err)
			}
		}
	}},
	{"lines are read in pages backwards, from the last one", func(t *testing.T, s audit.Store) {
		for n := range 5 {
			recorded(t, s, act(tenant, fmt.Sprint(n), n))
		}
		recorded(t, s, act(other, "of others", 9))
		for _, page := range []struct {
			before uint64
			limit  int
			want   []uint64
		}{{0, 2, []uint64{5, 4}}, {4, 2, []uint64{3, 2}}, {2, 2, []uint64{1}}, {1, 2, nil}, {9, 1, []uint64{5}}, {math.MaxUint64, 1, []uint64{5}}} {
			lines, err := s.AuditLinesBefore(t.Context(), tenant, page.before, page.limit)
			var read []uint64
			for _, l := range lines {
				read = append(read, l.Sequence)
			}
			if diff := cmp.Diff(page.want, read); err != nil || diff != "" {
				t.Errorf("before %d: %v, %s", page.before, err, diff)
			}
		}
	}},
	{"many who record at once get one chain", func(t *testing.T, s audit.Store) {
		var writers sync.WaitGroup
		for n := range 8 {
			writers.Go(func() {
				for m := range 5 {
					if _, err := s.AppendAudit(t.Context(), []audit.Event{act(tenant, fmt.Sprint(n), m), act(other, fmt.Sprint(n), m)}); err != nil {
						t.Errorf("AppendAudit: %v", err)
					}
				}
			})
		}
		writers.Wait()
		wantWhole(t, s, tenant, 40, 0)
		wantWhole(t, s, other, 40, 0)
	}},
	{"erasing a person leaves the chain whole, and others as they are", func(t *testing.T, s audit.Store) {
		recorded(t, s, act(tenant, "one", 1), act(tenant, "two", 2), act(tenant, "three", 3), act(other, "one", 1))
		if err := s.EraseAudit(t.Context(), tenant, []audit.Erasure{{Sequence: 1, Actor: true}, {Sequence: 2, Target: true}}); err != nil {
			t.Fatal(err)
		}
		lines := auditLines(t, s, tenant)
		if lines[0].Actor != nil || lines[0].Target == nil || lines[1].Actor == nil || lines[1].Target != nil || lines[2].Erased() {
			t.Errorf("lines: %+v", lines)
		}
		wantWhole(t, s, tenant, 3, 2)
		wantWhole(t, s, other, 1, 0)
		recorded(t, s, act(tenant, "four", 4))
		wantWhole(t, s, tenant, 4, 2)
	}},
	{"old lines are deleted from the beginning, and the rest is whole", func(t *testing.T, s audit.Store) {
		for n := range 6 {
			recorded(t, s, act(tenant, fmt.Sprint(n), n))
		}
		recorded(t, s, act(other, "old", 0))
		for _, step := range []struct{ limit, want int }{{2, 2}, {10, 3}, {10, 0}} { // four and one are old
			if n, err := s.DeleteAudit(t.Context(), day.Add(4*time.Minute), step.limit); n != step.want || err != nil {
				t.Fatalf("DeleteAudit(%d) = %d, %v; want %d", step.limit, n, err, step.want)
			}
			wantChains(t, s, tenant, other)
		}
		wantWhole(t, s, tenant, 2, 0)
		wantWhole(t, s, other, 0, 0)
		recorded(t, s, act(other, "new", 9))
		wantWhole(t, s, other, 1, 0)
		if lines := auditLines(t, s, other); lines[0].Sequence != 2 {
			t.Errorf("a chain without lines began anew: %+v", lines)
		}
	}},
	{"an old line behind a young one waits for it", func(t *testing.T, s audit.Store) {
		recorded(t, s, act(tenant, "old", 1), act(tenant, "young", 9), act(tenant, "late", 2))
		if n, err := s.DeleteAudit(t.Context(), day.Add(5*time.Minute), 10); n != 1 || err != nil {
			t.Fatalf("DeleteAudit = %d, %v; want 1", n, err)
		}
		wantWhole(t, s, tenant, 2, 0)
	}},
	{"whoever has given up before records nothing", func(t *testing.T, s audit.Store) {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.AppendAudit(gone, []audit.Event{act(tenant, "one", 1)}); !errors.Is(err, context.Canceled) {
			t.Errorf("AppendAudit: %v, want context.Canceled", err)
		}
		wantChains(t, s)
	}},
}

func recorded(t *testing.T, s audit.Store, events ...audit.Event) []audit.Line {
	t.Helper()
	lines, err := s.AppendAudit(t.Context(), events)
	if err != nil {
		t.Fatalf("AppendAudit: %v", err)
	}
	return lines
}

func auditLines(t *testing.T, s audit.Store, tenant string) []audit.Line {
	t.Helper()
	lines, err := s.AuditLines(t.Context(), tenant, 0, 1000)
	if err != nil {
		t.Fatalf("AuditLines: %v", err)
	}
	return lines
}

func wantChains(t *testing.T, s audit.Store, tenants ...string) {
	t.Helper()
	chains, err := s.AuditChains(t.Context())
	if err != nil {
		t.Fatalf("AuditChains: %v", err)
	}
	var got []string
	for _, c := range chains {
		got = append(got, c.Tenant)
	}
	if diff := cmp.Diff(tenants, got); diff != "" {
		t.Errorf("chains (-want +got):\n%s", diff)
	}
}

// wantWhole demands that a chain verifies against what the store knows of it.
func wantWhole(t *testing.T, s audit.Store, tenant string, lines, erased int) {
	t.Helper()
	chains, err := s.AuditChains(t.Context())
	if err != nil {
		t.Fatalf("AuditChains: %v", err)
	}
	for _, c := range chains {
		if c.Tenant != tenant {
			continue
		}
		check := audit.NewCheck(c)
		for _, l := range auditLines(t, s, tenant) {
			check.Line(l)
		}
		if r := check.Report(); len(r.Breaks) > 0 || r.Lines != lines || r.Erased != erased {
			t.Errorf("chain of %q: %+v; want %d whole lines, %d erased", tenant, r, lines, erased)
		}
		return
	}
	t.Errorf("no chain of %q", tenant)
}
