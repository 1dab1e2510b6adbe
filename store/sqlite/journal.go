package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"teamsbridge/consult"
	"teamsbridge/store"
)

// errManyLines: what is kept a line each must be one.
var errManyLines = errors.New("sqlite: a step's input and entry must each be one line of JSON")

// Append writes a step and returns when it is on disk. consult.ErrKeyTaken when
// the record's key was taken in the 24 hours before; consult.ErrVersion when
// another step came first; ErrFull when the disk is full and the step can wait.
func (s *Store) Append(ctx context.Context, r consult.Record) error {
	if bytes.IndexByte(r.Input, '\n') >= 0 || bytes.IndexByte(r.Entry, '\n') >= 0 {
		return errManyLines
	}
	step := &step{Record: r}
	do := func(t *tx) (refused, err error) { return t.append(step) }
	if r.Urgent {
		return s.writer.urgent(ctx, do)
	}
	return s.writer.write(ctx, do)
}

// append decides on a step; it is written with the others of its commit.
func (t *tx) append(r *step) (refused, err error) {
	if c := r.Claim; c != nil {
		var taken int
		row := t.hot.takenSince.QueryRowContext(t.ctx, c.Scope, c.Key, c.At.Add(-store.KeyLife).UnixMilli())
		if err := row.Scan(&taken); err != nil {
			return nil, err
		}
		if taken > 0 {
			return consult.ErrKeyTaken, nil
		}
	}
	name := r.name()
	stands, err := t.head(name)
	if err != nil {
		return nil, err
	}
	if r.Version != stands.version+1 {
		return consult.ErrVersion, nil
	}
	if c := r.Claim; c != nil {
		_, err := t.hot.claim.ExecContext(t.ctx, c.Scope, c.Key, c.BodyHash, string(r.Interaction), int64(r.Version), c.At.UnixMilli())
		if err != nil {
			return nil, err
		}
	}
	stands.version, stands.live = r.Version, r.Live
	t.heads[name] = stands
	t.steps = append(t.steps, r)
	return nil, nil
}

// head is how far an interaction is. The zero head is that of none.
type head struct {
	n       int64 // short name in the tables; 0 while it has only arrived
	version uint64
	live    bool
	sorted  uint64 // version in the tables
}

// head says how far an interaction is with what this commit has done to it. An
// interaction of the past is looked up.
func (t *tx) head(name fullName) (h head, err error) {
	if h, ok := t.heads[name]; ok {
		return h, nil
	}
	if h, ok := t.known[name]; ok {
		return h, nil
	}
	err = t.hot.head.QueryRowContext(t.ctx, name.tenant, string(name.id)).Scan(&h.n, &h.version, &h.live)
	if errors.Is(err, sql.ErrNoRows) {
		return head{}, nil
	}
	h.sorted = h.version
	return h, err
}

// fullName is what callers know an interaction by.
type fullName struct {
	tenant string
	id     consult.InteractionID
}
