package storetest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"teamsbridge/consult"
)

// DeleteEnded forgets interactions that ended before the time, the oldest first.
func (m *Memory) DeleteEnded(ctx context.Context, before time.Time, limit int) (int, error) {
	err := m.begin(ctx, "DeleteEnded")
	defer m.mu.Unlock()
	if err != nil {
		return 0, err
	}
	old := m.endedBefore(before, limit, func(*interaction) bool { return true })
	for _, key := range old {
		delete(m.interactions, key)
	}
	return len(old), nil
}

// DeleteNotes forgets what people wrote in interactions that ended before the
// time, the oldest first.
func (m *Memory) DeleteNotes(ctx context.Context, before time.Time, limit int) (int, error) {
	err := m.begin(ctx, "DeleteNotes")
	defer m.mu.Unlock()
	if err != nil {
		return 0, err
	}
	old := m.endedBefore(before, limit, func(kept *interaction) bool { return kept.noted })
	for _, key := range old {
		kept := m.interactions[key]
		kept.noted = false
		kept.stored.State = consult.WithoutNotes(kept.stored.State)
		for _, lines := range [][][]byte{kept.inputs, kept.entries} {
			for i, line := range lines {
				lines[i] = consult.WithoutNotes(line)
			}
		}
	}
	return len(old), nil
}

// endedBefore finds interactions that ended before the time, the oldest first.
func (m *Memory) endedBefore(before time.Time, limit int, wanted func(*interaction) bool) []interactionKey {
	var old []interactionKey
	for key, kept := range m.interactions {
		if !kept.stored.Live && kept.at.Before(before) && wanted(kept) {
			old = append(old, key)
		}
	}
	slices.SortFunc(old, func(a, b interactionKey) int {
		one, two := m.interactions[a], m.interactions[b]
		return cmp.Or(one.at.Compare(two.at), cmp.Compare(one.step, two.step))
	})
	return old[:min(limit, len(old))]
}

// DeleteClaims forgets keys taken before the time.
func (m *Memory) DeleteClaims(ctx context.Context, before time.Time, limit int) (int, error) {
	err := m.begin(ctx, "DeleteClaims")
	defer m.mu.Unlock()
	if err != nil {
		return 0, err
	}
	deleted := 0
	for key, taken := range m.claims {
		if deleted < limit && taken.At.Before(before) {
			delete(m.claims, key)
			deleted++
		}
	}
	return deleted, nil
}
