package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"teamsbridge/audit"
)

var _ audit.Store = (*Store)(nil)

// AppendAudit seals events into their organisations' chains, all or none.
func (s *Store) AppendAudit(ctx context.Context, events []audit.Event) (lines []audit.Line, err error) {
	err = s.writer.write(ctx, func(t *tx) (refused, err error) {
		lines = nil // a batch may be tried again
		chains := make(map[string]*audit.Chain)
		for _, e := range events {
			c := chains[e.Tenant]
			if c == nil {
				if c, err = t.chain(e.Tenant); err != nil {
					return nil, err
				}
				chains[e.Tenant] = c
			}
			known, err := t.audited(e)
			if err != nil {
				return nil, err
			}
			if known {
				continue
			}
			l := c.Seal(e)
			if err := t.addLine(l); err != nil {
				return nil, err
			}
			lines = append(lines, l)
		}
		for _, c := range chains {
			if err := t.putChain(c); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	return lines, err
}

func (t *tx) chain(tenant string) (*audit.Chain, error) {
	c, err := scanChain(t.conn.QueryRowContext(t.ctx, selectChain+` WHERE tenant = ?`, tenant))
	if errors.Is(err, sql.ErrNoRows) {
		return &audit.Chain{Tenant: tenant}, nil
	}
	return &c, err
}

// audited reports whether the chain has the journal's step already.
func (t *tx) audited(e audit.Event) (known bool, err error) {
	if e.Version == 0 {
		return false, nil
	}
	err = t.conn.QueryRowContext(t.ctx, `SELECT EXISTS (SELECT 1 FROM audit_lines WHERE tenant = ? AND interaction = ? AND version = ? AND version > 0)`,
		e.Tenant, e.Interaction, int64(e.Version)).Scan(&known)
	return known, err
}

func (t *tx) addLine(l audit.Line) error {
	body, actor, target := l.Parts()
	_, err := t.conn.ExecContext(t.ctx, `INSERT INTO audit_lines (tenant, sequence, at, interaction, version, body, actor, target)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, l.Tenant, int64(l.Sequence), l.At().UnixMilli(), l.Interaction, int64(l.Version), body, actor, target)
	return err
}

func (t *tx) putChain(c *audit.Chain) error {
	if c.Sequence == 0 {
		return nil
	}
	var journalAt int64
	if !c.JournalAt.IsZero() {
		journalAt = c.JournalAt.UnixMilli()
	}
	_, err := t.conn.ExecContext(t.ctx, `INSERT OR REPLACE INTO audit_chains (tenant, sequence, hash, first, before, journal_at)
		VALUES (?, ?, ?, ?, ?, ?)`, c.Tenant, int64(c.Sequence), c.Hash, int64(c.First), c.Before, journalAt)
	return err
}

const selectChain = `SELECT tenant, sequence, hash, first, before, journal_at FROM audit_chains`

func scanChain(row interface{ Scan(...any) error }) (c audit.Chain, err error) {
	var journalAt int64
	err = row.Scan(&c.Tenant, &c.Sequence, &c.Hash, &c.First, &c.Before, &journalAt)
	if journalAt != 0 {
		c.JournalAt = fromMillis(journalAt)
	}
	return c, err
}

// AuditChains reads how far every chain is.
func (s *Store) AuditChains(ctx context.Context) ([]audit.Chain, error) {
	return query(ctx, s, "audit chains", func(rows *sql.Rows) (audit.Chain, error) { return scanChain(rows) }, selectChain+` ORDER BY tenant`)
}

// AuditLines reads lines of a chain in order.
func (s *Store) AuditLines(ctx context.Context, tenant string, after uint64, limit int) ([]audit.Line, error) {
	return query(ctx, s, "audit lines", scanLine, `SELECT body, actor, target FROM audit_lines
		WHERE tenant = ? AND sequence > ? ORDER BY sequence LIMIT ?`, tenant, int64(after), limit)
}

// AuditLinesBefore reads lines of a chain backwards.
func (s *Store) AuditLinesBefore(ctx context.Context, tenant string, before uint64, limit int) ([]audit.Line, error) {
	return query(ctx, s, "audit lines", scanLine, `SELECT body, actor, target FROM audit_lines
		WHERE tenant = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?`, tenant, beyond(before), limit)
}

// beyond is a sequence number that a line may come before; 0 is one beyond the last.
func beyond(before uint64) int64 {
	if before == 0 || before > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(before)
}

func scanLine(rows *sql.Rows) (audit.Line, error) {
	var body, actor, target []byte
	if err := rows.Scan(&body, &actor, &target); err != nil {
		return audit.Line{}, err
	}
	return audit.Join(body, actor, target)
}

// EraseAudit erases fields of persons.
func (s *Store) EraseAudit(ctx context.Context, tenant string, erase []audit.Erasure) error {
	return s.writer.write(ctx, func(t *tx) (refused, err error) {
		for _, e := range erase {
			if _, err := t.conn.ExecContext(t.ctx, `UPDATE audit_lines SET actor = CASE WHEN ? THEN NULL ELSE actor END,
				target = CASE WHEN ? THEN NULL ELSE target END WHERE tenant = ? AND sequence = ?`,
				e.Actor, e.Target, tenant, int64(e.Sequence)); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

// DeleteAudit deletes lines from before the time, from each chain's beginning,
// at most limit of them; the chain remembers what its first line follows.
func (s *Store) DeleteAudit(ctx context.Context, before time.Time, limit int) (deleted int, err error) {
	err = s.writer.write(ctx, func(t *tx) (refused, err error) {
		deleted = 0
		chains, err := t.oldChains(before)
		if err != nil {
			return nil, err
		}
		for _, c := range chains {
			n, err := t.deleteLines(c, before, limit-deleted)
			if err != nil {
				return nil, err
			}
			deleted += n
		}
		return nil, nil
	})
	return deleted, err
}

func (t *tx) oldChains(before time.Time) (chains []audit.Chain, err error) {
	rows, err := t.conn.QueryContext(t.ctx, selectChain+` AS c WHERE EXISTS (
		SELECT 1 FROM audit_lines l WHERE l.tenant = c.tenant AND l.sequence = c.first AND l.at < ?) ORDER BY tenant`, before.UnixMilli())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		c, err := scanChain(rows)
		if err != nil {
			return nil, err
		}
		chains = append(chains, c)
	}
	return chains, rows.Err()
}

// deleteLines goes as far as the lines are all old: a chain has no holes.
func (t *tx) deleteLines(c audit.Chain, before time.Time, limit int) (int, error) {
	if limit <= 0 {
		return 0, nil
	}
	var first int64 // that stays
	if err := t.conn.QueryRowContext(t.ctx, `SELECT min(?, coalesce((SELECT min(sequence) FROM audit_lines WHERE tenant = ? AND at >= ?), ?))`,
		int64(c.First)+int64(limit), c.Tenant, before.UnixMilli(), int64(c.Sequence)+1).Scan(&first); err != nil {
		return 0, err
	}
	n := int(first - int64(c.First))
	if n <= 0 {
		return 0, nil
	}
	var body []byte
	if err := t.conn.QueryRowContext(t.ctx, `SELECT body FROM audit_lines WHERE tenant = ? AND sequence = ?`, c.Tenant, first-1).Scan(&body); err != nil {
		return 0, err
	}
	last, err := audit.Join(body, nil, nil)
	if err != nil {
		return 0, err
	}
	if _, err := t.conn.ExecContext(t.ctx, `DELETE FROM audit_lines WHERE tenant = ? AND sequence < ?`, c.Tenant, first); err != nil {
		return 0, err
	}
	c.First, c.Before = uint64(first), last.Hash
	return n, t.putChain(&c)
}

// query reads all rows of a query that is too rare to be prepared.
func query[T any](ctx context.Context, s *Store, what string, scan func(*sql.Rows) (T, error), text string, args ...any) (all []T, err error) {
	rows, err := s.readDB.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("sqlite: read %s: %w", what, err)
	}
	defer rows.Close()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("sqlite: read %s: %w", what, err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sqlite: read %s: %w", what, err)
	}
	return all, nil
}
