package storetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"teamsbridge/graph"
)

// keptExperts says since when an agent keeps each expert in a list.
type keptExperts map[agentKey]map[graph.UserID]time.Time

func (k *keptExperts) add(key agentKey, expert graph.UserID, at time.Time) {
	if *k == nil {
		*k = keptExperts{}
	}
	if (*k)[key] == nil {
		(*k)[key] = map[graph.UserID]time.Time{}
	}
	(*k)[key][expert] = at
}

// oldestFirst is an agent's list.
func (k keptExperts) oldestFirst(key agentKey) []graph.UserID {
	return slices.SortedFunc(maps.Keys(k[key]), func(a, b graph.UserID) int {
		return cmp.Or(k[key][a].Compare(k[key][b]), cmp.Compare(a, b))
	})
}

// latestFirst is an agent's list.
func (k keptExperts) latestFirst(key agentKey) []graph.UserID {
	return slices.SortedFunc(maps.Keys(k[key]), func(a, b graph.UserID) int {
		return cmp.Or(k[key][b].Compare(k[key][a]), cmp.Compare(a, b))
	})
}

// Favourites reads marked experts in the order of marking.
func (m *Memory) Favourites(ctx context.Context, tenant, agent string) ([]graph.UserID, error) {
	err := m.begin(ctx, "Favourites")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return m.favourites.oldestFirst(agentKey{tenant, agent}), nil
}

// AddFavourite marks an expert, unless most others are marked.
func (m *Memory) AddFavourite(ctx context.Context, tenant, agent string, expert graph.UserID, at time.Time, most int) (bool, error) {
	err := m.begin(ctx, "AddFavourite")
	defer m.mu.Unlock()
	if err != nil {
		return false, err
	}
	key := agentKey{tenant, agent}
	if _, marked := m.favourites[key][expert]; marked {
		return true, nil
	}
	if len(m.favourites[key]) >= most {
		return false, nil
	}
	m.favourites.add(key, expert, at)
	return true, nil
}

// RemoveFavourite takes a mark away.
func (m *Memory) RemoveFavourite(ctx context.Context, tenant, agent string, expert graph.UserID) error {
	err := m.begin(ctx, "RemoveFavourite")
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	delete(m.favourites[agentKey{tenant, agent}], expert)
	return nil
}

// Recents reads consulted experts, the latest first.
func (m *Memory) Recents(ctx context.Context, tenant, agent string) ([]graph.UserID, error) {
	err := m.begin(ctx, "Recents")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return m.recents.latestFirst(agentKey{tenant, agent}), nil
}

// AddRecent keeps the latest most of the consulted experts.
func (m *Memory) AddRecent(ctx context.Context, tenant, agent string, expert graph.UserID, at time.Time, most int) error {
	err := m.begin(ctx, "AddRecent")
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	key := agentKey{tenant, agent}
	if known := m.recents[key][expert]; at.After(known) {
		m.recents.add(key, expert, at)
	}
	all := m.recents.latestFirst(key)
	for _, old := range all[min(most, len(all)):] {
		delete(m.recents[key], old)
	}
	return nil
}

// DeleteRecents forgets experts who were last consulted before the time.
func (m *Memory) DeleteRecents(ctx context.Context, before time.Time, limit int) (int, error) {
	err := m.begin(ctx, "DeleteRecents")
	defer m.mu.Unlock()
	if err != nil {
		return 0, err
	}
	deleted := 0
	for _, experts := range m.recents {
		for expert, at := range experts {
			if deleted < limit && at.Before(before) {
				delete(experts, expert)
				deleted++
			}
		}
	}
	return deleted, nil
}
