package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/store"
	"teamsbridge/store/postgres"
	"teamsbridge/store/postgres/pgtest"
)

var day = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

func step(id consult.InteractionID, version uint64) consult.Record {
	return consult.Record{Interaction: id, Tenant: "t", Version: version, Live: true, At: day,
		State: []byte(`{"phase":"active"}`), Input: fmt.Appendf(nil, `{"input":%d}`, version), Entry: []byte(`{}`)}
}

func TestTheServerIsAway(t *testing.T) {
	server := pgtest.Start(t)
	t.Run("a crash under load costs time and no step", func(t *testing.T) { crashUnderLoad(t, server) })
	t.Run("one that stays away is a failure in the end", func(t *testing.T) { staysAway(t, server) })
}

// What was answered is there, and what was under way is written once.
func crashUnderLoad(t *testing.T, server pgtest.Own) {
	s := openWith(t, server.Database(t), postgres.Options{})
	const writers, steps = 8, 40
	var all sync.WaitGroup
	half := make(chan struct{}, writers)
	for w := range writers {
		id := consult.InteractionID(fmt.Sprintf("i-%d", w))
		all.Go(func() {
			for version := uint64(1); version <= steps; version++ {
				r := step(id, version)
				r.Claim = &consult.Claim{Scope: string(id), Key: fmt.Sprint(version), At: day}
				if err := s.Append(t.Context(), r); err != nil {
					t.Errorf("Append(%s, %d): %v", id, version, err)
					return
				}
				if version == steps/2 {
					half <- struct{}{}
				}
			}
		})
	}
	<-half
	server.Crash(t)
	server.Restart(t)
	all.Wait()
	for w := range writers {
		id := consult.InteractionID(fmt.Sprintf("i-%d", w))
		inputs, err := s.Inputs(t.Context(), "t", id)
		if err != nil || len(inputs) != steps || string(inputs[steps-1]) != fmt.Sprintf(`{"input":%d}`, steps) {
			t.Errorf("%s has %d steps, %v; want %d", id, len(inputs), err, steps)
		}
	}
}

func staysAway(t *testing.T, server pgtest.Own) {
	s := openWith(t, server.Database(t), postgres.Options{Patience: 100 * time.Millisecond})
	server.Crash(t)
	if err := s.Append(t.Context(), step("i-1", 1)); err == nil || errors.Is(err, consult.ErrVersion) {
		t.Errorf("Append: %v, want the server's absence", err)
	}
}

func TestASchemaOfANewerVersionIsRefusedAndNotChanged(t *testing.T) {
	dsn := pgtest.Schema(t)
	if err := open(t, dsn).Append(t.Context(), step("i-1", 1)); err != nil {
		t.Fatal(err)
	}
	execute(t, dsn, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
	for _, existing := range []bool{false, true} {
		_, err := postgres.Open(t.Context(), dsn, postgres.Options{Existing: existing})
		if newer, ok := errors.AsType[*store.NewerSchemaError](err); !ok || newer.Has != 9999 {
			t.Errorf("Open(existing %t): %v, want *store.NewerSchemaError", existing, err)
		}
	}
}

func TestLookingAtADatabaseMakesNothing(t *testing.T) {
	dsn := pgtest.Schema(t)
	if _, err := postgres.Open(t.Context(), dsn, postgres.Options{Existing: true}); err == nil {
		t.Fatal("Open of an empty database: no error")
	}
	var tables int
	if err := connect(t, dsn).QueryRow(t.Context(), `SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()`).Scan(&tables); err != nil || tables > 0 {
		t.Errorf("%d tables, %v; want none", tables, err)
	}
	if err := open(t, dsn).Append(t.Context(), step("i-1", 1)); err != nil {
		t.Fatal(err)
	}
	beside, err := postgres.Open(t.Context(), dsn, postgres.Options{Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	if live, err := beside.Live(t.Context()); err != nil || len(live) != 1 {
		t.Errorf("Live beside the service = %v, %v", live, err)
	}
}

func TestServicesThatStartAtOnceMigrateOnce(t *testing.T) {
	dsn := pgtest.Schema(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s, err := postgres.Open(t.Context(), dsn, postgres.Options{Connections: 1})
			if err != nil {
				t.Errorf("Open: %v", err)
				return
			}
			if err := s.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
	all.Wait()
}

func TestWhatTheDatabaseMayForgetIsRefused(t *testing.T) {
	dsn := pgtest.Schema(t) + " synchronous_commit=off"
	if _, err := postgres.Open(t.Context(), dsn, postgres.Options{}); !errors.Is(err, postgres.ErrNotDurable) {
		t.Errorf("Open: %v, want ErrNotDurable", err)
	}
}

func TestErrorsKeepPasswordsToThemselves(t *testing.T) {
	for _, dsn := range []string{
		"host=/nowhere password=hush-hush user=me dbname=x", "postgres://me:hush-hush@127.0.0.1:1/x", "postgres://me:hush-hush@[:1/x",
	} {
		_, err := postgres.Open(t.Context(), dsn, postgres.Options{})
		if err == nil || strings.Contains(err.Error(), "hush-hush") {
			t.Errorf("Open: %v, want an error without the password", err)
		}
	}
}

func TestWhatIsNoTextCannotBeDiscarded(t *testing.T) {
	s := open(t, pgtest.Schema(t))
	for _, id := range []consult.InteractionID{"a\x00b", "\xff"} {
		if err := s.Discard(t.Context(), "t", id); !errors.Is(err, consult.ErrNotFound) {
			t.Errorf("Discard(%q): %v, want ErrNotFound", id, err)
		}
	}
}

// Every list is served from an index, however many interactions there are.
func TestListsAndRetentionNeedNoWholeScan(t *testing.T) {
	dsn := pgtest.Schema(t)
	open(t, dsn)
	conn := connect(t, dsn)
	if _, err := conn.Exec(t.Context(), `SET enable_seqscan = off`); err != nil {
		t.Fatal(err)
	}
	for name, query := range map[string]string{
		"live":   `SELECT id FROM interactions WHERE live ORDER BY n`,
		"owned":  `SELECT interaction FROM ended WHERE tenant = 't' AND agent = 'a' ORDER BY at DESC, n DESC LIMIT 10`,
		"oldest": `SELECT interaction FROM ended WHERE agent = '' AND at < 1 ORDER BY at, n LIMIT 10`,
		"keys":   `SELECT key FROM claims WHERE at < 1 ORDER BY at LIMIT 10`,
	} {
		rows, err := conn.Query(t.Context(), "EXPLAIN "+query)
		if err != nil {
			t.Fatal(err)
		}
		var plan []string
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, line)
		}
		if slices.ContainsFunc(plan, func(line string) bool { return strings.Contains(line, "Seq Scan") }) {
			t.Errorf("%s is read without its index:\n%s", name, strings.Join(plan, "\n"))
		}
	}
}
