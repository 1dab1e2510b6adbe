package sqlite_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/store/sqlite"
	"teamsbridge/store/sqlite/disktest"
)

var (
	cuts = flag.Int("cuts", 75, "how many power cuts are tried of each kind of work; 0 means all")
	seed = flag.Uint64("seed", 1, "of what a power cut leaves")
)

// TestAPowerCutLosesNothingThatWasAnswered lets three writers work, remembers
// what they wrote to the disk and when, and opens the store as each power cut
// may have left it.
func TestAPowerCutLosesNothingThatWasAnswered(t *testing.T) {
	t.Run("while steps go to their tables", func(t *testing.T) { cutPower(t, sqlite.GatherFrom(1000)) })
	t.Run("while steps arrive and are sorted", func(t *testing.T) { cutPower(t, sqlite.GatherFrom(2)) })
	t.Run("while steps arrive and are swept a few at a time", func(t *testing.T) { cutPower(t, sqlite.GatherFrom(1), sqlite.SweepFrom(12)) })
}

func cutPower(t *testing.T, pace ...sqlite.Option) {
	t.Helper()
	disk := disktest.New(t)
	s := open(t, disk.Path("teamsbridge.db"), pace...)
	answered := work(t, s, disk)

	random := rand.New(rand.NewPCG(*seed, 0))
	seen := map[[sha256.Size]byte]bool{}
	tried := 0
	for cut := range disk.Cuts(random, *cuts) {
		sum := cut.Sum()
		if seen[sum] {
			continue
		}
		seen[sum] = true
		tried++
		if err := survives(t, cut, answered[:cut.Marked]); err != nil {
			t.Errorf("seed %d, power cut after operation %d with %s of what was not synced: %v", *seed, cut.Op, cut.Kept, err)
		}
	}
	t.Logf("seed %d: %d operations on the disk, %d steps answered, %d different power cuts tried", *seed, disk.Ops(), len(answered), tried)
	if tried < *cuts/4 {
		t.Errorf("only %d power cuts were tried", tried)
	}
}

// work appends steps of several interactions and lists them in the order in
// which they were answered; the disk is marked with each one's place.
func work(t *testing.T, s *sqlite.Store, disk *disktest.Disk) []consult.Record {
	t.Helper()
	var mu sync.Mutex
	var answered []consult.Record
	checkpoint := checkpointer(t, disk.Path("teamsbridge.db"))
	var writers sync.WaitGroup
	for w := range 3 {
		writers.Go(func() {
			for version := uint64(1); version <= 25; version++ {
				r := stepOf(consult.InteractionID(fmt.Sprintf("i-%d", w)), version)
				if err := s.Append(t.Context(), r); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				answered = append(answered, r)
				disk.Mark(int64(len(answered)))
				mu.Unlock()
				if w == 0 && version%8 == 0 {
					checkpoint() // the log is written back, and used again from its beginning
				}
				if w == 1 && version%8 == 0 {
					if _, err := s.DeleteEnded(t.Context(), day, 1); err != nil { // finds none, but sorts
						t.Error(err)
					}
				}
			}
		})
	}
	writers.Wait()
	return answered
}

func stepOf(id consult.InteractionID, version uint64) consult.Record {
	body := fmt.Appendf(nil, `{"id":%q,"version":%d,"filler":"%s"}`, id, version, bytes.Repeat([]byte("x"), 600))
	return consult.Record{Interaction: id, Tenant: "t", Version: version, Live: true, At: day, State: body, Input: body, Entry: body}
}

// checkpointer writes the log back into the database by another connection.
func checkpointer(t *testing.T, path string) func() {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return func() {
		if _, err := db.ExecContext(t.Context(), `PRAGMA wal_checkpoint(PASSIVE)`); err != nil {
			t.Error(err)
		}
	}
}

// survives opens what the cut left and looks for every step that was answered.
func survives(t *testing.T, cut disktest.Cut, answered []consult.Record) error {
	t.Helper()
	dir := t.TempDir()
	if err := cut.WriteTo(dir); err != nil {
		return err
	}
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, "teamsbridge.db"))
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	for _, r := range answered {
		inputs, err := s.Inputs(t.Context(), r.Tenant, r.Interaction)
		if err != nil && !errors.Is(err, consult.ErrNotFound) {
			return err
		}
		if uint64(len(inputs)) < r.Version || !bytes.Equal(inputs[r.Version-1], r.Input) {
			return fmt.Errorf("step %d of %s was answered and is lost: %d steps are there", r.Version, r.Interaction, len(inputs))
		}
	}
	live, err := s.Live(t.Context())
	if err != nil {
		return err
	}
	for _, one := range live {
		inputs, err := s.Inputs(t.Context(), one.Tenant, one.Interaction)
		if err != nil {
			return err
		}
		if uint64(len(inputs)) != one.Version || !bytes.Equal(one.State, inputs[one.Version-1]) {
			return fmt.Errorf("%s has version %d, but %d steps", one.Interaction, one.Version, len(inputs))
		}
	}
	return nil
}
