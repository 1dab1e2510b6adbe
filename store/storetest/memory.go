package storetest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/graph"
	"teamsbridge/store"
)

// Memory is a journal for one test. Its zero value is empty and ready. Safe for
// concurrent use.
type Memory struct {
	mu           sync.Mutex
	interactions map[interactionKey]*interaction
	claims       map[claimKey]*consult.Outcome
	agents       map[agentKey]consult.AgentStatus
	favourites   keptExperts
	recents      keptExperts
	directories  map[graph.TenantID]graph.Checkpoint
	readings     map[readingKey]map[graph.UserID]graph.Expert
	chains       map[string]*chain // audit, by organisation
	switchLines  map[consult.LegID]consult.Line
	reservations []reserve.Reservation
	steps        int
	fail         func(op string) error
}

type (
	interactionKey struct {
		tenant string
		id     consult.InteractionID
	}
	claimKey struct{ scope, key string }
	agentKey struct{ tenant, agent string }
)

type interaction struct {
	stored  consult.Stored
	at      time.Time
	step    int  // orders interactions that changed in the same instant
	noted   bool // notes may be in it
	owners  map[string]bool
	entries [][]byte
	inputs  [][]byte
}

// Fail lets operations go wrong from now on: f is asked before each one, by the
// name of the method ("Append"), and its error is returned with nothing done.
// A nil f heals the store.
func (m *Memory) Fail(f func(op string) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = f
}

// begin locks the memory for an operation; callers unlock it, whatever the error.
func (m *Memory) begin(ctx context.Context, op string) error {
	m.mu.Lock()
	if m.fail != nil {
		if err := m.fail(op); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Append keeps a step.
func (m *Memory) Append(ctx context.Context, r consult.Record) error {
	err := m.begin(ctx, "Append")
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	if c := r.Claim; c != nil {
		if taken := m.claims[claimKey{c.Scope, c.Key}]; taken != nil && taken.At.After(c.At.Add(-store.KeyLife)) {
			return consult.ErrKeyTaken
		}
	}
	key := interactionKey{r.Tenant, r.Interaction}
	kept := m.interactions[key]
	if kept == nil {
		kept = &interaction{owners: map[string]bool{}}
	}
	if r.Version == 0 || kept.stored.Version != r.Version-1 {
		return consult.ErrVersion
	}
	m.steps++
	kept.stored = consult.Stored{Interaction: r.Interaction, Tenant: r.Tenant, Version: r.Version, Live: r.Live, State: bytes.Clone(r.State)}
	kept.at, kept.step, kept.noted = r.At, m.steps, true
	for _, owner := range r.Owners {
		kept.owners[owner] = true
	}
	kept.entries = append(kept.entries, bytes.Clone(r.Entry))
	kept.inputs = append(kept.inputs, bytes.Clone(r.Input))
	put(&m.interactions, key, kept)
	if c := r.Claim; c != nil {
		put(&m.claims, claimKey{c.Scope, c.Key}, &consult.Outcome{BodyHash: c.BodyHash, Interaction: r.Interaction, Version: r.Version, At: c.At})
	}
	return nil
}

// Interaction reads one.
func (m *Memory) Interaction(ctx context.Context, tenant string, id consult.InteractionID) (consult.Stored, error) {
	err := m.begin(ctx, "Interaction")
	defer m.mu.Unlock()
	if err != nil {
		return consult.Stored{}, err
	}
	kept := m.interactions[interactionKey{tenant, id}]
	if kept == nil {
		return consult.Stored{}, consult.ErrNotFound
	}
	return kept.copy(), nil
}

func (i *interaction) copy() consult.Stored {
	s := i.stored
	s.State = bytes.Clone(s.State)
	return s
}

// Live reads all that have not ended.
func (m *Memory) Live(ctx context.Context) ([]consult.Stored, error) {
	err := m.begin(ctx, "Live")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var all []consult.Stored
	for _, kept := range m.interactions {
		if kept.stored.Live {
			all = append(all, kept.copy())
		}
	}
	return all, nil
}

// Owned reads the ended ones of an agent, newest first; a limit below one means all.
func (m *Memory) Owned(ctx context.Context, tenant, agent string, limit int) ([]consult.Stored, error) {
	err := m.begin(ctx, "Owned")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var ended []*interaction
	for key, kept := range m.interactions {
		if key.tenant == tenant && !kept.stored.Live && (agent == "" || kept.owners[agent]) {
			ended = append(ended, kept)
		}
	}
	slices.SortFunc(ended, func(a, b *interaction) int {
		return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.step, a.step))
	})
	if limit > 0 && len(ended) > limit {
		ended = ended[:limit]
	}
	var all []consult.Stored
	for _, kept := range ended {
		all = append(all, kept.copy())
	}
	return all, nil
}

// History reads the entries.
func (m *Memory) History(ctx context.Context, tenant string, id consult.InteractionID) ([][]byte, error) {
	return m.lines(ctx, "History", tenant, id, func(i *interaction) [][]byte { return i.entries })
}

// Inputs reads the inputs.
func (m *Memory) Inputs(ctx context.Context, tenant string, id consult.InteractionID) ([][]byte, error) {
	return m.lines(ctx, "Inputs", tenant, id, func(i *interaction) [][]byte { return i.inputs })
}

func (m *Memory) lines(ctx context.Context, op, tenant string, id consult.InteractionID, of func(*interaction) [][]byte) ([][]byte, error) {
	err := m.begin(ctx, op)
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	kept := m.interactions[interactionKey{tenant, id}]
	if kept == nil {
		return nil, consult.ErrNotFound
	}
	return slices.Clone(of(kept)), nil
}

// Claimed finds a key.
func (m *Memory) Claimed(ctx context.Context, scope, key string, since time.Time) (consult.Outcome, bool, error) {
	err := m.begin(ctx, "Claimed")
	defer m.mu.Unlock()
	if err != nil {
		return consult.Outcome{}, false, err
	}
	kept := m.claims[claimKey{scope, key}]
	if kept == nil || kept.At.Before(since) {
		return consult.Outcome{}, false, nil
	}
	return *kept, true, nil
}

// errNeverClaimed: an answer to a key that nobody took.
var errNeverClaimed = errors.New("storetest: answer to a key that was never claimed")

// Answered keeps the first answer.
func (m *Memory) Answered(ctx context.Context, scope, key string, answer []byte) error {
	err := m.begin(ctx, "Answered")
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	kept := m.claims[claimKey{scope, key}]
	if kept == nil {
		return errNeverClaimed
	}
	if !kept.Done {
		kept.Done, kept.Answer = true, bytes.Clone(answer)
	}
	return nil
}

// PutAgentState keeps what an agent chose.
func (m *Memory) PutAgentState(ctx context.Context, tenant, agent string, s consult.AgentStatus) error {
	err := m.begin(ctx, "PutAgentState")
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	put(&m.agents, agentKey{tenant, agent}, s)
	return nil
}

// AgentStates reads what agents chose.
func (m *Memory) AgentStates(ctx context.Context) ([]consult.StoredAgentState, error) {
	err := m.begin(ctx, "AgentStates")
	defer m.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var all []consult.StoredAgentState
	for key, status := range m.agents {
		all = append(all, consult.StoredAgentState{Tenant: key.tenant, Agent: key.agent, Status: status})
	}
	return all, nil
}

func put[K comparable, V any](kept *map[K]V, key K, value V) {
	if *kept == nil {
		*kept = make(map[K]V)
	}
	(*kept)[key] = value
}
