package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"teamsbridge/configs"
	"teamsbridge/demo"
	"teamsbridge/internal/porttest"
)

// startApp runs the service in the world until the test ends.
func startApp(tb testing.TB, cfg configs.Config, world *demo.World, logger *slog.Logger) *app {
	tb.Helper()
	service, err := newApp(tb.Context(), cfg, appOptions{
		Logger: logger, Switch: world.Network(), NeedMicrosoft: true,
		Prepare: func(ctx context.Context, store keeper) error {
			return settle(ctx, store, world.Agents(), world.Tenants())
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	service.Start()
	return service
}

// untilReady looks as often as the demo does.
func untilReady(tb testing.TB, service *app) {
	tb.Helper()
	look := time.NewTicker(readyEvery)
	defer look.Stop()
	for !service.Ready() {
		select {
		case <-look.C:
		case err := <-service.Failed():
			tb.Fatal(err)
		case <-tb.Context().Done():
			tb.Fatal("never ready")
		}
	}
}

// BenchmarkColdStart is the time from an empty store to a service that is
// ready: 5,000 people read over real HTTP, two organisations checked.
func BenchmarkColdStart(b *testing.B) {
	logger := slog.New(slog.DiscardHandler)
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		world, err := demo.New(b.Context(), demo.Options{
			Seed: 3, Manual: true, Dir: dir, Listen: "127.0.0.1:0", TLSListen: "127.0.0.1:0", Logger: logger,
		})
		if err != nil {
			b.Fatal(err)
		}
		cfg := world.Config()
		cfg.Web.Listen = "127.0.0.1:0"
		cfg.Store.Path = filepath.Join(dir, "cold.db")
		b.StartTimer()
		service := startApp(b, cfg, world, logger)
		untilReady(b, service)
		b.StopTimer()
		if err := service.Stop(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
		if err := world.Close(context.Background()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func TestServiceStartsServesAndStopsWithoutLeftovers(t *testing.T) {
	world := newWorld(t)
	cfg := world.Config()
	cfg.Web.Listen, cfg.Web.InternalListen = porttest.Address(t), "127.0.0.1:0"
	service := startApp(t, cfg, world, slog.New(slog.NewTextHandler(t.Output(), nil)))
	untilReady(t, service)
	for _, address := range []string{
		"http://" + service.Addr() + "/healthz", "http://" + service.Addr() + "/readyz", "http://" + service.InternalAddr() + "/metrics",
	} {
		if status := get(t, address); status != 200 {
			t.Errorf("%s: %d", address, status)
		}
	}
	if err := service.Stop(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	// The address is free and the store is closed: the same may start again.
	again := startApp(t, cfg, world, slog.New(slog.DiscardHandler))
	if err := again.Stop(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}
