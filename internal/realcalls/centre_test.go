package realcalls

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"teamsbridge/demo"
	"teamsbridge/internal/porttest"
)

// centre is a contact centre: the service as a process of its own, in a simulated
// Microsoft, with real telephones.
type centre struct {
	*agent           // the first
	agents  []*agent // all
	t       *testing.T
	port    int    // takes customers' calls on 127.0.0.1
	page    string // base address of the interface
	command func() *exec.Cmd
	service *other
}

// contactNumber is what experts see.
const contactNumber = "+49305550"

// How long an expert's telephone rings; three quarters of it is the time to press
// a key. Short is for those who do not answer.
const (
	ringShortly   = 4 * time.Second
	ringPatiently = time.Minute
)

// startCentre runs the service, which lets telephones ring for so long, with a
// section sip, in which %PORT is replaced by the port on which calls are taken.
func startCentre(t *testing.T, ring time.Duration, sip string) *centre {
	t.Helper()
	dir := t.TempDir()
	world, err := demo.New(t.Context(), demo.Options{
		Seed: 3, People: 20, Manual: true, Dir: dir, Listen: "127.0.0.1:0", TLSListen: "127.0.0.1:0",
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := world.Close(ctx); err != nil {
			t.Errorf("close the world: %v", err)
		}
	})
	c := &centre{t: t, port: porttest.Free(t)}
	file := filepath.Join(dir, "teamsbridge.yaml")
	if err := os.WriteFile(file, []byte(configuration(world, dir, ring)+strings.ReplaceAll(sip, "%PORT", fmt.Sprint(c.port))), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := product()
	if err != nil {
		t.Fatal(err)
	}
	c.command = func() *exec.Cmd {
		cmd := exec.Command(path, "serve", "--config", file)
		secret := world.Config().Credential.ClientSecret
		cmd.Env = append(os.Environ(), "TEAMSBRIDGE_CREDENTIAL_CLIENT_SECRET="+secret, "TEAMSBRIDGE_SSO_ENTRA_CLIENT_SECRET="+secret)
		return cmd
	}
	c.serve()
	c.agents = signIn(t, world, c.page)
	c.agent = c.agents[0]
	return c
}

// serve starts the service and waits until it serves.
func (c *centre) serve() {
	t := c.t
	t.Helper()
	o := launch(t, "teamsbridge", c.command())
	c.service = o
	t.Cleanup(func() {
		o.stop()
		if strings.Contains(o.output.String(), "panic") {
			t.Errorf("the service broke:\n%s", o.output.String())
		}
	})
	until(t, "serving", func() bool {
		select {
		case <-o.exited:
			t.Fatalf("the service ended: %v\n%s", o.err, o.output.String())
		default:
		}
		c.page = address(o.output.String())
		return c.page != ""
	})
	for _, a := range c.agents {
		a.base = c.page
	}
}

// isKilled ends the service without a word, and starts it again.
func (c *centre) isKilled() {
	c.t.Helper()
	if err := c.service.cmd.Process.Kill(); err != nil {
		c.t.Fatal(err)
	}
	<-c.service.exited
	c.serve()
}

// address is where the service says that it serves.
func address(log string) string {
	for line := range bytes.Lines([]byte(log)) {
		var said struct{ Msg, Address string }
		if json.Unmarshal(line, &said) == nil && said.Msg == "serving" {
			return "http://" + said.Address
		}
	}
	return ""
}

// configuration is all but the section sip.
func configuration(world *demo.World, dir string, ring time.Duration) string {
	cfg := world.Config()
	var b strings.Builder
	fmt.Fprintf(&b, `web: {listen: "127.0.0.1:0"}
outbound: {ca_file: %q}
store: {path: %q}
sso: {entra: {authority: %q, client_id: %s, scope: %q, tenants: [%s]}}
credential: {authority: %q, disable_instance_discovery: true}
graph: {base_url: %q}
limits: {per_agent: {rate: 0}, per_address: {rate: 0}}
switch: {kind: sip, drain: 0s}
drain_timeout: 1s
consult:
  ring_timeout: %s
  accept_timeout: %s
  wrapup: {reasons: [{code: solved, label: Erledigt}]}
agents:
`, cfg.Outbound.CAFile, filepath.Join(dir, "calls.db"), cfg.SSO.Entra.Authority, cfg.SSO.Entra.ClientID, cfg.SSO.Entra.Scope,
		strings.Join(cfg.SSO.Entra.Tenants, ", "), cfg.Credential.Authority, cfg.Graph.BaseURL, ring, ring*3/4)
	for _, a := range cfg.Agents {
		fmt.Fprintf(&b, "- {id: %q, tenant: %q, entra_id: %q, subject: %q, name: %q, number: %q}\n", a.ID, a.Tenant, a.EntraID, a.Subject, a.Name, a.Number)
	}
	return b.String()
}

// expert is somebody of the directory who has a number.
type expert struct{ ID, Name, Number string }

// anExpert waits until the directory has been read and gives the first one.
func (c *centre) anExpert() expert {
	c.t.Helper()
	var found struct{ Experts []expert }
	until(c.t, "an expert in the directory", func() bool {
		return c.do(http.MethodGet, "/api/v1/experts?limit=1", nil, &found) == http.StatusOK && len(found.Experts) > 0
	})
	return found.Experts[0]
}

// target is the expert as a consult's target.
func (e expert) target() map[string]any {
	return map[string]any{"target": map[string]any{"kind": "organization", "id": e.ID}}
}
