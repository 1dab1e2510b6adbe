package postgres

import (
	"context"

	"teamsbridge/consult"
	"teamsbridge/store"
)

// columns are steps as a statement takes them: an array for each column.
type columns struct {
	tenant, id, owners, bodyHash    []string
	version, at, claimed            []int64
	live                            []bool
	firstOwner, lastOwner           []int32  // among owners, from 1; the last before the first: none
	input, state, entry, scope, key [][]byte // scope nil: no key
}

func (c *columns) add(r consult.Record) {
	var claim consult.Claim
	var scope, key []byte
	if r.Claim != nil {
		claim = *r.Claim
		scope, key = []byte(claim.Scope), []byte(claim.Key)
	}
	c.tenant, c.id = append(c.tenant, r.Tenant), append(c.id, string(r.Interaction))
	c.version, c.at, c.live = append(c.version, int64(r.Version)), append(c.at, r.At.UnixMilli()), append(c.live, r.Live)
	c.firstOwner = append(c.firstOwner, int32(len(c.owners)+1))
	c.owners = append(c.owners, r.Owners...)
	c.lastOwner = append(c.lastOwner, int32(len(c.owners)))
	c.input, c.state, c.entry = append(c.input, blob(r.Input)), append(c.state, blob(r.State)), append(c.entry, blob(r.Entry))
	c.scope, c.key = append(c.scope, scope), append(c.key, key)
	c.bodyHash, c.claimed = append(c.bodyHash, claim.BodyHash), append(c.claimed, claim.At.UnixMilli())
}

// together writes steps in one statement, all or none. The function is called
// for one after the other, in their order.
func (s *Store) together(ctx context.Context, steps []consult.Record) error {
	if len(steps) == 1 {
		return s.step(ctx, steps[0])
	}
	var c columns
	for _, r := range steps {
		c.add(r)
	}
	_, err := s.pool.Exec(ctx, `SELECT append_step(s.tenant, s.id, s.version, s.live, s.at, ($6::text[])[s.first_owner:s.last_owner],
			s.input, s.state, s.entry, s.scope, s.key, s.body_hash, s.claimed, s.claimed - $16)
		FROM unnest($1::text[], $2::text[], $3::bigint[], $4::boolean[], $5::bigint[], $7::int[], $8::int[],
			$9::bytea[], $10::bytea[], $11::bytea[], $12::bytea[], $13::bytea[], $14::text[], $15::bigint[])
		AS s(tenant, id, version, live, at, first_owner, last_owner, input, state, entry, scope, key, body_hash, claimed)`,
		c.tenant, c.id, c.version, c.live, c.at, c.owners, c.firstOwner, c.lastOwner,
		c.input, c.state, c.entry, c.scope, c.key, c.bodyHash, c.claimed, store.KeyLife.Milliseconds())
	return appended(err)
}
