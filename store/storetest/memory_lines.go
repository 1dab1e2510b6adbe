package storetest

import (
	"context"
	"maps"
	"slices"

	"teamsbridge/consult"
)

// KeepLine stores lines of the switch.
func (m *Memory) KeepLine(_ context.Context, lines ...consult.Line) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.switchLines == nil {
		m.switchLines = map[consult.LegID]consult.Line{}
	}
	for _, l := range lines {
		l.Memo = slices.Clone(l.Memo)
		m.switchLines[l.Leg] = l
	}
	return nil
}

// DropLine forgets one.
func (m *Memory) DropLine(_ context.Context, leg consult.LegID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.switchLines, leg)
	return nil
}

// AllLines lists them.
func (m *Memory) AllLines(context.Context) ([]consult.Line, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []consult.Line
	for _, leg := range slices.Sorted(maps.Keys(m.switchLines)) {
		all = append(all, m.switchLines[leg])
	}
	return all, nil
}
