package graph

import (
	"context"
	"time"
)

// Store keeps what was read of directories, so that a restart answers at once
// and goes on where it stopped. Only listed people come here. Implementations
// pass storetest.RunDirectories.
type Store interface {
	// Checkpoints reads how far each organisation is kept.
	Checkpoints(ctx context.Context) (map[TenantID]Checkpoint, error)
	// KeptExperts yields everybody of a generation, in any order, until yield
	// fails; then it returns that error.
	KeptExperts(ctx context.Context, tenant TenantID, generation int64, yield func(Expert) error) error
	// KeepExperts writes a batch, all of it or nothing.
	KeepExperts(ctx context.Context, tenant TenantID, b Batch) error
	// ForgetDirectory deletes an organisation's checkpoint. Its people are gone
	// with it; PruneExperts gives their room back. What is not there is no error.
	ForgetDirectory(ctx context.Context, tenant TenantID) error
	// PruneExperts deletes people of generations that no checkpoint names, at
	// most limit of them. It returns how many; fewer than limit means that none
	// are left.
	PruneExperts(ctx context.Context, limit int) (int, error)
}

// Batch is what one page or round changes, with how far the directory then is.
type Batch struct {
	Generation int64 // of the people
	Put        []Expert
	Delete     []UserID
	Checkpoint Checkpoint
}

// Checkpoint is how far an organisation's directory is kept.
type Checkpoint struct {
	Rules    string `json:"rules"` // digest of what decided who is listed; under other rules nothing of it counts
	Complete Kept   `json:"complete"`
	Reading  Kept   `json:"reading"` // a full read under way
}

// Kept is one reading of a directory. Generations tell the people of one
// reading from those of another; 0 means that there is none.
type Kept struct {
	Generation int64     `json:"generation"`
	Link       string    `json:"link"`    // where to read on: a delta link, or the next page of a full read
	Members    string    `json:"members"` // digest of the groups' members whom it was judged by
	People     int       `json:"people"`  // read, listed or not
	At         time.Time `json:"at"`      // of the last round; of a full read, when it began
}
