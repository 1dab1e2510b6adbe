package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"teamsbridge/consult"
	"teamsbridge/store"
)

// Append writes a step and returns when it is on disk. consult.ErrKeyTaken when
// the record's key was taken in the 24 hours before; consult.ErrVersion when
// another step came first; ErrFull when the disk is full and the step can wait.
func (s *Store) Append(ctx context.Context, r consult.Record) error {
	do := func(t *tx) (refused, err error) { return t.append(r) }
	if r.Urgent {
		return s.writer.urgent(ctx, do)
	}
	return s.writer.write(ctx, do)
}

func (t *tx) append(r consult.Record) (refused, err error) {
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
	n, err := t.advance(r)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return consult.ErrVersion, nil
	case err != nil:
		return nil, err
	}
	if _, err := t.hot.addEntry.ExecContext(t.ctx, n, int64(r.Version), r.At.UnixMilli(), blob(r.Input), blob(r.Entry)); err != nil {
		return nil, err
	}
	if !r.Live {
		if err := t.end(n, r); err != nil {
			return nil, err
		}
	}
	if c := r.Claim; c != nil {
		_, err := t.hot.claim.ExecContext(t.ctx, c.Scope, c.Key, c.BodyHash, string(r.Interaction), int64(r.Version), c.At.UnixMilli())
		return nil, err
	}
	return nil, nil
}

// advance moves the interaction to the record's version, if it stands one
// before, and gives its short name; sql.ErrNoRows when it stood elsewhere.
func (t *tx) advance(r consult.Record) (n int64, err error) {
	name := fullName{r.Tenant, r.Interaction}
	if r.Version == 1 {
		err = t.hot.insertFirst.QueryRowContext(t.ctx, r.Tenant, string(r.Interaction), r.Live, blob(r.State)).Scan(&n)
	} else if known, ok := t.names[name]; ok {
		// By its short name it costs half; the full one is compared too, because a
		// transaction that was rolled back may have given the short one away.
		n = known
		err = t.hot.updateKnown.exec(t.ctx, r.Live, blob(r.State), n, int64(r.Version)-1, string(r.Interaction), r.Tenant)
		if errors.Is(err, sql.ErrNoRows) {
			delete(t.names, name)
			return t.advance(r)
		}
	} else {
		err = t.hot.updateState.QueryRowContext(t.ctx, r.Live, blob(r.State), r.Tenant, string(r.Interaction), int64(r.Version)-1).Scan(&n)
	}
	switch {
	case err != nil:
	case r.Live:
		t.names[name] = n
	default:
		delete(t.names, name)
	}
	return n, err
}

// fullName is what callers know an interaction by.
type fullName struct {
	tenant string
	id     consult.InteractionID
}

// end lists an ended interaction for the organisation and everybody who owned it.
func (t *tx) end(n int64, r consult.Record) error {
	if _, err := t.hot.forgetEnded.ExecContext(t.ctx, n); err != nil {
		return err
	}
	for _, agent := range append([]string{""}, r.Owners...) {
		if _, err := t.hot.addEnded.ExecContext(t.ctx, r.Tenant, agent, r.At.UnixMilli(), n); err != nil {
			return err
		}
	}
	return nil
}

// blob keeps an empty value from becoming NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// Interaction reads one; consult.ErrNotFound.
func (s *Store) Interaction(ctx context.Context, tenant string, id consult.InteractionID) (consult.Stored, error) {
	all, err := s.stored(ctx, s.reads.interaction, tenant, string(id))
	if err != nil {
		return consult.Stored{}, err
	}
	if len(all) == 0 {
		return consult.Stored{}, consult.ErrNotFound
	}
	return all[0], nil
}

// Live reads all interactions that have not ended, of all tenants, oldest first.
func (s *Store) Live(ctx context.Context) ([]consult.Stored, error) {
	return s.stored(ctx, s.reads.live)
}

// Owned reads the ended interactions that an agent owns or owned (agent ""
// means the whole tenant), newest first; a limit below one means all.
func (s *Store) Owned(ctx context.Context, tenant, agent string, limit int) ([]consult.Stored, error) {
	if limit < 1 {
		limit = -1 // SQLite's word for no limit
	}
	return s.stored(ctx, s.reads.owned, tenant, agent, limit)
}

func (s *Store) stored(ctx context.Context, query *sql.Stmt, args ...any) ([]consult.Stored, error) {
	rows, err := query.QueryContext(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("sqlite: read interactions: %w", err)
	}
	defer rows.Close()
	var all []consult.Stored
	for rows.Next() {
		var one consult.Stored
		if err := rows.Scan(&one.Interaction, &one.Tenant, &one.Version, &one.Live, &one.State); err != nil {
			return nil, fmt.Errorf("sqlite: read interactions: %w", err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: read interactions: %w", err)
	}
	return all, nil
}

// History reads an interaction's entries in order; consult.ErrNotFound.
func (s *Store) History(ctx context.Context, tenant string, id consult.InteractionID) ([][]byte, error) {
	return lines(ctx, s.reads.entries, tenant, id)
}

// Inputs reads an interaction's inputs in order; consult.ErrNotFound.
func (s *Store) Inputs(ctx context.Context, tenant string, id consult.InteractionID) ([][]byte, error) {
	return lines(ctx, s.reads.inputs, tenant, id)
}

func lines(ctx context.Context, query *sql.Stmt, tenant string, id consult.InteractionID) ([][]byte, error) {
	rows, err := query.QueryContext(ctx, tenant, string(id))
	if err != nil {
		return nil, fmt.Errorf("sqlite: read journal: %w", err)
	}
	defer rows.Close()
	var all [][]byte
	for rows.Next() {
		var line []byte
		if err := rows.Scan(&line); err != nil {
			return nil, fmt.Errorf("sqlite: read journal: %w", err)
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: read journal: %w", err)
	}
	if len(all) == 0 { // an interaction begins with its first entry
		return nil, consult.ErrNotFound
	}
	return all, nil
}
