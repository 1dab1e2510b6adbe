package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"teamsbridge/configs"
	"teamsbridge/consult"
	"teamsbridge/demo"
)

// worldFile writes a configuration of a service in the world, with these
// queues of the first organisation, and gives its name.
func worldFile(t *testing.T, world *demo.World, dir, queues string) string {
	t.Helper()
	cfg := world.Config()
	var b strings.Builder
	fmt.Fprintf(&b, `web: {listen: "127.0.0.1:0"}
outbound: {ca_file: %q}
store: {path: %q}
sso: {entra: {authority: %q, client_id: %s, scope: %q, tenants: [%s]}}
credential: {authority: %q, disable_instance_discovery: true}
graph: {base_url: %q}
consult:
  wrapup: {reasons: [{code: solved, label: Erledigt}]}
  queues: [%s]
agents:
`, cfg.Outbound.CAFile, filepath.Join(dir, "reload.db"), cfg.SSO.Entra.Authority, cfg.SSO.Entra.ClientID, cfg.SSO.Entra.Scope,
		strings.Join(cfg.SSO.Entra.Tenants, ", "), cfg.Credential.Authority, cfg.Graph.BaseURL, queues)
	for _, a := range cfg.Agents {
		fmt.Fprintf(&b, "- {id: %q, tenant: %q, entra_id: %q, subject: %q, name: %q, number: %q}\n", a.ID, a.Tenant, a.EntraID, a.Subject, a.Name, a.Number)
	}
	name := filepath.Join(dir, "teamsbridge.yaml")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// worldEnvironment is where the service finds its secrets.
func worldEnvironment(world *demo.World) func(string) string {
	secret := world.Config().Credential.ClientSecret
	return func(name string) string {
		return map[string]string{"TEAMSBRIDGE_CREDENTIAL_CLIENT_SECRET": secret, "TEAMSBRIDGE_SSO_ENTRA_CLIENT_SECRET": secret}[name]
	}
}

func queue(world *demo.World, id string) string {
	return fmt.Sprintf("{id: %s, tenant: %s, name: %s}", id, world.Tenants()[0], strings.ToUpper(id))
}

// firstAgent is the token of the world's first agent, by their password.
func firstAgent(t *testing.T, world *demo.World) (token, id string) {
	t.Helper()
	var w struct {
		Tenant, Scope string
		Clients       struct{ Browser string }
		Users         []struct{ ID, Username, Password string }
	}
	fetch(t, "", world.URL()+"/_control/world", nil, &w)
	var answer struct {
		Token string `json:"access_token"`
	}
	fetch(t, "", world.URL()+"/"+w.Tenant+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"password"}, "client_id": {w.Clients.Browser}, "scope": {w.Scope},
		"username": {w.Users[0].Username}, "password": {w.Users[0].Password},
	}, &answer)
	return answer.Token, w.Users[0].ID
}

// fetch reads JSON; a form is posted.
func fetch(t *testing.T, token, address string, form url.Values, into any) {
	t.Helper()
	method, content := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, content = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(t.Context(), method, address, content)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || json.Unmarshal(body, into) != nil {
		t.Fatalf("%s: %d %v %s", address, resp.StatusCode, err, body)
	}
}

func queueIDs(t *testing.T, token, address string) string {
	t.Helper()
	var list struct{ Targets []struct{ ID string } }
	fetch(t, token, address, nil, &list)
	var ids []string
	for _, target := range list.Targets {
		ids = append(ids, target.ID)
	}
	return strings.Join(ids, " ")
}

func TestANewQueueIsSeenOnRefreshAndTheCallGoesOn(t *testing.T) {
	world, dir := newWorld(t), t.TempDir()
	files := configs.NewWatcher(worldFile(t, world, dir, queue(world, "tax")), worldEnvironment(world))
	cfg, err := files.Load()
	if err != nil {
		t.Fatal(err)
	}
	service, err := newApp(t.Context(), cfg, appOptions{Logger: slog.New(slog.NewTextHandler(t.Output(), nil)), Switch: world.Network(), Files: files})
	if err != nil {
		t.Fatal(err)
	}
	service.Start()
	defer func() {
		if err := service.Stop(context.WithoutCancel(t.Context()), nil); err != nil {
			t.Error(err)
		}
	}()
	base := "http://" + service.Addr()
	token, agent := firstAgent(t, world)
	call, err := world.Network().Call(t.Context(), consult.Call{Tenant: world.Tenants()[0], From: "+4915112345", Agent: agent})
	if err != nil {
		t.Fatal(err)
	}

	worldFile(t, world, dir, queue(world, "tax")+", "+queue(world, "new"))
	if got := queueIDs(t, token, base+"/api/v1/targets/queues?refresh=true"); got != "tax new" {
		t.Errorf("queues %q after the change", got)
	}
	worldFile(t, world, dir, queue(world, "new")+", "+queue(world, "new"))
	if got := queueIDs(t, token, base+"/api/v1/targets/queues?refresh=true"); got != "tax new" {
		t.Errorf("queues %q after a wrong change", got)
	}
	var ready struct{ Notes []string }
	fetch(t, "", base+"/readyz", nil, &ready)
	if len(ready.Notes) != 1 || !strings.Contains(ready.Notes[0], "changed configuration not used") {
		t.Errorf("notes %q", ready.Notes)
	}
	worldFile(t, world, dir, queue(world, "new"))
	if got := queueIDs(t, token, base+"/api/v1/targets/queues?refresh=true"); got != "new" {
		t.Errorf("queues %q after the correction", got)
	}
	ready.Notes = nil
	fetch(t, "", base+"/readyz", nil, &ready)
	if len(ready.Notes) != 0 {
		t.Errorf("notes %q after the correction", ready.Notes)
	}
	var view struct{ Phase string }
	fetch(t, token, base+"/api/v1/interactions/"+string(call), nil, &view)
	if view.Phase != "active" {
		t.Errorf("the call is %q", view.Phase)
	}
}

// The command itself reads its file anew: at once on SIGHUP, and by itself
// within seconds.
func TestServeReadsItsConfigurationAnew(t *testing.T) {
	world, dir := newWorld(t), t.TempDir()
	file := worldFile(t, world, dir, queue(world, "tax"))
	ctx, stop := context.WithCancel(t.Context())
	logs, log := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, []string{"serve", "--config", file, "--allow-simulated"}, worldEnvironment(world), io.Discard, log)
		_ = log.Close()
	}()
	lines := bufio.NewScanner(logs)
	address := logged(t, lines, "serving")["address"]
	worldFile(t, world, dir, queue(world, "tax")+", "+queue(world, "new"))
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if got := logged(t, lines, "configuration read anew")["queues"]; got != 2.0 {
		t.Errorf("read %v queues", got)
	}
	worldFile(t, world, dir, queue(world, "new")) // nobody asks this time
	if got := logged(t, lines, "configuration read anew")["queues"]; got != 1.0 {
		t.Errorf("read %v queues", got)
	}
	go func() { _, _ = io.Copy(io.Discard, logs) }() // or the service would wait for a reader
	token, _ := firstAgent(t, world)
	if got := queueIDs(t, token, fmt.Sprintf("http://%s/api/v1/targets/queues", address)); got != "new" {
		t.Errorf("queues %q", got)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// logged reads on until a message.
func logged(t *testing.T, lines *bufio.Scanner, message string) map[string]any {
	t.Helper()
	for lines.Scan() {
		var line map[string]any
		if json.Unmarshal(lines.Bytes(), &line) == nil && line["msg"] == message {
			return line
		}
	}
	t.Fatalf("never logged: %s (%v)", message, lines.Err())
	return nil
}

const smallFile = `
sso: {entra: {client_id: 11111111-2222-4333-8444-555555555555, scope: "api://example/access_as_user", tenants: [aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee]}}
consult: {wrapup: {reasons: [{code: solved, label: Erledigt}]}}
agents:
`

func TestChangesAreFoundByLookingAndWrongOnesAreToldOnce(t *testing.T) {
	name := filepath.Join(t.TempDir(), "teamsbridge.yaml")
	write := func(text string) {
		if err := os.WriteFile(name, []byte(smallFile+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`- {id: anja, subject: anja, name: Anja}`)
	t.Setenv("TEAMSBRIDGE_CREDENTIAL_CLIENT_SECRET", "s")
	files := configs.NewWatcher(name, os.Getenv)
	present, err := files.Load()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var applied []int
		registry := prometheus.NewRegistry()
		r := newReloader(appOptions{Files: files, Logger: slog.New(slog.NewTextHandler(&log, nil))}, present,
			func(_ context.Context, cfg configs.Config) error {
				applied = append(applied, len(cfg.Agents))
				return nil
			}, registry)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- r.run(ctx) }()
		pass := func() { time.Sleep(lookEvery + settleTime + time.Millisecond); synctest.Wait() } // of the bubble's clock

		pass()
		write("- {id: anja, subject: anja, name: Anja}\n- {id: ben, subject: ben, name: Ben}")
		pass()
		write("- {id: anja}")
		pass()
		pass()
		if notes := r.notes(); len(notes) != 1 || !strings.Contains(notes[0], "problems: 2") {
			t.Errorf("notes %q", notes)
		}
		write("- {id: ben, subject: ben, name: Ben}\nweb: {cookie_name: other}")
		pass()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if len(applied) != 2 || applied[0] != 2 || applied[1] != 1 || r.notes() != nil {
			t.Errorf("applied %v, notes %q", applied, r.notes())
		}
		for result, want := range map[string]float64{"applied": 2, "failed": 1} {
			if got := testutil.ToFloat64(r.result.WithLabelValues(result)); got != want {
				t.Errorf("%v %s, want %v", got, result, want)
			}
		}
		for text, want := range map[string]int{
			`path=agents[0].name problem="must not be empty"`: 1, "path=agents[0] problem=": 1, "they hold after a restart": 1,
		} {
			if got := strings.Count(log.String(), text); got != want {
				t.Errorf("%q is logged %d times, want %d:\n%s", text, got, want, &log)
			}
		}
	})
}
