package sqlite_test

import (
	"bytes"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/sso"
	"teamsbridge/store"
	"teamsbridge/store/sqlite"
)

var day = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

func step(version uint64) consult.Record {
	return consult.Record{Interaction: "i-1", Tenant: "t", Version: version, Live: true, At: day,
		State: []byte(`{"phase":"active"}`), Input: []byte(`{}`), Entry: []byte(`{}`)}
}

func TestWhatWasWrittenIsThereAfterReopening(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	claimed := step(2)
	claimed.Claim = &consult.Claim{Scope: "anja", Key: "k", BodyHash: "h", At: day}
	for _, r := range []consult.Record{step(1), claimed} {
		if err := s.Append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(
		s.PutSession(t.Context(), sso.Session{Key: "s", ExpiresAt: day}),
		s.PutOrganization(t.Context(), sso.Organization{Tenant: "t", Enabled: true}),
		s.PutAgentState(t.Context(), "t", "anja", consult.AgentStatus{Name: consult.StateIdle, Since: day}),
		s.Close(),
	); err != nil {
		t.Fatal(err)
	}

	s = open(t, path)
	live, err := s.Live(t.Context())
	if err != nil || len(live) != 1 || live[0].Version != 2 || string(live[0].State) != `{"phase":"active"}` {
		t.Errorf("Live = %+v, %v", live, err)
	}
	if entries, err := s.History(t.Context(), "t", "i-1"); err != nil || len(entries) != 2 {
		t.Errorf("History = %d entries, %v", len(entries), err)
	}
	if o, ok, err := s.Claimed(t.Context(), "anja", "k", day); !ok || err != nil || o.Version != 2 {
		t.Errorf("Claimed = %+v, %t, %v", o, ok, err)
	}
	if _, err := s.Session(t.Context(), "s"); err != nil {
		t.Errorf("Session: %v", err)
	}
	if org, ok, err := s.Organization(t.Context(), "t"); !ok || !org.Enabled || err != nil {
		t.Errorf("Organization = %+v, %t, %v", org, ok, err)
	}
	if states, err := s.AgentStates(t.Context()); err != nil || len(states) != 1 {
		t.Errorf("AgentStates = %+v, %v", states, err)
	}
}

// A process that is killed never closes its file: what was answered must be in
// the database and its log as they lie there.
func TestWhatWasAnsweredSurvivesWithoutClosing(t *testing.T) {
	path, copied := newPath(t), newPath(t)
	s := open(t, path)
	for version := uint64(1); version <= 50; version++ {
		if err := s.Append(t.Context(), step(version)); err != nil {
			t.Fatal(err)
		}
		if version%10 != 0 {
			continue
		}
		for _, part := range []string{"", "-wal"} {
			data, err := os.ReadFile(path + part)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(copied+part, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		survivor := open(t, copied)
		got, err := survivor.Interaction(t.Context(), "t", "i-1")
		if err != nil || got.Version != version {
			t.Fatalf("after %d answered steps the file has version %d, %v", version, got.Version, err)
		}
		if err := survivor.Close(); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(copied + part); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
		}
	}
}

func TestAFileOfANewerSchemaIsRefusedAndNotChanged(t *testing.T) {
	path := newPath(t)
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before := read(t, path)
	_, err = sqlite.Open(t.Context(), path)
	newer, ok := errors.AsType[*store.NewerSchemaError](err)
	if !ok || newer.Has != 9999 || newer.Known >= 9999 {
		t.Fatalf("Open: %v, want *store.NewerSchemaError", err)
	}
	if !bytes.Equal(before, read(t, path)) {
		t.Error("the refused file was changed")
	}
}

func TestAFileThatIsNoDatabaseIsRefusedAndNotChanged(t *testing.T) {
	path := newPath(t)
	text := []byte(strings.Repeat("this is no database\n", 100))
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := sqlite.Open(t.Context(), path); err == nil {
		t.Fatal(errors.Join(errors.New("Open: no error"), s.Close()))
	}
	if !bytes.Equal(text, read(t, path)) {
		t.Error("the refused file was changed")
	}
}

func TestLookingAtAFileMakesNone(t *testing.T) {
	path := newPath(t)
	if _, err := sqlite.Open(t.Context(), path, sqlite.Existing()); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("Open: %v, want fs.ErrNotExist", err)
	}
	if err := open(t, path).Append(t.Context(), step(1)); err != nil { // stays open, as the service does
		t.Fatal(err)
	}
	beside, err := sqlite.Open(t.Context(), path, sqlite.Existing())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = beside.Close() }()
	if live, err := beside.Live(t.Context()); err != nil || len(live) != 1 {
		t.Errorf("Live beside the service = %v, %v", live, err)
	}
}

func TestAFolderThatIsNotThereIsAnError(t *testing.T) {
	_, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "missing", "teamsbridge.db"))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("Open: %v, want fs.ErrNotExist", err)
	}
}

func TestTheFileIsItsUsersOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // permissions are no bits there
	}
	path := newPath(t)
	s := open(t, path)
	if err := s.Append(t.Context(), step(1)); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + part)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %v, want -rw-------", filepath.Base(path+part), mode)
		}
	}
}

func TestAPathMayHaveAnyCharacter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Büro & Co? 100%#1.db")
	if err := open(t, path).Append(t.Context(), step(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the database is elsewhere: %v", err)
	}
	if names, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || len(names) != 3 {
		t.Errorf("files %q, %v; want the database, its log and its index", names, err)
	}
}

func TestAClosedStoreRefusesAndStaysClosed(t *testing.T) {
	s := open(t, sqlite.MigratedFile(t))
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
	if err := s.Append(t.Context(), step(1)); !errors.Is(err, sqlite.ErrClosed) {
		t.Errorf("Append: %v, want ErrClosed", err)
	}
	if _, err := s.Live(t.Context()); err == nil {
		t.Error("Live: no error after Close")
	}
}

func TestAClosedStoreIsOneFile(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if err := s.Append(t.Context(), step(1)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || len(files) != 1 || files[0] != path {
		t.Errorf("files %q, %v; want the database alone, with its log written back", files, err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
