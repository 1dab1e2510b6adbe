package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"teamsbridge/consult"
	"teamsbridge/store"
)

// What append_step raises.
const (
	codeVersion  = "TB001"
	codeKeyTaken = "TB002"
)

// Append writes a step and returns when the server has it on disk.
// consult.ErrKeyTaken when the record's key was taken in the 24 hours before;
// consult.ErrVersion when another step came first; ErrClosed after Close.
//
// Steps that come together are written together. When one of them is refused
// all are tried again, each alone, so that it refuses nobody else.
func (s *Store) Append(ctx context.Context, r consult.Record) error {
	until := time.Now().Add(s.patience)
	group, err := s.groups.join(ctx, r, until)
	if err != nil {
		return fmt.Errorf("postgres: append: %w", err)
	}
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), until) // once begun it is finished
	defer cancel()
	if err := s.settle(ctx, r, group); err != nil {
		return err
	}
	s.teller.add(r.Tenant, r.Interaction, r.Version)
	return nil
}

// settle finds out what a group's outcome is for one of its steps.
func (s *Store) settle(ctx context.Context, r consult.Record, group outcome) error {
	switch {
	case group.err == nil:
		return nil
	case !refused(group.err): // who knows whether the server has written it
		return s.alone(ctx, r, true)
	case group.steps > 1: // who knows which of them was meant
		return s.alone(ctx, r, false)
	}
	return group.err
}

// alone writes a step by itself. unclear says that a try before this one may
// have written it.
func (s *Store) alone(ctx context.Context, r consult.Record, unclear bool) error {
	return s.insist(ctx, func(ctx context.Context) error {
		err := s.step(ctx, r)
		if !unclear || !errors.Is(err, consult.ErrVersion) && !errors.Is(err, consult.ErrKeyTaken) {
			unclear = true // for the next try
			return err
		}
		// If the earlier try was written after all, this one met it: the version
		// lets only one of them through.
		ours, lookErr := s.has(ctx, r)
		switch {
		case lookErr != nil:
			return lookErr
		case ours:
			return nil
		}
		return err
	})
}

// refused reports whether the server has answered that it writes nothing.
func refused(err error) bool {
	if errors.Is(err, consult.ErrVersion) || errors.Is(err, consult.ErrKeyTaken) {
		return true
	}
	_, answered := errors.AsType[*pgconn.PgError](err)
	return answered && !away(err)
}

// step writes one step: half as much work for the server as a group of one.
func (s *Store) step(ctx context.Context, r consult.Record) error {
	var scope, key []byte
	var hash string
	var at int64
	if c := r.Claim; c != nil {
		scope, key, hash, at = []byte(c.Scope), []byte(c.Key), c.BodyHash, c.At.UnixMilli()
	}
	_, err := s.pool.Exec(ctx, `SELECT append_step($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		r.Tenant, string(r.Interaction), int64(r.Version), r.Live, r.At.UnixMilli(), r.Owners,
		blob(r.Input), blob(r.State), blob(r.Entry), scope, key, hash, at, at-store.KeyLife.Milliseconds())
	return appended(err)
}

// appended reads what append_step raised.
func appended(err error) error {
	if answered, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch answered.Code {
		case codeVersion:
			return consult.ErrVersion
		case codeKeyTaken:
			return consult.ErrKeyTaken
		}
	}
	if err != nil {
		return fmt.Errorf("postgres: append: %w", err)
	}
	return nil
}

// has reports whether the journal holds this very step.
func (s *Store) has(ctx context.Context, r consult.Record) (bool, error) {
	var at int64
	var input, entry []byte
	err := s.pool.QueryRow(ctx, `SELECT j.at, j.input, j.entry FROM journal j JOIN interactions i ON i.n = j.interaction
		WHERE i.tenant = $1 AND i.id = $2 AND j.version = $3`, r.Tenant, string(r.Interaction), int64(r.Version)).Scan(&at, &input, &entry)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("postgres: append: look for the step: %w", err)
	}
	return at == r.At.UnixMilli() && bytes.Equal(input, r.Input) && bytes.Equal(entry, r.Entry), nil
}

// blob keeps an empty value from becoming null.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
