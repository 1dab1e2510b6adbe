package sqlite

import (
	"bytes"
	"fmt"

	"teamsbridge/consult"
)

// gatherFrom is how many steps make a commit a busy moment, in which it costs
// less to write them as they came and to sort them later, when one row takes
// all steps of an interaction that came meanwhile. Fewer go straight to their
// tables.
const gatherFrom = 8

// writeSteps writes the steps of this commit.
func (t *tx) writeSteps() error {
	if t.last == 0 && len(t.steps) < t.pace.gatherFrom {
		return t.sort()
	}
	if len(t.steps) > 0 {
		t.row++
		if _, err := t.hot.arrive.ExecContext(t.ctx, t.row, t.blobs.arrival(t.steps)); err != nil {
			return err
		}
		t.last = t.row
	}
	return nil
}

// sort brings every step that has arrived, and those of this commit so far,
// into the tables.
func (t *tx) sort() error {
	if t.last > 0 {
		if _, err := t.hot.forgetArrived.ExecContext(t.ctx, t.last, -1); err != nil {
			return err
		}
	}
	names, steps := byName(t.arrived.steps, t.steps)
	for _, name := range names {
		if err := t.sortOne(name, steps[name]); err != nil {
			return err
		}
	}
	t.arrived.drop(len(t.arrived.steps))
	t.steps, t.sweep, t.last = nil, sweep{}, 0
	return nil
}

// byName groups steps by interaction, in the order of the first ones.
func byName(parts ...[]*step) (names []fullName, steps map[fullName][]*step) {
	steps = make(map[fullName][]*step)
	for _, some := range parts {
		for _, s := range some {
			name := s.name()
			if steps[name] == nil {
				names = append(names, name)
			}
			steps[name] = append(steps[name], s)
		}
	}
	return names, steps
}

// sortOne brings an interaction from where its tables stand to the last of the
// steps; those that the tables have are skipped.
func (t *tx) sortOne(name fullName, steps []*step) error {
	h, err := t.head(name)
	if err != nil {
		return err
	}
	for len(steps) > 0 && steps[0].Version <= h.sorted {
		steps = steps[1:]
	}
	if len(steps) == 0 {
		return nil
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
	inputs, entries := t.blobs.lines(steps)
	if _, err := t.hot.addEntry.ExecContext(t.ctx, h.n, int64(first.Version), first.At.UnixMilli(), inputs, entries); err != nil {
		return err
	}
	if !last.Live {
		if err := t.end(h.n, last.Record); err != nil {
			return err
		}
	}
	h.sorted = last.Version
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
func joinLines(lines [][]byte) []byte { return pack([]byte{}, bytes.Join(lines, []byte{'\n'})) }

// splitLines gives a damaged row as one line, which nobody takes for JSON.
func splitLines(joined []byte) [][]byte {
	plain, err := unpack(joined)
	if err != nil {
		return [][]byte{joined}
	}
	return bytes.Split(plain, []byte{'\n'})
}

// blob keeps an empty value from becoming NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
