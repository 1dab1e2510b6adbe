package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"teamsbridge/configs"
	"teamsbridge/consult"
)

func tenantsOf(cfg configs.Config) []string { return cfg.SSO.Entra.Tenants }

// inspect lists what is live and what is damaged, or one interaction.
func inspect(ctx context.Context, out io.Writer, s journalStore, tenants []string, only consult.InteractionID) error {
	var listed []consult.Stored
	if only != "" {
		stored, err := findStored(ctx, s, tenants, only)
		if err != nil {
			return err
		}
		listed = append(listed, stored)
	} else {
		live, err := s.Live(ctx)
		if err != nil {
			return err
		}
		listed = live
		for _, tenant := range tenants {
			ended, err := s.Owned(ctx, tenant, "", 0)
			if err != nil {
				return err
			}
			for _, one := range ended { // of ended ones only the damaged are news
				if damageOf(ctx, s, one) != nil {
					listed = append(listed, one)
				}
			}
		}
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0) // its errors come from Flush
	_, _ = fmt.Fprintln(table, "INTERACTION\tPHASE\tVERSION\tLAST STEP\tCONDITION")
	damaged := 0
	for _, one := range listed {
		phase, condition := "?", "whole"
		if state, err := one.Decode(); err == nil {
			phase = string(state.Phase)
		}
		if err := damageOf(ctx, s, one); err != nil {
			damaged++
			condition = err.Error()
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\n", one.Interaction, phase, one.Version, lastStep(ctx, s, one), condition)
	}
	_, _ = fmt.Fprintf(table, "%d listed, %d damaged\n", len(listed), damaged)
	return table.Flush()
}

// damageOf says what is wrong with an interaction: its state, or a journal that
// is not as long as its version says.
func damageOf(ctx context.Context, s journalStore, stored consult.Stored) error {
	if _, err := stored.Decode(); err != nil {
		return err
	}
	inputs, err := s.Inputs(ctx, stored.Tenant, stored.Interaction)
	if err == nil && uint64(len(inputs)) != stored.Version {
		err = fmt.Errorf("version %d, but %d steps in the journal", stored.Version, len(inputs))
	}
	if err != nil {
		return &consult.DamagedError{Interaction: stored.Interaction, Err: err}
	}
	return nil
}

// lastStep is how long ago the last step was.
func lastStep(ctx context.Context, s journalStore, stored consult.Stored) string {
	entries, err := s.History(ctx, stored.Tenant, stored.Interaction)
	if err != nil || len(entries) == 0 {
		return "?"
	}
	var last consult.HistoryEntry
	if err := json.Unmarshal(entries[len(entries)-1], &last); err != nil || last.At.IsZero() {
		return "?"
	}
	return time.Since(last.At).Round(time.Second).String() + " ago"
}

// findStored finds an interaction by its id alone: among the live ones, then in
// each configured organisation.
func findStored(ctx context.Context, s journalStore, tenants []string, id consult.InteractionID) (consult.Stored, error) {
	live, err := s.Live(ctx)
	if err != nil {
		return consult.Stored{}, err
	}
	for _, one := range live {
		if one.Interaction == id {
			return one, nil
		}
	}
	for _, tenant := range tenants {
		one, err := s.Interaction(ctx, tenant, id)
		if err == nil || !errors.Is(err, consult.ErrNotFound) {
			return one, err
		}
	}
	return consult.Stored{}, fmt.Errorf("interaction %s is not in the journal", id)
}

// exportHead is the first line of an export, exportStep each of the others.
type (
	exportHead struct {
		Interaction consult.InteractionID `json:"interaction"`
		Tenant      string                `json:"tenant"`
		Version     uint64                `json:"version"`
		Live        bool                  `json:"live"`
		State       any                   `json:"state"`
		Damage      string                `json:"damage,omitempty"`
	}
	exportStep struct {
		Version int `json:"version"`
		Input   any `json:"input"`
		Entry   any `json:"entry"`
	}
)

// writeExport writes all that the journal has of an interaction.
func writeExport(ctx context.Context, out io.Writer, s journalStore, stored consult.Stored) error {
	inputs, err := s.Inputs(ctx, stored.Tenant, stored.Interaction)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	entries, err := s.History(ctx, stored.Tenant, stored.Interaction)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	head := exportHead{
		Interaction: stored.Interaction, Tenant: stored.Tenant, Version: stored.Version, Live: stored.Live, State: asIs(stored.State),
	}
	if err := damageOf(ctx, s, stored); err != nil {
		head.Damage = err.Error()
	}
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(head); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	for i := range max(len(inputs), len(entries)) {
		step := exportStep{Version: i + 1}
		if i < len(inputs) {
			step.Input = asIs(inputs[i])
		}
		if i < len(entries) {
			step.Entry = asIs(entries[i])
		}
		if err := lines.Encode(step); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	return nil
}

// notJSON carries what cannot be read as JSON, byte for byte (in base64).
type notJSON struct {
	Bytes []byte `json:"bytes"`
}

// asIs is the value itself where it is JSON.
func asIs(b []byte) any {
	if json.Valid(b) {
		return json.RawMessage(b)
	}
	return notJSON{Bytes: b}
}
