package sqlite

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"teamsbridge/consult"
)

// longStep does not shrink much.
func longStep(n int) consult.Record {
	r := first(consult.InteractionID(fmt.Sprint("i-", n)))
	var filler strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&filler, "%x", n*30_000+i)
	}
	r.State = []byte(filler.String())
	return r
}

func logSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestALongLogIsWrittenBackBesideTheWriterAndUsedAgain(t *testing.T) {
	path := MigratedFile(t)
	s := gathering(t, path)
	s.writer.stop() // the test does the writer's part
	w, written := s.writer, 0
	write := func() {
		together(s, appending(longStep(written)))
		written++
		w.checkpointWhenDue()
	}
	for !w.checkpointing {
		if written > checkpointPages {
			t.Fatal("nobody writes the log back")
		}
		write()
	}
	if pages := logSize(t, path) / 4096; pages < checkpointPages || pages > checkpointPages+200 {
		t.Errorf("the log was written back at %d pages, want soon after %d", pages, checkpointPages)
	}
	write() // meanwhile
	<-w.checkpoints.rest
	w.checkpointRest()
	long := logSize(t, path)
	for range 20 {
		write()
	}
	if w.checkpointing {
		t.Error("it is to be written back again already")
	}
	if size := logSize(t, path); size != long {
		t.Errorf("the log grew from %d to %d bytes, want it used from its beginning", long, size)
	}
	wantAllLive(t, s, written)
}

func wantAllLive(t *testing.T, s *Store, want int) {
	t.Helper()
	if live, err := s.Live(t.Context()); err != nil || len(live) != want {
		t.Errorf("%d are live, %v; want %d", len(live), err, want)
	}
}

func TestWithoutRoomTheLogIsNotWrittenBackBesideTheWriter(t *testing.T) {
	s := gathering(t, MigratedFile(t))
	w := s.writer
	w.stop()
	for n := 0; ; n++ {
		together(s, appending(longStep(n)))
		if pages, err := w.logged(false); err != nil || pages >= checkpointPages {
			break
		}
	}
	s.disk.full.Store(true) // then SQLite does it, early and by itself
	w.checkpointWhenDue()
	if w.checkpointing {
		t.Error("it is written back")
	}
	s.disk.full.Store(false)
	w.checkpointWhenDue()
	if !w.checkpointing {
		t.Error("with room again, it is not written back")
	}
}
