package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"teamsbridge/audit"
	"teamsbridge/consult"
)

// LiveError refuses to erase somebody who is in calls that have not ended.
type LiveError struct{ Interactions []consult.InteractionID }

func (e *LiveError) Error() string {
	return fmt.Sprintf("privacy: %d interactions with this person have not ended: nothing was erased, try again when they have", len(e.Interactions))
}

// Record is one thing that is stored about a person.
type Record struct {
	Kind   string `json:"kind"` // the table, or session, interaction, audit
	ID     string `json:"id,omitempty"`
	Record any    `json:"record"`
}

// Erased says what an erasure did, by kind.
type Erased struct {
	Deleted       map[string]int `json:"deleted"`       // rows that are gone
	Pseudonymised int            `json:"pseudonymised"` // ended interactions
	Audit         int            `json:"audit"`         // lines of which the person's fields are gone
}

// journal is an interaction as it is kept, read for looking through.
type journal struct {
	stored          consult.Stored
	state           document
	inputs, entries []document
}

func (j *journal) all() []document {
	return slices.Concat([]document{j.state}, j.inputs, j.entries)
}

func readAll(lines [][]byte) ([]document, error) {
	all := make([]document, len(lines))
	for n, line := range lines {
		var err error
		if all[n], err = read(line); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func load(ctx context.Context, s Store, tenant string, id consult.InteractionID) (*journal, error) {
	stored, err := s.Interaction(ctx, tenant, id)
	if err != nil {
		return nil, err
	}
	inputs, err := s.Inputs(ctx, tenant, id)
	if err != nil {
		return nil, err
	}
	entries, err := s.History(ctx, tenant, id)
	if err != nil {
		return nil, err
	}
	j := &journal{stored: stored}
	var damage error
	if j.state, damage = read(stored.State); damage == nil {
		if j.inputs, damage = readAll(inputs); damage == nil {
			j.entries, damage = readAll(entries)
		}
	}
	if damage != nil {
		return nil, &consult.DamagedError{Interaction: id, Err: damage}
	}
	return j, nil
}

// each finds the interactions with the person, by the texts that are known to name
// them, and gives them with all the texts that do so there.
func each(ctx context.Context, s Store, p Person, known *identifiers, fn func(*journal, *identifiers) error) error {
	all, err := s.Interactions(ctx, p.Tenant)
	if err != nil {
		return fmt.Errorf("privacy: list interactions: %w", err)
	}
	for _, id := range all {
		j, err := load(ctx, s, p.Tenant, id)
		if errors.Is(err, consult.ErrNotFound) { // deleted meanwhile
			continue
		}
		if err != nil {
			return fmt.Errorf("privacy: read interaction %s: %w", id, err)
		}
		if !slices.ContainsFunc(j.all(), known.found) {
			continue
		}
		here := &identifiers{ids: maps.Clone(known.ids), number: known.number, salt: known.salt}
		for more := true; more; {
			more = false
			for _, d := range j.all() {
				more = here.learn(d) || more
			}
		}
		if err := fn(j, here); err != nil {
			return err
		}
	}
	return nil
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

// Erase deletes what is stored about a person, or puts a pseudonym in its place.
// *LiveError, and nothing was done, while they are in a live interaction. An
// erasure that failed on its way may be begun again.
func Erase(ctx context.Context, s Store, p Person) (Erased, error) {
	done := Erased{Deleted: map[string]int{}}
	ids := p.identifiers()
	var live []consult.InteractionID
	calls := make(map[string]bool)
	err := each(ctx, s, p, ids, func(j *journal, _ *identifiers) error {
		calls[string(j.stored.Interaction)] = true
		if j.stored.Live {
			live = append(live, j.stored.Interaction)
		}
		return nil
	})
	if err != nil {
		return done, err
	}
	if len(live) > 0 {
		return done, &LiveError{live}
	}
	// The audit first: its lines are found by the interactions.
	if done.Audit, err = eraseAudit(ctx, s, p, calls); err != nil {
		return done, err
	}
	err = each(ctx, s, p, ids, func(j *journal, here *identifiers) error {
		for _, d := range j.all() {
			here.erase(d)
		}
		if err := rewrite(ctx, s, j); err != nil {
			return fmt.Errorf("privacy: rewrite interaction %s: %w", j.stored.Interaction, err)
		}
		done.Pseudonymised++
		return nil
	})
	if err != nil {
		return done, err
	}
	sessions, err := p.sessions(ctx, s)
	if err != nil {
		return done, err
	}
	for _, one := range sessions {
		if err := s.DeleteSession(ctx, one.key); err != nil {
			return done, fmt.Errorf("privacy: delete session: %w", err)
		}
		done.Deleted["sessions"]++
	}
	rows, err := s.ForgetPerson(ctx, p.Tenant, p.Agent, p.Entra)
	if err != nil {
		return done, fmt.Errorf("privacy: delete a person's rows: %w", err)
	}
	maps.Copy(done.Deleted, rows)
	return done, nil
}

func eraseAudit(ctx context.Context, s Store, p Person, calls map[string]bool) (int, error) {
	var erase []audit.Erasure
	err := audit.Each(ctx, s, p.Tenant, time.Time{}, time.Time{}, func(l audit.Line) error {
		if e := p.in(l, calls); e.Actor || e.Target {
			erase = append(erase, e)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("privacy: read audit: %w", err)
	}
	if len(erase) == 0 {
		return 0, nil
	}
	if err := s.EraseAudit(ctx, p.Tenant, erase); err != nil {
		return 0, fmt.Errorf("privacy: erase audit: %w", err)
	}
	return len(erase), nil
}

// rewrite keeps a journal as it now reads.
func rewrite(ctx context.Context, s Store, j *journal) error {
	lines := func(all []document) (out [][]byte, err error) {
		for _, d := range all {
			line, err := d.line()
			if err != nil {
				return nil, err
			}
			out = append(out, line)
		}
		return out, nil
	}
	inputs, err := lines(j.inputs)
	if err != nil {
		return err
	}
	entries, err := lines(j.entries)
	if err != nil {
		return err
	}
	if j.stored.State, err = j.state.line(); err != nil {
		return err
	}
	var who struct {
		Owner  struct{ Agent string }
		Former []struct{ Agent string }
	}
	if err := json.Unmarshal(j.stored.State, &who); err != nil {
		return err
	}
	owners := []string{}
	for _, agent := range append([]struct{ Agent string }{who.Owner}, who.Former...) {
		if agent.Agent != "" {
			owners = append(owners, agent.Agent)
		}
	}
	return s.Rewrite(ctx, j.stored, owners, inputs, entries)
}
