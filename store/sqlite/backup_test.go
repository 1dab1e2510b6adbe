package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/store/sqlite"
	"teamsbridge/store/storetest"
)

func TestABackupOfALiveStoreIsAStore(t *testing.T) {
	s := open(t, sqlite.MigratedFile(t))
	settled := storetest.Fill(t, s, 20)
	to := filepath.Join(t.TempDir(), "backup.db")
	storetest.While(t, s, func() {
		if err := s.Backup(t.Context(), to); err != nil {
			t.Fatal(err)
		}
	})
	storetest.WantFilled(t, open(t, to), settled)
	if runtime.GOOS != "windows" {
		if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the backup has mode %v, %v; want -rw-------", info.Mode(), err)
		}
	}
}

// What docs/backup.md says: the service is stopped, the old files are moved
// away together, the backup takes their place.
func TestABackupIsRestoredByPuttingItInPlace(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	settled := storetest.Fill(t, s, 5)
	to := filepath.Join(t.TempDir(), "backup.db")
	if err := s.Backup(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), step(1)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(path+part, path+part+".old"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if err := os.Rename(to, path); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	storetest.WantFilled(t, s, settled)
	if _, err := s.Interaction(t.Context(), "t", "i-1"); !errors.Is(err, consult.ErrNotFound) {
		t.Errorf("what came after the backup: %v, want ErrNotFound", err)
	}
}

func TestABackupReplacesNothing(t *testing.T) {
	s := open(t, sqlite.MigratedFile(t))
	to := filepath.Join(t.TempDir(), "backup.db")
	if err := os.WriteFile(to, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Backup: %v, want fs.ErrExist", err)
	}
	if data, err := os.ReadFile(to); err != nil || !bytes.Equal(data, []byte("precious")) {
		t.Errorf("the file became %q, %v", data, err)
	}
}

func TestABackupThatFailsLeavesNothing(t *testing.T) {
	s := open(t, sqlite.MigratedFile(t))
	dir := t.TempDir()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ended, filepath.Join(dir, "backup.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("Backup: %v, want context.Canceled", err)
	}
	if err := s.Backup(t.Context(), filepath.Join(dir, "missing", "backup.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Backup: %v, want fs.ErrNotExist", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
