package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"time"
)

// keeper writes what a mirror reads into the store. What cannot be written
// waits, and goes with the next page or round: the store then stands where it
// stood, which is a right place to go on from.
type keeper struct {
	store  Store // nil: nothing is kept
	tenant TenantID
	logger *slog.Logger

	saved      Checkpoint // as the store has it
	generation int64      // that the waiting changes belong to
	waiting    map[UserID]*Expert
	failing    bool
}

// page keeps a page of a full read.
func (k *keeper) page(ctx context.Context, r *round, put []Expert, gone []UserID) {
	if k.store == nil {
		return
	}
	k.rest(r, put, gone)
	next := k.saved
	next.Reading = Kept{Generation: r.generation, Link: r.link, Members: r.members, People: r.people(), At: r.began.UTC()}
	k.write(ctx, next)
}

// rest takes in a page of a full read without writing it: the last one, which
// goes with the round's end.
func (k *keeper) rest(r *round, put []Expert, gone []UserID) {
	if k.store == nil || !r.full() {
		return
	}
	k.into(r.generation)
	for i := range put {
		k.waiting[put[i].ID] = &put[i]
	}
	for _, id := range gone {
		k.waiting[id] = nil
	}
}

// complete keeps a finished round: changed is who changed in the index, of a
// full read nobody but those that wait.
func (k *keeper) complete(ctx context.Context, r *round, link string, changed map[UserID]*Expert, people int) {
	if k.store == nil {
		return
	}
	generation := k.saved.Complete.Generation
	if r.full() {
		generation = r.generation
	}
	k.into(generation)
	for id, e := range changed {
		k.waiting[id] = e
	}
	next := k.saved
	next.Complete = Kept{Generation: generation, Link: link, Members: r.members, People: people, At: time.Now().UTC()}
	if r.full() {
		next.Reading = Kept{}
	}
	k.write(ctx, next)
}

// into drops what waits for another generation, which is out of date.
func (k *keeper) into(generation int64) {
	if k.waiting == nil || k.generation != generation {
		k.generation, k.waiting = generation, map[UserID]*Expert{}
	}
}

func (k *keeper) write(ctx context.Context, next Checkpoint) {
	b := Batch{Generation: k.generation, Checkpoint: next}
	for id, e := range k.waiting {
		if e == nil {
			b.Delete = append(b.Delete, id)
		} else {
			b.Put = append(b.Put, *e)
		}
	}
	if err := k.store.KeepExperts(ctx, k.tenant, b); err != nil {
		if !k.failing && ctx.Err() == nil {
			k.logger.WarnContext(ctx, "directory not kept, a restart reads it from further back", "tenant", k.tenant, "error", err)
		}
		k.failing = true
		return
	}
	if k.failing {
		k.logger.InfoContext(ctx, "directory kept again", "tenant", k.tenant)
	}
	k.saved, k.waiting, k.failing = next, nil, false
}

// nextGeneration is one that no earlier reading had.
func (k *keeper) nextGeneration() int64 {
	last := max(k.saved.Complete.Generation, k.saved.Reading.Generation, k.generation)
	return max(last+1, time.Now().UnixMilli())
}

// pruneBatch bounds how long a deletion keeps the steps of calls waiting.
const pruneBatch = 500

// prune deletes the people of readings that are over.
func prune(ctx context.Context, store Store, logger *slog.Logger) {
	for {
		n, err := store.PruneExperts(ctx, pruneBatch)
		if err != nil && ctx.Err() == nil {
			logger.WarnContext(ctx, "old readings of directories not deleted", "error", err)
		}
		if err != nil || n < pruneBatch {
			return
		}
	}
}

// digest tells apart what decides who is listed, groups' members aside.
func (c Config) digest(country string) string {
	described, err := json.Marshal(struct {
		Version          int
		Country          string
		Include, Exclude Filter
	}{listingVersion, country, c.Include, c.Exclude})
	if err != nil {
		return "" // texts can always be written
	}
	sum := sha256.Sum256(described)
	return hex.EncodeToString(sum[:])
}
