package graph_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
)

// liveDirectory is a fakeDirectory that can be searched, too.
type liveDirectory struct {
	fakeDirectory
	search func(ctx context.Context, q graph.LiveQuery) ([]graph.Person, bool, error)
	mu     sync.Mutex
	asked  []graph.LiveQuery
}

func (d *liveDirectory) SearchPeople(ctx context.Context, _ graph.TenantID, q graph.LiveQuery) ([]graph.Person, bool, error) {
	d.mu.Lock()
	d.asked = append(d.asked, q)
	d.mu.Unlock()
	return d.search(ctx, q)
}

func (d *liveDirectory) times() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.asked)
}

func living(t *testing.T, d graph.Directory) *graph.Experts {
	t.Helper()
	experts, err := graph.NewExperts(graph.Config{Mode: graph.ModeLive}, graph.Deps{
		Directory: d, Tenants: []graph.Tenant{{ID: tenant, Country: "DE"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return experts
}

func found(people ...graph.Person) func(context.Context, graph.LiveQuery) ([]graph.Person, bool, error) {
	return func(context.Context, graph.LiveQuery) ([]graph.Person, bool, error) { return people, false, nil }
}

func TestWhatGraphIsAskedForInALiveSearch(t *testing.T) {
	for _, c := range []struct {
		name  string
		query graph.Query
		want  *graph.LiveQuery // nil: Graph is not asked
		err   error
	}{
		{"words, the longest first", graph.Query{Text: "jo müller"}, &graph.LiveQuery{Words: []string{"müller", "jo"}, Limit: 200}, nil},
		{"signs only part words", graph.Query{Text: `O'Brien-"Smith" (a)`}, &graph.LiveQuery{Words: []string{"Brien", "Smith", "O", "a"}, Limit: 200}, nil},
		{"a word twice is one", graph.Query{Text: "a a"}, &graph.LiveQuery{Words: []string{"a"}, Limit: 200}, nil},
		{"everybody", graph.Query{}, &graph.LiveQuery{Limit: 200}, nil},
		{"filters as they are", graph.Query{Department: "O'Neill & Söhne", Role: "x"}, &graph.LiveQuery{Department: "O'Neill & Söhne", Role: "x", Limit: 200}, nil},
		{"a number in its usual spellings", graph.Query{Text: "030 1234567"}, &graph.LiveQuery{
			Phones: []string{"+0301234567", "+49 30 1234567", "+49301234567", "030 1234567", "0301234567"}, Limit: 200}, nil},
		{"a number that is too short", graph.Query{Text: "030"}, nil, graph.ErrPhoneIncomplete},
		{"signs alone find nobody", graph.Query{Text: `"&%'`}, nil, nil},
		{"a department that no directory can hold", graph.Query{Department: "a\x00b"}, nil, nil},
		{"a role that is longer than any", graph.Query{Role: strings.Repeat("r", 129)}, nil, nil},
		{"no text", graph.Query{Department: "\xff"}, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &liveDirectory{search: found()}
			_, err := living(t, d).Search(t.Context(), tenant, c.query)
			if !errors.Is(err, c.err) {
				t.Fatalf("Search: %v, want %v", err, c.err)
			}
			var want []graph.LiveQuery
			if c.want != nil {
				want = append(want, *c.want)
			}
			if diff := cmp.Diff(want, d.asked); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

func TestALiveAnswerIsJudgedOrderedAndPagedLikeTheIndex(t *testing.T) {
	guest := expert("guest", "Anna Guest")
	guest.Type = "Guest"
	later := expert("later", "Berta Weber")
	later.Role = "Beraterin für Annahmen"
	d := &liveDirectory{search: found(later, expert("anna2", "Anna Zander"), guest, expert("other", "Otto"), expert("anna1", "Anna Adler"), expert("anna1", "Anna Adler"))}
	experts := living(t, d)
	first, err := experts.Search(t.Context(), tenant, graph.Query{Text: "anna", Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	second, err := experts.Search(t.Context(), tenant, graph.Query{Text: "anna", Limit: 2, Cursor: first.Next})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"anna1", "anna2", "later"}, append(ids(first), ids(second)...)); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if first.Total != 3 || second.Next != "" || d.times() != 1 {
		t.Errorf("total %d, next %q, %d requests", first.Total, second.Next, d.times())
	}
	if diff := cmp.Diff([]graph.Blindness{graph.BlindLaterWords, graph.BlindSpellings}, first.CannotFind); diff != "" {
		t.Errorf("cannot find (-want +got):\n%s", diff)
	}
	if e, err := experts.Expert(tenant, "anna1"); err != nil || e.Name != "Anna Adler" {
		t.Errorf("who was found is known: %+v, %v", e, err)
	}
	if e, ok := experts.ByNumber(tenant, first.Experts[0].Number); !ok || e.ID == "" {
		t.Errorf("and by number: %+v, %t", e, ok)
	}
	if got := experts.Status(tenant); got.Mode != graph.ModeLive || !got.Ready || got.SyncedAt.IsZero() {
		t.Errorf("Status %+v", got)
	}
}

func TestALiveAnswerHoldsHalfAMinuteAndLongerWhileGraphIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var away error
		d := &liveDirectory{search: func(context.Context, graph.LiveQuery) ([]graph.Person, bool, error) {
			return []graph.Person{expert("anna", "Anna")}, false, away
		}}
		experts := living(t, d)
		search := func() (graph.Result, error) { return experts.Search(t.Context(), tenant, graph.Query{Text: "anna"}) }
		first, err := search()
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Second)
		if again, err := search(); err != nil || d.times() != 1 || !again.ReadAt.Equal(first.ReadAt) {
			t.Errorf("after 30 s: %d requests, %v", d.times(), err)
		}
		time.Sleep(time.Second)
		if again, err := search(); err != nil || d.times() != 2 || !again.ReadAt.After(first.ReadAt) {
			t.Errorf("after 31 s: %d requests, %v", d.times(), err)
		}
		away = &graph.ThrottledError{RetryAfter: time.Minute}
		time.Sleep(5 * time.Minute)
		if old, err := search(); err != nil || len(old.Experts) != 1 || time.Since(old.ReadAt) != 5*time.Minute {
			t.Errorf("throttled: %+v, %v; want the old answer with its age", old, err)
		}
		if got := experts.Status(tenant); got.LastError != "throttled" || got.RetryAfter != time.Minute || !got.Ready {
			t.Errorf("Status %+v", got)
		}
		time.Sleep(6 * time.Minute)
		if _, err := search(); err == nil {
			t.Error("an answer of ten minutes ago is given as if it were one")
		} else if throttled, ok := errors.AsType[*graph.ThrottledError](err); !ok || throttled.RetryAfter != time.Minute {
			t.Errorf("throttled without an answer: %v", err)
		}
		away = nil
		if _, err := search(); err != nil {
			t.Errorf("Graph is back: %v", err)
		}
		if got := experts.Status(tenant); got.LastError != "" {
			t.Errorf("Status %+v", got)
		}
	})
}

func TestManyWhoAskTheSameShareARequestThatNobodyCutsShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		d := &liveDirectory{search: func(ctx context.Context, _ graph.LiveQuery) ([]graph.Person, bool, error) {
			select {
			case <-gate:
				return []graph.Person{expert("anna", "Anna")}, false, nil
			case <-ctx.Done():
				return nil, false, ctx.Err()
			}
		}}
		experts := living(t, d)
		impatient, giveUp := context.WithCancel(t.Context())
		results := make(chan error, 10)
		for i := range 10 {
			ctx := t.Context()
			if i == 0 {
				ctx = impatient
			}
			go func() {
				_, err := experts.Search(ctx, tenant, graph.Query{Text: "anna"})
				results <- err
			}()
			synctest.Wait()
		}
		giveUp()
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up heard %v", err)
		}
		close(gate)
		for range 9 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		if d.times() != 1 {
			t.Errorf("%d requests", d.times())
		}
	})
}

func TestNobodyIsGivenWhatGraphAnsweredSomebodyElse(t *testing.T) {
	d := &liveDirectory{search: func(ctx context.Context, _ graph.LiveQuery) ([]graph.Person, bool, error) {
		if caller, _ := graph.CallerOf(ctx); caller.ID == "anja" {
			return []graph.Person{expert("anna", "Anna")}, false, nil
		}
		return nil, false, nil
	}}
	experts := living(t, d)
	for caller, want := range map[graph.UserID]int{"anja": 1, "ben": 0} {
		ctx := graph.OnBehalf(t.Context(), graph.Caller{Tenant: tenant, ID: caller})
		if got, err := experts.Search(ctx, tenant, graph.Query{Text: "anna"}); err != nil || len(got.Experts) != want {
			t.Errorf("%s found %d, %v; want %d", caller, len(got.Experts), err, want)
		}
	}
}

func TestLiveExpertsAreFoundById(t *testing.T) {
	away, left := false, false
	d := &liveDirectory{fakeDirectory: fakeDirectory{person: func(_ context.Context, id graph.UserID) (graph.Person, error) {
		switch {
		case away:
			return graph.Person{}, graph.ErrUnavailable
		case id == "anna" && !left:
			return expert("anna", "Anna"), nil
		case id == "guest":
			return graph.Person{ID: id, Enabled: true, Type: "Guest"}, nil
		}
		return graph.Person{}, graph.ErrNotFound
	}}, search: found()}
	experts := living(t, d)
	reason(t, experts, "anna", graph.ReasonUnknown) // not met yet
	if e, err := experts.Find(t.Context(), tenant, "anna"); err != nil || e.Name != "Anna" {
		t.Errorf("Find: %+v, %v", e, err)
	}
	for id, want := range map[graph.UserID]graph.Reason{"guest": graph.ReasonGuest, "nobody": graph.ReasonUnknown} {
		_, err := experts.Find(t.Context(), tenant, id)
		if refused, ok := errors.AsType[*graph.NotListedError](err); !ok || refused.Reason != want {
			t.Errorf("Find(%s): %v, want %s", id, err, want)
		}
	}
	away = true
	if e, err := experts.Find(t.Context(), tenant, "anna"); err != nil || e.Name != "Anna" {
		t.Errorf("who was met is known while Graph is away: %+v, %v", e, err)
	}
	if got, err := experts.Confirm(t.Context(), tenant, "anna"); err != nil || got.Live || got.Expert.Name != "Anna" {
		t.Errorf("and may be called: %+v, %v", got, err)
	}
	away, left = false, true
	if _, err := experts.Confirm(t.Context(), tenant, "anna"); err == nil {
		t.Error("who left the directory is confirmed")
	}
	reason(t, experts, "anna", graph.ReasonUnknown) // and no longer known
	away = true
	if _, err := experts.Find(t.Context(), tenant, "ben"); !errors.Is(err, graph.ErrUnavailable) {
		t.Errorf("Find while Graph is away: %v", err)
	}
	if _, err := experts.Find(t.Context(), "nobody's", "anna"); !errors.Is(err, graph.ErrNotReady) {
		t.Errorf("Find elsewhere: %v", err)
	}
}

func FuzzLiveWordsAreLettersMarksAndDigits(f *testing.F) {
	for _, text := range []string{"jürgen mül", `" OR "a:b`, "O'Brien", "\xff\x00", "１２ Ａ", "a\u0308", strings.Repeat("x", 1000)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := &liveDirectory{search: found()}
		experts, err := graph.NewExperts(graph.Config{Mode: graph.ModeLive}, graph.Deps{Directory: d, Tenants: []graph.Tenant{{ID: tenant, Country: "DE"}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := experts.Search(t.Context(), tenant, graph.Query{Text: text}); err != nil && !errors.Is(err, graph.ErrPhoneIncomplete) {
			t.Fatal(err)
		}
		for _, q := range d.asked {
			if len(q.Words) > 8 || len(q.Words) > 0 && len(q.Phones) > 0 {
				t.Errorf("asked %+v", q)
			}
			for _, word := range q.Words {
				if word == "" || len([]rune(word)) > 64 || strings.ContainsFunc(word, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) }) {
					t.Errorf("word %q", word)
				}
			}
		}
	})
}
