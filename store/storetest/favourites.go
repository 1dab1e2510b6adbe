package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"teamsbridge/graph"
)

// FavouriteStore keeps whom agents have marked and whom they have consulted.
type FavouriteStore interface {
	Favourites(ctx context.Context, tenant, agent string) ([]graph.UserID, error)
	AddFavourite(ctx context.Context, tenant, agent string, expert graph.UserID, at time.Time, most int) (marked bool, err error)
	RemoveFavourite(ctx context.Context, tenant, agent string, expert graph.UserID) error
	Recents(ctx context.Context, tenant, agent string) ([]graph.UserID, error)
	AddRecent(ctx context.Context, tenant, agent string, expert graph.UserID, at time.Time, most int) error
	DeleteRecents(ctx context.Context, before time.Time, limit int) (int, error)
}

// RunFavourites holds a store to the contract of favourites and recents;
// newStore gives every check a fresh, empty one.
func RunFavourites(t *testing.T, newStore func(*testing.T) FavouriteStore) {
	t.Helper()
	for _, c := range favouriteContract {
		t.Run(c.name, func(t *testing.T) { c.check(t, newStore(t)) })
	}
}

var favouriteContract = []struct {
	name  string
	check func(*testing.T, FavouriteStore)
}{
	{"of an empty store nobody is marked or was consulted", func(t *testing.T, s FavouriteStore) {
		wantFavourites(t, s, tenant, "anja")
		wantRecents(t, s, tenant, "anja")
	}},
	{"favourites come in the order of marking", func(t *testing.T, s FavouriteStore) {
		mark(t, s, "b", day, 9, true)
		mark(t, s, "a", day.Add(time.Second), 9, true)
		mark(t, s, "c", day.Add(time.Second), 9, true)
		wantFavourites(t, s, tenant, "anja", "b", "a", "c")
	}},
	{"marking again changes nothing, when no more fit in too", func(t *testing.T, s FavouriteStore) {
		mark(t, s, "a", day, 2, true)
		mark(t, s, "b", day.Add(time.Second), 2, true)
		mark(t, s, "a", day.Add(time.Minute), 2, true)
		wantFavourites(t, s, tenant, "anja", "a", "b")
	}},
	{"more than the most are not marked, until one is taken away", func(t *testing.T, s FavouriteStore) {
		mark(t, s, "a", day, 2, true)
		mark(t, s, "b", day, 2, true)
		mark(t, s, "c", day, 2, false)
		wantFavourites(t, s, tenant, "anja", "a", "b")
		unmark(t, s, tenant, "anja", "a")
		mark(t, s, "c", day, 2, true)
		wantFavourites(t, s, tenant, "anja", "b", "c")
	}},
	{"taking a mark away that is not there is no error", func(t *testing.T, s FavouriteStore) {
		mark(t, s, "a", day, 9, true)
		for _, id := range []graph.UserID{"b", "", "a\x00", "\xff"} {
			unmark(t, s, tenant, "anja", id)
		}
		wantFavourites(t, s, tenant, "anja", "a")
	}},
	{"favourites and recents are an agent's and an organisation's own", func(t *testing.T, s FavouriteStore) {
		mark(t, s, "a", day, 9, true)
		consulted(t, s, "b", day, 9)
		for _, o := range []struct{ tenant, agent string }{{tenant, "ben"}, {other, "anja"}} {
			wantFavourites(t, s, o.tenant, o.agent)
			wantRecents(t, s, o.tenant, o.agent)
			unmark(t, s, o.tenant, o.agent, "a")
		}
		wantFavourites(t, s, tenant, "anja", "a")
		wantRecents(t, s, tenant, "anja", "b")
	}},
	{"recents come once each, the latest first, whatever order they are told in", func(t *testing.T, s FavouriteStore) {
		consulted(t, s, "a", day, 9)
		consulted(t, s, "b", day.Add(time.Minute), 9)
		consulted(t, s, "a", day.Add(time.Hour), 9)
		consulted(t, s, "c", day.Add(time.Second), 9)
		consulted(t, s, "a", day.Add(time.Second), 9)
		wantRecents(t, s, tenant, "anja", "a", "b", "c")
	}},
	{"only the latest recents are kept", func(t *testing.T, s FavouriteStore) {
		for n := range 5 {
			consulted(t, s, graph.UserID(fmt.Sprint(n)), day.Add(time.Duration(n)*time.Minute), 3)
		}
		consulted(t, s, "late news", day, 3)
		wantRecents(t, s, tenant, "anja", "4", "3", "2")
	}},
	{"recents before the time are deleted, no more than the limit at once, and no favourites", func(t *testing.T, s FavouriteStore) {
		mark(t, s, "a", day.Add(-time.Hour), 9, true)
		for n := range 4 {
			consulted(t, s, graph.UserID(fmt.Sprint(n)), day.Add(-time.Duration(n)*time.Minute), 9)
		}
		for _, want := range []int{2, 1, 0} {
			if n, err := s.DeleteRecents(t.Context(), day, 2); n != want || err != nil {
				t.Fatalf("DeleteRecents = %d, %v; want %d", n, err, want)
			}
		}
		wantRecents(t, s, tenant, "anja", "0")
		wantFavourites(t, s, tenant, "anja", "a")
	}},
}

func mark(t *testing.T, s FavouriteStore, expert graph.UserID, at time.Time, most int, want bool) {
	t.Helper()
	if marked, err := s.AddFavourite(t.Context(), tenant, "anja", expert, at, most); marked != want || err != nil {
		t.Fatalf("AddFavourite(%s) = %t, %v; want %t", expert, marked, err, want)
	}
}

func unmark(t *testing.T, s FavouriteStore, tenant, agent string, expert graph.UserID) {
	t.Helper()
	if err := s.RemoveFavourite(t.Context(), tenant, agent, expert); err != nil {
		t.Fatalf("RemoveFavourite(%q): %v", expert, err)
	}
}

func consulted(t *testing.T, s FavouriteStore, expert graph.UserID, at time.Time, most int) {
	t.Helper()
	if err := s.AddRecent(t.Context(), tenant, "anja", expert, at, most); err != nil {
		t.Fatalf("AddRecent(%s): %v", expert, err)
	}
}

func wantFavourites(t *testing.T, s FavouriteStore, tenant, agent string, want ...graph.UserID) {
	t.Helper()
	if got, err := s.Favourites(t.Context(), tenant, agent); !slices.Equal(got, want) || err != nil {
		t.Fatalf("Favourites = %q, %v; want %q", got, err, want)
	}
}

func wantRecents(t *testing.T, s FavouriteStore, tenant, agent string, want ...graph.UserID) {
	t.Helper()
	if got, err := s.Recents(t.Context(), tenant, agent); !slices.Equal(got, want) || err != nil {
		t.Fatalf("Recents = %q, %v; want %q", got, err, want)
	}
}
