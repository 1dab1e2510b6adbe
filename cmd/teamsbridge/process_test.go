package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"teamsbridge/demo"
	"teamsbridge/internal/logtest"
)

// served is a service that runs as a process of its own.
type served struct {
	page, internal string // base addresses
	out, log       *heard
	command        *exec.Cmd
	ended          chan error
}

// serveProcess runs the real command until the test ends it.
func serveProcess(t *testing.T, world *demo.World, file string) *served {
	t.Helper()
	s := &served{out: newHeard(), log: newHeard(), ended: make(chan error, 1)}
	s.command = exec.CommandContext(t.Context(), "teamsbridge", "serve", "--config", file, "--allow-simulated")
	s.command.Env = os.Environ()
	for _, name := range []string{"TEAMSBRIDGE_CREDENTIAL_CLIENT_SECRET", "TEAMSBRIDGE_SSO_ENTRA_CLIENT_SECRET"} {
		s.command.Env = append(s.command.Env, name+"="+worldEnvironment(world)(name))
	}
	s.command.Env = append(s.command.Env, "TEAMSBRIDGE_WEB_INTERNAL_LISTEN=127.0.0.1:0")
	s.command.Stdout, s.command.Stderr = s.out, s.log
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.ended <- s.command.Wait() }()
	for {
		if line := s.log.line("serving"); line != nil {
			s.page, s.internal = "http://"+line["address"].(string), "http://"+line["internal_address"].(string)
			return s
		}
		select {
		case <-s.log.more:
		case err := <-s.ended:
			t.Fatalf("the service ended: %v\n%s", err, s.log)
		}
	}
}

// stop ends it as an operator would.
func (s *served) stop(t *testing.T) {
	t.Helper()
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-s.ended; err != nil {
		t.Errorf("the service ended with %v\n%s", err, s.log)
	}
}

// heard keeps what a process writes.
type heard struct {
	logtest.Buffer

	more chan struct{} // holds one token after something was written
}

func newHeard() *heard { return &heard{more: make(chan struct{}, 1)} }

// Write implements io.Writer.
func (h *heard) Write(b []byte) (int, error) {
	n, err := h.Buffer.Write(b)
	select {
	case h.more <- struct{}{}:
	default:
	}
	return n, err
}

// line is the first line of the log with a message, or nil.
func (h *heard) line(message string) map[string]any {
	for line := range bytes.Lines([]byte(h.String())) {
		var fields map[string]any
		if json.Unmarshal(line, &fields) == nil && fields["msg"] == message {
			return fields
		}
	}
	return nil
}
