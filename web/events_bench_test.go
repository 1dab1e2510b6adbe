package web

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/sso"
	"teamsbridge/sso/ssotest"
)

// numbered is a Graph whose every answer is a state of its own, so that an
// event says which answer it comes from.
type numbered struct {
	mu       sync.Mutex
	answered []time.Time // by number
}

func (n *numbered) Presences(_ context.Context, _ graph.TenantID, ids []graph.UserID) ([]presence.Observation, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := make([]presence.Observation, len(ids))
	for i, id := range ids {
		out[i] = presence.Observation{ID: id, Availability: "busy", Activity: fmt.Sprint("answer-", len(n.answered))}
	}
	n.answered = append(n.answered, time.Now())
	return out, nil
}

// since is how long ago an answer was given.
func (n *numbered) since(number int) time.Duration {
	now := time.Now()
	n.mu.Lock()
	defer n.mu.Unlock()
	return now.Sub(n.answered[number])
}

var answerNumber = regexp.MustCompile(`"activity":"answer-(\d+)"`)

// BenchmarkPresenceToStreams measures from Graph's answer to the event in the
// reader's hands: 500 streams of 100 agents over loopback, each watching a page
// of 25, all of whom change with each answer. Their readers run in the same
// process and are part of it.
func BenchmarkPresenceToStreams(b *testing.B) {
	const agents, page = 100, 25
	source := &numbered{}
	w := newWorld(b, func(_ *Config, w *world) {
		var err error
		w.deps.Presence, err = presence.NewCache(presence.Config{PollInterval: 250 * time.Millisecond}, presence.Deps{Source: source})
		fatal(b, err)
		w.run(w.deps.Presence.Run)
	})
	rows := make([]sso.Agent, agents)
	for i := range rows {
		object := fmt.Sprintf("c0000000-0000-4000-8000-%012d", i)
		w.entra.AddAccount(ssotest.Account{Tenant: home, ObjectID: object, Username: fmt.Sprintf("agent%d@%s.example", i, home), Roles: []string{"Agent"}})
		rows[i] = sso.Agent{ID: sso.AgentID(fmt.Sprint("agent-", i)), Tenant: home, EntraID: object, Name: fmt.Sprint("Agent ", i), Number: fmt.Sprintf("+49302%05d", i), Country: "DE"}
	}
	fatal(b, w.deps.Roster.SetFile(b.Context(), rows))

	m := &streamMeasure{source: source, enough: make(chan struct{})}
	for i, row := range rows {
		token := w.entra.AccessToken(home, serviceID, serviceID, row.EntraID)
		for s := range maxStreams {
			ids := make([]graph.UserID, page)
			for k := range ids {
				ids[k] = expertID60((7*i + 11*s + k) % 60)
			}
			m.watch(b, w, token, ids)
		}
	}
	m.want.Store(int64(b.N * agents * maxStreams))
	b.ResetTimer()
	<-m.enough
	b.StopTimer()
	took := m.sorted()
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds()), "p50_ns")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99_ns")
}

// streamMeasure collects how old the answers are that events tell.
type streamMeasure struct {
	source *numbered
	want   atomic.Int64 // how many are to come; 0: not counting yet
	once   sync.Once
	enough chan struct{}

	mu   sync.Mutex
	took []time.Duration
}

// watch opens a stream and lets it watch ids.
func (m *streamMeasure) watch(b *testing.B, w *world, token string, ids []graph.UserID) {
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, w.url+"/api/v1/events", nil)
	fatal(b, err)
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	fatal(b, err)
	if answer.StatusCode != http.StatusOK {
		b.Fatalf("status %d", answer.StatusCode)
	}
	streams := make(chan string, 1)
	var readers sync.WaitGroup
	readers.Go(func() { m.read(bufio.NewScanner(answer.Body), streams) })
	b.Cleanup(func() {
		answer.Body.Close()
		readers.Wait()
	})
	body, err := json.Marshal(map[string]any{"ids": ids})
	fatal(b, err)
	if a := w.ask(token, http.MethodPut, "/api/v1/events/"+<-streams+"/watch", string(body)); a.status != http.StatusNoContent {
		b.Fatalf("%d %s", a.status, a.body)
	}
}

var streamName = regexp.MustCompile(`^data: {"stream":"(\w+)"}`)

func (m *streamMeasure) read(lines *bufio.Scanner, streams chan<- string) {
	for lines.Scan() {
		if hello := streamName.FindSubmatch(lines.Bytes()); hello != nil {
			streams <- string(hello[1])
			continue
		}
		found := answerNumber.FindSubmatch(lines.Bytes())
		if found == nil || m.want.Load() == 0 {
			continue
		}
		number, _ := strconv.Atoi(string(found[1]))
		m.note(m.source.since(number))
	}
}

func (m *streamMeasure) note(took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.took = append(m.took, took); int64(len(m.took)) >= m.want.Load() {
		m.once.Do(func() { close(m.enough) })
	}
}

func (m *streamMeasure) sorted() []time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(slices.Values(m.took))
}
