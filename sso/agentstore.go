package sso

import "context"

// AgentStore keeps the rows of the agent table that administrators made.
// Package sessiontest has the contract as a suite.
type AgentStore interface {
	// AgentRows reads the rows of all organisations, in no particular order.
	AgentRows(ctx context.Context) ([]Agent, error)
	// PutAgentRows keeps rows in the place of those with the same tenant and
	// id: all of them or, with an error, none.
	PutAgentRows(ctx context.Context, rows []Agent) error
	// DeleteAgentRow of a row that is not there is no error.
	DeleteAgentRow(ctx context.Context, tenant string, id AgentID) error
}
