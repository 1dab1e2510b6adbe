package postgres

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"teamsbridge/consult"
	"teamsbridge/store/postgres/pgtest"
)

func openForGroups(t *testing.T, dsn string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dsn+" statement_timeout=60000", Options{Patience: time.Minute}) // a test's machine may stand still
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

func numbered(id consult.InteractionID, version uint64) consult.Record {
	return consult.Record{Interaction: id, Tenant: "t", Version: version, Live: true, At: time.UnixMilli(int64(version)),
		Input: fmt.Appendf(nil, "%d", version)}
}

// together is Append of steps that came together.
func together(t *testing.T, s *Store, steps ...consult.Record) []error {
	t.Helper()
	return settle(t, s, outcome{len(steps), s.together(t.Context(), steps)}, steps...)
}

// settle is the rest of Append, after what became of the steps' group.
func settle(t *testing.T, s *Store, group outcome, steps ...consult.Record) []error {
	t.Helper()
	errs := make([]error, len(steps))
	var all sync.WaitGroup
	for i, r := range steps {
		all.Go(func() { errs[i] = s.settle(t.Context(), r, group) })
	}
	all.Wait()
	return errs
}

func wantErrors(t *testing.T, got []error, want ...error) {
	t.Helper()
	for i := range want {
		if !errors.Is(got[i], want[i]) {
			t.Errorf("step %d: %v, want %v", i, got[i], want[i])
		}
	}
}

func wantVersions(t *testing.T, s *Store, want map[consult.InteractionID]uint64) {
	t.Helper()
	live, err := s.Live(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[consult.InteractionID]uint64, len(live))
	for _, one := range live {
		got[one.Interaction] = one.Version
		if inputs, err := s.Inputs(t.Context(), "t", one.Interaction); err != nil || uint64(len(inputs)) != one.Version {
			t.Errorf("%s has %d lines in its journal, %v; want %d", one.Interaction, len(inputs), err, one.Version)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("versions %v, want %v", got, want)
	}
}

func TestStepsThatComeTogether(t *testing.T) {
	keyed := func(id consult.InteractionID, version uint64) consult.Record {
		r := numbered(id, version)
		r.Claim = &consult.Claim{Scope: "anja", Key: "k", At: time.UnixMilli(1)}
		return r
	}
	for _, c := range []struct {
		name  string
		steps []consult.Record
		want  []error
		left  map[consult.InteractionID]uint64
	}{
		{"are all written",
			[]consult.Record{numbered("i-1", 2), numbered("i-2", 2), keyed("i-3", 1)},
			[]error{nil, nil, nil}, map[consult.InteractionID]uint64{"i-1": 2, "i-2": 2, "i-3": 1}},
		{"with one that is too late, which alone is refused",
			[]consult.Record{numbered("i-1", 2), numbered("i-2", 1), numbered("i-3", 1)},
			[]error{nil, consult.ErrVersion, nil}, map[consult.InteractionID]uint64{"i-1": 2, "i-2": 1, "i-3": 1}},
		{"with one that is too late, whose key stays free",
			[]consult.Record{keyed("i-1", 3), numbered("i-2", 2), numbered("i-3", 1)},
			[]error{consult.ErrVersion, nil, nil}, map[consult.InteractionID]uint64{"i-1": 1, "i-2": 2, "i-3": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openForGroups(t, pgtest.Schema(t))
			wantErrors(t, together(t, s, numbered("i-1", 1), numbered("i-2", 1)), nil, nil)
			wantErrors(t, together(t, s, c.steps...), c.want...)
			wantVersions(t, s, c.left)
			_, taken, err := s.Claimed(t.Context(), "anja", "k", time.UnixMilli(0))
			if want := c.steps[2].Claim != nil; taken != want || err != nil {
				t.Errorf("Claimed = %t, %v; want %t", taken, err, want)
			}
		})
	}
}

func TestRivalsInOneGroup(t *testing.T) {
	for _, c := range []struct {
		name  string
		rival func(n int) consult.Record
		want  error
	}{
		{"for a version", func(n int) consult.Record { r := numbered("i-1", 1); r.Entry = fmt.Append(nil, n); return r }, consult.ErrVersion},
		{"for a key", func(n int) consult.Record {
			r := numbered(consult.InteractionID(fmt.Sprint("i-", n)), 1)
			r.Claim = &consult.Claim{Scope: "anja", Key: "k", At: time.UnixMilli(1)}
			return r
		}, consult.ErrKeyTaken},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openForGroups(t, pgtest.Schema(t))
			won := 0
			for n, err := range together(t, s, c.rival(0), c.rival(1), c.rival(2)) {
				switch {
				case err == nil:
					won++
				case !errors.Is(err, c.want):
					t.Errorf("rival %d: %v, want %v", n, err, c.want)
				}
			}
			if won != 1 {
				t.Errorf("%d won, want 1", won)
			}
		})
	}
}

func TestAStepThatNoDatabaseCanHoldFailsNobodyElse(t *testing.T) {
	s := openForGroups(t, pgtest.Schema(t))
	errs := together(t, s, numbered("i-1", 1), numbered("a\xffb", 1), numbered("i-2", 1))
	wantErrors(t, []error{errs[0], errs[2]}, nil, nil)
	if errs[1] == nil || errors.Is(errs[1], consult.ErrVersion) {
		t.Errorf("step 1: %v, want the database's own refusal", errs[1])
	}
	wantVersions(t, s, map[consult.InteractionID]uint64{"i-1": 1, "i-2": 1})
}

func TestAGroupWhoseAnswerGotLostIsWrittenOnce(t *testing.T) {
	steps := []consult.Record{numbered("i-1", 1), numbered("i-2", 1)}
	lost := outcome{len(steps), io.ErrUnexpectedEOF}
	for name, written := range map[string]bool{"the server has written it": true, "the server has not written it": false} {
		t.Run(name, func(t *testing.T) {
			s := openForGroups(t, pgtest.Schema(t))
			if written {
				wantErrors(t, together(t, s, steps...), nil, nil)
			}
			wantErrors(t, settle(t, s, lost, steps...), nil, nil)
			rival := numbered("i-2", 1)
			rival.Entry = []byte("rival")
			wantErrors(t, settle(t, s, lost, rival), consult.ErrVersion)
			wantVersions(t, s, map[consult.InteractionID]uint64{"i-1": 1, "i-2": 1})
		})
	}
}

func TestEachOfManyEndedTogetherIsListedForItsOwnOwners(t *testing.T) {
	s := openForGroups(t, pgtest.Schema(t))
	ended := func(id consult.InteractionID, owners ...string) consult.Record {
		r := numbered(id, 1)
		r.Live, r.Owners = false, owners
		return r
	}
	wantErrors(t, together(t, s, ended("i-1", "anja", "ben"), ended("i-2"), numbered("i-3", 1), ended("i-4", "ben", "ben", "")), nil, nil, nil, nil)
	for agent, want := range map[string][]consult.InteractionID{
		"anja": {"i-1"}, "ben": {"i-1", "i-4"}, "": {"i-1", "i-2", "i-4"},
	} {
		listed, err := s.Owned(t.Context(), "t", agent, 0)
		var got []consult.InteractionID
		for _, one := range listed {
			got = append(got, one.Interaction)
		}
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("Owned(%q) = %v, %v; want %v", agent, got, err, want)
		}
	}
}

// A row that somebody else holds, in a dump or by hand, holds up its own step
// and for a moment those that came with it.
func TestARowThatSomebodyHoldsHoldsUpItsOwnStepOnly(t *testing.T) {
	dsn := pgtest.Schema(t)
	s := openForGroups(t, dsn)
	wantErrors(t, together(t, s, numbered("i-1", 1), numbered("i-2", 1)), nil, nil)
	holder, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close(t.Context())
	if _, err := holder.Exec(t.Context(), `BEGIN; SELECT FROM interactions WHERE id = 'i-1' FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	held, free := numbered("i-1", 2), numbered("i-2", 2)
	group := outcome{2, s.together(t.Context(), []consult.Record{held, free})}
	waits := make(chan error, 1)
	go func() { waits <- s.settle(t.Context(), held, group) }()
	wantErrors(t, []error{s.settle(t.Context(), free, group)}, nil)
	select {
	case err := <-waits:
		t.Errorf("the held step did not wait: %v", err)
	default:
	}
	if _, err := holder.Exec(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	wantErrors(t, []error{<-waits}, nil)
}
