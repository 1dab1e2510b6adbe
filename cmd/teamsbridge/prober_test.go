package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/configs"
	"teamsbridge/demo"
	"teamsbridge/graph/graphtest/apitest"
	"teamsbridge/graph/msgraph"
	"teamsbridge/sso"
	"teamsbridge/sso/azcred"
)

func newWorld(t *testing.T) *demo.World {
	t.Helper()
	world, err := demo.New(t.Context(), demo.Options{
		Seed: 3, People: 20, Manual: true, Dir: t.TempDir(), Listen: "127.0.0.1:0", TLSListen: "127.0.0.1:0",
		Logger:      slog.New(slog.NewTextHandler(t.Output(), nil)),
		AroundGraph: func(graph http.Handler) http.Handler { return apitest.Requests(t, graph) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := world.Close(ctx); err != nil {
			t.Errorf("close world: %v", err)
		}
	})
	return world
}

func play(t *testing.T, world *demo.World, method, path string, body any) {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, world.URL()+"/_control"+path, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d", method, path, resp.StatusCode)
	}
}

func TestProbe(t *testing.T) {
	granted := func(users, presence bool) []sso.Permission {
		return []sso.Permission{
			{Name: "User.Read.All", Kind: "application", Granted: users},
			{Name: "Presence.Read.All", Kind: "application", Granted: presence},
		}
	}
	for _, c := range []struct {
		name      string
		play      map[string]any // what the organisation's administrator does
		configure func(*configs.Config)
		principal string
		consent   []sso.Permission
		failing   bool
		refused   bool // the credential, as far as can be told
	}{
		{name: "all is well", principal: sso.PrincipalEnabled, consent: granted(true, true)},
		{name: "consent for presence is missing", play: map[string]any{"consent": []string{"User.Read.All"}},
			principal: sso.PrincipalEnabled, consent: granted(true, false), failing: true},
		{name: "nothing was consented", play: map[string]any{"consent": []string{}},
			principal: sso.PrincipalEnabled, consent: granted(false, false), failing: true},
		{name: "the app is disabled", play: map[string]any{"appEnabled": false}, principal: sso.PrincipalDisabled, failing: true},
		{name: "the secret is wrong", configure: func(c *configs.Config) { c.Credential.ClientSecret = "another" },
			principal: sso.PrincipalUnknown, failing: true, refused: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			world := newWorld(t)
			cfg := world.Config()
			if c.configure != nil {
				c.configure(&cfg)
			}
			client, err := outboundClient(cfg.Outbound)
			if err != nil {
				t.Fatal(err)
			}
			defer client.CloseIdleConnections()
			p := newProber(t, cfg, client)
			tenant := world.Tenants()[0]
			if c.play != nil {
				// The probe before must not be remembered by the one after.
				if _, err := p.Probe(t.Context(), tenant); err != nil {
					t.Fatal(err)
				}
				play(t, world, http.MethodPut, "/tenants/"+tenant, c.play)
			}
			found, err := p.Probe(t.Context(), tenant)
			if err != nil {
				t.Fatal(err)
			}
			if found.ServicePrincipal != c.principal {
				t.Errorf("service principal %q, want %q", found.ServicePrincipal, c.principal)
			}
			if diff := cmp.Diff(c.consent, found.Consent); diff != "" {
				t.Error(diff)
			}
			if c.failing != (found.LastError != "") {
				t.Errorf("last error = %q", found.LastError)
			}
			if c.refused != (found.Credential == sso.CredentialRefused) {
				t.Errorf("credential %q", found.Credential)
			}
			if !found.Clock.Known || found.Clock.Wrong() {
				t.Errorf("clock %+v: it is the same machine's", found.Clock)
			}
		})
	}
}

func TestProbeOfMicrosoftAwayIsAnErrorAndNoFinding(t *testing.T) {
	for _, route := range []string{"/", "/v1.0"} {
		t.Run("at "+route, func(t *testing.T) {
			world := newWorld(t)
			cfg := world.Config()
			cfg.Outbound.Timeout = 2 * time.Second
			client, err := outboundClient(cfg.Outbound)
			if err != nil {
				t.Fatal(err)
			}
			defer client.CloseIdleConnections()
			play(t, world, http.MethodPost, "/faults", map[string]any{"route": route, "status": 503, "count": 100})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			found, err := newProber(t, cfg, client).Probe(ctx, world.Tenants()[0])
			if err == nil || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Probe = %+v, %v, want an error that says who is away", found, err)
			}
		})
	}
}

// newProber is wired as newApp does it.
func newProber(t *testing.T, cfg configs.Config, client *http.Client) prober {
	t.Helper()
	watch := watchClock(client, cfg.Credential.Authority, cfg.Graph.BaseURL)
	credentials, err := azcred.New(cfg.Credential, azcred.Deps{HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	directory, err := msgraph.New(msgraph.Config{BaseURL: cfg.Graph.BaseURL}, msgraph.Deps{Credential: credentials.For, HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	return prober{credentials: credentials, directory: directory, kind: configs.PermissionsApplication, clock: watch}
}
