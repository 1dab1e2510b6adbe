package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"teamsbridge/consult"
)

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
