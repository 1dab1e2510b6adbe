package consult_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/internal/heapfloor"
	"teamsbridge/sso"
	"teamsbridge/store/sqlite"
	"teamsbridge/store/storetest"
)

// callsPerAgent spreads the engine's benchmark over many interactions.
const callsPerAgent = 4

// BenchmarkEngine measures what the engine journals in turns with a raw log of
// records of the same size on the same disk. Agents hold and resume their
// customers as fast as they are answered: two durable steps a command, the
// command itself and the switch's word that it is done. One iteration is a
// round of both.
//
//	go test -run - -bench Engine -benchtime 15x ./consult
func BenchmarkEngine(b *testing.B) {
	const round = 100 * time.Millisecond
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			d := newDesks(b, writers, newJournal(b))
			raw := must(storetest.NewRawLog(filepath.Join(b.TempDir(), "raw.log")))(b)
			var warm, ours, limit storetest.Load
			if err := warm.Round(writers, round, d.command); err != nil {
				b.Fatal(err)
			}
			line := bytes.Repeat([]byte("r"), d.store.perRecord())
			d.store.records.Store(0)
			for b.Loop() {
				if err := limit.Round(writers, round, func(int) error { return raw.Append(line) }); err != nil {
					b.Fatal(err)
				}
				if err := ours.Round(writers, round, d.command); err != nil {
					b.Fatal(err)
				}
			}
			if err := raw.Close(); err != nil {
				b.Fatal(err)
			}
			steps := ours.PerSecond() * float64(d.store.records.Load()) / float64(ours.Calls())
			b.ReportMetric(0, "ns/op") // a round is as long as it is
			b.ReportMetric(steps, "steps/s")
			b.ReportMetric(limit.PerSecond(), "raw_steps/s")
			b.ReportMetric(steps/limit.PerSecond(), "ratio")
			b.ReportMetric(float64(ours.Percentile(50)), "p50_command_ns")
			b.ReportMetric(float64(ours.Percentile(99)), "p99_command_ns")
			b.ReportMetric(float64(limit.Percentile(50)), "raw_p50_ns")
			b.ReportMetric(float64(limit.Percentile(99)), "raw_p99_ns")
			b.ReportMetric(float64(len(line)), "B/record")
		})
	}
}

// BenchmarkCommand is what one hold or resume costs without a disk: two steps
// decided, encoded, kept in memory, told to the switch and confirmed by it.
func BenchmarkCommand(b *testing.B) {
	d := newDesks(b, 1, new(storetest.Memory))
	b.ReportAllocs()
	for b.Loop() {
		if err := d.command(0); err != nil {
			b.Fatal(err)
		}
	}
}

func newJournal(b *testing.B) *sqlite.Store {
	b.Helper()
	s := must(sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "teamsbridge.db")))(b)
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Errorf("Close: %v", err)
		}
	})
	return s
}

// desks are agents at work, each with customers of their own.
type desks struct {
	engine *consult.Engine
	store  *counted
	who    []sso.Principal
	calls  [][]consult.InteractionID // by agent
	turn   []int                     // by agent: commands given
}

func newDesks(b *testing.B, agents int, journal consult.Store) *desks {
	b.Helper()
	b.Cleanup(heapfloor.Hold(heapfloor.Bytes)) // as the service does
	d := &desks{store: &counted{Store: journal}, calls: make([][]consult.InteractionID, agents), turn: make([]int, agents)}
	var staff []sso.Agent
	for i := range agents {
		staff = append(staff, sso.Agent{
			ID: sso.AgentID(fmt.Sprint("agent-", i)), Tenant: tenant, EntraID: fmt.Sprintf("55555555-5555-4555-8555-%012d", i),
			Name: fmt.Sprint("Agent ", i), Number: fmt.Sprintf("+4930%04d", i), Country: "DE", Roles: []sso.Role{sso.RoleAgent},
		})
	}
	who := must(signedIn(staff))(b)
	network := must(memswitch.New(memswitch.Options{Manual: true}))(b)
	b.Cleanup(func() { _ = network.Close() })
	d.engine = must(consult.New(b.Context(), defaultConfig(), consult.Deps{
		Store: d.store, Switch: network, Experts: &directory{}, Gate: allowed{}, Agents: must(sso.NewAgents(staff))(b), Logger: quiet(),
	}))(b)
	b.Cleanup(running(b, d.engine))
	for i, agent := range staff {
		d.who = append(d.who, who[string(agent.ID)])
		for range callsPerAgent {
			d.calls[i] = append(d.calls[i], must(network.Call(b.Context(), consult.Call{Tenant: tenant, From: fmt.Sprintf("+49151%08d", rand.IntN(1e8)), Agent: string(agent.ID)}))(b))
		}
	}
	return d
}

// running runs an engine until the returned function is called.
func running(b *testing.B, e *consult.Engine) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			b.Errorf("Run: %v", err)
		}
	}
}

// command lets an agent hold each of their customers in turn, then resume them.
func (d *desks) command(agent int) error {
	calls, turn := d.calls[agent], d.turn[agent]
	d.turn[agent]++
	action := consult.ActionHold
	if turn/len(calls)%2 == 1 {
		action = consult.ActionResume
	}
	_, err := d.engine.Do(context.Background(), d.who[agent], calls[turn%len(calls)], consult.Command{Action: action})
	return err
}

// counted weighs what is appended.
type counted struct {
	consult.Store
	records, bytes atomic.Int64
}

func (c *counted) Append(ctx context.Context, r consult.Record) error {
	c.records.Add(1)
	c.bytes.Add(int64(len(r.Input) + len(r.State) + len(r.Entry)))
	return c.Store.Append(ctx, r)
}

func (c *counted) perRecord() int { return int(c.bytes.Load() / c.records.Load()) }

// allowed is a gate that is open.
type allowed struct{}

func (allowed) Allow(sso.Principal) error { return nil }
