package calls

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// tick is the unit of /proc/PID/stat (USER_HZ, the same on every Linux that Go runs on).
const tick = time.Second / 100

// family lists a process and its descendants.
func family(tb testing.TB, root int) []int {
	tb.Helper()
	names, err := filepath.Glob("/proc/[0-9]*")
	fatal(tb, err)
	children := map[int][]int{}
	for _, name := range names {
		pid, err := strconv.Atoi(filepath.Base(name))
		fatal(tb, err)
		if fields, ok := stat(pid); ok {
			parent, err := strconv.Atoi(fields[1])
			fatal(tb, err)
			children[parent] = append(children[parent], pid)
		}
	}
	all := []int{root}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

// stat is what /proc/PID/stat says from the state on; not ok where the process is gone.
func stat(pid int) (fields []string, ok bool) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, false
	}
	_, after, ok := bytes.Cut(content, []byte(") ")) // the name may hold spaces
	return strings.Fields(string(after)), ok
}

// processorTime is what processes and their descendants have used so far.
func processorTime(tb testing.TB, roots []int) time.Duration {
	tb.Helper()
	const user, system = 11, 12 // counted from the state
	var sum time.Duration
	for _, root := range roots {
		for _, pid := range family(tb, root) {
			fields, ok := stat(pid)
			if !ok {
				continue
			}
			for _, field := range []int{user, system} {
				n, err := strconv.Atoi(fields[field])
				fatal(tb, err)
				sum += time.Duration(n) * tick
			}
		}
	}
	return sum
}

// memory is what processes and their descendants hold, in bytes: what several of
// them share counts once.
func memory(tb testing.TB, roots []int) int {
	tb.Helper()
	sum := 0
	for _, root := range roots {
		for _, pid := range family(tb, root) {
			content, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
			if err != nil {
				continue
			}
			fields := strings.Fields(string(content))
			if at := slices.Index(fields, "Pss:"); at >= 0 {
				kB, err := strconv.Atoi(fields[at+1])
				fatal(tb, err)
				sum += kB << 10
			}
		}
	}
	return sum
}
