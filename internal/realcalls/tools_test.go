package realcalls

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/internal/e2e/processtest"
	"teamsbridge/internal/logtest"
)

// without names the environment variable that leaves these tests out, where the
// programs cannot be installed.
const without = "TEAMSBRIDGE_WITHOUT_TELEPHONES"

// patience bounds the wait for what must come.
const patience = time.Minute

// product is the binary, built once for all tests.
var product = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "teamsbridge-realcalls-")
	if err != nil {
		return "", err
	}
	return processtest.Build(context.Background(), dir)
})

func TestMain(m *testing.M) {
	if os.Getenv(without) != "" {
		fmt.Printf("NOT RUN: real calls with baresip, sipp and Kamailio (%s is set)\n", without)
		return
	}
	code := tonetest.Main(m)
	if path, err := product(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// program finds one of the others' programs.
func program(t *testing.T, name string) string {
	t.Helper()
	for _, path := range []string{name, "/usr/sbin/" + name} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	t.Fatalf("%s is missing: `make telephones` installs it; %s=1 leaves these tests out", name, without)
	return ""
}

// other is a program of others that runs beside a test.
type other struct {
	t      *testing.T
	name   string
	cmd    *exec.Cmd
	output logtest.Buffer
	quiet  bool          // what it says tells nothing
	exited chan struct{} // closed when it has ended
	err    error         // how, after exited
}

// start runs a program until the test ends.
func start(t *testing.T, dir, name string, args ...string) *other {
	t.Helper()
	cmd := exec.Command(program(t, name), args...)
	cmd.Dir = dir
	return launch(t, name, cmd)
}

// launch runs a command until the test ends.
func launch(t *testing.T, name string, cmd *exec.Cmd) *other {
	t.Helper()
	o := &other{t: t, name: name, cmd: cmd, exited: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &o.output, &o.output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Kamailio has children, which a kill would leave
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		o.err = o.cmd.Wait()
		close(o.exited)
	}()
	t.Cleanup(o.stop)
	return o
}

// stop ends the program, at the latest by a kill, and waits until it is gone.
func (o *other) stop() {
	_ = o.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-o.exited:
	case <-time.After(patience):
		_ = syscall.Kill(-o.cmd.Process.Pid, syscall.SIGKILL) // with its children, which hold its output
		<-o.exited
	}
	if o.t.Failed() && !o.quiet {
		o.t.Logf("%s said:\n%s", o.name, o.output.String())
	}
}

// until looks again and again until what must come is there. The looks are
// counted, so that a machine that stood still is not taken for a product that does.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	const often = 20 * time.Millisecond
	look := time.NewTicker(often)
	defer look.Stop()
	for range patience / often {
		if is() {
			return
		}
		<-look.C
	}
	t.Fatalf("never %s", what)
}

// at is a port of this machine as a trunk's member in the configuration.
func at(port int) string { return fmt.Sprintf("{transport: udp, host: 127.0.0.1, port: %d}", port) }
