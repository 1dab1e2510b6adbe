package e2e

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"teamsbridge/internal/e2e/processtest"
	"teamsbridge/internal/porttest"
)

// binary is the product, built once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "teamsbridge-e2e-")
	if err != nil {
		return "", err
	}
	return processtest.Build(context.Background(), dir)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// demo is one running demo.
type demo struct {
	t        *testing.T
	process  *processtest.Demo
	page     string // http://127.0.0.1:…
	sim      string
	internal string
}

// startDemo runs `teamsbridge demo` on ports chosen by the system and waits
// until it says that it is ready.
func startDemo(t *testing.T, args ...string) *demo {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p, err := processtest.Start(t.Context(), path, processtest.DemoArgs(append([]string{"--people", "400"}, args...)...)...)
	if err != nil {
		t.Fatal(err)
	}
	d := &demo{t: t, process: p, page: p.Page, sim: p.Simulators, internal: p.Internal}
	t.Cleanup(d.stop)
	return d
}

// kept are the arguments of a demo that is started again on what it left: in a
// folder, and with its simulators over TLS, which the folder names, where they were.
func kept(t *testing.T) []string {
	t.Helper()
	return []string{"--data", t.TempDir(), "--sim-tls-listen", porttest.Address(t)}
}

// stop ends it as an operator would.
func (d *demo) stop() {
	if err := d.process.Stop(); err != nil {
		d.t.Error(err)
	}
	if d.t.Failed() {
		d.t.Logf("the demo said:\n%s", d.process.Output())
	}
}

// kill ends it at once.
func (d *demo) kill() {
	d.t.Helper()
	if err := d.process.Kill(); err != nil {
		d.t.Fatal(err)
	}
}
