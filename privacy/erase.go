package privacy

import (
	"context"
	"fmt"
	"maps"
	"time"

	"teamsbridge/audit"
	"teamsbridge/consult"
)

// LiveError refuses to erase somebody who is in calls that have not ended.
type LiveError struct{ Interactions []consult.InteractionID }

func (e *LiveError) Error() string {
	return fmt.Sprintf("privacy: %d interactions with this person have not ended: nothing was erased, try again when they have", len(e.Interactions))
}

// Erased says what an erasure did, by kind.
type Erased struct {
	Deleted       map[string]int `json:"deleted"`       // rows that are gone
	Pseudonymised int            `json:"pseudonymised"` // ended interactions
	Audit         int            `json:"audit"`         // lines of which the person's fields are gone
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
