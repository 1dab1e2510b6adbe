package sqlite

import (
	"context"
	"errors"
	"slices"
	"testing"

	"teamsbridge/consult"
)

func openForWriter(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), MigratedFile(t))
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

func first(id consult.InteractionID) consult.Record {
	return consult.Record{Interaction: id, Tenant: "t", Version: 1, Live: true, State: []byte("{}"), Input: []byte("{}"), Entry: []byte("{}")}
}

// together commits writes in one batch, in the place of the writer's goroutine.
func together(s *Store, batch ...*write) {
	s.writer.stop()
	s.writer.commit(func() []*write { return batch })
}

func appending(r consult.Record) *write {
	return &write{do: func(t *tx) (refused, err error) { return t.append(&step{Record: r}) }, done: make(chan error, 1)}
}

func wantLive(t *testing.T, s *Store, want ...consult.InteractionID) {
	t.Helper()
	live, err := s.Live(t.Context())
	if err != nil || len(live) != len(want) {
		t.Fatalf("Live = %v, %v; want %v", live, err, want)
	}
	for i := range want {
		if live[i].Interaction != want[i] {
			t.Fatalf("Live = %v, want %v", live, want)
		}
	}
}

func TestOneRefusedWriteRefusesNobodyElseInItsCommit(t *testing.T) {
	s := openForWriter(t)
	stale := first("i-1")
	batch := []*write{appending(first("i-1")), appending(stale), appending(first("i-2"))}
	together(s, batch...)
	for i, want := range []error{nil, consult.ErrVersion, nil} {
		if err := <-batch[i].done; !errors.Is(err, want) {
			t.Errorf("write %d: %v, want %v", i, err, want)
		}
	}
	wantLive(t, s, "i-1", "i-2")
}

func TestOneFailedWriteFailsNobodyElseInItsCommit(t *testing.T) {
	s := openForWriter(t)
	broken := errors.New("broken")
	half := &write{done: make(chan error, 1), do: func(t *tx) (refused, err error) {
		if _, err := t.append(&step{Record: first("half-done")}); err != nil {
			return nil, err
		}
		return nil, broken
	}}
	batch := []*write{appending(first("i-1")), half, appending(first("i-2"))}
	one, two := batch[0], batch[2]
	together(s, batch...)
	if err := <-half.done; !errors.Is(err, broken) {
		t.Errorf("broken write: %v, want its failure", err)
	}
	for _, op := range []*write{one, two} {
		if err := <-op.done; err != nil {
			t.Errorf("other write: %v", err)
		}
	}
	wantLive(t, s, "i-1", "i-2")
}

func TestAFailedCommitFailsEverybodyAndWritesNothing(t *testing.T) {
	s := openForWriter(t)
	// A foreign key that is checked at the end makes the commit itself fail.
	orphan := &write{done: make(chan error, 1), do: func(t *tx) (refused, err error) {
		_, err = t.conn.ExecContext(t.ctx, `PRAGMA defer_foreign_keys = ON`)
		if err == nil {
			_, err = t.conn.ExecContext(t.ctx, `INSERT INTO journal (interaction, version, at, input, entry) VALUES (4711, 1, 0, x'', x'')`)
		}
		return nil, err
	}}
	batch := []*write{appending(first("i-1")), orphan}
	together(s, batch...)
	for i, op := range batch {
		if err := <-op.done; err == nil {
			t.Errorf("write %d was answered with success", i)
		}
	}
	wantLive(t, s)
	again := appending(first("i-1"))
	together(s, again)
	if err := <-again.done; err != nil {
		t.Fatalf("Append after the failure: %v", err)
	}
}

func TestAWriteThatWasHandedOverIsFinishedWithoutItsCaller(t *testing.T) {
	s := openForWriter(t)
	ctx, giveUp := context.WithCancel(t.Context())
	err := s.writer.write(ctx, func(t *tx) (refused, err error) {
		giveUp()
		return t.append(&step{Record: first("i-1")})
	})
	if err != nil {
		t.Fatalf("write: %v", err)
	}
	wantLive(t, s, "i-1")
}

func TestAWriteThatWaitsForTheWriterCanBeGivenUp(t *testing.T) {
	s := openForWriter(t)
	working, release := make(chan struct{}), make(chan struct{})
	finished := make(chan error, 1)
	go func() {
		finished <- s.writer.write(t.Context(), func(*tx) (refused, err error) {
			close(working)
			<-release
			return nil, nil
		})
	}()
	<-working
	ctx, giveUp := context.WithCancel(t.Context())
	giveUp()
	if err := s.Append(ctx, first("i-1")); !errors.Is(err, context.Canceled) {
		t.Errorf("Append: %v, want context.Canceled", err)
	}
	close(release)
	if err := <-finished; err != nil {
		t.Errorf("first write: %v", err)
	}
	wantLive(t, s)
}

func TestAWriteThatWaitsInLineIsGivenUpOnlyBeforeItIsBegun(t *testing.T) {
	s := openForWriter(t)
	s.writer.stop()
	s.writer.line = newLine() // nobody takes from it by themselves
	ctx, giveUp := context.WithCancel(t.Context())
	gone := make(chan error, 2)
	hand := func(id consult.InteractionID) *write {
		op := appending(first(id))
		go func() { gone <- s.writer.hand(ctx, op) }()
		<-s.writer.line.waiting
		return op
	}
	hand("i-1")
	giveUp()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("a write nobody had begun: %v, want context.Canceled", err)
	}
	if taken := s.writer.line.take(nil, maxBatch); len(taken) != 0 {
		t.Errorf("%d writes are still in line", len(taken))
	}

	ctx, giveUp = context.WithCancel(t.Context())
	hand("i-2")
	batch := s.writer.line.take(nil, maxBatch)
	giveUp()
	s.writer.commit(func() []*write { return batch })
	if err := <-gone; err != nil {
		t.Errorf("a write that was begun: %v", err)
	}
	wantLive(t, s, "i-2")
}

func TestWritesAreTakenInOrderAndNoMoreThanFitACommit(t *testing.T) {
	l := newLine()
	var all []*write
	for range 5 {
		all = append(all, &write{})
		if !l.join(all[len(all)-1]) {
			t.Fatal("the line is closed")
		}
	}
	<-l.waiting
	got := l.take(nil, 3)
	<-l.waiting // told again of those who still wait
	got = l.take(got, 3)
	if !slices.Equal(got, all) {
		t.Error("the writes came out of order")
	}
	l.close()
	if l.join(&write{}) {
		t.Error("a closed line was joined")
	}
}

func TestTheWriterSyncsEveryCommit(t *testing.T) {
	s := openForWriter(t)
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1"} {
		var got string
		if err := s.writer.conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("PRAGMA %s = %q, %v; want %q", pragma, got, err, want)
		}
	}
	if _, err := s.readDB.ExecContext(t.Context(), `DELETE FROM interactions`); err == nil {
		t.Error("a reader can write")
	}
}
