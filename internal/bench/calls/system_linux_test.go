package calls

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/consult"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/ua"
	"teamsbridge/graph"
	"teamsbridge/internal/heapfloor"
	"teamsbridge/sso"
	"teamsbridge/store/sqlite"
)

// asService in the environment makes the test binary the service under load.
const asService = "CALLS_BENCH_SERVICE"

func TestMain(m *testing.M) {
	if text := os.Getenv(asService); text != "" {
		var s setting
		err := json.Unmarshal([]byte(text), &s)
		if err == nil {
			err = serve(context.Background(), s)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// profileTo in the environment makes the service write a CPU profile there.
const profileTo = "CALLS_BENCH_PROFILE"

// heapsTo in the environment is a folder where the service writes a heap profile
// each time that it is asked for its heap.
const heapsTo = "CALLS_BENCH_HEAPS"

// setting is what the service is told.
type setting struct {
	Database string
	Agents   string // host:port of their telephones
}

const (
	tenant = "11111111-1111-4111-8111-111111111111"
	// desks is how many agents there are, whose numbers begin at firstDesk.
	desks, firstDesk = 1000, 10_000
	wrapUp           = time.Second
)

// serve runs the switch, the engine and the database as the service does, says
// where calls are taken, how large the heap is for each line of its input, and
// ends with that.
func serve(ctx context.Context, s setting) error {
	defer heapfloor.Hold(heapfloor.Bytes)()
	if name := os.Getenv(profileTo); name != "" {
		f, err := os.Create(name)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	var staff []sso.Agent
	for i := range desks {
		number := strconv.Itoa(firstDesk + i)
		staff = append(staff, sso.Agent{
			ID: sso.AgentID("agent-" + number), Tenant: tenant, EntraID: fmt.Sprintf("55555555-5555-4555-8555-%012d", i),
			Name: "Agent " + number, Number: number, Country: "DE", Roles: []sso.Role{sso.RoleAgent},
		})
	}
	table, err := sso.NewAgents(staff)
	if err != nil {
		return err
	}
	kept, err := sqlite.Open(ctx, s.Database)
	if err != nil {
		return err
	}
	host, port, err := hostPort(s.Agents)
	if err != nil {
		return err
	}
	registry, log := prometheus.NewRegistry(), slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	network, err := sip.New(sip.Config{
		Host: host, Listen: []sip.ListenConfig{{Transport: "udp", Address: host + ":0"}},
		Trunks: []sip.TrunkConfig{
			{Name: "carrier", Networks: []string{host + "/32"}},
			{Name: "phones", Peers: []sip.PeerConfig{{Transport: "udp", Host: host, Port: port}}},
		},
		Routes: sip.RoutesConfig{Agents: "phones"}, Media: sip.MediaConfig{Address: host, MinPort: 44_002, MaxPort: 60_000}, Caller: "+49305550",
	}, sip.Deps{Lines: kept, Logger: log, Registerer: registry, Agent: func(named string) (sip.Agent, bool) {
		a, ok := table.ByNumber(tenant, named)
		return sip.Agent{Tenant: tenant, ID: string(a.ID), Number: a.Number}, ok
	}})
	if err != nil {
		return err
	}
	config := consult.Config{WrapUp: consult.WrapUpConfig{
		Reasons: []consult.WrapUpReason{{Code: "done", Label: "Done"}}, Default: "done", Timer: wrapUp,
	}}
	engine, err := consult.New(ctx, config, consult.Deps{
		Store: kept, Switch: network, Experts: nobody{}, Gate: open{}, Agents: table, Logger: log, Registerer: registry,
	})
	if err != nil {
		return err
	}
	if err := network.Start(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(ctx) }()
	fmt.Println(network.Addr(ua.UDP))
	for asked := bufio.NewScanner(os.Stdin); asked.Scan(); {
		var now runtime.MemStats
		debug.FreeOSMemory()
		runtime.ReadMemStats(&now)
		if folder := os.Getenv(heapsTo); folder != "" {
			if err := writeHeap(filepath.Join(folder, fmt.Sprint(time.Now().Unix(), ".heap"))); err != nil {
				return err
			}
		}
		fmt.Println(now.HeapAlloc)
	}
	cancel()
	if err := <-ended; err != nil {
		return err
	}
	if err := network.Close(); err != nil {
		return err
	}
	return kept.Close()
}

func writeHeap(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}

// open is a gate that lets everybody pass.
type open struct{}

func (open) Allow(sso.Principal) error { return nil }

// nobody is an empty directory.
type nobody struct{}

func (nobody) Confirm(context.Context, graph.TenantID, graph.UserID) (graph.Confirmation, error) {
	return graph.Confirmation{}, graph.ErrNotFound
}

func (nobody) ByNumber(graph.TenantID, string) (graph.Expert, bool) { return graph.Expert{}, false }
