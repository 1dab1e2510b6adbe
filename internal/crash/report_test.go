package crash

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// tally counts things by what they are called.
type tally map[string]int

func (t tally) add(more tally) {
	for what, n := range more {
		t[what] += n
	}
}

// report is what a run did, for whoever reads the test's output.
type report struct {
	seed         uint64
	kills        int
	calls, steps int
	left         tally // telephones that were still connected at the end, by whose they are
	replayed     int   // journals
	done         tally // by kind: commands by their answer, telephones, faults
	found        tally // what was checked
}

// String lists every kind on a line of its own, so that two runs can be compared.
func (r *report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %d kills, %d calls with %d steps, %d journals replayed\n", r.seed, r.kills, r.calls, r.steps, r.replayed)
	left := tally{}
	for party, n := range r.left {
		left["left connected at the end: "+party] = n
	}
	for _, t := range []tally{r.done, r.found, left} {
		for _, what := range slices.Sorted(maps.Keys(t)) {
			fmt.Fprintf(&b, "%8d  %s\n", t[what], what)
		}
	}
	return b.String()
}

// lacks names what a run that tests something would have done more often.
func (r *report) lacks() (all []string) {
	for what, least := range map[string]int{
		"commands: 200": 2 * r.kills, "commands of a supervisor: 403": 1, "telephones: agent lost": 1, "keys sent again after an answer": r.kills,
	} {
		if n := r.done[what] + r.found[what]; n < least {
			all = append(all, fmt.Sprintf("%q: %d, want %d at least", what, n, least))
		}
	}
	if slices.Contains(moods[:min(r.kills, len(moods))], silent) && r.found["outcomes unknown first, and then known"] == 0 {
		all = append(all, "outcomes that were unknown")
	}
	return all
}

// count makes the report's counts from what everybody did.
func (r *report) count(crew []*worker) {
	r.done = tally{}
	r.calls, r.steps = 0, 0
	for _, w := range crew {
		r.done.add(w.did)
		for _, call := range w.calls {
			r.calls, r.steps = r.calls+1, r.steps+len(call.history)
			for _, c := range call.commands {
				r.done[fmt.Sprintf("commands: %d", c.answer.status)]++
			}
			for _, c := range call.trespasses {
				r.done[fmt.Sprintf("commands of a supervisor: %d", c.answer.status)]++
			}
		}
	}
}

// onlyRefusedAreLeft: every telephone was let go at the end but those that the
// network was told to refuse or to put off until it died.
func (r *report) onlyRefusedAreLeft(t *testing.T) {
	t.Helper()
	left, refused := 0, r.done["faults of the switch: hangup fail"]+r.done["faults of the switch: hangup delay"]
	for _, n := range r.left {
		left += n
	}
	if left > refused {
		t.Errorf("%v telephones are left connected, and %d hang-ups went wrong", r.left, refused)
	}
}
