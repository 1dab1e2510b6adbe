package consult

import (
	"context"
	"errors"
	"time"
)

// ErrVersion: the stored interaction has another version than the one expected.
var ErrVersion = errors.New("consult: journal version conflict")

// ErrKeyTaken: the idempotency key of the record's Claim was taken before;
// nothing was written.
var ErrKeyTaken = errors.New("consult: idempotency key already taken")

// Record is one journal line together with the interaction after it. Both
// are written in one durable step or not at all.
type Record struct {
	Interaction InteractionID
	Tenant      string
	Version     uint64 // after; the stored one must be Version-1 (none for 1)
	Live        bool   // false once the interaction has ended
	At          time.Time
	Owners      []string // agent ids that may list it (owner and former owners)
	Input       []byte   // JSON of the input, enough to replay
	State       []byte   // JSON of the state after
	Entry       []byte   // JSON of the HistoryEntry
	Claim       *Claim   // idempotency key taken by this step, if any
	// Urgent marks a step that must still be written when the disk is full: what
	// the telephones have done, and what releases somebody.
	Urgent bool
}

// Claim is an idempotency key taken by a command.
type Claim struct {
	Scope    string // agent, method and path
	Key      string
	BodyHash string
	At       time.Time
}

// Outcome is the first answer to a claimed key.
type Outcome struct {
	BodyHash    string
	Interaction InteractionID
	Version     uint64 // that the claiming step wrote
	Done        bool   // false while the command is still running
	Answer      []byte // JSON of the answer, when Done
	At          time.Time
}

// Stored is an interaction as the journal has it.
type Stored struct {
	Interaction InteractionID
	Tenant      string
	Version     uint64
	Live        bool
	State       []byte
}

// Store is the journal. Implementations pass storetest.Run.
type Store interface {
	// Append writes the record durably and returns once it is. ErrVersion when
	// another step came first, ErrKeyTaken when its key is. Any other error may
	// leave open whether it was written; ErrVersion tells at the next step.
	Append(ctx context.Context, r Record) error
	// Interaction reads one; ErrNotFound.
	Interaction(ctx context.Context, tenant string, id InteractionID) (Stored, error)
	// Live reads all interactions that have not ended, of all tenants.
	Live(ctx context.Context) ([]Stored, error)
	// Owned reads the ended interactions an agent owns or owned (agent "" means
	// the whole tenant), newest first.
	Owned(ctx context.Context, tenant, agent string, limit int) ([]Stored, error)
	// History reads an interaction's entries in order (JSON of HistoryEntry).
	History(ctx context.Context, tenant string, id InteractionID) ([][]byte, error)
	// Inputs reads an interaction's inputs in order, for replay.
	Inputs(ctx context.Context, tenant string, id InteractionID) ([][]byte, error)
	// Claimed finds a key taken since the time; ok is false when it was not.
	Claimed(ctx context.Context, scope, key string, since time.Time) (o Outcome, ok bool, err error)
	// Answered keeps the first answer to a claimed key.
	Answered(ctx context.Context, scope, key string, answer []byte) error
	// PutAgentState and AgentStates keep what agents chose (available, idle).
	PutAgentState(ctx context.Context, tenant, agent string, s AgentStatus) error
	AgentStates(ctx context.Context) ([]StoredAgentState, error)
}

// Discarder is a Store that an operator can take an interaction out of.
// Implementations pass storetest.RunDiscarder.
type Discarder interface {
	// Discard removes an interaction with its journal and its idempotency keys,
	// in one durable step; ErrNotFound.
	Discard(ctx context.Context, tenant string, id InteractionID) error
}

// StoredAgentState is one agent's kept state.
type StoredAgentState struct {
	Tenant, Agent string
	Status        AgentStatus
}
