package pgtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
)

// binaries is where Debian puts each major version's programs.
const binaries = "/usr/lib/postgresql/*/bin"

// errNotInstalled says what to do about it.
var errNotInstalled = errors.New("PostgreSQL is not installed: install it (Debian: apt-get install postgresql), " +
	"or leave its tests out with " + without + "=1")

// Program finds one of PostgreSQL's own programs, like pg_dump, of the newest
// version that is installed.
func Program(name string) (string, error) {
	found, err := filepath.Glob(filepath.Join(binaries, name))
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		return slices.Max(found), nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", errNotInstalled
	}
	return path, nil
}

// server is a cluster of databases, and the process that serves it.
type server struct {
	dir   string // holds the data, and the socket
	who   *syscall.SysProcAttr
	cmd   *exec.Cmd  // nil while it does not run
	ended chan error // gets the end of the process
}

// newServer makes a cluster; it does not run yet.
func newServer(ctx context.Context) (_ *server, err error) {
	initdb, err := Program("initdb")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg-") // short: a socket's path has room for 107 bytes
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	if s.who, err = attributes(dir); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, initdb, "--pgdata", s.data(), "--username", "postgres", "--auth", "trust",
		"--encoding", "UTF8", "--no-locale", "--no-sync")
	cmd.Dir, cmd.SysProcAttr = dir, s.who
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return s, nil
}

func (s *server) data() string { return filepath.Join(s.dir, "data") }

// start returns when the server accepts connections.
func (s *server) start() error {
	program, err := Program("postgres")
	if err != nil {
		return err
	}
	cmd := exec.Command(program, "-D", s.data(), "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=200") //nolint:noctx // ends by signal
	cmd.Dir, cmd.SysProcAttr = s.dir, s.who
	output, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		runtime.LockOSThread() // the process ends with this thread
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			ended <- err
			return
		}
		said := follow(output, ready)
		if err := cmd.Wait(); err != nil {
			ended <- fmt.Errorf("postgres: %w\n%s", err, said)
			return
		}
		ended <- nil
	}()
	select {
	case <-ready:
		s.cmd, s.ended = cmd, ended
		return nil
	case err := <-ended:
		return errors.Join(errors.New("postgres did not start"), err)
	}
}

// follow reads what the server says until it ends, and tells when it is ready.
// It returns what was said before.
func follow(output io.Reader, ready chan<- struct{}) string {
	var said strings.Builder
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if ready == nil {
			continue
		}
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "ready to accept connections") {
			close(ready)
			ready = nil
		}
	}
	return said.String()
}

// stop ends the server, if it runs, and leaves everything as it is, like a crash.
func (s *server) stop() error {
	if s.cmd == nil {
		return nil
	}
	err := s.cmd.Process.Signal(syscall.SIGQUIT)
	<-s.ended // with what it said, which is what a server says that is ended so
	s.cmd = nil
	return err
}

// remove ends the server and deletes all it had. A shutdown would write back and
// sync every table of every test first, which takes a slow disk minutes.
func (s *server) remove() error { return errors.Join(s.stop(), os.RemoveAll(s.dir)) }

// dsn names a database of the server.
func (s *server) dsn(database string) string {
	return fmt.Sprintf("host=%s user=postgres dbname=%s", s.dir, database)
}
