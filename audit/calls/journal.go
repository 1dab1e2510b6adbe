package calls

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"teamsbridge/audit"
	"teamsbridge/consult"
)

// Journal is a consult.Store whose steps are audited.
type Journal struct {
	consult.Store
	chains   audit.Store
	recorder *audit.Recorder
	log      *slog.Logger

	mu     sync.Mutex
	missed time.Time // of the first step that could not be handed over; zero for none
}

// New makes a store's journal audited. The chains are read to see what they lack.
func New(store consult.Store, chains audit.Store, recorder *audit.Recorder, logger *slog.Logger) *Journal {
	return &Journal{Store: store, chains: chains, recorder: recorder, log: logger}
}

// Append writes the step as the store does; its line comes later.
func (j *Journal) Append(ctx context.Context, r consult.Record) error {
	if err := j.Store.Append(ctx, r); err != nil {
		return err
	}
	if !j.recorder.Later(func() []audit.Event { return j.events(context.WithoutCancel(ctx), r) }) {
		j.miss(r.At)
	}
	return nil
}

func (j *Journal) events(ctx context.Context, r consult.Record) []audit.Event {
	e, ok, err := eventOf(r.Tenant, r.Interaction, r.Input, r.Entry)
	if err != nil {
		j.log.ErrorContext(ctx, "step not audited", "interaction", r.Interaction, "version", r.Version, "error", err)
	}
	if !ok {
		return nil
	}
	return []audit.Event{e}
}

func (j *Journal) miss(at time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.missed.IsZero() || at.Before(j.missed) {
		j.missed = at
	}
}

// takeMissed gives when the first missed step was, once.
func (j *Journal) takeMissed() (missed time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	missed, j.missed = j.missed, time.Time{}
	return missed
}

const (
	// overlap is how far before the last audited step is looked for others:
	// steps of many calls are not audited in the order of their times.
	overlap = time.Hour
	// lookEvery is how often missed steps are looked for.
	lookEvery = time.Minute
)

// Run catches up at once, and whenever steps were missed, until ctx ends.
func (j *Journal) Run(ctx context.Context, tenants []string) error {
	j.catchUp(ctx, tenants, time.Time{})
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if missed := j.takeMissed(); !missed.IsZero() {
				j.catchUp(ctx, tenants, missed)
			}
		}
	}
}

func (j *Journal) catchUp(ctx context.Context, tenants []string, missed time.Time) {
	if err := j.CatchUp(ctx, tenants, missed); err != nil && ctx.Err() == nil {
		j.miss(missed)
		j.log.WarnContext(ctx, "journal not compared with the audit", "error", err)
	}
}

// CatchUp makes the lines that the chains lack: of live interactions, and of
// those that ended since the chain's last step, or since missed where that is
// earlier and not zero. An organisation without a chain gets one, with a line
// that says so; what ended before is left alone.
func (j *Journal) CatchUp(ctx context.Context, tenants []string, missed time.Time) error {
	chains, err := j.chains.AuditChains(ctx)
	if err != nil {
		return fmt.Errorf("calls: read how far the audit is: %w", err)
	}
	since := make(map[string]time.Time)
	for _, c := range chains {
		since[c.Tenant] = c.JournalAt
	}
	for _, tenant := range tenants {
		if _, ok := since[tenant]; !ok {
			begin := audit.Event{Tenant: tenant, Kind: audit.Administration, Action: "audit", Outcome: audit.Begun}
			if err := j.recorder.Record(ctx, begin); err != nil {
				return fmt.Errorf("calls: begin a chain: %w", err)
			}
		}
	}
	live, err := j.Store.Live(ctx)
	if err != nil {
		return fmt.Errorf("calls: read live interactions: %w", err)
	}
	for _, s := range live {
		if _, err := j.tell(ctx, s.Tenant, s.Interaction); err != nil {
			return err
		}
	}
	for _, tenant := range tenants {
		from := since[tenant]
		if !missed.IsZero() && (from.IsZero() || missed.Before(from)) {
			from = missed
		}
		if from.IsZero() {
			continue
		}
		if err := j.tellEnded(ctx, tenant, from.Add(-overlap)); err != nil {
			return err
		}
	}
	return nil
}

// tellEnded goes back through what ended, the newest first.
func (j *Journal) tellEnded(ctx context.Context, tenant string, since time.Time) error {
	done := 0
	for limit := 64; ; limit *= 4 {
		ended, err := j.Store.Owned(ctx, tenant, "", limit)
		if err != nil {
			return fmt.Errorf("calls: read ended interactions: %w", err)
		}
		for _, s := range ended[min(done, len(ended)):] {
			at, err := j.tell(ctx, s.Tenant, s.Interaction)
			if err != nil || at.Before(since) {
				return err
			}
		}
		if done = len(ended); done < limit {
			return nil
		}
	}
}

// tell records the lines of an interaction that its chain lacks, and returns
// when its last step was.
func (j *Journal) tell(ctx context.Context, tenant string, id consult.InteractionID) (last time.Time, err error) {
	entries, err := j.Store.History(ctx, tenant, id)
	if errors.Is(err, consult.ErrNotFound) { // deleted meanwhile
		return time.Now(), nil
	}
	if err != nil {
		return last, fmt.Errorf("calls: read a journal: %w", err)
	}
	inputs, err := j.Store.Inputs(ctx, tenant, id)
	if err != nil && !errors.Is(err, consult.ErrNotFound) {
		return last, fmt.Errorf("calls: read a journal: %w", err)
	}
	var events []audit.Event
	for n := range min(len(entries), len(inputs)) {
		e, ok, err := eventOf(tenant, id, inputs[n], entries[n])
		if err != nil {
			j.log.ErrorContext(ctx, "step not audited", "interaction", id, "error", err)
			continue
		}
		if ok {
			events = append(events, e)
		}
	}
	var at struct{ At time.Time }
	if len(entries) > 0 && json.Unmarshal(entries[len(entries)-1], &at) == nil {
		last = at.At
	}
	if len(events) == 0 {
		return last, nil
	}
	return last, j.recorder.Record(ctx, events...)
}
