package main

import (
	"errors"
	"log/slog"
	"testing"

	"teamsbridge/configs"
	"teamsbridge/store/postgres"
	"teamsbridge/store/postgres/pgtest"
)

func TestServiceRunsOnPostgreSQLAndOnlyOnce(t *testing.T) {
	if pgtest.LeftOut(t) {
		return
	}
	world := newWorld(t)
	cfg := world.Config()
	cfg.Web.Listen, cfg.Web.InternalListen = "127.0.0.1:0", "127.0.0.1:0"
	cfg.Store.Kind, cfg.Store.DSN = configs.StorePostgres, pgtest.Start(t).Database(t)
	service := startApp(t, cfg, world, slog.New(slog.NewTextHandler(t.Output(), nil)))
	untilReady(t, service)
	if status := get(t, "http://"+service.Addr()+"/readyz"); status != 200 {
		t.Errorf("/readyz: %d", status)
	}
	if _, err := newApp(t.Context(), cfg, appOptions{Logger: slog.New(slog.DiscardHandler), Switch: world.Network()}); !errors.Is(err, postgres.ErrInUse) {
		t.Errorf("a second service: %v, want ErrInUse", err)
	}
	if _, err := lockStore(t.Context(), cfg.Store); !errors.Is(err, postgres.ErrInUse) {
		t.Errorf("lock beside the service: %v, want ErrInUse", err)
	}
	beside, err := openExisting(t.Context(), cfg.Store)
	if err != nil {
		t.Fatal(err)
	}
	if states, err := beside.AgentStates(t.Context()); err != nil || len(states) == 0 {
		t.Errorf("agents' states beside the service = %v, %v", states, err)
	}
	if err := errors.Join(beside.Close(), service.Stop(t.Context(), nil)); err != nil {
		t.Fatal(err)
	}
	again := startApp(t, cfg, world, slog.New(slog.DiscardHandler))
	if err := again.Stop(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}
