package main

import (
	"context"
	"log/slog"

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

// recordOnce writes an operator's act into the audit and ends; no service runs
// beside it.
func recordOnce(ctx context.Context, kept keeper, cfg configs.Config, logger *slog.Logger, e audit.Event) error {
	recorder := audit.New(kept, audit.Options{Config: streamOfCommand(cfg.Audit), Logger: logger}) //nolint:contextcheck // records until it is closed
	err := recorder.Record(ctx, e)
	if closed := recorder.Close(); err == nil {
		err = closed
	}
	return err
}

// streamOfCommand leaves standard output to the command's own words.
func streamOfCommand(cfg audit.Config) audit.Config {
	if cfg.Stream == audit.StreamStdout {
		cfg.Stream = audit.StreamOff
	}
	return cfg
}
