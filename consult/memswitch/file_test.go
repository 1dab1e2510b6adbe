package memswitch_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

// restart copies the legs file as a killed process leaves it, and opens the copy.
func restart(t *testing.T, file string, o memswitch.Options) *world {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o.File = file + ".restarted"
	if err := os.WriteFile(o.File, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return newWorld(t, o)
}

func TestCallsOutliveTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "legs")
		w := newWorld(t, memswitch.Options{Manual: true, File: file})
		id := w.call()
		w.arrange(id, held)
		w.dial(id, "expert")

		w = restart(t, file, memswitch.Options{Manual: true})
		w.wantLegs("customer up", "agent up", "expert ringing")
		calls, err := w.Calls(t.Context())
		if err != nil || len(calls) != 1 || calls[0].Interaction != id || calls[0].Arranged != held.Seq {
			t.Fatalf("Calls = %+v, %v; want the call with its picture", calls, err)
		}
		if lines := w.Lines(); !lines[0].Music || lines[0].Number != "+4915112345" {
			t.Errorf("customer's line %+v, want music and their number", lines[0])
		}
		w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
		w.wantHeard(consult.EventAnswered)
	})
}

func TestAPartyGoesOnRingingAfterARestartAndAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "legs")
		w := newWorld(t, memswitch.Options{Manual: true, File: file})
		w.dial(w.call(), "expert")

		w = restart(t, file, memswitch.Options{AnswerAfter: 2 * time.Second})
		w.wantHeard()
		time.Sleep(2 * time.Second)
		w.wantHeard(consult.EventAnswered)
	})
}

func TestACallThatEndedIsNotReadBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "legs")
		w := newWorld(t, memswitch.Options{Manual: true, File: file})
		id := w.call()
		w.act(id, consult.PartyCustomer, memswitch.ActHangup)
		w.act(id, consult.PartyAgent, memswitch.ActHangup)
		restart(t, file, memswitch.Options{Manual: true}).wantLegs()
	})
}

func TestALineThatWasCutByACrashDidNotHappen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "legs")
		w := newWorld(t, memswitch.Options{Manual: true, File: file})
		w.dial(w.call(), "expert")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		last := bytes.LastIndexByte(bytes.TrimSpace(data), '\n') + 1
		for cut := last; cut < len(data); cut += 7 {
			if err := os.WriteFile(file+".cut", data[:cut], 0o600); err != nil {
				t.Fatal(err)
			}
			// Only the ringing was told with the last line; the dial before stands.
			restart(t, file+".cut", memswitch.Options{Manual: true}).wantLegs("customer up", "agent up", "expert ringing")
		}
	})
}

func TestADamagedFileIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "legs")
	if err := os.WriteFile(file, []byte("no legs\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := memswitch.New(memswitch.Options{File: file}); err == nil {
		t.Fatal("New: no error")
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "no legs\n" {
		t.Errorf("the damaged file now holds %q, %v", data, err)
	}
}

func TestTheFileDoesNotGrowForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "legs")
		w := newWorld(t, memswitch.Options{Manual: true, File: file})
		id := w.call()
		for seq := uint64(1); seq <= 25_000; seq++ {
			w.arrange(id, consult.Arrangement{Seq: seq, Talk: []consult.LegID{"customer", "agent"}})
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if lines := bytes.Count(data, []byte("\n")); lines > 11_000 {
			t.Errorf("%d lines for one call", lines)
		}
		calls, err := restart(t, file, memswitch.Options{Manual: true}).Calls(t.Context())
		if err != nil || len(calls) != 1 || calls[0].Arranged != 25_000 {
			t.Errorf("Calls = %+v, %v; want the last picture", calls, err)
		}
	})
}
