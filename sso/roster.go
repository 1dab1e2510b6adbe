package sso

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
)

// AgentSource says where a row of the agent table comes from.
type AgentSource string

// The sources, in the words of the HTTP contract.
const (
	SourceFile  AgentSource = "file"
	SourceAdmin AgentSource = "admin"
)

// AgentRow is a row of the agent table and where it comes from.
type AgentRow struct {
	Agent
	Source AgentSource
}

// Version names what the row says: as long as it is the same, nobody has changed
// the row.
func (r AgentRow) Version() string {
	content, _ := json.Marshal(r) // texts only
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])[:versionLength]
}

// versionLength is enough that nobody meets another row of theirs by chance.
const versionLength = 16

// Condition is what must hold of a row for it to be changed. The zero value asks
// for nothing.
type Condition struct {
	Version string // the row is still this one
	Absent  bool   // there is no row with the id
}

var (
	// ErrAgentChanged: the row is not, or no longer, as the Condition has it.
	ErrAgentChanged = errors.New("sso: agent was changed meanwhile")
	// ErrAgentNotFound: no such row in the organisation.
	ErrAgentNotFound = errors.New("sso: no such agent")
	// ErrAgentFromFile: the row stands in the configuration and cannot be deleted here.
	ErrAgentFromFile = errors.New("sso: agent stands in the configuration")
)

// Roster fills the agent table: with the rows of the configuration and, over
// them, those that administrators keep. An administrator's row wins over one of
// the configuration with the same id, and over one that claims its identity or
// number, which is then left out and logged. Safe for concurrent use.
type Roster struct {
	agents *Agents
	store  AgentStore
	log    *slog.Logger

	mu       sync.Mutex // one change at a time; never held by readers of the table
	file     []Agent
	kept     map[agentKey]Agent
	watchers watchers
}

// NewRoster reads what administrators kept and fills the table. The error joins
// every problem of the configuration's rows, or is the store's. A kept row that
// no longer passes is left out and logged: it is no reason not to start.
func NewRoster(ctx context.Context, file []Agent, store AgentStore, log *slog.Logger) (*Roster, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	rows, err := store.AgentRows(ctx)
	if err != nil {
		return nil, fmt.Errorf("read agents: %w", err)
	}
	r := &Roster{agents: new(Agents), store: store, log: log, kept: make(map[agentKey]Agent, len(rows))}
	for _, row := range rows {
		clean, err := checkAgents([]Agent{row})
		if err != nil {
			log.ErrorContext(ctx, "agent kept by an administrator left out", "agent", row.ID, "tenant", row.Tenant, "error", err)
			continue
		}
		r.kept[keyOf(clean[0])] = clean[0]
	}
	if r.file, err = checkAgents(file); err != nil {
		return nil, err
	}
	r.fill(ctx)
	return r, nil
}

func keyOf(row Agent) agentKey { return agentKey{row.Tenant, string(row.ID)} }

// Agents is the table, always as it is now.
func (r *Roster) Agents() *Agents { return r.agents }

// Watch tells, by tenant id, of organisations whose rows changed. Somebody slow
// hears of each once, however often it changed. The function ends the watch and
// closes the channel.
func (r *Roster) Watch() (<-chan string, func()) { return r.watchers.add() }

// SetFile replaces the rows of the configuration. When it returns an error,
// which joins every problem, nothing has changed.
func (r *Roster) SetFile(ctx context.Context, rows []Agent) error {
	clean, err := checkAgents(rows)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.file = clean
	r.fill(ctx)
	return nil
}

// List gives an organisation's rows ordered by name.
func (r *Roster) List(tenant string) []AgentRow {
	r.mu.Lock()
	defer r.mu.Unlock()
	rows := []AgentRow{}
	for _, row := range r.agents.List(tenant) {
		rows = append(rows, r.sourced(row))
	}
	return rows
}

// Row finds one; ErrAgentNotFound.
func (r *Roster) Row(tenant string, id AgentID) (AgentRow, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, ok := r.agents.ByID(tenant, id)
	if !ok {
		return AgentRow{}, ErrAgentNotFound
	}
	return r.sourced(row), nil
}

func (r *Roster) sourced(row Agent) AgentRow {
	if _, ok := r.kept[keyOf(row)]; ok {
		return AgentRow{Agent: row, Source: SourceAdmin}
	}
	return AgentRow{Agent: row, Source: SourceFile}
}

// Outcome counts what a Put did or, on trial, would have done.
type Outcome struct{ Created, Updated, Unchanged int }

// Put keeps rows of one organisation, all or none, as administrators'. Rows
// that say what the table says already are left as they are. On trial nothing
// is kept. The error joins a *RowError for everything that is wrong, or is ErrStorage.
func (r *Roster) Put(ctx context.Context, tenant string, rows []Agent, trial bool) (Outcome, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.put(ctx, tenant, rows, trial)
}

// PutRow keeps one row like [Roster.Put], as long as the condition holds;
// ErrAgentChanged when it does not. What is wrong with the row is told first.
func (r *Roster) PutRow(ctx context.Context, tenant string, row Agent, c Condition) (Outcome, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := r.check(tenant, []Agent{row}); err != nil {
		return Outcome{}, err
	}
	if !r.holds(tenant, row.ID, c) {
		return Outcome{}, ErrAgentChanged
	}
	return r.put(ctx, tenant, []Agent{row}, false)
}

// holds reports whether a condition is met. The caller holds r.mu.
func (r *Roster) holds(tenant string, id AgentID, c Condition) bool {
	row, found := r.agents.ByID(tenant, id)
	switch {
	case c.Absent:
		return !found
	case c.Version != "":
		return found && r.sourced(row).Version() == c.Version
	}
	return true
}

// put is Put. The caller holds r.mu.
func (r *Roster) put(ctx context.Context, tenant string, rows []Agent, trial bool) (Outcome, error) {
	clean, err := r.check(tenant, rows)
	if err != nil {
		return Outcome{}, err
	}
	var done Outcome
	var changed []Agent
	for _, row := range clean {
		present, ok := r.agents.ByID(tenant, row.ID)
		switch {
		case !ok:
			done.Created++
		case present.equal(row):
			done.Unchanged++
			continue
		default:
			done.Updated++
		}
		changed = append(changed, row)
	}
	if trial || len(changed) == 0 {
		return done, nil
	}
	// What was begun is finished: store and table must not differ.
	if err := r.store.PutAgentRows(context.WithoutCancel(ctx), changed); err != nil {
		return Outcome{}, fmt.Errorf("keep agents: %w", storageError(err))
	}
	for _, row := range changed {
		r.kept[keyOf(row)] = row
	}
	r.fill(ctx)
	return done, nil
}

// check gives the rows in canonical spelling, held against each other and
// against the rest of the organisation. The rest is not checked again: with ten
// thousand agents that would take longer than everything else.
func (r *Roster) check(tenant string, rows []Agent) ([]Agent, error) {
	replaced := make(map[AgentID]bool, len(rows))
	mine := make([]Agent, len(rows))
	for i, row := range rows {
		row.Tenant = tenant
		mine[i], replaced[row.ID] = row, true
	}
	clean, problems := checkRows(mine)
	for i, row := range clean {
		for _, present := range []struct {
			field   string
			problem RowProblem
			find    func() (Agent, bool)
		}{
			{"entra_id", RowTaken, func() (Agent, bool) { return r.agents.ByEntra(tenant, row.EntraID) }},
			{"entra_id", RowTakenAsID, func() (Agent, bool) { return r.agents.ByID(tenant, AgentID(row.EntraID)) }},
			{"subject", RowTaken, func() (Agent, bool) { return r.agents.BySubject(tenant, row.Subject) }},
			{"number", RowTaken, func() (Agent, bool) { return r.agents.ByNumber(tenant, row.Number) }},
			{"id", RowTakenAsObjectID, func() (Agent, bool) { return r.agents.ByEntra(tenant, string(row.ID)) }},
		} {
			if other, ok := present.find(); ok && !replaced[other.ID] {
				problems = append(problems, &RowError{Row: i, Field: present.field, Problem: present.problem, Other: -1})
			}
		}
	}
	if err := errors.Join(append(problems, plainRows(mine)...)...); err != nil {
		return nil, err
	}
	return clean, nil
}

// Delete forgets an administrator's row; one of the configuration with the same
// id is valid again. ErrAgentNotFound, ErrAgentFromFile, ErrAgentChanged when the
// condition does not hold, or ErrStorage.
func (r *Roster) Delete(ctx context.Context, tenant string, id AgentID, c Condition) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := agentKey{strings.ToLower(tenant), string(id)}
	if _, ok := r.kept[key]; !ok {
		if _, ok := r.agents.ByID(tenant, id); ok {
			return ErrAgentFromFile
		}
		return ErrAgentNotFound
	}
	if !r.holds(tenant, id, c) {
		return ErrAgentChanged
	}
	if err := r.store.DeleteAgentRow(context.WithoutCancel(ctx), key.tenant, id); err != nil {
		return fmt.Errorf("delete agent: %w", storageError(err))
	}
	delete(r.kept, key)
	r.fill(ctx)
	return nil
}
