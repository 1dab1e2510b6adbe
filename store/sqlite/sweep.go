package sqlite

import (
	"cmp"
	"slices"
	"time"
)

const (
	// sweepFrom is how many steps may have arrived before they are swept into
	// the tables, a portion with each commit. More steps of an interaction at a
	// time cost less each, fewer need less memory.
	sweepFrom = 16000
	// portion is how many steps a commit sweeps at least, so that none takes
	// much longer than others. A commit that brings many takes more of them
	// than it brings, else a sweep would never end.
	portion = 200
	// portionRows is how many swept rows of "arrived" a commit deletes.
	portionRows = 16
	// quietAfter is how long nothing is written before a busy moment is over, and
	// its steps are sorted while nobody waits.
	quietAfter = 100 * time.Millisecond
)

// pace says when what is done; tests have their own.
type pace struct {
	gatherFrom, sweepFrom, portion int
	quietAfter                     time.Duration
}

// sweep is what is left to do of the steps that had arrived when it began. Until
// it is over, steps may lie in both places; the version in the tables says
// which are there.
type sweep struct {
	steps int   // it covers, the first of those that have arrived
	upTo  int64 // last row of "arrived" it covers; 0: there is no sweep

	names  []fullName // still to be sorted
	byName map[fullName][]*step
	swept  bool // its rows are gone too
}

// newSweep covers everything that has arrived up to a row, in the order in
// which the interactions lie in their table: neighbours share pages.
func newSweep(all arrivals, upTo int64, known map[fullName]head) sweep {
	s := sweep{steps: len(all.steps), upTo: upTo}
	s.names, s.byName = byName(all.steps)
	slices.SortFunc(s.names, func(a, b fullName) int { return cmp.Compare(known[a].n, known[b].n) })
	return s
}

// sweepPortion sorts so many steps or a few more, all steps of an interaction
// at once; after the last ones it deletes rows.
func (t *tx) sweepPortion(steps int) error {
	s := &t.sweep
	for steps > 0 && len(s.names) > 0 {
		some := s.byName[s.names[0]]
		if err := t.sortOne(s.names[0], some); err != nil {
			return err
		}
		s.names = s.names[1:]
		steps -= len(some)
	}
	if len(s.names) > 0 {
		return nil
	}
	done, err := t.hot.forgetArrived.ExecContext(t.ctx, s.upTo, portionRows)
	if err != nil {
		return err
	}
	deleted, err := done.RowsAffected()
	s.swept = deleted < portionRows
	return err
}
