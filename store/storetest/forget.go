package storetest

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// DeleteEnded forgets interactions that ended before the time, the oldest first.
func (m *Memory) DeleteEnded(ctx context.Context, before time.Time, limit int) (int, error) {
	err := m.begin(ctx, "DeleteEnded")
	defer m.mu.Unlock()
	if err != nil {
		return 0, err
	}
	var old []interactionKey
	for key, kept := range m.interactions {
		if !kept.stored.Live && kept.at.Before(before) {
			old = append(old, key)
		}
	}
	slices.SortFunc(old, func(a, b interactionKey) int {
		one, two := m.interactions[a], m.interactions[b]
		return cmp.Or(one.at.Compare(two.at), cmp.Compare(one.step, two.step))
	})
	old = old[:min(limit, len(old))]
	for _, key := range old {
		delete(m.interactions, key)
	}
	return len(old), nil
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
