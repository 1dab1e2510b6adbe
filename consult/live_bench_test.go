package consult_test

import (
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/sso"
	"teamsbridge/store/sqlite"
)

// liveCalls is how many interactions a process has when it crashes.
const liveCalls = 10_000

// BenchmarkReadBack measures a restart with 10,000 live interactions in
// mid-consult: reading them back from the file, and what each holds in memory.
// The rival is reading the same rows with nothing made of them.
//
//	go test -run - -bench ReadBack -benchtime 3x ./consult
func BenchmarkReadBack(b *testing.B) {
	path := filepath.Join(b.TempDir(), "teamsbridge.db")
	store := must(sqlite.Open(b.Context(), path))(b)
	agents := fillLive(b, store)
	network := must(memswitch.New(memswitch.Options{Manual: true}))(b)
	b.Cleanup(func() { _ = network.Close() })

	var rows, engine, memory time.Duration
	for b.Loop() {
		begun := time.Now()
		if got := len(must(store.Live(b.Context()))(b)); got != liveCalls {
			b.Fatalf("%d live", got)
		}
		rows += time.Since(begun)
		before := heap()
		begun = time.Now()
		e := must(consult.New(b.Context(), defaultConfig(), consult.Deps{
			Store: store, Switch: network, Experts: &directory{}, Gate: allowed{}, Agents: agents, Logger: quiet(),
		}))(b)
		engine += time.Since(begun)
		memory += time.Duration(heap() - before)
		runtime.KeepAlive(e)
	}
	n := float64(b.N)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(engine.Milliseconds())/n, "ms")
	b.ReportMetric(float64(rows.Milliseconds())/n, "rows_ms")
	b.ReportMetric(float64(memory)/n/liveCalls, "B/interaction")
	if err := store.Close(); err != nil {
		b.Error(err)
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) // far below the limit
}

// fillLive journals the interactions by a real engine: each consults an expert
// who rings.
func fillLive(b *testing.B, store consult.Store) *sso.Agents {
	b.Helper()
	staff := []sso.Agent{{
		ID: "agent-0", Tenant: tenant, EntraID: "55555555-5555-4555-8555-000000000000", Name: "Agent 0",
		Number: "+49300000", Country: "DE", Roles: []sso.Role{sso.RoleAgent},
	}}
	agents := must(sso.NewAgents(staff))(b)
	network := must(memswitch.New(memswitch.Options{Manual: true}))(b)
	defer func() { _ = network.Close() }()
	e := must(consult.New(b.Context(), defaultConfig(), consult.Deps{
		Store: store, Switch: network, Experts: &directory{}, Gate: allowed{}, Agents: agents, Logger: quiet(),
	}))(b)
	stop := running(b, e)
	defer stop()
	who := must(signedIn(staff))(b)["agent-0"]
	work := make(chan int)
	failed := make(chan error, 64)
	for range 64 {
		go func() {
			for i := range work {
				id, err := network.Call(b.Context(), consult.Call{Tenant: tenant, From: fmt.Sprintf("+49151%07d", i), Agent: "agent-0"})
				if err == nil {
					_, err = e.Do(b.Context(), who, id, consult.Command{Action: consult.ActionConsult, Target: theExpert})
				}
				if err != nil {
					failed <- err
					return
				}
			}
			failed <- nil
		}()
	}
	for i := range liveCalls {
		work <- i
	}
	close(work)
	for range 64 {
		if err := <-failed; err != nil {
			b.Fatal(err)
		}
	}
	return agents
}
