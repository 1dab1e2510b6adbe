package crash

import (
	"fmt"
	"maps"
	"slices"
	"strings"
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
