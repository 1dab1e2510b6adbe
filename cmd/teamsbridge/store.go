package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/configs"
	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/graph"
	"teamsbridge/internal/seal"
	"teamsbridge/privacy"
	"teamsbridge/sso"
	"teamsbridge/store"
	"teamsbridge/store/postgres"
	"teamsbridge/store/sqlite"
	"teamsbridge/web"
)

const mebibyte = 1 << 20

// keeper is a store of either kind.
type keeper interface {
	consult.Store
	consult.Discarder
	consult.Lines
	reserve.Store
	sso.SessionStore
	sso.OrganizationStore
	sso.AgentStore
	store.Retention
	store.Offboarding
	privacy.Store
	graph.Store
	web.FavouriteStore
	web.RecentStore
	Close() error
}

// openStore claims the database for this process and opens it.
func (a *app) openStore(ctx context.Context, cfg configs.Store, logger *slog.Logger, registerer prometheus.Registerer) (keeper, error) {
	open := a.openSQLite
	if cfg.Kind == configs.StorePostgres {
		open = a.openPostgres
	}
	kept, err := open(ctx, cfg, logger, registerer)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	a.atEnd("store", kept.Close)
	keep := store.Keep{Interactions: cfg.Retention.Interactions, Notes: cfg.Retention.Notes, Recents: cfg.Retention.Recents, Audit: cfg.Retention.Audit}
	sweeper := store.NewSweeper(kept, keep, logger, registerer)
	a.inBackground("retention", sweeper.Run)
	return kept, nil
}

func (a *app) openSQLite(ctx context.Context, cfg configs.Store, logger *slog.Logger, registerer prometheus.Registerer) (keeper, error) {
	release, err := sqlite.Lock(cfg.Path)
	if err != nil {
		return nil, err
	}
	a.atEnd("store's lock", release)
	kept, err := sqlite.Open(ctx, cfg.Path, sqlite.WithReserve(int64(cfg.ReserveMiB)*mebibyte), sqlite.WithLogger(logger))
	if err != nil {
		return nil, err
	}
	registerer.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "teamsbridge_store_full", Help: "1 while the disk is full and only urgent steps of calls are written.",
	}, func() float64 {
		if kept.Full() {
			return 1
		}
		return 0
	}))
	a.storeFull = kept.Full
	return kept, nil
}

func (a *app) openPostgres(ctx context.Context, cfg configs.Store, logger *slog.Logger, _ prometheus.Registerer) (keeper, error) {
	lock, err := postgres.TakeLock(ctx, cfg.DSN, logger)
	if err != nil {
		return nil, err
	}
	a.atEnd("store's lock", lock.Release)
	a.inBackground("store's lock", lock.Keep)
	a.storeFull = func() bool { return false } // its disk is the server's to watch
	return postgres.Open(ctx, cfg.DSN, postgres.Options{Connections: cfg.Connections, Logger: logger})
}

// sessionKeys are those under which the store keeps what sessions are reviewed
// with; nil where there is none. Beside an SQLite file, whose folder is the
// service's own, one is made at the first start.
func sessionKeys(cfg configs.Config) (*seal.Keys, error) {
	switch {
	case cfg.Web.SessionKey != "":
		keys, err := seal.Parse(cfg.Web.SessionKey)
		if err != nil {
			return nil, fmt.Errorf("web.session_key: %w", err)
		}
		return keys, nil
	case cfg.Store.Kind == configs.StorePostgres:
		return nil, nil
	}
	keys, err := seal.Kept(cfg.Store.Path + ".key")
	if err != nil {
		return nil, fmt.Errorf("key of sessions: %w", err)
	}
	return keys, nil
}

// openExisting opens a store beside a service that may be running.
func openExisting(ctx context.Context, cfg configs.Store) (kept keeper, err error) {
	if cfg.Kind == configs.StorePostgres {
		kept, err = postgres.Open(ctx, cfg.DSN, postgres.Options{Connections: 1, Existing: true})
	} else {
		kept, err = sqlite.Open(ctx, cfg.Path, sqlite.Existing())
	}
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	return kept, nil
}

// lockStore keeps a service from working on the store until release is called.
func lockStore(ctx context.Context, cfg configs.Store) (release func() error, err error) {
	if cfg.Kind == configs.StorePostgres {
		var lock *postgres.Lock
		if lock, err = postgres.TakeLock(ctx, cfg.DSN, slog.New(slog.DiscardHandler)); err == nil {
			return lock.Release, nil
		}
	} else if release, err = sqlite.Lock(cfg.Path); err == nil {
		return release, nil
	}
	if errors.Is(err, sqlite.ErrInUse) || errors.Is(err, postgres.ErrInUse) {
		return nil, fmt.Errorf("stop the service first: %w", err)
	}
	return nil, err
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
	if r := a.reviews(); r.Overdue > 0 {
		notes = append(notes, fmt.Sprintf("sign-ins in use that Microsoft has not confirmed for over a minute: %d of %d, the oldest for seconds: %.0f (who was revoked meanwhile is still in)",
			r.Overdue, r.Used, r.Oldest.Seconds()))
	}
	notes = append(notes, a.trunkNotes()...)
	return append(notes, a.ends.notes(time.Now())...)
}
