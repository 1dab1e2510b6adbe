package storetest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"teamsbridge/consult"
)

// Run holds a store to the contract; newStore gives every check a fresh, empty one.
func Run(t *testing.T, newStore func(*testing.T) consult.Store) {
	t.Helper()
	for _, c := range slices.Concat(journalContract, readContract, keyContract, togetherContract, agentContract) {
		t.Run(c.name, func(t *testing.T) { c.check(t, newStore(t)) })
	}
}

type check struct {
	name  string
	check func(*testing.T, consult.Store)
}

var day = time.Date(2026, 11, 22, 8, 0, 0, 123e6, time.UTC)

const (
	tenant = "11111111-1111-4111-8111-111111111111"
	other  = "99999999-9999-4999-8999-999999999999"
)

// record is the step of an interaction that leads to the version.
func record(id consult.InteractionID, version uint64) consult.Record {
	return consult.Record{
		Interaction: id,
		Tenant:      tenant,
		Version:     version,
		Live:        true,
		At:          day.Add(time.Duration(version) * time.Second),
		Owners:      []string{"anja"},
		Input:       fmt.Appendf(nil, `{"input":%d}`, version),
		State:       fmt.Appendf(nil, `{"state":%d,"name":"Jürgen"}`, version),
		Entry:       fmt.Appendf(nil, `{"entry":%d}`, version),
	}
}

// ended is the last step of an interaction.
func ended(id consult.InteractionID, version uint64, at time.Time, owners ...string) consult.Record {
	r := record(id, version)
	r.Live, r.At, r.Owners = false, at, owners
	return r
}

func appendAll(t *testing.T, s consult.Store, records ...consult.Record) {
	t.Helper()
	for _, r := range records {
		if err := s.Append(t.Context(), r); err != nil {
			t.Fatalf("Append(%s, %d): %v", r.Interaction, r.Version, err)
		}
	}
}

func wantRefused(t *testing.T, s consult.Store, r consult.Record, want error) {
	t.Helper()
	if err := s.Append(t.Context(), r); !errors.Is(err, want) {
		t.Fatalf("Append(%s, %d): %v, want %v", r.Interaction, r.Version, err, want)
	}
}

// wantAt demands that the interaction stands as the record left it.
func wantAt(t *testing.T, s consult.Store, r consult.Record) {
	t.Helper()
	got, err := s.Interaction(t.Context(), r.Tenant, r.Interaction)
	if err != nil {
		t.Fatalf("Interaction(%s): %v", r.Interaction, err)
	}
	if got.Interaction != r.Interaction || got.Tenant != r.Tenant || got.Version != r.Version || got.Live != r.Live || !bytes.Equal(got.State, r.State) {
		t.Fatalf("Interaction(%s) = version %d, live %t, state %s; want version %d, live %t, state %s",
			r.Interaction, got.Version, got.Live, got.State, r.Version, r.Live, r.State)
	}
}

func wantLines(t *testing.T, what string, got [][]byte, err error, want ...string) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	lines := make([]string, 0, len(got))
	for _, line := range got {
		lines = append(lines, string(line))
	}
	if !slices.Equal(lines, want) {
		t.Fatalf("%s = %q, want %q", what, lines, want)
	}
}

// wantIDs demands the interactions in this order.
func wantIDs(t *testing.T, what string, got []consult.Stored, err error, want ...consult.InteractionID) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	ids := make([]consult.InteractionID, 0, len(got))
	for _, s := range got {
		ids = append(ids, s.Interaction)
	}
	if !slices.Equal(ids, want) {
		t.Fatalf("%s = %q, want %q", what, ids, want)
	}
}

func byID(a, b consult.Stored) int {
	return cmp.Or(cmp.Compare(a.Tenant, b.Tenant), cmp.Compare(a.Interaction, b.Interaction))
}
