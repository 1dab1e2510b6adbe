package presencetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"teamsbridge/graph"
	"teamsbridge/presence"
)

// Request is one request that reached the Graph.
type Request struct {
	Tenant graph.TenantID
	IDs    []graph.UserID
	At     time.Time
}

// Graph is a presence.Source in memory. It answers by its state as Microsoft
// does, and misbehaves when told to.
type Graph struct {
	mu       sync.Mutex
	people   map[graph.TenantID]map[graph.UserID]presence.Observation
	requests []Request
	fault    func(Request) error
	gate     chan struct{} // while open, answers wait for its close
}

// NewGraph returns a Graph that knows nobody.
func NewGraph() *Graph {
	return &Graph{people: map[graph.TenantID]map[graph.UserID]presence.Observation{}}
}

// Set makes a person known, or changes their presence.
func (g *Graph) Set(tenant graph.TenantID, o presence.Observation) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.people[tenant] == nil {
		g.people[tenant] = map[graph.UserID]presence.Observation{}
	}
	g.people[tenant][o.ID] = o
}

// Fail lets fault decide what becomes of each request; nil ends it.
func (g *Graph) Fail(fault func(Request) error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fault = fault
}

// Hold keeps all answers back until release is called. What is answered is the
// state at the time of the request.
func (g *Graph) Hold() (release func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	gate := make(chan struct{})
	g.gate = gate
	return sync.OnceFunc(func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.gate == gate {
			g.gate = nil
		}
		close(gate)
	})
}

// Requests returns what has reached the Graph so far.
func (g *Graph) Requests() []Request {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.requests)
}

// Presences implements presence.Source.
func (g *Graph) Presences(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) ([]presence.Observation, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	answer, gate, err := g.receive(Request{tenant, slices.Clone(ids), time.Now()})
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return answer, err
}

func (g *Graph) receive(r Request) ([]presence.Observation, <-chan struct{}, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests = append(g.requests, r)
	if g.fault != nil {
		if err := g.fault(r); err != nil {
			return nil, g.gate, err
		}
	}
	if len(r.IDs) > presence.MaxBatch {
		return nil, g.gate, fmt.Errorf("presencetest: %d ids in one request", len(r.IDs))
	}
	var answer []presence.Observation
	for _, id := range r.IDs {
		if o, known := g.people[r.Tenant][id]; known {
			answer = append(answer, o)
		}
	}
	return answer, g.gate, nil
}
