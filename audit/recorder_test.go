package audit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"teamsbridge/audit"
	"teamsbridge/store/storetest"
)

var errFull = errors.New("disk full")

func act(action string) audit.Event {
	return audit.Event{Tenant: tenant, Kind: audit.Administration, Action: action, Outcome: audit.Done, Actor: audit.Actor{Agent: "anja"}}
}

func lines(t *testing.T, m *storetest.Memory) []string {
	t.Helper()
	all, err := m.AuditLines(context.WithoutCancel(t.Context()), tenant, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	actions := []string{}
	for _, l := range all {
		actions = append(actions, l.Action)
	}
	return actions
}

func TestWhatWasRecordedIsInTheStore(t *testing.T) {
	var m storetest.Memory
	r := audit.New(&m, audit.Options{})
	if err := r.Record(t.Context(), act("one"), act("two")); err != nil {
		t.Fatal(err)
	}
	if got := lines(t, &m); strings.Join(got, " ") != "one two" {
		t.Errorf("lines %q", got)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.Record(t.Context(), act("late")); !errors.Is(err, audit.ErrClosed) {
		t.Errorf("Record after Close: %v", err)
	}
	if r.Note(act("late")) {
		t.Error("Note after Close was taken")
	}
}

func TestARecordThatFailsIsTold(t *testing.T) {
	var m storetest.Memory
	m.Fail(func(string) error { return errFull })
	r := audit.New(&m, audit.Options{})
	if err := r.Record(t.Context(), act("one")); !errors.Is(err, errFull) {
		t.Errorf("Record: %v, want the store's error", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatWasNotedIsWrittenWhenTheStoreIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m storetest.Memory
		var broken atomic.Bool
		broken.Store(true)
		m.Fail(func(op string) error {
			if broken.Load() && op == "AppendAudit" {
				return errFull
			}
			return nil
		})
		registry := prometheus.NewRegistry()
		r := audit.New(&m, audit.Options{Registerer: registry})
		if !r.Note(act("one")) || !r.Note(act("two")) {
			t.Fatal("not taken")
		}
		synctest.Wait()
		if err := r.Record(t.Context(), act("three")); !errors.Is(err, errFull) {
			t.Errorf("who waits is told while the store fails: %v", err)
		}
		broken.Store(false)
		time.Sleep(2 * time.Second) // synctest's clock: no time passes
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if got := lines(t, &m); strings.Join(got, " ") != "one two" {
			t.Errorf("lines %q, want those noted, in order", got)
		}
		if err := testutil.GatherAndCompare(registry, strings.NewReader(`
# HELP teamsbridge_audit_lines_total Audit lines written, by event and outcome.
# TYPE teamsbridge_audit_lines_total counter
teamsbridge_audit_lines_total{event="administration",outcome="done"} 2
`), "teamsbridge_audit_lines_total"); err != nil {
			t.Error(err)
		}
	})
}

func TestNotesNeverWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m storetest.Memory
		m.Fail(func(string) error { return errFull })
		r := audit.New(&m, audit.Options{})
		refused := 0
		for range 10_000 {
			if !r.Note(act("flood")) {
				refused++
			}
		}
		if refused == 0 {
			t.Error("10,000 notes were taken by a store that fails")
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhoCannotWaitForAPlaceIsToldSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m storetest.Memory
		m.Fail(func(string) error { return errFull })
		r := audit.New(&m, audit.Options{})
		for r.Note(act("flood")) {
		}
		synctest.Wait() // the store has failed, and is left alone for a second
		for r.Note(act("flood")) {
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		if err := r.Record(gone, act("one more")); !errors.Is(err, context.Canceled) || errors.Is(err, audit.ErrClosed) {
			t.Errorf("%v; the recorder is open", err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTheStreamFollowsTheStore(t *testing.T) {
	for name, persons := range map[string]bool{"with persons": true, "without persons": false} {
		t.Run(name, func(t *testing.T) {
			var m storetest.Memory
			var out bytes.Buffer
			r := audit.New(&m, audit.Options{Config: audit.Config{Stream: audit.StreamStdout, Persons: persons}, Stdout: &out})
			if err := r.Record(t.Context(), act("one")); err != nil {
				t.Fatal(err)
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			var l audit.Line
			if err := json.Unmarshal(out.Bytes(), &l); err != nil {
				t.Fatalf("%s: %v", out.String(), err)
			}
			if got := l.Actor != nil; got != persons || l.ActorDigest == "" {
				t.Errorf("streamed %s", out.String())
			}
			check := audit.NewCheck(audit.Chain{Tenant: tenant})
			check.Line(l)
			if report := check.Report(); len(report.Breaks) != 0 {
				t.Errorf("streamed line: %v", report.Breaks)
			}
		})
	}
}

func TestAStreamedFileMayBeMovedAwayAtAnyMoment(t *testing.T) {
	name := filepath.Join(t.TempDir(), "audit.jsonl")
	var m storetest.Memory
	r := audit.New(&m, audit.Options{Config: audit.Config{Stream: audit.StreamFile, File: name}})
	for _, to := range []string{name + ".1", name + ".2"} {
		if err := r.Record(t.Context(), act(to)); err != nil {
			t.Fatal(err)
		}
		if err := r.Record(t.Context(), act(to)); err != nil { // the first one's stream is done by now
			t.Fatal(err)
		}
		if err := os.Rename(name, to); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name + ".2"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("moved file: %v, %v", info, err)
	}
}

func TestAStreamThatFailsFailsNobody(t *testing.T) {
	var m storetest.Memory
	r := audit.New(&m, audit.Options{Config: audit.Config{Stream: audit.StreamFile, File: filepath.Join(t.TempDir(), "none", "audit.jsonl")}})
	if err := r.Record(t.Context(), act("one")); err != nil {
		t.Errorf("Record: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}
