package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"teamsbridge/configs"
	"teamsbridge/consult/explain"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// startCalls runs a service with real calls in this process.
func startCalls(t *testing.T, cfg configs.Config, files *configs.Watcher) *app {
	t.Helper()
	cfg.Web.InternalListen = ""
	service, err := newApp(t.Context(), cfg, appOptions{Logger: slog.New(slog.NewTextHandler(t.Output(), nil)), Files: files})
	if err != nil {
		t.Fatal(err)
	}
	service.Start()
	t.Cleanup(func() {
		if err := service.Stop(context.Background(), nil); err != nil {
			t.Error(err)
		}
	})
	return service
}

func TestAnAgentsNewNumberIsRungWithoutARestart(t *testing.T) {
	world := newWorld(t)
	file, phones := callsFile(t, world, t.TempDir())
	files := configs.NewWatcher(file, worldEnvironment(world))
	cfg, err := files.Load()
	if err != nil {
		t.Fatal(err)
	}
	service := startCalls(t, cfg, files)
	customer := siptest.New(t, 400, siptest.PeerAt(service.callsAddrs()[ua.UDP], ua.UDP))
	const number = "+493023125199"
	customer.Call(number, "+4915112345")
	if f := customer.WaitFailed(); f.Status != http.StatusNotFound {
		t.Fatalf("nobody's number: %d", f.Status)
	}

	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.ReplaceAll(string(written), world.Agents()[0].Number, number)
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	token, _ := firstAgent(t, world)
	queueIDs(t, token, "http://"+service.Addr()+"/api/v1/targets/queues?refresh=true")
	customer.Call(number, "+4915112345")
	if in := phones.agent.Rings(); in.To != number {
		t.Errorf("%s is rung", in.To)
	}
	phones.agent.Refuse(http.StatusNotFound)
	customer.WaitFailed()
}

func TestAnAgentIsNamedByIDOrNumber(t *testing.T) {
	world := newWorld(t)
	file, _ := callsFile(t, world, t.TempDir())
	cfg, err := configs.Load(file, worldEnvironment(world))
	if err != nil {
		t.Fatal(err)
	}
	agents, err := agentsOf(t.Context(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	first := world.Agents()[0]
	for named, want := range map[string]bool{string(first.ID): true, first.Number: true, "": false, "nobody": false, "+4930": false} {
		agent, ok := agentNamed(cfg, agents, named)
		if ok != want || ok && (agent.ID != string(first.ID) || agent.Number != first.Number || agent.Tenant != first.Tenant) {
			t.Errorf("%q names %+v, %v", named, agent, ok)
		}
	}
}

func TestPeersThatDoNotAnswerAreTold(t *testing.T) {
	world := newWorld(t)
	file, _ := callsFile(t, world, t.TempDir())
	whole, err := configs.Load(file, worldEnvironment(world))
	if err != nil {
		t.Fatal(err)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := sip.PeerConfig{Transport: "tcp", Host: "127.0.0.1", Port: closed.Addr().(*net.TCPAddr).Port}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	well := whole.SIP.Trunks[2].Peers[0]
	for name, c := range map[string]struct {
		peers []sip.PeerConfig
		alone bool // there are no other trunks with peers
		want  explain.Trunk
		ready bool
	}{
		"all answer":          {[]sip.PeerConfig{well}, false, explain.Trunk{Known: true, Ready: true, Peers: 1, Well: 1}, true},
		"one does not":        {[]sip.PeerConfig{well, gone}, false, explain.Trunk{Known: true, Ready: true, Peers: 2, Well: 1}, true},
		"another trunk does":  {[]sip.PeerConfig{gone}, false, explain.Trunk{Known: true, Ready: true, Peers: 1}, true},
		"none of all answers": {[]sip.PeerConfig{gone}, true, explain.Trunk{Known: true, Ready: true, Peers: 1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := whole
			cfg.SIP.Trunks = slices.Clone(cfg.SIP.Trunks)
			out := &cfg.SIP.Trunks[2]
			out.Peers, out.Options = c.peers, 100*time.Millisecond // a peer on a busy machine may miss one
			if c.alone {
				cfg.SIP.Trunks[1].Peers, cfg.SIP.Trunks[1].Networks = nil, []string{"127.0.0.0/8"}
			}
			service := startCalls(t, cfg, nil)
			cfg.Web.Listen = service.Addr()
			silent := c.want.Peers - c.want.Well
			var r readiness
			for t.Context().Err() == nil && (len(r.Notes) != silent || r.Ready != c.ready || slices.Contains(r.Missing, missingTrunks) == c.ready) {
				if r, err = askReadiness(t.Context(), http.DefaultClient, "http://"+service.Addr()+"/readyz"); err != nil {
					t.Fatal(err)
				}
			}
			fromOutside := trunkOf(cfg, http.DefaultClient)
			for service.trunk(t.Context()) != c.want || fromOutside(t.Context()) != c.want {
				if t.Context().Err() != nil {
					t.Fatalf("the service says %+v, want %+v", service.trunk(context.Background()), c.want)
				}
			}
		})
	}
}

// TestCallsOverTLSShowAndDemandACertificate: the doctor of the same certificate is let
// in, one without is not, and the files are watched for new ones.
func TestCallsOverTLSShowAndDemandACertificate(t *testing.T) {
	world, dir := newWorld(t), t.TempDir()
	file, _ := callsFile(t, world, dir)
	cfg, err := configs.Load(file, worldEnvironment(world))
	if err != nil {
		t.Fatal(err)
	}
	cfg.SIP.TLS = certificateFiles(t, dir, "sip", 90*24*time.Hour)
	cfg.SIP.Listen = append(cfg.SIP.Listen, sip.ListenConfig{Transport: "tls", Address: "127.0.0.1:0"})
	service := startCalls(t, cfg, nil)
	if !slices.ContainsFunc(service.background, func(t task) bool { return t.name == "SIP certificate" }) {
		t.Error("nobody looks for a new certificate")
	}
	at := netip.MustParseAddrPort(service.callsAddrs()[ua.TLS])
	peer := sip.PeerConfig{Transport: "tls", Host: at.Addr().String(), Port: int(at.Port())}
	known := &doctor{cfg: cfg}
	if err := known.askPeer(t.Context(), peer); err != nil {
		t.Errorf("with the certificate: %v", err)
	}
	stranger := &doctor{cfg: cfg}
	stranger.cfg.SIP.TLS = certificateFiles(t, dir, "stranger", 90*24*time.Hour)
	stranger.cfg.SIP.TLS.CAFile = cfg.SIP.TLS.CAFile
	if err := stranger.askPeer(t.Context(), peer); err == nil {
		t.Error("a certificate of somebody else's is let in")
	}
}
