package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"teamsbridge/configs"
	"teamsbridge/demo"
	"teamsbridge/internal/porttest"
)

// worldCommands let a script play the simulated Microsoft:
//
//	world                    starts one; teamsbridge.yaml is a configuration of a service in it
//	service                  runs that service in this process, until the script ends
//	control METHOD PATH BODY does something to the world; {tenant} is the organisation's id
//	clock OFFSET             dates Graph's answers so far off this machine's time
//	unready                  answers like a service that is not ready, until the script ends
func worldCommands(t *testing.T) map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"world":   func(ts *testscript.TestScript, _ bool, _ []string) { startWorld(ts, porttest.Address(t)) },
		"service": startService,
		"control": func(ts *testscript.TestScript, _ bool, args []string) {
			ts.Check(worldOf(ts).control(args[0], args[1], strings.Join(args[2:], " ")))
		},
		"clock": func(ts *testscript.TestScript, _ bool, args []string) {
			offset, err := time.ParseDuration(args[0])
			ts.Check(err)
			worldOf(ts).clock.Store(int64(offset))
		},
		"unready": startUnready,
	}
}

// scriptWorld is the world of one script.
type scriptWorld struct {
	*demo.World
	file    string
	address string       // of the service's page
	clock   atomic.Int64 // how far Graph's dates are off, in nanoseconds
}

// misdated answers like Graph, with the date of another clock.
func (w *scriptWorld) misdated(graph http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if offset := time.Duration(w.clock.Load()); offset != 0 {
			rw.Header().Set("Date", time.Now().Add(offset).UTC().Format(http.TimeFormat))
		}
		graph.ServeHTTP(rw, r)
	})
}

var scriptWorlds sync.Map // by the script's name

func worldOf(ts *testscript.TestScript) *scriptWorld {
	w, ok := scriptWorlds.Load(ts.Name())
	if !ok {
		ts.Fatalf("world first")
	}
	return w.(*scriptWorld)
}

// startWorld starts one whose service has an address, where nobody listens before
// "service".
func startWorld(ts *testscript.TestScript, address string) {
	w := &scriptWorld{file: ts.MkAbs("teamsbridge.yaml"), address: address}
	world, err := demo.New(context.Background(), demo.Options{
		Seed: 3, People: 20, Manual: true, Dir: ts.MkAbs("."), Listen: "127.0.0.1:0", TLSListen: "127.0.0.1:0",
		Logger: slog.New(slog.DiscardHandler), AroundGraph: w.misdated,
	})
	ts.Check(err)
	w.World = world
	ts.Defer(func() {
		closing, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		ts.Check(world.Close(closing))
	})
	scriptWorlds.Store(ts.Name(), w)
	cfg := world.Config()
	agent := cfg.Agents[0]
	ts.Setenv("AGENT", string(agent.ID))
	ts.Setenv("TENANT", agent.Tenant)
	ts.Setenv("TEAMSBRIDGE_CREDENTIAL_CLIENT_SECRET", cfg.Credential.ClientSecret)
	ts.Setenv("TEAMSBRIDGE_SSO_ENTRA_CLIENT_SECRET", cfg.Credential.ClientSecret)
	ts.Check(os.WriteFile(w.file, fmt.Appendf(nil, `web: {listen: %q, public_url: "https://consult.example.com"}
outbound: {ca_file: %q}
store: {path: %q}
sso: {entra: {authority: %q, client_id: %s, scope: %q, tenants: [%s]}}
credential: {authority: %q, disable_instance_discovery: true}
graph: {base_url: %q}
consult: {wrapup: {reasons: [{code: solved, label: Erledigt}]}}
agents: [{id: %q, entra_id: %q, name: %q, number: %q, country: DE}]
`, address, cfg.Outbound.CAFile, ts.MkAbs("service.db"), cfg.SSO.Entra.Authority, cfg.SSO.Entra.ClientID, cfg.SSO.Entra.Scope, agent.Tenant,
		cfg.Credential.Authority, cfg.Graph.BaseURL, agent.ID, agent.EntraID, agent.Name, agent.Number), 0o600))
}

// startService runs the service of the script's configuration until the script
// ends. It waits until the service is ready.
func startService(ts *testscript.TestScript, _ bool, _ []string) {
	w := worldOf(ts)
	cfg, err := configs.Load(w.file, func(name string) string { return ts.Getenv(name) })
	ts.Check(err)
	service, err := newApp(context.Background(), cfg, appOptions{
		Logger: slog.New(slog.DiscardHandler), Switch: w.Network(), NeedMicrosoft: true,
		Prepare: func(ctx context.Context, store keeper) error {
			return settle(ctx, store, cfg.Agents, cfg.SSO.Entra.Tenants)
		},
	})
	ts.Check(err)
	service.Start()
	ts.Defer(func() { ts.Check(service.Stop(context.Background(), nil)) })
	look := time.NewTicker(readyEvery)
	defer look.Stop()
	for !service.Ready() {
		select {
		case <-look.C:
		case err := <-service.Failed():
			ts.Fatalf("the service failed: %v", err)
		}
	}
}

// startUnready is a service that waits for its directory.
func startUnready(ts *testscript.TestScript, _ bool, _ []string) {
	listener, err := listen(context.Background(), worldOf(ts).address)
	ts.Check(err)
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"ready":false,"missing":["directory"]}`)
	})}
	go func() { _ = server.Serve(listener) }() // ends with the script
	ts.Defer(func() { ts.Check(server.Close()) })
}

// control asks the world's own interface.
func (w *scriptWorld) control(method, path, body string) error {
	path = strings.ReplaceAll(path, "{tenant}", w.Tenants()[0])
	request, err := http.NewRequestWithContext(context.Background(), method, w.URL()+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusBadRequest {
		text, _ := io.ReadAll(answer.Body)
		return fmt.Errorf("%s %s: %d %s", method, path, answer.StatusCode, text)
	}
	return nil
}
