package graph_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
)

// pages reads a search to its end and hears each page.
func pages(t *testing.T, experts *graph.Experts, q graph.Query, between func(page int)) []string {
	t.Helper()
	var all []string
	for n := 1; ; n++ {
		got, err := experts.Search(t.Context(), tenant, q)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, ids(got)...)
		if got.Next == "" {
			return all
		}
		if len(got.Experts) != q.Limit {
			t.Fatalf("page %d has %d experts and is not the last", n, len(got.Experts))
		}
		q.Cursor = got.Next
		if between != nil {
			between(n)
		}
	}
}

func TestPagesTogetherAreTheWholeAnswer(t *testing.T) {
	experts := mirrored(t, "DE", people())
	for _, q := range []graph.Query{{}, {Text: "a"}, {Text: "m"}, {Text: "manager"}, {Text: "müller"}, {Text: "an t"}, {Department: "Team 42"}} {
		t.Run(fmt.Sprintf("%s %s", q.Text, q.Department), func(t *testing.T) {
			q.Limit = 200
			whole, err := experts.Search(t.Context(), tenant, q)
			if err != nil {
				t.Fatal(err)
			}
			for limit := 1; limit < 5; limit++ {
				q.Limit = limit
				if diff := cmp.Diff(ids(whole), pages(t, experts, q, nil), cmp.Transformer("nonNil", nonNil)); diff != "" {
					t.Errorf("in pages of %d (-whole +pages):\n%s", limit, diff)
				}
			}
		})
	}
}

func TestACursorStaysRightWhileTheIndexChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var everybody []graph.Person
		for c := 'a'; c <= 'j'; c++ {
			everybody = append(everybody, expert(string(c), "Person "+string(c)))
		}
		s := newScript(t,
			step{"", page("", "d1", everybody...), nil},
			step{"d1", page("", "d2", // what was read goes, something comes before and after
				graph.Person{ID: "a", Removed: true}, graph.Person{ID: "c", Removed: true},
				expert("new-before", "Person aa"), expert("new-after", "Person gg")), nil},
		)
		experts := start(t, s, graph.Deps{})
		synctest.Wait()
		got := pages(t, experts, graph.Query{Limit: 3}, func(n int) {
			if n == 1 {
				experts.SyncNow(tenant)
				synctest.Wait()
			}
		})
		want := []string{"a", "b", "c", "d", "e", "f", "g", "new-after", "h", "i", "j"}
		if !slices.Equal(got, want) {
			t.Errorf("pages %v, want %v", got, want)
		}
	})
}

func TestAForeignCursorIsRefused(t *testing.T) {
	experts := mirrored(t, "DE", people())
	q := graph.Query{Text: "m", Limit: 1, Country: "DE"}
	got, err := experts.Search(t.Context(), tenant, q)
	if err != nil || got.Next == "" {
		t.Fatalf("Search: %+v, %v", got, err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(got.Next)
	if err != nil {
		t.Fatal(err)
	}
	changed := func(change func([]byte) []byte) string {
		return base64.RawURLEncoding.EncodeToString(change(slices.Clone(raw)))
	}
	for name, c := range map[string]struct {
		query  graph.Query
		cursor string
	}{
		"another text":       {graph.Query{Text: "mü", Country: "DE"}, got.Next},
		"another role":       {graph.Query{Text: "m", Role: "x", Country: "DE"}, got.Next},
		"another department": {graph.Query{Text: "m", Department: "x", Country: "DE"}, got.Next},
		"another country":    {graph.Query{Text: "m", Country: "US"}, got.Next},
		"no base64":          {q, "?"},
		"cut in the hash":    {q, changed(func(b []byte) []byte { return b[:5] })},
		"cut in the rank":    {q, changed(func(b []byte) []byte { return b[:9] })},
		"cut in the length":  {q, changed(func(b []byte) []byte { return b[:10] })},
		"cut in the name":    {q, changed(func(b []byte) []byte { return b[:12] })},
		"a later version":    {q, changed(func(b []byte) []byte { b[0]++; return b })},
		"a rank beyond all":  {q, changed(func(b []byte) []byte { return append(b[:9], 255, 255, 255, 255, 255, 255, 1) })},
	} {
		t.Run(name, func(t *testing.T) {
			c.query.Cursor = c.cursor
			if _, err := experts.Search(t.Context(), tenant, c.query); !errors.Is(err, graph.ErrBadCursor) {
				t.Errorf("Search: %v, want ErrBadCursor", err)
			}
		})
	}
	t.Run("another page size goes on", func(t *testing.T) {
		q.Cursor, q.Limit = got.Next, 100
		if rest, err := experts.Search(t.Context(), tenant, q); err != nil || len(rest.Experts) != got.Total-1 {
			t.Errorf("Search: %d experts, %v, want the other %d", len(rest.Experts), err, got.Total-1)
		}
	})
}
