package graph

import (
	"context"
	"time"
)

// resume takes up what an earlier process kept: the index answers at once, and
// the round that is returned goes on where that process stopped.
//
// What was kept under other rules is not used at all: it may show somebody whom
// the rules of today hide, and lacks whom they show.
func (m *mirror) resume(ctx context.Context, kept Checkpoint) *round {
	k := m.keeper
	if kept.Rules != m.rulesDigest {
		if kept.Rules != "" {
			m.logger.InfoContext(ctx, "who counts as an expert has changed, directory is read anew", "tenant", m.tenant.ID)
		}
		k.saved = Checkpoint{Rules: m.rulesDigest}
		k.generation = max(kept.Complete.Generation, kept.Reading.Generation) // none of theirs comes again
		return m.anew()
	}
	k.saved = kept
	r := m.anew()
	if kept.Complete.Generation != 0 && m.show(ctx, kept.Complete) {
		r = newRound(kept.Complete.Link)
		r.members = kept.Complete.Members
	}
	if reading := kept.Reading; reading.Generation != 0 {
		if resumed := m.goOn(ctx, reading); resumed != nil {
			return resumed
		}
	}
	return r
}

// anew begins a full read.
func (m *mirror) anew() *round {
	r := newRound("")
	r.generation = m.keeper.nextGeneration()
	if known := m.rules.Load().members; known != nil {
		r.members = known.digest
	}
	return r
}

// show makes a kept reading the index; false when it cannot be read.
func (m *mirror) show(ctx context.Context, kept Kept) bool {
	loading := newRound("")
	if !m.load(ctx, loading, kept) {
		return false
	}
	next, _ := loading.applyTo(nil)
	m.index.Store(next)
	m.others.restore(kept.People - next.experts)
	m.board.change(func(s *Status) {
		s.Ready, s.SyncedAt, s.People, s.Experts = true, kept.At, max(kept.People, next.experts), next.experts
	})
	m.logger.InfoContext(ctx, "directory taken from the store", "tenant", m.tenant.ID, "experts", next.experts,
		"synced_at", kept.At, "seconds", time.Since(loading.began).Seconds())
	return true
}

// goOn takes up a full read; nil when it cannot be.
func (m *mirror) goOn(ctx context.Context, kept Kept) *round {
	r := newRound("")
	if kept.Link == "" || !m.load(ctx, r, kept) {
		return nil
	}
	r.link, r.generation, r.members, r.resumed = kept.Link, kept.Generation, kept.Members, true
	r.kept, r.unknown = max(kept.People, r.experts), max(kept.People-r.experts, 0)
	m.logger.InfoContext(ctx, "reading directory goes on", "tenant", m.tenant.ID, "people", r.kept)
	return r
}

// load reads the people of a generation into a round.
func (m *mirror) load(ctx context.Context, r *round, kept Kept) bool {
	err := m.keeper.store.KeptExperts(ctx, m.tenant.ID, kept.Generation, func(e Expert) error {
		r.add(&e)
		return nil
	})
	if err != nil && ctx.Err() == nil {
		m.logger.WarnContext(ctx, "kept directory cannot be read, it is read anew", "tenant", m.tenant.ID, "error", err)
	}
	return err == nil
}
