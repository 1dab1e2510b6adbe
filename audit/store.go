package audit

import (
	"context"
	"time"
)

// Lines is where lines of chains are read from.
type Lines interface {
	// AuditLines reads lines of a chain in order: those that follow a sequence
	// number, at most limit.
	AuditLines(ctx context.Context, tenant string, after uint64, limit int) ([]Line, error)
	// AuditLinesBefore reads lines of a chain backwards: those that come before a
	// sequence number, 0 being beyond the last line, at most limit.
	AuditLinesBefore(ctx context.Context, tenant string, before uint64, limit int) ([]Line, error)
}

// Store keeps chains. Implementations pass storetest.RunAudit.
type Store interface {
	Lines
	// AppendAudit seals events into their organisations' chains, in their order,
	// all or none, and returns the lines once they are durable. An event of a
	// journal's step that a chain has already is left out.
	AppendAudit(ctx context.Context, events []Event) ([]Line, error)
	// AuditChains reads how far every chain is, in the order of tenants.
	AuditChains(ctx context.Context) ([]Chain, error)
	// EraseAudit erases fields of persons; what the chain covers stays.
	EraseAudit(ctx context.Context, tenant string, erase []Erasure) error
	// DeleteAudit deletes lines from before the time, of all chains, from each
	// chain's beginning, at most limit of them. It returns how many.
	DeleteAudit(ctx context.Context, before time.Time, limit int) (int, error)
}

// Erasure says which fields of a line are a person's.
type Erasure struct {
	Sequence      uint64
	Actor, Target bool
}
