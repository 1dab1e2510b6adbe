package storetest_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"teamsbridge/audit"
	"teamsbridge/consult"
	"teamsbridge/graph"
	"teamsbridge/store/storetest"
)

var errFull = errors.New("disk full")

func TestMemoryKeepsTheContracts(t *testing.T) {
	storetest.Run(t, func(*testing.T) consult.Store { return new(storetest.Memory) })
	storetest.RunRetention(t, func(*testing.T) storetest.Forgetting { return new(storetest.Memory) })
	storetest.RunDirectories(t, func(*testing.T) graph.Store { return new(storetest.Memory) })
	storetest.RunReservations(t, func(*testing.T) storetest.ReservationStore { return new(storetest.Memory) })
	storetest.RunLines(t, func(*testing.T) consult.Lines { return new(storetest.Memory) })
	storetest.RunFavourites(t, func(*testing.T) storetest.FavouriteStore { return new(storetest.Memory) })
	storetest.RunAudit(t, func(*testing.T) audit.Store { return new(storetest.Memory) })
	storetest.RunFailing(t, func(*testing.T) (consult.Store, storetest.Hand) {
		m := new(storetest.Memory)
		return m, func(broken bool) {
			m.Fail(func(op string) error {
				if broken && op == "Append" {
					return errFull
				}
				return nil
			})
		}
	})
}

// Half of all operations fail; whoever tries again must not be able to tell.
func TestMemoryThatKeepsFailingKeepsTheContractForThoseWhoTryAgain(t *testing.T) {
	storetest.Run(t, func(*testing.T) consult.Store {
		m := new(storetest.Memory)
		var calls atomic.Int64
		m.Fail(func(string) error {
			if calls.Add(1)%2 == 1 {
				return errFull
			}
			return nil
		})
		return persistent{m}
	})
}

// persistent asks a store again as often as it fails.
type persistent struct{ store consult.Store }

func again[T any](do func() (T, error)) (T, error) {
	for {
		if v, err := do(); !errors.Is(err, errFull) {
			return v, err
		}
	}
}

func (p persistent) Append(ctx context.Context, r consult.Record) error {
	_, err := again(func() (struct{}, error) { return struct{}{}, p.store.Append(ctx, r) })
	return err
}

func (p persistent) Interaction(ctx context.Context, tenant string, id consult.InteractionID) (consult.Stored, error) {
	return again(func() (consult.Stored, error) { return p.store.Interaction(ctx, tenant, id) })
}

func (p persistent) Live(ctx context.Context) ([]consult.Stored, error) {
	return again(func() ([]consult.Stored, error) { return p.store.Live(ctx) })
}

func (p persistent) Owned(ctx context.Context, tenant, agent string, limit int) ([]consult.Stored, error) {
	return again(func() ([]consult.Stored, error) { return p.store.Owned(ctx, tenant, agent, limit) })
}

func (p persistent) History(ctx context.Context, tenant string, id consult.InteractionID) ([][]byte, error) {
	return again(func() ([][]byte, error) { return p.store.History(ctx, tenant, id) })
}

func (p persistent) Inputs(ctx context.Context, tenant string, id consult.InteractionID) ([][]byte, error) {
	return again(func() ([][]byte, error) { return p.store.Inputs(ctx, tenant, id) })
}

func (p persistent) Claimed(ctx context.Context, scope, key string, since time.Time) (o consult.Outcome, ok bool, err error) {
	o, err = again(func() (consult.Outcome, error) {
		var err error
		o, ok, err = p.store.Claimed(ctx, scope, key, since)
		return o, err
	})
	return o, ok, err
}

func (p persistent) Answered(ctx context.Context, scope, key string, answer []byte) error {
	_, err := again(func() (struct{}, error) { return struct{}{}, p.store.Answered(ctx, scope, key, answer) })
	return err
}

func (p persistent) PutAgentState(ctx context.Context, tenant, agent string, s consult.AgentStatus) error {
	_, err := again(func() (struct{}, error) { return struct{}{}, p.store.PutAgentState(ctx, tenant, agent, s) })
	return err
}

func (p persistent) AgentStates(ctx context.Context) ([]consult.StoredAgentState, error) {
	return again(func() ([]consult.StoredAgentState, error) { return p.store.AgentStates(ctx) })
}
