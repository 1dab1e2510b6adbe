package storetest_test

import (
	"errors"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/store/storetest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) consult.Store { return new(storetest.Memory) })
}

func TestMemoryFailsAsToldAndWritesNothing(t *testing.T) {
	full := errors.New("disk full")
	m := new(storetest.Memory)
	m.Fail(func(op string) error {
		if op == "Append" {
			return full
		}
		return nil
	})
	first := consult.Record{Interaction: "i-1", Tenant: "t", Version: 1, Live: true}
	if err := m.Append(t.Context(), first); !errors.Is(err, full) {
		t.Fatalf("Append: %v, want the failure", err)
	}
	if _, err := m.Interaction(t.Context(), "t", "i-1"); !errors.Is(err, consult.ErrNotFound) {
		t.Fatalf("Interaction: %v, want ErrNotFound", err)
	}
	m.Fail(nil)
	if err := m.Append(t.Context(), first); err != nil {
		t.Fatalf("Append after healing: %v", err)
	}
}
