package calls

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
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

// timerSlack is TimerSlackNSec of configs/teamsbridge.service; usualSlack is what
// a process has that nobody gave one.
const timerSlack, usualSlack = time.Millisecond, 50 * time.Microsecond

func newService(tb testing.TB, agents string, slack time.Duration) *service {
	tb.Helper()
	told, err := json.Marshal(setting{Database: filepath.Join(tb.TempDir(), "teamsbridge.db"), Agents: agents})
	fatal(tb, err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asService+"="+string(told))
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	fatal(tb, err)
	output, err := cmd.StdoutPipe()
	fatal(tb, err)
	fatal(tb, withSlack(slack, cmd.Start))
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

// withSlack starts a process as a unit of systemd with TimerSlackNSec does: what
// it inherits is that of the thread that starts it.
func withSlack(slack time.Duration, start func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := setTimerSlack(slack); err != nil {
		return err
	}
	defer func() { _ = setTimerSlack(0) }() // what the thread had at its beginning
	return start()
}

// setTimerSlack sets how late the kernel may end a sleep of this thread (prctl(2)).
func setTimerSlack(slack time.Duration) error {
	const prSetTimerSlack = 29
	if _, _, err := syscall.RawSyscall(syscall.SYS_PRCTL, prSetTimerSlack, uintptr(slack), 0); err != 0 {
		return fmt.Errorf("prctl: %w", err)
	}
	return nil
}
