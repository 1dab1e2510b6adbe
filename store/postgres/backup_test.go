package postgres_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"teamsbridge/store/postgres/pgtest"
	"teamsbridge/store/storetest"
)

// What docs/backup.md says, word for word.
func TestADumpOfALiveDatabaseRestoresToAnEqualOne(t *testing.T) {
	from, to := pgtest.Database(t), pgtest.Database(t)
	s := open(t, from)
	settled := storetest.Fill(t, s, 20)
	dump := filepath.Join(t.TempDir(), "teamsbridge.dump")
	storetest.While(t, s, func() {
		program(t, "pg_dump", "--format=custom", "--file="+dump, "--dbname="+from)
	})
	program(t, "pg_restore", "--exit-on-error", "--no-owner", "--dbname="+to, dump)
	restored := open(t, to)
	storetest.WantFilled(t, restored, settled)
	if err := restored.Append(t.Context(), step("i-1", 1)); err != nil {
		t.Errorf("Append to the restored database: %v", err)
	}
}

func program(t *testing.T, name string, args ...string) {
	t.Helper()
	path, err := pgtest.Program(name)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}
