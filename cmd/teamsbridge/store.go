package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/configs"
	"teamsbridge/store/sqlite"
)

const mebibyte = 1 << 20

// openStore claims the database for this process and opens it.
func (a *app) openStore(ctx context.Context, cfg configs.Store, logger *slog.Logger, registerer prometheus.Registerer) (*sqlite.Store, error) {
	release, err := sqlite.Lock(cfg.Path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	a.atEnd("store's lock", release)
	store, err := sqlite.Open(ctx, cfg.Path, sqlite.WithReserve(int64(cfg.ReserveMiB)*mebibyte), sqlite.WithLogger(logger))
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	a.atEnd("store", store.Close)
	registerer.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "teamsbridge_store_full", Help: "1 while the disk is full and only urgent steps of calls are written.",
	}, func() float64 {
		if store.Full() {
			return 1
		}
		return 0
	}))
	a.storeFull = store.Full
	return store, nil
}

// notes tells the operator what does not stand in the way of being ready.
func (a *app) notes() []string {
	var notes []string
	if n := len(a.engine.Damaged()); n > 0 {
		notes = append(notes, fmt.Sprintf("damaged interactions set apart: %d (see teamsbridge journal inspect)", n))
	}
	if a.reloader != nil {
		notes = append(notes, a.reloader.notes()...)
	}
	return notes
}
