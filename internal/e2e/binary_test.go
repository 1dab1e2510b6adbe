package e2e

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the product, built once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "teamsbridge-e2e-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "teamsbridge")
	out, err := exec.Command("go", "build", "-o", path, "teamsbridge/cmd/teamsbridge").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
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
	cmd      *exec.Cmd
	page     string // http://127.0.0.1:…
	sim      string
	internal string
	exited   chan struct{}
	output   *lines
}

// lines collects what the process says.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) add(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, s)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.all, "\n")
}

// startDemo runs `teamsbridge demo` on ports chosen by the system and waits
// until it says that it is ready.
func startDemo(t *testing.T, args ...string) *demo {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	d := &demo{t: t, exited: make(chan struct{}), output: &lines{}}
	flags := append([]string{
		"demo", "--listen", "127.0.0.1:0", "--sim-listen", "127.0.0.1:0", "--sim-tls-listen", "127.0.0.1:0",
		"--internal-listen", "127.0.0.1:0", "--people", "400", "--manual",
	}, args...)
	d.cmd = exec.Command(path, flags...)
	stdout, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	d.cmd.Stderr = stderrLines{d.output}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.stop)
	ready := make(chan struct{})
	go func() {
		sc := bufio.NewScanner(stdout)
		for sc.Scan() {
			line := sc.Text()
			d.output.add(line)
			name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
			switch value = strings.TrimSpace(value); name {
			case "page":
				d.page = value
			case "simulators":
				d.sim = value
			case "internal":
				d.internal = value
			case "ready":
				close(ready)
			}
		}
		_ = d.cmd.Wait()
		close(d.exited)
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	select {
	case <-ready:
	case <-d.exited:
		t.Fatalf("the demo ended:\n%s", d.output)
	case <-ctx.Done():
		t.Fatalf("the demo is not ready:\n%s", d.output)
	}
	return d
}

type stderrLines struct{ l *lines }

func (s stderrLines) Write(b []byte) (int, error) {
	s.l.add(strings.TrimRight(string(b), "\n"))
	return len(b), nil
}

// stop ends it as an operator would.
func (d *demo) stop() {
	select {
	case <-d.exited:
		return
	default:
	}
	_ = d.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-d.exited:
	case <-time.After(20 * time.Second):
		_ = d.cmd.Process.Kill()
		<-d.exited
		d.t.Errorf("the demo did not stop by itself:\n%s", d.output)
	}
	if d.t.Failed() {
		d.t.Logf("the demo said:\n%s", d.output)
	}
}

// kill ends it at once, as a power cut would.
func (d *demo) kill() {
	d.t.Helper()
	if err := d.cmd.Process.Kill(); err != nil {
		d.t.Fatal(err)
	}
	<-d.exited
}
