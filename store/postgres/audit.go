package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"teamsbridge/audit"
)

var _ audit.Store = (*Store)(nil)

// AppendAudit seals events into their organisations' chains, all or none. It is
// not tried again when its commit's answer got lost: the recorder tries, and what
// the journal tells is left out the second time.
func (s *Store) AppendAudit(ctx context.Context, events []audit.Event) (lines []audit.Line, err error) {
	err = s.inTransaction(ctx, func(ctx context.Context, tx pgx.Tx) error {
		lines = nil
		chains, err := lockChains(ctx, tx, events)
		if err != nil {
			return err
		}
		for _, e := range events {
			known, err := audited(ctx, tx, e)
			if err != nil {
				return err
			}
			if known {
				continue
			}
			l := chains[e.Tenant].Seal(e)
			body, actor, target := l.Parts()
			if _, err := tx.Exec(ctx, `INSERT INTO audit_lines (tenant, sequence, at, interaction, version, body, actor, target)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
				l.Tenant, int64(l.Sequence), l.At().UnixMilli(), l.Interaction, int64(l.Version), body, actor, target); err != nil {
				return err
			}
			lines = append(lines, l)
		}
		for _, c := range chains {
			if err := putChain(ctx, tx, c); err != nil {
				return err
			}
		}
		return nil
	})
	return lines, err
}

// lockChains keeps the chains of the events from others until the transaction
// ends, in one order everywhere.
func lockChains(ctx context.Context, tx pgx.Tx, events []audit.Event) (map[string]*audit.Chain, error) {
	chains := make(map[string]*audit.Chain)
	for _, e := range events {
		chains[e.Tenant] = nil
	}
	for _, tenant := range slices.Sorted(maps.Keys(chains)) {
		if _, err := tx.Exec(ctx, `INSERT INTO audit_chains (tenant, sequence, hash, first, before, journal_at)
			VALUES ($1, 0, '', 0, '', 0) ON CONFLICT DO NOTHING`, tenant); err != nil {
			return nil, err
		}
		c, err := scanChain(tx.QueryRow(ctx, selectChain+` WHERE tenant = $1 FOR UPDATE`, tenant))
		if err != nil {
			return nil, err
		}
		chains[tenant] = &c
	}
	return chains, nil
}

// audited reports whether the chain has the journal's step already.
func audited(ctx context.Context, tx pgx.Tx, e audit.Event) (known bool, err error) {
	if e.Version == 0 {
		return false, nil
	}
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM audit_lines WHERE tenant = $1 AND interaction = $2 AND version = $3 AND version > 0)`,
		e.Tenant, e.Interaction, int64(e.Version)).Scan(&known)
	return known, err
}

func putChain(ctx context.Context, tx pgx.Tx, c *audit.Chain) error {
	if c.Sequence == 0 { // locked only
		_, err := tx.Exec(ctx, `DELETE FROM audit_chains WHERE tenant = $1`, c.Tenant)
		return err
	}
	var journalAt int64
	if !c.JournalAt.IsZero() {
		journalAt = c.JournalAt.UnixMilli()
	}
	_, err := tx.Exec(ctx, `UPDATE audit_chains SET sequence = $2, hash = $3, first = $4, before = $5, journal_at = $6 WHERE tenant = $1`,
		c.Tenant, int64(c.Sequence), c.Hash, int64(c.First), c.Before, journalAt)
	return err
}

const selectChain = `SELECT tenant, sequence, hash, first, before, journal_at FROM audit_chains`

func scanChain(row pgx.Row) (c audit.Chain, err error) {
	var sequence, first, journalAt int64
	err = row.Scan(&c.Tenant, &sequence, &c.Hash, &first, &c.Before, &journalAt)
	c.Sequence, c.First = uint64(sequence), uint64(first)
	if journalAt != 0 {
		c.JournalAt = time.UnixMilli(journalAt).UTC()
	}
	return c, err
}

// AuditChains reads how far every chain is.
func (s *Store) AuditChains(ctx context.Context) ([]audit.Chain, error) {
	return collect(ctx, s, func(row pgx.CollectableRow) (audit.Chain, error) { return scanChain(row) },
		selectChain+` ORDER BY tenant COLLATE "C"`)
}

// AuditLines reads lines of a chain in order.
func (s *Store) AuditLines(ctx context.Context, tenant string, after uint64, limit int) ([]audit.Line, error) {
	return collect(ctx, s, scanLine, `SELECT body, actor, target FROM audit_lines
		WHERE tenant = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`, tenant, int64(after), limit)
}

// AuditLinesBefore reads lines of a chain backwards.
func (s *Store) AuditLinesBefore(ctx context.Context, tenant string, before uint64, limit int) ([]audit.Line, error) {
	return collect(ctx, s, scanLine, `SELECT body, actor, target FROM audit_lines
		WHERE tenant = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3`, tenant, beyond(before), limit)
}

// beyond is a sequence number that a line may come before; 0 is one beyond the last.
func beyond(before uint64) int64 {
	if before == 0 || before > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(before)
}

func scanLine(row pgx.CollectableRow) (audit.Line, error) {
	var body, actor, target []byte
	if err := row.Scan(&body, &actor, &target); err != nil {
		return audit.Line{}, err
	}
	return audit.Join(body, actor, target)
}

// EraseAudit erases fields of persons.
func (s *Store) EraseAudit(ctx context.Context, tenant string, erase []audit.Erasure) error {
	var actors, targets []int64
	for _, e := range erase {
		if e.Actor {
			actors = append(actors, int64(e.Sequence))
		}
		if e.Target {
			targets = append(targets, int64(e.Sequence))
		}
	}
	return s.inTransaction(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, one := tx.Exec(ctx, `UPDATE audit_lines SET actor = NULL WHERE tenant = $1 AND sequence = ANY($2)`, tenant, actors)
		if one != nil {
			return one
		}
		_, two := tx.Exec(ctx, `UPDATE audit_lines SET target = NULL WHERE tenant = $1 AND sequence = ANY($2)`, tenant, targets)
		return two
	})
}

// DeleteAudit deletes lines from before the time, from each chain's beginning,
// at most limit of them; the chain remembers what its first line follows.
func (s *Store) DeleteAudit(ctx context.Context, before time.Time, limit int) (deleted int, err error) {
	err = s.inTransaction(ctx, func(ctx context.Context, tx pgx.Tx) error {
		deleted = 0
		rows, err := tx.Query(ctx, selectChain+` AS c WHERE EXISTS (
			SELECT FROM audit_lines l WHERE l.tenant = c.tenant AND l.sequence = c.first AND l.at < $1) ORDER BY tenant COLLATE "C" FOR UPDATE`, before.UnixMilli())
		if err != nil {
			return err
		}
		chains, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (audit.Chain, error) { return scanChain(row) })
		if err != nil {
			return err
		}
		for _, c := range chains {
			n, err := deleteLines(ctx, tx, c, before, limit-deleted)
			if err != nil {
				return err
			}
			deleted += n
		}
		return nil
	})
	return deleted, err
}

// deleteLines goes as far as the lines are all old: a chain has no holes.
func deleteLines(ctx context.Context, tx pgx.Tx, c audit.Chain, before time.Time, limit int) (int, error) {
	if limit <= 0 {
		return 0, nil
	}
	var first int64 // that stays
	if err := tx.QueryRow(ctx, `SELECT least($1::bigint, coalesce((SELECT min(sequence) FROM audit_lines WHERE tenant = $2 AND at >= $3), $4::bigint))`,
		int64(c.First)+int64(limit), c.Tenant, before.UnixMilli(), int64(c.Sequence)+1).Scan(&first); err != nil {
		return 0, err
	}
	n := int(first - int64(c.First))
	if n <= 0 {
		return 0, nil
	}
	var body []byte
	if err := tx.QueryRow(ctx, `SELECT body FROM audit_lines WHERE tenant = $1 AND sequence = $2`, c.Tenant, first-1).Scan(&body); err != nil {
		return 0, err
	}
	last, err := audit.Join(body, nil, nil)
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM audit_lines WHERE tenant = $1 AND sequence < $2`, c.Tenant, first); err != nil {
		return 0, err
	}
	c.First, c.Before = uint64(first), last.Hash
	return n, putChain(ctx, tx, &c)
}

// inTransaction does all or nothing, once begun whoever gives up waiting for it.
// Until the commit is sent nothing is written, so what fails before because the
// server is away, or because somebody else holds a row, is done again as long as
// patience lasts. A commit is sent once: nobody knows what became of one whose
// answer got lost.
func (s *Store) inTransaction(ctx context.Context, do func(context.Context, pgx.Tx) error) error {
	var committed error
	err := s.write(ctx, func(ctx context.Context) error {
		tx, err := s.pool.Begin(ctx)
		if err != nil {
			return fmt.Errorf("postgres: begin: %w", err)
		}
		if err := do(ctx, tx); err != nil {
			return errors.Join(fmt.Errorf("postgres: write: %w", err), tx.Rollback(ctx))
		}
		if err := tx.Commit(ctx); err != nil {
			committed = fmt.Errorf("postgres: commit: %w", err)
		}
		return nil
	})
	return cmp.Or(err, committed)
}
