package privacy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"teamsbridge/audit"
)

// Record is one thing that is stored about a person.
type Record struct {
	Kind   string `json:"kind"` // the table, or session, interaction, audit
	ID     string `json:"id,omitempty"`
	Record any    `json:"record"`
}

// Export tells of everything that is stored about a person.
func Export(ctx context.Context, s Store, p Person, tell func(Record) error) error {
	rows, err := s.PersonalRows(ctx, p.Tenant, p.Agent, p.Entra)
	if err != nil {
		return fmt.Errorf("privacy: read a person's rows: %w", err)
	}
	for _, table := range slices.Sorted(maps.Keys(rows)) {
		for _, row := range rows[table] {
			if err := tell(Record{Kind: table, Record: row}); err != nil {
				return err
			}
		}
	}
	sessions, err := p.sessions(ctx, s)
	if err != nil {
		return err
	}
	for _, one := range sessions {
		if err := tell(Record{Kind: "session", Record: one.shown}); err != nil {
			return err
		}
	}
	calls := make(map[string]bool)
	err = each(ctx, s, p, p.identifiers(), func(j *journal, _ *identifiers) error {
		calls[string(j.stored.Interaction)] = true
		steps := make([]any, len(j.entries))
		for n, d := range j.entries {
			steps[n] = d.value
		}
		inputs := make([]any, len(j.inputs))
		for n, d := range j.inputs {
			inputs[n] = d.value
		}
		return tell(Record{Kind: "interaction", ID: string(j.stored.Interaction),
			Record: map[string]any{"state": j.state.value, "inputs": inputs, "history": steps}})
	})
	if err != nil {
		return err
	}
	return audit.Each(ctx, s, p.Tenant, time.Time{}, time.Time{}, func(l audit.Line) error {
		if e := p.in(l, calls); e.Actor || e.Target {
			return tell(Record{Kind: "audit", Record: l})
		}
		return nil
	})
}

// in says which fields of an audit line are the person's. A target's masked
// number is that of whoever was called in the interactions with the person.
func (p Person) in(l audit.Line, calls map[string]bool) (e audit.Erasure) {
	e.Sequence = l.Sequence
	if a := l.Actor; a != nil {
		e.Actor = (p.Agent != "" && (a.Agent == p.Agent)) || (p.Entra != "" && (a.Entra == p.Entra || a.Agent == p.Entra))
	}
	if t := l.Target; t != nil {
		e.Target = t.ID != "" && (t.ID == p.Agent || t.ID == p.Entra)
		if ending := audit.Mask(p.Number); p.Number != "" && t.Number == ending && calls[l.Interaction] {
			e.Target = true
		}
	}
	return e
}

// session is a browser session of the person, and what of it may be shown.
type session struct {
	key   string
	shown map[string]any
}

func (p Person) sessions(ctx context.Context, s Store) ([]session, error) {
	all, err := s.SessionsOf(ctx, p.Tenant)
	if err != nil {
		return nil, fmt.Errorf("privacy: read sessions: %w", err)
	}
	var own []session
	for _, one := range all {
		if (p.Entra == "" || !strings.EqualFold(one.EntraID, p.Entra)) && (p.Subject == "" || one.Subject != p.Subject) {
			continue
		}
		own = append(own, session{one.Key, map[string]any{
			"name": one.Name, "entraId": one.EntraID, "subject": one.Subject, "issuer": one.Issuer, "roles": one.Roles,
			"startedAt": one.StartedAt, "seenAt": one.SeenAt, "expiresAt": one.ExpiresAt,
		}})
	}
	return own, nil
}
