package crash

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"teamsbridge/internal/e2e/processtest"
	"teamsbridge/internal/porttest"
)

// smallDisk runs a command line on a file system of its own: the folder "$0" is
// 64 MB of memory that nobody else sees.
const smallDisk = `mount -t tmpfs -o size=64m,mode=700 teamsbridge "$0" && exec "$@"`

// startOnSmallDisk starts the service's only life there. Its disk is reached
// through the process, and gone with it.
func startOnSmallDisk(t *testing.T, s *service) (disk string) {
	t.Helper()
	if os.Getenv("TEAMSBRIDGE_WITHOUT_MOUNTS") != "" {
		t.Log("NOT RUN: a full disk under the real binary (store/sqlite has its own test)")
		return ""
	}
	args := []string{"--mount", "--map-root-user", "sh", "-c", smallDisk, s.dir, s.binary}
	demo, err := processtest.Start(t.Context(), "unshare", append(args, s.args()...)...)
	if err != nil {
		t.Fatalf("a file system of one's own needs Linux, unshare and the right to use it (TEAMSBRIDGE_WITHOUT_MOUNTS=1 goes without this test): %v", err)
	}
	t.Cleanup(func() { _ = demo.Stop() })
	s.demo = demo
	must(t, s.meet(t.Context()))
	return filepath.Join("/proc", fmt.Sprint(demo.Pid()), "root", s.dir)
}

func TestAFullDiskLetsCallsEndAndRefusesTheRest(t *testing.T) {
	t.Parallel()
	path, err := binary()
	must(t, err)
	s := &service{binary: path, dir: t.TempDir(), secure: porttest.Address(t)}
	disk := startOnSmallDisk(t, s)
	if disk == "" {
		return
	}
	agent := s.agents()[0].ID
	var ids []string
	for range 4 {
		ids = append(ids, s.call(t, agent))
	}
	talking, ending, hangingUp, consulting := ids[0], ids[1], ids[2], ids[3]
	s.want(t, 200, consulting, "/consult", agent, fmt.Sprintf(`{"target":{"kind":"organization","id":%q}}`, s.experts[0]))

	ballast := fill(t, disk)
	refused := s.untilFull(t, talking, agent)
	if _, err := os.Stat(filepath.Join(disk, "teamsbridge.db-reserve")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the reserve: %v, want it given up", err)
	}
	if a := s.ready(t); a.status != 503 || !strings.Contains(string(a.raw), `"store"`) {
		t.Errorf("readiness %d %s, want 503 with store", a.status, a.raw)
	}
	if a, err := ask(t.Context(), "GET", s.demo.Internal+"/metrics", "", "", ""); err != nil || !strings.Contains(string(a.raw), "\nteamsbridge_store_full 1\n") {
		t.Errorf("the metric does not say so: %v", err)
	}
	// Whatever releases somebody still works, and is journaled.
	code := fmt.Sprintf(`{"code":%q}`, s.world.WrapUpReasons[0].Code)
	s.want(t, 200, consulting, "/consult/end", agent, `{}`)
	s.want(t, 200, ending, "/end", agent, `{}`)
	s.want(t, 200, ending, "/wrap-up", agent, code)
	a, err := ask(t.Context(), "POST", s.demo.Simulators+"/_control/calls/"+hangingUp+"/customer/hangup", "", "", "") // answered once it is journaled
	if err != nil || a.status != 200 {
		t.Errorf("the customer's hang-up: %d %s, %v", a.status, a.raw, err)
	}
	s.want(t, 200, hangingUp, "/wrap-up", agent, code)
	a, err = ask(t.Context(), "POST", s.demo.Simulators+"/_control/calls", "", "", fmt.Sprintf(`{"agent":%q,"from":"+4915112345"}`, agent))
	if err != nil || a.status != 409 {
		t.Errorf("a new call: %d %s, %v; want it refused", a.status, a.raw, err)
	}

	crashed := s.asItLies(t, disk)

	// Room is back, and so is everything.
	must(t, os.Remove(ballast))
	s.untilReady(t)
	s.want(t, 200, talking, refused, agent, `{}`)
	if info, err := os.Stat(filepath.Join(disk, "teamsbridge.db-reserve")); err != nil || info.Size() == 0 {
		t.Errorf("the reserve: %v, want it made again", err)
	}

	// Had it been killed on the full disk, what was answered would be there.
	must(t, s.demo.Stop())
	must(t, crashed.start(t.Context()))
	defer func() { must(t, crashed.demo.Stop()) }()
	for id, want := range map[string]string{ending: "ended", hangingUp: "ended", consulting: "active"} {
		a, err := crashed.interaction(t.Context(), "GET", id, "", agent, "", "")
		must(t, err)
		var v view
		must(t, a.decode(&v))
		if v.Phase != want {
			t.Errorf("after a crash on the full disk %s is %s, want %s", id, v.Phase, want)
		}
	}
}

// untilFull holds and resumes a call until there is no room inside the
// database's files either, and gives the command that was refused: which of the
// two it is depends on what else was written meanwhile.
func (s *service) untilFull(t *testing.T, id, agent string) (refused string) {
	t.Helper()
	for n := range 400 {
		command := []string{"/hold", "/resume"}[n%2]
		a, err := s.interaction(t.Context(), "POST", id, command, agent, "", `{}`)
		must(t, err)
		switch a.status {
		case 200:
		case 503:
			wantProblem(t, a, "/problems/storage-unavailable")
			return command
		default:
			t.Fatalf("%s: %d %s, want 200, or 503 once the disk is full", command, a.status, a.raw)
		}
	}
	t.Fatal("commands are still carried out on a full disk")
	return ""
}

// asItLies copies the service's files as a crash at this moment would leave them.
func (s *service) asItLies(t *testing.T, disk string) *service {
	t.Helper()
	must(t, syscall.Kill(s.demo.Pid(), syscall.SIGSTOP))
	_, err := syscall.Wait4(s.demo.Pid(), nil, syscall.WUNTRACED, nil) // until the last thread stands still
	must(t, err)
	copied := &service{binary: s.binary, dir: t.TempDir(), secure: s.secure}
	entries, err := os.ReadDir(disk)
	must(t, err)
	for _, e := range entries {
		if e.IsDir() || e.Name() == "ballast" {
			continue
		}
		content, err := os.ReadFile(filepath.Join(disk, e.Name()))
		must(t, err)
		must(t, os.WriteFile(filepath.Join(copied.dir, e.Name()), content, 0o600))
	}
	must(t, syscall.Kill(s.demo.Pid(), syscall.SIGCONT))
	return copied
}

// fill takes all the room of a file system.
func fill(t *testing.T, dir string) (ballast string) {
	t.Helper()
	ballast = filepath.Join(dir, "ballast")
	f, err := os.Create(ballast)
	must(t, err)
	defer f.Close()
	for size := 1 << 20; size > 0; size /= 2 {
		block := make([]byte, size)
		for err = nil; err == nil; {
			_, err = f.Write(block)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("fill the disk: %v", err)
		}
	}
	return ballast
}

func (s *service) call(t *testing.T, agent string) (id string) {
	t.Helper()
	a, err := ask(t.Context(), "POST", s.demo.Simulators+"/_control/calls", "", "", fmt.Sprintf(`{"agent":%q,"from":"+4915112345"}`, agent))
	must(t, err)
	var made struct{ Interaction string }
	must(t, a.decode(&made))
	return made.Interaction
}

func (s *service) want(t *testing.T, status int, id, path, who, body string) {
	t.Helper()
	a, err := s.interaction(t.Context(), "POST", id, path, who, "", body)
	must(t, err)
	if a.status != status {
		t.Fatalf("%s: %d %s, want %d", path, a.status, a.raw, status)
	}
}

func wantProblem(t *testing.T, a answer, kind string) {
	t.Helper()
	var problem struct{ Type string }
	must(t, json.Unmarshal(a.raw, &problem))
	if problem.Type != kind {
		t.Errorf("problem %s, want %s: %s", problem.Type, kind, a.raw)
	}
}

func (s *service) ready(t *testing.T) answer {
	t.Helper()
	a, err := ask(t.Context(), "GET", s.demo.Page+"/readyz", "", "", "")
	must(t, err)
	return a
}

func (s *service) untilReady(t *testing.T) {
	t.Helper()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for looks := 1; s.ready(t).status != 200; looks++ {
		if looks == settleLooks {
			t.Fatalf("never ready again:\n%s", s.demo.Output())
		}
		<-tick.C
	}
}
