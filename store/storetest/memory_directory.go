package storetest

import (
	"context"
	"maps"

	"teamsbridge/graph"
)

var _ graph.Store = (*Memory)(nil)

// readingKey names a generation of an organisation's directory.
type readingKey struct {
	tenant     graph.TenantID
	generation int64
}

// Checkpoints reads how far directories are kept.
func (m *Memory) Checkpoints(ctx context.Context) (map[graph.TenantID]graph.Checkpoint, error) {
	err := m.begin(ctx, "Checkpoints")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return maps.Clone(m.directories), nil
}

// KeptExperts yields a generation.
func (m *Memory) KeptExperts(ctx context.Context, tenant graph.TenantID, generation int64, yield func(graph.Expert) error) error {
	err := m.begin(ctx, "KeptExperts")
	people := maps.Clone(m.readings[readingKey{tenant, generation}])
	m.mu.Unlock()
	if err != nil {
		return err
	}
	for _, e := range people {
		if err := yield(e); err != nil {
			return err
		}
	}
	return nil
}

// KeepExperts keeps a batch.
func (m *Memory) KeepExperts(ctx context.Context, tenant graph.TenantID, b graph.Batch) error {
	err := m.begin(ctx, "KeepExperts")
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	put(&m.directories, tenant, b.Checkpoint)
	key := readingKey{tenant, b.Generation}
	people := m.readings[key]
	for _, e := range b.Put {
		put(&people, e.ID, e)
	}
	for _, id := range b.Delete {
		delete(people, id)
	}
	put(&m.readings, key, people)
	return nil
}

// ForgetDirectory forgets a checkpoint.
func (m *Memory) ForgetDirectory(ctx context.Context, tenant graph.TenantID) error {
	err := m.begin(ctx, "ForgetDirectory")
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	delete(m.directories, tenant)
	return nil
}

// PruneExperts deletes what no checkpoint names.
func (m *Memory) PruneExperts(ctx context.Context, limit int) (deleted int, err error) {
	err = m.begin(ctx, "PruneExperts")
	defer m.mu.Unlock()
	if err != nil {
		return 0, err
	}
	for key, people := range m.readings {
		c, ok := m.directories[key.tenant]
		if ok && (key.generation == c.Complete.Generation || key.generation == c.Reading.Generation) {
			continue
		}
		for id := range people {
			if deleted == limit {
				return deleted, nil
			}
			delete(people, id)
			deleted++
		}
		delete(m.readings, key)
	}
	return deleted, nil
}
