package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/audit"
	"teamsbridge/configs"
	"teamsbridge/consult/reserve"
	"teamsbridge/web"
)

// openReservations makes calls to consult numbers reach whom they are reserved
// for; nil where there are no such numbers. It comes before the switch's start.
func (a *app) openReservations(ctx context.Context, cfg configs.Config, store reserve.Store, recorder *audit.Recorder, logger *slog.Logger, registerer prometheus.Registerer) (web.Reservations, error) {
	if a.calls == nil || len(cfg.SIP.ConsultNumbers) == 0 {
		return nil, nil
	}
	book, err := reserve.New(ctx, cfg.Reservations, reserve.Deps{
		Store: store, Targets: a.engine, Numbers: cfg.SIP.ConsultNumbers, Audit: recorder, Logger: logger, Registerer: registerer,
	})
	if err != nil {
		return nil, fmt.Errorf("reservations: %w", err)
	}
	a.calls.TakeReservations(book)
	a.inBackground("reservations", book.Run)
	return book, nil
}
