package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"teamsbridge/configs"
	"teamsbridge/demo"
	"teamsbridge/internal/porttest"
)

// restarted signs somebody in with a browser, starts the service anew on the same
// store after a change, and gives what the browser is answered then.
func restarted(t *testing.T, change func(*testing.T, *demo.World, *visitor, *configs.Config)) (status int, reason string) {
	t.Helper()
	world, dir := newWorld(t), t.TempDir()
	cfg := world.Config()
	cfg.Web.Listen, cfg.Store.Path = porttest.Address(t), filepath.Join(dir, "restart.db")
	service := startApp(t, cfg, world, slog.New(slog.NewTextHandler(t.Output(), nil)))
	v := newVisitor(t, world, "http://"+service.Addr())
	cookie := v.cookieHeader()
	if status, _ := askSession(t, v.base, cookie); status != http.StatusOK {
		t.Fatalf("before the restart: %d", status)
	}
	if err := service.Stop(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	change(t, world, v, &cfg)
	service = startApp(t, cfg, world, slog.New(slog.NewTextHandler(t.Output(), nil)))
	status, reason = askSession(t, v.base, cookie)
	if err := service.Stop(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return status, reason
}

func askSession(t *testing.T, base, cookie string) (status int, reason string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/api/v1/session", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Cookie", cookie)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var problem struct{ Reason string }
	if err := json.NewDecoder(resp.Body).Decode(&problem); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, problem.Reason
}

func TestABrowsersSignInOutlivesARestartAndEndsWhenEntraSaysSo(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*testing.T, *demo.World, *visitor, *configs.Config)
		status int
		reason string
	}{
		"nothing happened": {func(*testing.T, *demo.World, *visitor, *configs.Config) {}, http.StatusOK, ""},
		"revoked at Microsoft meanwhile": {func(t *testing.T, world *demo.World, v *visitor, _ *configs.Config) {
			play(t, world, http.MethodPost, "/users/"+v.shown.Users[0].ID+"/revoke", nil)
		}, http.StatusUnauthorized, "revoked"},
		"the key was lost": {func(t *testing.T, _ *demo.World, _ *visitor, cfg *configs.Config) {
			if err := os.Remove(cfg.Store.Path + ".key"); err != nil {
				t.Error(err)
			}
		}, http.StatusUnauthorized, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if status, reason := restarted(t, tt.change); status != tt.status || reason != tt.reason {
				t.Errorf("%d %q, want %d %q", status, reason, tt.status, tt.reason)
			}
		})
	}
}
