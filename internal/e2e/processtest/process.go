package processtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"teamsbridge/internal/logtest"
)

// What a hang takes longer than, and no machine that is busy with other tests.
const (
	readyLimit = 3 * time.Minute
	stopLimit  = time.Minute
)

// Build makes the binary in a folder and gives its path.
func Build(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "teamsbridge")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "teamsbridge/cmd/teamsbridge").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
}

// Demo is one running demo. Its addresses are base URLs.
type Demo struct {
	Page, Simulators, Internal string

	cmd    *exec.Cmd
	exited chan struct{}
	out    logtest.Buffer // what it says to people
	log    logtest.Buffer
}

// DemoArgs are the arguments of a demo on ports chosen by the system, in which
// nobody answers a telephone by themselves.
func DemoArgs(more ...string) []string {
	return append([]string{
		"demo", "--listen", "127.0.0.1:0", "--sim-listen", "127.0.0.1:0", "--sim-tls-listen", "127.0.0.1:0",
		"--internal-listen", "127.0.0.1:0", "--manual",
	}, more...)
}

// Start runs a command line that ends in a demo, and returns when the demo says
// that it is ready. The process outlives ctx: it ends by Stop or Kill.
func Start(ctx context.Context, name string, args ...string) (*Demo, error) {
	d := &Demo{cmd: exec.Command(name, args...), exited: make(chan struct{})} //nolint:noctx // ended by Stop, as an operator would
	stdout, err := d.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	d.cmd.Stderr = &d.log
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	ready := make(chan struct{})
	go d.follow(stdout, ready)
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	select {
	case <-ready:
		return d, nil
	case <-d.exited:
		return nil, fmt.Errorf("the demo ended:\n%s", d.Output())
	case <-ctx.Done():
		return nil, errors.Join(fmt.Errorf("the demo is not ready:\n%s", d.Output()), d.Kill())
	}
}

// follow reads what the demo says until it ends.
func (d *Demo) follow(stdout io.Reader, ready chan<- struct{}) {
	defer close(d.exited)
	said := bufio.NewScanner(stdout)
	for said.Scan() {
		line := said.Text()
		_, _ = d.out.Write([]byte(line + "\n"))
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch value = strings.TrimSpace(value); name {
		case "page":
			d.Page = value
		case "simulators":
			d.Simulators = value
		case "internal":
			d.Internal = value
		case "ready":
			close(ready)
		}
	}
	_ = d.cmd.Wait() // how it ended is the caller's wish
}

// Stop ends the demo as an operator would. The error says that it did not end
// by itself in time; it has been killed then.
func (d *Demo) Stop() error {
	select {
	case <-d.exited:
		return nil
	default:
	}
	_ = d.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-d.exited:
		return nil
	case <-time.After(stopLimit):
		return errors.Join(fmt.Errorf("the demo did not stop by itself:\n%s", d.Output()), d.Kill())
	}
}

// Kill ends the demo at once, with no warning, and waits until it is gone.
func (d *Demo) Kill() error {
	if err := d.cmd.Process.Kill(); err != nil {
		return err
	}
	<-d.exited
	return nil
}

// Pid is the process's id.
func (d *Demo) Pid() int { return d.cmd.Process.Pid }

// Output is what the process has said: to people, and then its log. While it
// runs the end of either may still be on its way; after Stop or Kill it is all.
func (d *Demo) Output() string { return d.out.String() + d.log.String() }
