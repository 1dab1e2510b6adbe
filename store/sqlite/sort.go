package sqlite

import (
	"bytes"
	"fmt"

	"teamsbridge/consult"
)

const (
	// gatherFrom is how many steps make a commit a busy moment, in which it
	// costs less to write them as they came and to sort them later, when one row
	// takes all steps of an interaction that came meanwhile. Fewer go straight
	// to their tables.
	gatherFrom = 8
	// gatherUpTo bounds the steps that have arrived and are not sorted: what a
	// reader has to look through, and how long sorting keeps the writer.
	gatherUpTo = 2000
)

// writeSteps writes the steps of this commit.
func (t *tx) writeSteps() error {
	quiet := len(t.arrived) == 0 && len(t.steps) < t.gatherFrom
	if quiet || len(t.arrived)+len(t.steps) > gatherUpTo {
		return t.sort()
	}
	t.blob = joinArrived(t.blob[:0], t.steps)
	_, err := t.hot.arrive.ExecContext(t.ctx, t.blob)
	return err
}

// sort brings every step that has arrived, and those of this commit so far,
// into the tables.
func (t *tx) sort() error {
	if len(t.arrived) > 0 {
		if _, err := t.hot.forgetArrived.ExecContext(t.ctx); err != nil {
			return err
		}
	}
	var order []fullName
	byName := make(map[fullName][]*step)
	for _, some := range [][]*step{t.arrived, t.steps} {
		for _, s := range some {
			name := s.name()
			if byName[name] == nil {
				order = append(order, name)
			}
			byName[name] = append(byName[name], s)
		}
	}
	for _, name := range order {
		if err := t.sortOne(name, byName[name]); err != nil {
			return err
		}
	}
	t.arrived, t.steps, t.sorted = nil, nil, true
	return nil
}

// sortOne brings an interaction from where its tables stand to its last step.
func (t *tx) sortOne(name fullName, steps []*step) error {
	h, err := t.head(name)
	if err != nil {
		return err
	}
	first, last := steps[0], steps[len(steps)-1]
	if h.n == 0 {
		row := t.hot.insertState.QueryRowContext(t.ctx, name.tenant, string(name.id), int64(last.Version), last.Live, blob(last.State))
		err = row.Scan(&h.n)
	} else {
		err = t.hot.updateState.exec(t.ctx, int64(last.Version), last.Live, blob(last.State), h.n, int64(first.Version)-1)
	}
	if err != nil {
		return fmt.Errorf("sort steps %d to %d of an interaction: %w", first.Version, last.Version, err)
	}
	inputs, entries := make([][]byte, len(steps)), make([][]byte, len(steps))
	for i, r := range steps {
		inputs[i], entries[i] = r.Input, r.Entry
	}
	if _, err := t.hot.addEntry.ExecContext(t.ctx, h.n, int64(first.Version), first.At.UnixMilli(), joinLines(inputs), joinLines(entries)); err != nil {
		return err
	}
	if !last.Live {
		if err := t.end(h.n, last.Record); err != nil {
			return err
		}
	}
	h.version, h.live = last.Version, last.Live
	t.heads[name] = h
	return nil
}

// end lists an ended interaction for the organisation and everybody who owned it.
func (t *tx) end(n int64, r consult.Record) error {
	if _, err := t.hot.forgetEnded.ExecContext(t.ctx, n); err != nil {
		return err
	}
	for _, agent := range append([]string{""}, r.Owners...) {
		if _, err := t.hot.addEnded.ExecContext(t.ctx, r.Tenant, agent, r.At.UnixMilli(), n); err != nil {
			return err
		}
	}
	return nil
}

// joinLines and splitLines keep the steps of a journal row apart.
func joinLines(lines [][]byte) []byte { return blob(bytes.Join(lines, []byte{'\n'})) }

func splitLines(joined []byte) [][]byte { return bytes.Split(joined, []byte{'\n'}) }

// blob keeps an empty value from becoming NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
