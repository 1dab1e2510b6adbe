package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"teamsbridge/store/storetest"
)

// BenchmarkHTTP measures what a whole request costs: agents hold and resume
// their customers over loopback TCP as fast as they are answered, with bearer
// tokens, through the service's own handler, its engine and SQLite on disk. Each
// command is two durable steps. In turns with it run a raw group-commit log of
// records of the same size on the same disk, and a handler that only answers,
// asked by the same clients with the same requests. One iteration is a round
// of all three.
//
//	go test -run - -bench HTTP -benchtime 15x ./internal/bench
func BenchmarkHTTP(b *testing.B) {
	const round = 100 * time.Millisecond
	for _, clients := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			s := newService(b, clients)
			bare := newAnswerer(b, s)
			raw, err := storetest.NewRawLog(filepath.Join(b.TempDir(), "raw.log"))
			fatal(b, err)
			var warm, ours, limit, answers storetest.Load
			fatal(b, warm.Round(clients, round, s.command))
			fatal(b, warm.Round(clients, round, bare.command))
			record := bytes.Repeat([]byte("r"), s.journal.perRecord())
			s.journal.records.Store(0)
			for b.Loop() {
				fatal(b, limit.Round(clients, round, func(int) error { return raw.Append(record) }))
				fatal(b, answers.Round(clients, round, bare.command))
				fatal(b, ours.Round(clients, round, s.command))
			}
			fatal(b, raw.Close())
			steps := ours.PerSecond() * float64(s.journal.records.Load()) / float64(ours.Calls())
			b.ReportMetric(0, "ns/op") // a round is as long as it is
			b.ReportMetric(steps, "steps/s")
			b.ReportMetric(limit.PerSecond(), "raw_steps/s")
			b.ReportMetric(steps/limit.PerSecond(), "ratio")
			b.ReportMetric(ours.PerSecond(), "commands/s")
			b.ReportMetric(answers.PerSecond(), "bare_answers/s")
			b.ReportMetric(float64(ours.Percentile(50)), "p50_ns")
			b.ReportMetric(float64(ours.Percentile(99)), "p99_ns")
			b.ReportMetric(float64(answers.Percentile(50)), "bare_p50_ns")
			b.ReportMetric(float64(answers.Percentile(99)), "bare_p99_ns")
		})
	}
}

// TestTheHTTPLoadIsDoneAndAnswered: the benchmark measures commands that are
// carried out, two steps each, and not refusals.
func TestTheHTTPLoadIsDoneAndAnswered(t *testing.T) {
	s := newService(t, 2)
	bare := newAnswerer(t, s)
	s.journal.records.Store(0)
	for range 2 * callsPerDesk { // each held, each resumed
		for client := range 2 {
			if err := s.command(client); err != nil {
				t.Fatal(err)
			}
			if err := bare.command(client); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got, want := s.journal.records.Load(), int64(2*2*2*callsPerDesk); got != want {
		t.Errorf("%d steps were journaled, want %d", got, want)
	}
	if content := s.view(t); !bytes.Contains(content, []byte(`"phase":"active"`)) {
		t.Errorf("after hold and resume: %s", content)
	}
}

// desk is one agent's browser: it holds each of its calls in turn, then resumes
// them.
type desk struct {
	token string
	calls []string
	turn  int
}

// next is the path of the next command.
func (d *desk) next() string {
	id, action := d.calls[d.turn%len(d.calls)], "/hold"
	if d.turn/len(d.calls)%2 == 1 {
		action = "/resume"
	}
	d.turn++
	return "/api/v1/interactions/" + id + action
}

// clients are desks that ask one address.
type clients struct {
	url   string
	http  *http.Client
	desks []*desk
}

func newClients(tb testing.TB, url string, desks []*desk) *clients {
	tb.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: len(desks), DisableCompression: true}
	tb.Cleanup(transport.CloseIdleConnections)
	return &clients{url: url, http: &http.Client{Transport: transport}, desks: desks}
}

// command lets a client send its next command and read the whole answer.
func (c *clients) command(client int) error {
	d := c.desks[client]
	path := d.next()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, c.url+path, http.NoBody)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+d.token)
	answer, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %d %s", path, answer.StatusCode, content)
	}
	return nil
}

// newAnswerer is a handler that gives every request the same answer, one of the
// service's own, and its clients.
func newAnswerer(tb testing.TB, s *service) *clients {
	tb.Helper()
	content := s.view(tb)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(content) // a client that has gone is no reader
	}))
	tb.Cleanup(server.Close)
	desks := make([]*desk, len(s.desks))
	for i, d := range s.desks {
		desks[i] = &desk{token: d.token, calls: d.calls}
	}
	return newClients(tb, server.URL, desks)
}

func fatal(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
