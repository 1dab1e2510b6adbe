package storetest

import (
	"context"
	"maps"
	"slices"

	"teamsbridge/consult"
)

// KeepLine stores a line of the switch.
func (m *Memory) KeepLine(_ context.Context, l consult.Line) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lines == nil {
		m.lines = map[consult.LegID]consult.Line{}
	}
	l.Memo = slices.Clone(l.Memo)
	m.lines[l.Leg] = l
	return nil
}

// DropLine forgets one.
func (m *Memory) DropLine(_ context.Context, leg consult.LegID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.lines, leg)
	return nil
}

// AllLines lists them.
func (m *Memory) AllLines(context.Context) ([]consult.Line, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []consult.Line
	for _, leg := range slices.Sorted(maps.Keys(m.lines)) {
		all = append(all, m.lines[leg])
	}
	return all, nil
}
