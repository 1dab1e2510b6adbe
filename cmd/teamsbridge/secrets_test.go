package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"teamsbridge/configs"
	"teamsbridge/internal/seal"
)

// The service begins with a secret that Entra does not know; the right one comes
// while it runs, for Graph and for browsers' sign-ins alike.
func TestAClientSecretIsTakenOverWhileTheServiceRuns(t *testing.T) {
	world, dir := newWorld(t), t.TempDir()
	file, secret := worldFile(t, world, dir, queue(world, "tax")), filepath.Join(dir, "secret")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text = []byte(strings.Replace(string(text), "credential: {", "credential: {client_secret_file: secret, ", 1))
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(file, string(text))
	write(secret, "not yet the right one")
	files := configs.NewWatcher(file, func(string) string { return "" })
	cfg, err := files.Load()
	if err != nil {
		t.Fatal(err)
	}
	service, err := newApp(t.Context(), cfg, appOptions{Logger: slog.New(slog.DiscardHandler), Switch: world.Network(), Files: files})
	if err != nil {
		t.Fatal(err)
	}
	service.Start()
	defer func() {
		if err := service.Stop(t.Context(), nil); err != nil {
			t.Error(err)
		}
	}()
	tenant := world.Tenants()[0]
	if service.ends.credentials.Try(t.Context(), tenant).OK {
		t.Fatal("a wrong secret was accepted")
	}
	write(secret, world.Config().Credential.ClientSecret+"\n")
	service.reloader.Refresh(t.Context())
	if got := service.ends.credentials.Try(t.Context(), tenant); !got.OK {
		t.Errorf("Graph's credential: %+v", got)
	}
	newVisitor(t, world, "http://"+service.Addr()) // signs in with a browser, or fails
}

func TestSessionsAreSealedWithTheConfiguredKeyOrOneBesideTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "teamsbridge.db")
	key := seal.NewKey()
	for _, tt := range []struct {
		name             string
		kind, configured string
		sealed, made     bool
	}{
		{"PostgreSQL without a key keeps nothing", configs.StorePostgres, "", false, false},
		{"PostgreSQL with a key", configs.StorePostgres, key, true, false},
		{"SQLite with a key makes none", configs.StoreSQLite, key, true, false},
		{"SQLite without one makes one", configs.StoreSQLite, "", true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := configs.Default()
			cfg.Store.Kind, cfg.Store.Path, cfg.Web.SessionKey = tt.kind, path, tt.configured
			sealer, err := sessionKeys(cfg)
			if err != nil || (sealer != nil) != tt.sealed {
				t.Fatalf("%v, %v", sealer, err)
			}
			if _, err := os.Stat(path + ".key"); (err == nil) != tt.made {
				t.Errorf("the file beside the store: %v", err)
			}
		})
	}
	cfg := configs.Default()
	cfg.Web.SessionKey = "swordfish"
	if _, err := sessionKeys(cfg); err == nil || strings.Contains(err.Error(), "swordfish") {
		t.Errorf("no key: %v", err)
	}
}

func TestTheKeyOfSessionsIsRenewedWhileTheServiceRuns(t *testing.T) {
	first, second := seal.NewKey(), seal.NewKey()
	cfg := configs.Default()
	cfg.Web.SessionKey = first
	present, err := sessionKeys(cfg)
	if err != nil {
		t.Fatal(err)
	}
	before := present.Seal("refresh token", "session")
	renewed := cfg
	renewed.Web.SessionKey = second
	if err := renewSessionKeys(present, renewed); err != nil {
		t.Fatal(err)
	}
	alone, err := seal.Parse(second)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := alone.Open(present.Seal("refresh token", "session"), "session"); err != nil {
		t.Errorf("the new key does not seal: %v", err)
	}
	if _, err := present.Open(before, "session"); err != nil {
		t.Errorf("what the old key sealed does not open: %v", err)
	}
	if !reflect.DeepEqual(fixed(cfg), fixed(renewed)) {
		t.Error("another key asks for a restart")
	}
	none := configs.Default()
	if reflect.DeepEqual(fixed(none), fixed(cfg)) {
		t.Error("the first key asks for no restart")
	}
	if err := renewSessionKeys(nil, cfg); err != nil {
		t.Errorf("the first key while the service runs: %v", err)
	}
	renewed.Web.SessionKey = "swordfish"
	if err := renewSessionKeys(present, renewed); err == nil || strings.Contains(err.Error(), "swordfish") {
		t.Errorf("no key: %v", err)
	}
}
