package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"teamsbridge/configs"
	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/demo"
	"teamsbridge/internal/logging"
)

// What is planted, beside the real tokens, cookies and secrets of the world.
// Nothing of the product or of Go has such a text.
const (
	plantedSecret   = "Pl4ntedS3cret-0123456789abcdef"
	plantedSearch   = "Qxplantedsearch"
	plantedNote     = "planted-note-wqzx"
	plantedWrapUp   = "planted-wrap-up-kvjy"
	plantedCustomer = "+4915197531864"
	plantedDialled  = "+4915286420975"
)

// place is something that operators read, keep or send to others.
type place struct{ name, text string }

// found says which of the planted texts are in a place, in any of the shapes in
// which programs write texts down.
func found(places []place, planted []string) (all []string) {
	for _, p := range places {
		for _, text := range planted {
			for _, shape := range []string{
				text, url.QueryEscape(text), strings.TrimPrefix(text, "+"), base64.StdEncoding.EncodeToString([]byte(text)), base64.RawURLEncoding.EncodeToString([]byte(text)),
			} {
				if at := strings.Index(p.text, shape); at >= 0 {
					all = append(all, p.name+" has "+text+": …"+p.text[max(0, at-160):min(len(p.text), at+len(shape)+60)]+"…")
					break
				}
			}
		}
	}
	return all
}

// TestNothingPlantedIsFoundInWhatTheServiceLeaves runs the real command with a
// configuration file, plants secrets and personal data on every way in, has
// Microsoft fail in between, and reads all that is left.
func TestNothingPlantedIsFoundInWhatTheServiceLeaves(t *testing.T) {
	world, dir := newWorld(t), t.TempDir()
	file := plantedFile(t, world, dir)
	call, before := begunCall(t, world, file, filepath.Join(dir, "legs.json"))
	service := serveProcess(t, world, file)

	v := newVisitor(t, world, service.page)
	v.everyWayIn(string(call))
	v.journey(string(call))
	metrics := v.text(service.internal + "/metrics")
	whole := []place{{"metrics", metrics}}
	play(t, world, http.MethodPost, "/faults", map[string]any{"route": "/", "status": http.StatusServiceUnavailable, "count": 10_000})
	v.whileMicrosoftFails()
	whole = append(whole, place{"metrics while Microsoft fails", v.text(service.internal + "/metrics")})
	service.stop(t)

	whole = append(whole, place{"log", service.log.String()}, place{"log of the service before", before}, place{"standard output", service.out.String()},
		place{"audit stream", fileText(t, filepath.Join(dir, "audit.jsonl"))}, place{"refusals", v.refusals.String()})
	for _, args := range [][]string{
		{"audit", "export"}, {"audit", "verify"}, {"journal", "inspect"}, {"organizations", "list"}, {"doctor", "--json"}, {"explain", "--tenant", v.shown.Tenant, "--agent", v.shown.Users[0].ID, "--json"},
	} {
		whole = append(whole, place{"teamsbridge " + strings.Join(args[:2], " "), output(t, world, append(args, "--config", file)...)})
	}
	// These hold calls, and may: numbers and notes are what they are for.
	calls := []place{{"journal export", output(t, world, "journal", "export", "--config", file, "--interaction", string(call))}}
	for _, kept := range []string{"reload.db", "reload.db-wal", "legs.json"} {
		calls = append(calls, place{kept, fileText(t, filepath.Join(dir, kept))})
	}

	secrets := v.secrets()
	personal := []string{plantedSearch, plantedNote, plantedWrapUp, plantedCustomer, plantedDialled}
	for _, f := range slices.Concat(found(whole, slices.Concat(secrets, personal)), found(calls, append(secrets, plantedSearch))) {
		t.Error(f)
	}

	for _, p := range whole { // what was searched is what was meant
		if len(p.text) < 20 && p.name != "standard output" {
			t.Errorf("%s holds hardly anything: %q", p.name, p.text)
		}
	}
	for where, text := range map[string]string{
		service.log.String():                           `"level":"DEBUG"`,
		fileText(t, filepath.Join(dir, "audit.jsonl")): "wrapUp",
		v.refusals.String():                            "/problems/request-invalid",
		metrics:                                        "teamsbridge_http_requests_total",
		calls[0].text:                                  plantedWrapUp,
	} {
		if !strings.Contains(where, text) {
			t.Errorf("nothing was looked at that has %q: %.300s", text, where)
		}
	}
	for _, bad := range []string{"panic", "goroutine ", `"status":500`} {
		if strings.Contains(service.log.String(), bad) {
			t.Errorf("the log tells of %q", bad)
		}
	}
}

// TestTheSearchFindsWhatIsPlanted is the control of the one above: each shape in
// each place is found.
func TestTheSearchFindsWhatIsPlanted(t *testing.T) {
	for _, planted := range []string{plantedSecret, plantedCustomer, "geheim & more"} {
		for name, line := range map[string]string{
			"as it is":      `{"level":"INFO","token":"` + planted + `"}`,
			"in an address": "GET /x?q=" + url.QueryEscape(planted),
			"in base64":     "Basic " + base64.StdEncoding.EncodeToString([]byte(planted)),
			"in a token":    "eyJ." + base64.RawURLEncoding.EncodeToString([]byte(planted)) + ".x",
			"its digits":    "number " + strings.TrimPrefix(planted, "+"),
		} {
			t.Run(planted+" "+name, func(t *testing.T) {
				places := []place{{"log", "nothing"}, {"audit", "before\n" + line + "\nafter"}}
				if got := found(places, []string{"another", planted}); len(got) != 1 || !strings.HasPrefix(got[0], "audit has "+planted) {
					t.Errorf("found %q", got)
				}
			})
		}
	}
	if got := found([]place{{"log", "harmless"}}, []string{plantedSecret}); got != nil {
		t.Errorf("found %q where nothing is", got)
	}
}

// plantedFile is the configuration of a service that writes down all it can.
func plantedFile(t *testing.T, world *demo.World, dir string) string {
	t.Helper()
	file := worldFile(t, world, dir, queue(world, "tax"))
	text := fileText(t, file) + fmt.Sprintf(`
log: {level: debug}
limits: {per_agent: {rate: 0}, per_address: {rate: 0}}
audit: {stream: file, file: %q, persons: true}
switch: {kind: simulated, file: %q}
`, filepath.Join(dir, "audit.jsonl"), filepath.Join(dir, "legs.json"))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// begunCall leaves a call of the world's first agent, whom the second has
// declined, in the store and in the simulated network's file: what a service finds
// that was stopped meanwhile. The command's own network takes no calls and answers
// at once, so that nobody could decline there.
func begunCall(t *testing.T, world *demo.World, file, legs string) (consult.InteractionID, string) {
	t.Helper()
	cfg, err := configs.Load(file, worldEnvironment(world))
	if err != nil {
		t.Fatal(err)
	}
	network, err := memswitch.New(memswitch.Options{File: legs, Manual: true})
	if err != nil {
		t.Fatal(err)
	}
	log := newHeard()
	logger, err := logging.New(log, cfg.Log)
	if err != nil {
		t.Fatal(err)
	}
	service, err := newApp(t.Context(), cfg, appOptions{
		Logger: logger, Switch: network,
		Prepare: func(ctx context.Context, store keeper) error {
			return settle(ctx, store, cfg.Agents, cfg.SSO.Entra.Tenants)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	service.Start()
	agent := cfg.Agents[0]
	id, err := network.Call(t.Context(), consult.Call{Tenant: agent.Tenant, From: plantedCustomer, Agent: string(agent.ID)})
	if err != nil {
		t.Fatal(err)
	}
	v := newVisitor(t, world, "http://"+service.Addr())
	v.must(200, v.agent, http.MethodPost, "/api/v1/interactions/"+string(id)+"/consult", `{"target":{"kind":"agent","id":"`+v.shown.Users[1].ID+`"}}`)
	v.must(200, v.second, http.MethodPost, "/api/v1/interactions/"+string(id)+"/consult/decline", `{"reason":"`+plantedNote+`"}`)
	if err := errors.Join(service.Stop(context.WithoutCancel(t.Context()), nil), network.Close()); err != nil {
		t.Fatal(err)
	}
	return id, log.String()
}

// output is what a command of the binary writes; doctor and explain end with a
// status of their own.
func output(t *testing.T, world *demo.World, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), args, worldEnvironment(world), &out, io.Discard); err != nil && exitStatus(err, &out) == 0 {
		t.Fatal(err)
	}
	return out.String()
}

func fileText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}
