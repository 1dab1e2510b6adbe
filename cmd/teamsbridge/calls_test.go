package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"teamsbridge/configs"
	"teamsbridge/consult/memswitch"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
	"teamsbridge/demo"
)

// callers have the telephones of a service that carries real calls.
type callers struct {
	customer, agent, expert *siptest.Phone
}

// callsFile is the configuration of a service whose trunks are telephones of the
// test: the agents', and those of numbers that are dialled.
func callsFile(t *testing.T, world *demo.World, dir string) (file string, phones callers) {
	t.Helper()
	phones.agent, phones.expert = siptest.New(t, 700), siptest.New(t, 1100)
	file = worldFile(t, world, dir, queue(world, "tax"))
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	more := fmt.Sprintf(`
limits: {per_agent: {rate: 0}, per_address: {rate: 0}} # a test asks until it is so
switch: {kind: sip, drain: 1m}
sip:
  host: 127.0.0.1
  listen: [{transport: udp, address: "127.0.0.1:0"}]
  trunks:
  - {name: carrier, networks: [127.0.0.0/8]}
  - {name: phones, peers: [{transport: udp, host: 127.0.0.1, port: %d}]}
  - {name: out, peers: [{transport: udp, host: 127.0.0.1, port: %d}]}
  routes: {agents: phones, experts: out, numbers: out}
  inbound: {trunks: [carrier]}
  media: {address: 127.0.0.1}
`, phones.agent.Peer().Port, phones.expert.Peer().Port)
	if err := os.WriteFile(file, append(written, more...), 0o600); err != nil {
		t.Fatal(err)
	}
	settled(t, world, file)
	return file, phones
}

// settled makes the store as it is after an administrator's first day.
func settled(t *testing.T, world *demo.World, file string) {
	t.Helper()
	cfg, err := configs.Load(file, worldEnvironment(world))
	if err != nil {
		t.Fatal(err)
	}
	network, err := memswitch.New(memswitch.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer network.Close()
	service, err := newApp(t.Context(), cfg, appOptions{
		Logger: slog.New(slog.DiscardHandler), Switch: network,
		Prepare: func(ctx context.Context, store keeper) error {
			return settle(ctx, store, cfg.Agents, cfg.SSO.Entra.Tenants)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	service.Start()
	if err := service.Stop(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// newCustomer is a telephone that calls the service.
func newCustomer(t *testing.T, service *served) *siptest.Phone {
	t.Helper()
	at, _ := service.log.line("serving")["sip_addresses"].(map[string]any)
	address, _ := at["udp"].(string)
	return siptest.New(t, 400, siptest.PeerAt(address, ua.UDP))
}

// interaction is what the agent sees of a call.
type interaction struct{ ID, Phase string }

// onlyCall waits for the one interaction that an agent has beside earlier ones: the
// two talk a little earlier than the journal has it.
func onlyCall(t *testing.T, service *served, token string, earlier ...string) interaction {
	t.Helper()
	for t.Context().Err() == nil {
		var list struct{ Interactions []interaction }
		fetch(t, token, service.page+"/api/v1/interactions", nil, &list)
		for _, one := range list.Interactions {
			if !slices.Contains(earlier, one.ID) {
				return one
			}
		}
	}
	t.Fatal("no interaction")
	return interaction{}
}

// untilPhase waits for a phase of an interaction.
func untilPhase(t *testing.T, service *served, token, at, phase string) {
	t.Helper()
	for t.Context().Err() == nil {
		var now interaction
		if fetch(t, token, service.page+at, nil, &now); now.Phase == phase {
			return
		}
	}
	t.Fatalf("the phase never is %s", phase)
}

// command posts JSON as an agent.
func command(t *testing.T, token, address, body string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// call lets a customer call the first agent, who picks up.
func (c *callers) call(t *testing.T, service *served, world *demo.World) {
	t.Helper()
	c.customer = newCustomer(t, service)
	c.customer.Call(world.Agents()[0].Number, "+4915112345")
	c.agent.Rings()
	c.agent.PickUp()
	c.agent.IsUp()
	c.customer.IsUp()
}

// TestAKilledServiceEndsItsCallsWhenItStartsAgain: the audio is gone with the
// process, so that everybody is hung up and the agent gets their wrap-up.
func TestAKilledServiceEndsItsCallsWhenItStartsAgain(t *testing.T) {
	world := newWorld(t)
	file, phones := callsFile(t, world, t.TempDir())
	service := serveProcess(t, world, file)
	token, _ := firstAgent(t, world)
	phones.call(t, service, world)
	id := onlyCall(t, service, token).ID
	at := "/api/v1/interactions/" + id
	consult := func() *ua.Incoming {
		t.Helper()
		if status := command(t, token, service.page+at+"/consult", `{"target":{"kind":"dialNumber","number":"+12015532447"}}`); status != http.StatusOK {
			t.Fatalf("consult: %d", status)
		}
		return phones.expert.Rings()
	}
	consult()
	phones.expert.PickUp()
	phones.expert.IsUp()
	untilPhase(t, service, token, at, "consulting")

	service = killed(t, service, world, file)
	for who, phone := range map[string]*siptest.Phone{"customer": phones.customer, "agent": phones.agent, "expert": phones.expert} {
		if end := phone.Over(); end.Kind != ua.EndedByThem {
			t.Errorf("the %s's call ended %q, want a BYE of the service", who, end.Kind)
		}
	}
	untilPhase(t, service, token, at, "wrapup")
	if status := command(t, token, service.page+at+"/wrap-up", `{"code":"solved"}`); status != http.StatusOK {
		t.Errorf("wrap-up: %d", status)
	}

	phones.call(t, service, world) // and the next customer is served
	at = "/api/v1/interactions/" + onlyCall(t, service, token, id).ID
	rings := consult()
	service = killed(t, service, world, file) // before anybody has answered
	siptest.Wait(t, "CANCEL", rings.Withdrawn())
	phones.customer.Over()
	phones.agent.Over()
	service.stop(t)
}

// TestAKillInTheMomentOfAnAnswerLeavesNobodyConnected: the first that the agent's
// telephone hears of its answer finds the line stored.
func TestAKillInTheMomentOfAnAnswerLeavesNobodyConnected(t *testing.T) {
	world := newWorld(t)
	file, phones := callsFile(t, world, t.TempDir())
	service := serveProcess(t, world, file)
	for range 2 {
		newCustomer(t, service).Call(world.Agents()[0].Number, "+4915112345")
		phones.agent.Rings()
		phones.agent.PickUp()
		phones.agent.IsUp()
		service = killed(t, service, world, file)
		if end := phones.agent.Over(); end.Kind != ua.EndedByThem {
			t.Errorf("the agent's call ended %q, want a BYE of the service", end.Kind)
		}
	}
	service.stop(t)
}

// killed ends a service without a word, and starts it again.
func killed(t *testing.T, service *served, world *demo.World, file string) *served {
	t.Helper()
	if err := service.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-service.ended
	return serveProcess(t, world, file)
}

func TestAStopTakesNoNewCallsAndWaitsForThoseThatRun(t *testing.T) {
	world := newWorld(t)
	file, phones := callsFile(t, world, t.TempDir())
	service := serveProcess(t, world, file)
	phones.call(t, service, world)
	late := newCustomer(t, service)

	if err := service.command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for service.log.line("stopping: no new calls are taken") == nil {
		<-service.log.more
	}
	for status := 0; status != http.StatusServiceUnavailable; { // until the switch has heard it
		late.Call(world.Agents()[0].Number, "+4915112346")
		late.HangUp()
		status = late.WaitFailed().Status
	}
	phones.customer.HangUp()
	phones.agent.Over()
	if err := <-service.ended; err != nil {
		t.Errorf("the service ended with %v\n%s", err, service.log)
	}
	if service.log.line("stopped before every call had ended") != nil {
		t.Error("a call was cut off")
	}
}
