package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"teamsbridge/consult"
)

// slow sweeps from the tenth step on, an interaction with each commit.
func slow(o *options) { o.pace.sweepFrom, o.pace.portion = 10, 1 }

// wantHistory checks that every step is read once and in order, wherever it lies.
func wantHistory(t *testing.T, s *Store, id consult.InteractionID, upTo uint64) {
	t.Helper()
	var want []string
	for version := range upTo {
		want = append(want, fmt.Sprintf(`{"i":%d}`, version+1))
	}
	wantInputs(t, s, id, want...)
	one, err := s.Interaction(t.Context(), "t", id)
	if err != nil || one.Version != upTo {
		t.Errorf("Interaction %s has version %d, %v; want %d", id, one.Version, err, upTo)
	}
}

// interrupted appends two steps of each of five interactions, the second one of
// which ends them, and then one of another, with which a sweep begins.
func interrupted(t *testing.T, path string) *Store {
	t.Helper()
	s := gathering(t, path, slow)
	for version := uint64(1); version <= 2; version++ {
		for n := range 5 {
			r := stepTo(consult.InteractionID(fmt.Sprint("i-", n)), version)
			r.Live, r.Owners = version == 1, []string{"anja"}
			appendSteps(t, s, r)
		}
	}
	appendSteps(t, s, stepTo("i-5", 1))
	if s.writer.sweep.upTo == 0 || len(s.writer.sweep.names) == 0 {
		t.Fatalf("the sweep is at %+v, want one that has begun and is not over", s.writer.sweep)
	}
	return s
}

func wantAll(t *testing.T, s *Store) {
	t.Helper()
	for n := range 5 {
		wantHistory(t, s, consult.InteractionID(fmt.Sprint("i-", n)), 2)
	}
	wantHistory(t, s, "i-5", 1)
	wantLive(t, s, "i-5")
	for _, agent := range []string{"anja", ""} {
		if owned, err := s.Owned(t.Context(), "t", agent, 0); err != nil || len(owned) != 5 {
			t.Errorf("agent %q owned %d ended interactions, %v; want each of 5 once", agent, len(owned), err)
		}
	}
}

func TestASweepIsNotSeenByReaders(t *testing.T) {
	s := interrupted(t, MigratedFile(t))
	wantAll(t, s)
	s.writer.stop()
	for s.writer.last > 0 {
		together(s, &write{do: func(*tx) (refused, err error) { return nil, nil }, done: make(chan error, 1)})
		wantAll(t, s)
		if s.writer.sweep.upTo == 0 {
			s.writer.tidyUp()
		}
	}
	if arrived := count(t, s, "arrived"); arrived != 0 {
		t.Errorf("%d commits are still in the table", arrived)
	}
	wantAll(t, s)
}

// killed copies what a kill would leave of an open store now.
func killed(t *testing.T, path string) string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "teamsbridge.db")
	for _, suffix := range []string{"", "-wal"} {
		left, err := os.ReadFile(path + suffix)
		if err == nil {
			err = os.WriteFile(copied+suffix, left, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return copied
}

func TestASweepThatAKillInterruptedLosesAndRepeatsNothing(t *testing.T) {
	path := MigratedFile(t)
	interrupted(t, path)
	after := gathering(t, killed(t, path))
	wantAll(t, after)
	appendSteps(t, after, stepTo("i-5", 2), stepTo("i-5", 3))
	wantHistory(t, after, "i-5", 3)
	if err := after.SortNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantHistory(t, after, "i-5", 3)
	if rows := count(t, after, "journal"); rows != 6 {
		t.Errorf("%d rows in the journal, want one for each interaction", rows)
	}
}

func TestWhatNeedsAllStepsSortsOnlyTheLastOfThemAtOnce(t *testing.T) {
	s := gathering(t, MigratedFile(t), func(o *options) {
		o.pace.sweepFrom, o.pace.portion = 1000, 2
	})
	const calls = 60
	for n := range calls {
		appendSteps(t, s, stepTo(consult.InteractionID(fmt.Sprint("i-", n)), 1))
	}
	if err := s.writer.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := len(s.writer.recent.Load().steps); left != 0 {
		t.Errorf("%d steps are left to be sorted at once", left)
	}
	for n := range calls {
		wantHistory(t, s, consult.InteractionID(fmt.Sprint("i-", n)), 1)
	}
	if deleted, err := s.DeleteEnded(t.Context(), time.Now(), calls); err != nil || deleted != 0 {
		t.Errorf("DeleteEnded = %d, %v; want none of the live ones", deleted, err)
	}
}

func TestARowThatWasSetApartKeepsItsPlace(t *testing.T) {
	path := MigratedFile(t)
	s := gathering(t, path)
	if err := s.writer.exec(t.Context(), `INSERT INTO arrived (n, steps, damaged) VALUES (2, x'ffff', 1)`); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = gathering(t, path)
	appendSteps(t, s, stepTo("i-1", 1), stepTo("i-1", 2), stepTo("i-1", 3))
	wantHistory(t, s, "i-1", 3)
}

func TestTwoMomentsOfWhatArrivedAreJoined(t *testing.T) {
	all := make([]*step, 10)
	for i := range all {
		all[i] = &step{row: int64(i)}
	}
	moment := func(from, to uint64) arrivals { return arrivals{from, all[from:to]} }
	for _, c := range []struct {
		name          string
		before, later arrivals
		want          []*step
		gap           bool
	}{
		{"nothing came", moment(2, 5), moment(2, 5), all[2:5], false},
		{"some came", moment(2, 5), moment(2, 7), all[2:7], false},
		{"some were swept away, which the first still has", moment(2, 5), moment(4, 7), all[2:7], false},
		{"all were swept away, and others came", moment(2, 5), moment(5, 7), all[2:7], false},
		{"all were swept away", moment(2, 5), moment(5, 5), all[2:5], false},
		{"some came and were swept away, so nobody has them", moment(2, 5), moment(6, 7), nil, true},
		{"there were none", moment(5, 5), moment(5, 7), all[5:7], false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := c.before.and(c.later)
			if !slices.Equal(got, c.want) || ok == c.gap {
				t.Errorf("%d steps, %t; want %d, %t", len(got), ok, len(c.want), !c.gap)
			}
		})
	}
}

func TestOnlyTheRowsOfItsMomentAreRead(t *testing.T) {
	rows := func(all ...int64) (steps []*step) {
		for _, row := range all {
			steps = append(steps, &step{row: row})
		}
		return steps
	}
	for _, c := range []struct {
		name        string
		steps, want []*step
	}{
		{"there are none", nil, nil},
		{"all are of it", rows(3, 3, 5), rows(3, 3, 5)},
		{"some were sorted before, and may have been deleted since", rows(1, 2, 2, 3, 5), rows(3, 5)},
		{"some came later", rows(3, 5, 6, 6), rows(3, 5)},
		{"none is of it", rows(1, 2, 6), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			same := func(a, b *step) bool { return a.row == b.row }
			if got := inRows(c.steps, 3, 5); !slices.EqualFunc(got, c.want, same) {
				t.Errorf("%d steps, want %d", len(got), len(c.want))
			}
		})
	}
}

// TestReadersSeeEveryAnsweredStepWhileOthersAreSwept reads without a break what
// is written, sorted and deleted at the same time.
func TestReadersSeeEveryAnsweredStepWhileOthersAreSwept(t *testing.T) {
	s, err := Open(t.Context(), MigratedFile(t), func(o *options) {
		o.pace.gatherFrom, o.pace.sweepFrom, o.pace.portion = 1, 8, 2
	})
	if err != nil {
		t.Fatal(err)
	}
	const calls, steps = 4, 60
	var working sync.WaitGroup
	for n := range calls {
		id := consult.InteractionID(fmt.Sprint("i-", n))
		var answered atomic.Int64
		working.Go(func() {
			for version := uint64(1); version <= steps; version++ {
				if err := s.Append(t.Context(), stepTo(id, version)); err != nil {
					t.Errorf("Append %s %d: %v", id, version, err)
				}
				answered.Add(1)
			}
		})
		working.Go(func() {
			for seen := int64(0); seen < steps && !t.Failed(); {
				least := max(seen, answered.Load())
				inputs, err := s.Inputs(t.Context(), "t", id)
				if least > 0 && err != nil {
					t.Errorf("Inputs of %s after %d answered steps: %v", id, least, err)
				}
				for i, input := range inputs {
					if want := fmt.Sprintf(`{"i":%d}`, i+1); string(input) != want {
						t.Errorf("input %d of %s is %s", i+1, id, input)
					}
				}
				if seen = int64(len(inputs)); seen < least {
					t.Errorf("%d steps of %s are read, %d were before", seen, id, least)
				}
			}
		})
	}
	working.Wait()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
