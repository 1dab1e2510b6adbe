package sqlite

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult"
)

// gathering opens a store in which every step only arrives, and no moment is so
// quiet that it is sorted by itself.
func gathering(t *testing.T, path string, more ...Option) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, append([]Option{func(o *options) { o.pace.gatherFrom, o.pace.quietAfter = 1, time.Hour }}, more...)...)
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

func stepTo(id consult.InteractionID, version uint64) consult.Record {
	r := first(id)
	r.Version = version
	r.State, r.Input, r.Entry = fmt.Appendf(nil, `{"s":%d}`, version), fmt.Appendf(nil, `{"i":%d}`, version), fmt.Appendf(nil, `{"e":%d}`, version)
	return r
}

func appendSteps(t *testing.T, s *Store, steps ...consult.Record) {
	t.Helper()
	for _, r := range steps {
		if err := s.Append(t.Context(), r); err != nil {
			t.Fatalf("Append %s %d: %v", r.Interaction, r.Version, err)
		}
	}
}

func count(t *testing.T, s *Store, table string) (rows int) {
	t.Helper()
	if err := s.readDB.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func wantInputs(t *testing.T, s *Store, id consult.InteractionID, want ...string) {
	t.Helper()
	inputs, err := s.Inputs(t.Context(), "t", id)
	if got := string(bytes.Join(inputs, []byte(" "))); err != nil || got != strings.Join(want, " ") {
		t.Errorf("Inputs = %s, %v; want %v", got, err, want)
	}
}

func TestStepsOfABusyMomentAreSortedTogether(t *testing.T) {
	s := openForWriter(t)
	var batch []*write
	for version := uint64(1); version <= 3; version++ {
		for w := range 4 {
			batch = append(batch, appending(stepTo(consult.InteractionID(fmt.Sprint("i-", w)), version)))
		}
	}
	together(s, batch...)
	if arrived, sorted := count(t, s, "arrived"), count(t, s, "journal"); arrived != 1 || sorted != 0 {
		t.Fatalf("%d commits arrived, %d rows in the journal; want one that is not sorted yet", arrived, sorted)
	}
	wantInputs(t, s, "i-2", `{"i":1}`, `{"i":2}`, `{"i":3}`)

	s.writer.tidyUp()
	if arrived, sorted := count(t, s, "arrived"), count(t, s, "journal"); arrived != 0 || sorted != 4 {
		t.Fatalf("%d commits arrived, %d rows in the journal; want a row for each interaction", arrived, sorted)
	}
	wantInputs(t, s, "i-2", `{"i":1}`, `{"i":2}`, `{"i":3}`)
	later := appending(stepTo("i-2", 4))
	together(s, later)
	if err := <-later.done; err != nil {
		t.Fatal(err)
	}
	wantInputs(t, s, "i-2", `{"i":1}`, `{"i":2}`, `{"i":3}`, `{"i":4}`)
}

func TestABusyMomentThatLastsIsSortedInBetween(t *testing.T) {
	s := openForWriter(t)
	const each = 100
	const whileDeleted = sweepFrom / portionRows // come while the rows of a sweep go
	for at := uint64(1); at <= 3*sweepFrom; at += each {
		var batch []*write
		for version := at; version < at+each; version++ {
			batch = append(batch, appending(stepTo("i-1", version)))
		}
		together(s, batch...)
		if n := len(s.writer.arrived.steps); n > sweepFrom+whileDeleted+2*each {
			t.Fatalf("%d steps wait to be sorted", n)
		}
	}
	if sorted := count(t, s, "journal"); sorted < 2 {
		t.Errorf("%d rows in the journal, want some", sorted)
	}
	if inputs, err := s.Inputs(t.Context(), "t", "i-1"); err != nil || len(inputs) != 3*sweepFrom {
		t.Errorf("%d inputs, %v", len(inputs), err)
	}
}

func TestStepsThatOnlyArrivedAreThereAfterReopening(t *testing.T) {
	path := MigratedFile(t)
	s := gathering(t, path)
	ended := stepTo("i-2", 2)
	ended.Live, ended.Owners = false, []string{"anja"}
	appendSteps(t, s, stepTo("i-1", 1), stepTo("i-2", 1), stepTo("i-1", 2), ended)

	after := gathering(t, killed(t, path))
	wantInputs(t, after, "i-1", `{"i":1}`, `{"i":2}`)
	wantLive(t, after, "i-1")
	if owned, err := after.Owned(t.Context(), "t", "anja", 5); err != nil || len(owned) != 1 || owned[0].Version != 2 {
		t.Errorf("Owned = %+v, %v", owned, err)
	}
	if err := after.Append(t.Context(), stepTo("i-1", 2)); err == nil {
		t.Error("a step was appended twice")
	}
	appendSteps(t, after, stepTo("i-1", 3))
}

func TestClosingSortsWhatArrived(t *testing.T) {
	path := MigratedFile(t)
	s := gathering(t, path)
	appendSteps(t, s, stepTo("i-1", 1), stepTo("i-1", 2))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = gathering(t, path)
	if arrived, sorted := count(t, s, "arrived"), count(t, s, "journal"); arrived != 0 || sorted == 0 {
		t.Errorf("%d commits not sorted, %d rows in the journal", arrived, sorted)
	}
}

func TestACommitThatCannotBeReadIsSetApart(t *testing.T) {
	path := MigratedFile(t)
	s := gathering(t, path)
	appendSteps(t, s, stepTo("i-1", 1))
	if err := s.writer.exec(t.Context(), `INSERT INTO arrived (n, steps) VALUES (4711, x'ffff')`); err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	after := gathering(t, path, WithLogger(slog.New(slog.NewTextHandler(&told, nil))))
	if !strings.Contains(told.String(), "steps damaged, set apart") {
		t.Errorf("nobody was told: %q", told.String())
	}
	appendSteps(t, after, stepTo("i-1", 2))
	wantInputs(t, after, "i-1", `{"i":1}`, `{"i":2}`)
	if err := after.writer.write(t.Context(), func(t *tx) (refused, err error) { return nil, t.sort() }); err != nil {
		t.Fatal(err)
	}
	if kept := count(t, after, "arrived WHERE damaged = 1"); kept != 1 {
		t.Errorf("%d damaged rows kept, want 1", kept)
	}
}

func TestAStepOfSeveralLinesIsRefused(t *testing.T) {
	s := openForWriter(t)
	r := stepTo("i-1", 1)
	r.Entry = []byte("{\n}")
	if err := s.Append(t.Context(), r); err == nil {
		t.Error("Append: no error")
	}
	wantLive(t, s)
}

func FuzzArrived(f *testing.F) {
	steps := []consult.Record{stepTo("i-1", 1), stepTo("i-2", 7)}
	steps[0].At, steps[1].At = time.UnixMilli(1), time.UnixMilli(2)
	encode := func(records []consult.Record) []byte {
		steps := make([]*step, len(records))
		for i, r := range records {
			steps[i] = &step{Record: r}
		}
		return new(blobs).arrival(steps)
	}
	blob := encode(steps)
	back, err := decodeArrived(blob)
	if diff := cmp.Diff(steps, back); err != nil || diff != "" {
		f.Fatalf("decoded: %v\n%s", err, diff)
	}
	f.Add(blob)
	f.Add(encode(slices.Repeat(steps, 50)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, blob []byte) {
		steps, err := decodeArrived(blob)
		if err != nil {
			return
		}
		if back, err := decodeArrived(encode(steps)); err != nil || !cmp.Equal(steps, back) {
			t.Errorf("%v became %v, %v", steps, back, err)
		}
	})
}
