package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"

	"teamsbridge/graph"
)

// RunDirectories holds a store to the contract of [graph.Store]; newStore gives
// every check a fresh, empty one.
func RunDirectories(t *testing.T, newStore func(*testing.T) graph.Store) {
	t.Helper()
	for _, c := range directoryContract {
		t.Run(c.name, func(t *testing.T) { c.check(t, newStore(t)) })
	}
}

// kept is a checkpoint whose complete reading is of the generation.
func kept(generation int64, link string) graph.Checkpoint {
	return graph.Checkpoint{
		Rules:    "rules",
		Complete: graph.Kept{Generation: generation, Link: link, Members: "members", People: 42, At: day},
	}
}

func listed(id graph.UserID, name string) graph.Expert {
	return graph.Expert{
		ID: id, Name: name, GivenName: "Jürgen", Surname: "O'Brien", Role: `Leiter "Steuern"`, Department: "Finanzen", Number: "+49301234567;ext=12",
	}
}

var directoryContract = []struct {
	name  string
	check func(*testing.T, graph.Store)
}{
	{"of an empty store nothing is kept", func(t *testing.T, s graph.Store) {
		wantCheckpoints(t, s, nil)
		wantExperts(t, s, tenant, 1)
		if n, err := s.PruneExperts(t.Context(), 10); n != 0 || err != nil {
			t.Errorf("PruneExperts = %d, %v; want nobody", n, err)
		}
		if err := s.ForgetDirectory(t.Context(), tenant); err != nil {
			t.Errorf("ForgetDirectory of nothing: %v", err)
		}
	}},
	{"a batch is kept with its checkpoint", func(t *testing.T, s graph.Store) {
		c := kept(7, "https://graph.example/delta?$deltatoken=a%2Bb")
		c.Reading = graph.Kept{Generation: 8, Link: "next", People: 3, At: day}
		keepAll(t, s, tenant, graph.Batch{Generation: 7, Put: []graph.Expert{listed("anna", "Anna"), listed("ben", "贝恩")}, Checkpoint: c})
		wantCheckpoints(t, s, map[graph.TenantID]graph.Checkpoint{tenant: c})
		wantExperts(t, s, tenant, 7, listed("anna", "Anna"), listed("ben", "贝恩"))
		wantExperts(t, s, tenant, 8)
	}},
	{"a later batch replaces, adds and deletes", func(t *testing.T, s graph.Store) {
		keepAll(t, s, tenant, graph.Batch{Generation: 7, Put: []graph.Expert{listed("anna", "Anna"), listed("ben", "Ben")}, Checkpoint: kept(7, "one")})
		keepAll(t, s, tenant, graph.Batch{
			Generation: 7, Put: []graph.Expert{listed("anna", "Anna Maria"), listed("carl", "Carl")},
			Delete: []graph.UserID{"ben", "nobody"}, Checkpoint: kept(7, "two"),
		})
		wantCheckpoints(t, s, map[graph.TenantID]graph.Checkpoint{tenant: kept(7, "two")})
		wantExperts(t, s, tenant, 7, listed("anna", "Anna Maria"), listed("carl", "Carl"))
	}},
	{"of somebody who is twice in a batch the last word counts", func(t *testing.T, s graph.Store) {
		keepAll(t, s, tenant, graph.Batch{Generation: 7, Put: []graph.Expert{listed("anna", "Old"), listed("anna", "New")}, Checkpoint: kept(7, "")})
		wantExperts(t, s, tenant, 7, listed("anna", "New"))
	}},
	{"a batch of nobody moves the checkpoint", func(t *testing.T, s graph.Store) {
		keepAll(t, s, tenant, graph.Batch{Generation: 7, Checkpoint: kept(7, "one")})
		keepAll(t, s, tenant, graph.Batch{Generation: 7, Checkpoint: kept(7, "two")})
		wantCheckpoints(t, s, map[graph.TenantID]graph.Checkpoint{tenant: kept(7, "two")})
	}},
	{"organisations and generations are apart", func(t *testing.T, s graph.Store) {
		both := kept(1, "")
		both.Reading.Generation = 2
		keepAll(t, s, tenant, graph.Batch{Generation: 1, Put: []graph.Expert{listed("anna", "Anna")}, Checkpoint: both})
		keepAll(t, s, tenant, graph.Batch{Generation: 2, Put: []graph.Expert{listed("anna", "Newer")}, Checkpoint: both})
		keepAll(t, s, other, graph.Batch{Generation: 1, Put: []graph.Expert{listed("anna", "Theirs")}, Checkpoint: kept(1, "")})
		wantExperts(t, s, tenant, 1, listed("anna", "Anna"))
		wantExperts(t, s, tenant, 2, listed("anna", "Newer"))
		wantExperts(t, s, other, 1, listed("anna", "Theirs"))
	}},
	{"what no checkpoint names is pruned in portions, and nothing else", func(t *testing.T, s graph.Store) {
		var crowd []graph.Expert
		for i := range 25 {
			crowd = append(crowd, listed(graph.UserID(fmt.Sprintf("old-%02d", i)), "Old"))
		}
		keepAll(t, s, tenant, graph.Batch{Generation: 1, Put: crowd, Checkpoint: kept(1, "")})
		keepAll(t, s, other, graph.Batch{Generation: 1, Put: []graph.Expert{listed("ben", "Ben")}, Checkpoint: kept(1, "")})
		next := kept(2, "")
		next.Reading.Generation = 3
		keepAll(t, s, tenant, graph.Batch{Generation: 2, Put: []graph.Expert{listed("anna", "Anna")}, Checkpoint: next})
		keepAll(t, s, tenant, graph.Batch{Generation: 3, Put: []graph.Expert{listed("carl", "Carl")}, Checkpoint: next})
		for _, want := range []int{10, 10, 5, 0} {
			if n, err := s.PruneExperts(t.Context(), 10); n != want || err != nil {
				t.Fatalf("PruneExperts = %d, %v; want %d", n, err, want)
			}
		}
		wantExperts(t, s, tenant, 1)
		wantExperts(t, s, tenant, 2, listed("anna", "Anna"))
		wantExperts(t, s, tenant, 3, listed("carl", "Carl"))
		wantExperts(t, s, other, 1, listed("ben", "Ben"))
	}},
	{"a forgotten organisation leaves nobody behind", func(t *testing.T, s graph.Store) {
		keepAll(t, s, tenant, graph.Batch{Generation: 1, Put: []graph.Expert{listed("anna", "Anna")}, Checkpoint: kept(1, "")})
		keepAll(t, s, other, graph.Batch{Generation: 1, Put: []graph.Expert{listed("ben", "Ben")}, Checkpoint: kept(1, "")})
		if err := s.ForgetDirectory(t.Context(), tenant); err != nil {
			t.Fatalf("ForgetDirectory: %v", err)
		}
		if n, err := s.PruneExperts(t.Context(), 10); n != 1 || err != nil {
			t.Errorf("PruneExperts = %d, %v; want 1", n, err)
		}
		wantCheckpoints(t, s, map[graph.TenantID]graph.Checkpoint{other: kept(1, "")})
		wantExperts(t, s, tenant, 1)
		wantExperts(t, s, other, 1, listed("ben", "Ben"))
	}},
	{"more people than a page of any store are all read", func(t *testing.T, s graph.Store) {
		crowd := make([]graph.Expert, 10_001)
		for i := range crowd {
			crowd[i] = graph.Expert{ID: graph.UserID(fmt.Sprintf("%05d", i)), Number: "1234"}
		}
		keepAll(t, s, tenant, graph.Batch{Generation: 1, Put: crowd, Checkpoint: kept(1, "")})
		wantExperts(t, s, tenant, 1, crowd...)
	}},
	{"who reads may stop", func(t *testing.T, s graph.Store) {
		keepAll(t, s, tenant, graph.Batch{Generation: 1, Put: []graph.Expert{listed("anna", "Anna"), listed("ben", "Ben")}, Checkpoint: kept(1, "")})
		enough := errors.New("enough")
		times := 0
		err := s.KeptExperts(t.Context(), tenant, 1, func(graph.Expert) error { times++; return enough })
		if !errors.Is(err, enough) || times != 1 {
			t.Errorf("KeptExperts: %v after %d, want to stop after the first", err, times)
		}
	}},
}

func keepAll(t *testing.T, s graph.Store, tenant graph.TenantID, b graph.Batch) {
	t.Helper()
	if err := s.KeepExperts(t.Context(), tenant, b); err != nil {
		t.Fatalf("KeepExperts: %v", err)
	}
}

func wantCheckpoints(t *testing.T, s graph.Store, want map[graph.TenantID]graph.Checkpoint) {
	t.Helper()
	got, err := s.Checkpoints(t.Context())
	if err != nil {
		t.Fatalf("Checkpoints: %v", err)
	}
	if len(got) != len(want) {
		t.Fatalf("Checkpoints = %+v, want %+v", got, want)
	}
	for id, c := range want {
		if got[id] != c {
			t.Errorf("checkpoint of %s = %+v, want %+v", id, got[id], c)
		}
	}
}

func wantExperts(t *testing.T, s graph.Store, tenant graph.TenantID, generation int64, want ...graph.Expert) {
	t.Helper()
	var got []graph.Expert
	if err := s.KeptExperts(t.Context(), tenant, generation, func(e graph.Expert) error {
		got = append(got, e)
		return nil
	}); err != nil {
		t.Fatalf("KeptExperts: %v", err)
	}
	slices.SortFunc(got, func(a, b graph.Expert) int { return cmp.Compare(a.ID, b.ID) })
	if !slices.Equal(got, want) {
		t.Errorf("experts of generation %d = %+v, want %+v", generation, got, want)
	}
}
