package calls

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// system is what carries calls: the product or a rival.
type system struct {
	addr string // where customers call
	pids []int  // its processes, descendants left out
}

// service starts the product in a process of its own.
type service struct {
	system
	asked   io.Writer
	answers *bufio.Scanner
}

func newService(tb testing.TB, agents string) *service {
	tb.Helper()
	told, err := json.Marshal(setting{Database: filepath.Join(tb.TempDir(), "teamsbridge.db"), Agents: agents})
	fatal(tb, err)
	cmd := exec.Command(os.Args[0]) //nolint:gosec // this program
	cmd.Env = append(os.Environ(), asService+"="+string(told))
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	fatal(tb, err)
	output, err := cmd.StdoutPipe()
	fatal(tb, err)
	fatal(tb, cmd.Start())
	tb.Cleanup(func() {
		_ = input.Close()
		if err := cmd.Wait(); err != nil {
			tb.Errorf("service: %v", err)
		}
	})
	s := &service{asked: input, answers: bufio.NewScanner(output)}
	if !s.answers.Scan() {
		tb.Fatal("the service did not start")
	}
	s.system = system{s.answers.Text(), []int{cmd.Process.Pid}}
	return s
}

// heap asks how many bytes the service's live objects are, after a collection.
func (s *service) heap(tb testing.TB) (bytes int) {
	tb.Helper()
	_, err := fmt.Fprintln(s.asked)
	fatal(tb, err)
	if !s.answers.Scan() {
		tb.Fatal("the service is gone")
	}
	_, err = fmt.Sscan(s.answers.Text(), &bytes)
	fatal(tb, err)
	return bytes
}
