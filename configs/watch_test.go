package configs_test

import (
	"os"
	"path/filepath"
	"testing"

	"teamsbridge/configs"
)

// watched writes a configuration with its agents in a file of their own.
func watched(t *testing.T) (w *configs.Watcher, file, agents string) {
	t.Helper()
	dir := t.TempDir()
	file, agents = filepath.Join(dir, "teamsbridge.yaml"), filepath.Join(dir, "agents.yaml")
	write(t, file, minimal+"agents_file: agents.yaml\n")
	write(t, agents, `agents: [{id: anja, subject: anja, name: Anja}]`)
	w = configs.NewWatcher(file, func(name string) string {
		return map[string]string{"TEAMSBRIDGE_CREDENTIAL_CLIENT_SECRET": "s"}[name]
	})
	if cfg, err := w.Load(); err != nil || len(cfg.Agents) != 1 {
		t.Fatalf("%d agents, %v", len(cfg.Agents), err)
	}
	return w, file, agents
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func wantChanged(t *testing.T, w *configs.Watcher, wantChanged, wantSettled bool) {
	t.Helper()
	if changed, settled := w.Changed(); changed != wantChanged || settled != wantSettled {
		t.Errorf("Changed = %t, %t; want %t, %t", changed, settled, wantChanged, wantSettled)
	}
}

func TestAChangeSettlesWhenTwoLooksFindTheSame(t *testing.T) {
	w, _, agents := watched(t)
	wantChanged(t, w, false, true)
	write(t, agents, `agents: [{id: anja, subject: anja, name: Anja}`)
	wantChanged(t, w, true, false)
	write(t, agents, `agents: [{id: anja, subject: anja, name: Anja}, {id: ben, subject: ben, name: Ben}]`)
	wantChanged(t, w, true, false)
	wantChanged(t, w, true, true)
	if cfg, err := w.Load(); err != nil || len(cfg.Agents) != 2 {
		t.Errorf("%d agents, %v", len(cfg.Agents), err)
	}
	wantChanged(t, w, false, true)
}

func TestAWrongFileIsReadOnceUntilItChangesAgain(t *testing.T) {
	w, file, agents := watched(t)
	write(t, agents, `agents: [{id: anja}]`)
	if _, err := w.Load(); err == nil {
		t.Error("a wrong agent table was taken")
	}
	wantChanged(t, w, false, true)
	if err := os.Remove(agents); err != nil {
		t.Fatal(err)
	}
	wantChanged(t, w, true, false)
	wantChanged(t, w, true, true)
	if _, err := w.Load(); err == nil {
		t.Error("a missing agent table was taken")
	}
	wantChanged(t, w, false, true)
	write(t, file, "web: [")
	if _, err := w.Load(); err == nil {
		t.Error("a broken file was taken")
	}
	wantChanged(t, w, false, true)
}
