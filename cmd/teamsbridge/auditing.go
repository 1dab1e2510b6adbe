package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/audit"
	"teamsbridge/audit/calls"
	"teamsbridge/configs"
)

// openAudit begins to record, and gives the journal whose steps are audited.
func (a *app) openAudit(cfg configs.Config, kept keeper, o appOptions, registerer prometheus.Registerer) (*audit.Recorder, *calls.Journal) {
	recorder := audit.New(kept, audit.Options{Config: cfg.Audit, Stdout: o.Stdout, Logger: o.Logger, Registerer: registerer})
	a.atEnd("audit", recorder.Close)
	journal := calls.New(kept, kept, recorder, o.Logger)
	a.inBackground("audit of calls", func(ctx context.Context) error { return journal.Run(ctx, cfg.SSO.Entra.Tenants) })
	return recorder, journal
}

// acted carries out an operator's act, between the audit's line that it begins
// and the one that tells how it ended. What cannot be recorded is not begun. A
// service may be running beside it.
func acted(ctx context.Context, kept audit.Store, cfg configs.Config, act audit.Event, do func() error) (err error) {
	recorder := audit.New(kept, audit.Options{Config: streamOfCommand(cfg.Audit)}) //nolint:contextcheck // records until it is closed
	defer func() { err = errors.Join(err, recorder.Close()) }()
	act.Kind, act.Outcome = audit.Administration, audit.Begun
	if err := recorder.Record(ctx, act); err != nil {
		return fmt.Errorf("not done, because it cannot be audited: %w", err)
	}
	failed := do()
	if act.Outcome = audit.Done; failed != nil {
		act.Outcome = audit.Failed
	}
	if err := recorder.Record(context.WithoutCancel(ctx), act); err != nil {
		return errors.Join(failed, fmt.Errorf("how it ended is not audited: %w", err))
	}
	return failed
}

// streamOfCommand leaves standard output to the command's own words.
func streamOfCommand(cfg audit.Config) audit.Config {
	if cfg.Stream == audit.StreamStdout {
		cfg.Stream = audit.StreamOff
	}
	return cfg
}
