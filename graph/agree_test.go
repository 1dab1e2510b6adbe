package graph

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestALargeIndexAgreesWithTheScan has enough people for prefixes that are
// answered beforehand, and enough changes for several segments.
func TestALargeIndexAgreesWithTheScan(t *testing.T) {
	const n = 4_000
	people := crowd(n)
	x := newIndex(slices.Clone(people))
	if len(x.parts[0].frequent) == 0 {
		t.Fatal("no prefix is frequent")
	}
	texts := append(mixture(people, 20), "", "a", "m", "s b", "a s m", "anna", "hans peter", "steuer stein b", "mue s")
	for _, changed := range []int{0, 3, 300, 1500} {
		t.Run(fmt.Sprintf("%d people changed", changed), func(t *testing.T) {
			changes := map[UserID]*Expert{}
			for i := range changed {
				e := &people[i*7%n]
				e.Name, e.Role = e.Surname+" "+e.GivenName, e.Department
				changes[e.ID] = e
			}
			x = x.with(changes)
			s := newScan(people)
			for i, text := range texts {
				q := Query{Text: text, Limit: []int{25, 200}[i%2], Role: []string{"", "", "Controller"}[i%3]}
				agree(t, x, s, q)
			}
		})
	}
}

// agree reads up to four pages of a search.
func agree(t *testing.T, x *index, s *scan, q Query) {
	t.Helper()
	p := must(newPlan("t", "DE", q, x))(t)
	var want []UserID
	for _, h := range s.search(p) {
		if e := s.people[h.at]; q.Role == "" || e.Role == q.Role {
			want = append(want, e.ID)
		}
	}
	for page := 0; page < 4; page++ {
		found, more, total := x.search(must(newPlan("t", "DE", q, x))(t))
		from := min(page*q.Limit, len(want))
		to := min(from+q.Limit, len(want))
		if total != len(want) || more != (to < len(want)) {
			t.Fatalf("%+v: total %d, more %t; want %d, %t", q, total, more, len(want), to < len(want))
		}
		if diff := gocmp.Diff(append([]UserID{}, want[from:to]...), idsOf(found)); diff != "" {
			t.Fatalf("%+v, page %d (-want +got):\n%s", q, page, diff)
		}
		if !more {
			return
		}
		last := found[len(found)-1]
		q.Cursor = encodeCursor(queryHash("t", q), last.rank, last.expert)
	}
}

func must(p *plan, err error) func(testing.TB) *plan {
	return func(tb testing.TB) *plan {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return p
	}
}

func idsOf(found []ranked) []UserID {
	ids := make([]UserID, len(found))
	for i, r := range found {
		ids[i] = r.expert.ID
	}
	return ids
}

// TestSearchesAgreeWhileTheIndexChanges lets searches run while people come, go
// and change. Whatever picture a search began with, its answer is that picture's.
func TestSearchesAgreeWhileTheIndexChanges(t *testing.T) {
	type picture struct {
		index  *index
		people []Expert
	}
	var current atomic.Pointer[picture]
	current.Store(&picture{index: newIndex(nil)})
	var done atomic.Bool
	var running sync.WaitGroup
	for reader := range uint64(4) {
		running.Go(func() {
			r := rand.New(rand.NewPCG(reader, 5))
			for n := 0; !done.Load() || n < 20; n++ {
				seen := current.Load()
				p, err := newPlan("t", "DE", Query{Text: someTexts[r.IntN(len(someTexts))], Limit: 1 + r.IntN(40)}, seen.index)
				if err != nil {
					continue // an incomplete number
				}
				want, wantMore, wantTotal := plain(seen.people, p)
				found, more, total := seen.index.search(p)
				wantIDs := make([]UserID, len(want))
				for i, e := range want {
					wantIDs[i] = e.ID
				}
				if !slices.Equal(idsOf(found), wantIDs) || more != wantMore || total != wantTotal {
					t.Errorf("%+v: %v of %d, want %v of %d", p, idsOf(found), total, wantIDs, wantTotal)
					return
				}
			}
		})
	}
	r := rand.New(rand.NewPCG(6, 7))
	people := map[UserID]Expert{}
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	for range 60 {
		changes := map[UserID]*Expert{}
		for range 1 + r.IntN(60) {
			id := UserID(fmt.Sprint("id-", r.IntN(400)))
			if r.IntN(4) == 0 {
				changes[id] = nil
				delete(people, id)
				continue
			}
			given, surname := pick(someNames), pick(someNames)
			e := Expert{
				ID: id, Name: given + " " + surname, GivenName: given, Surname: surname,
				Role: pick(someRoles), Department: pick(someRoles), Number: fmt.Sprint("+49301", r.IntN(4)),
			}
			changes[id], people[id] = &e, e
		}
		current.Store(&picture{current.Load().index.with(changes), slices.Collect(maps.Values(people))})
	}
	done.Store(true)
	running.Wait()
}

// TestRanksAreAddedUpForEverybodyAtOnce holds the arithmetic of planes against
// plain numbers.
func TestRanksAreAddedUpForEverybodyAtOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	for _, words := range []int{0, 1, 2, 3, 4, 7, 8, 31, 200} {
		t.Run(fmt.Sprintf("%d words", words), func(t *testing.T) {
			var all []matches
			var want [64]uint32
			for range words {
				m := matches{places: places{newBitset(64), newBitset(64), newBitset(64)}, begins: newBitset(64)}
				for o := range uint32(64) {
					if r.IntN(2) == 0 {
						m.begins.add(o)
						want[o] += onlyBegins
					}
					switch in := field(r.IntN(3)); in {
					case inRole:
						m.role.add(o)
						want[o] += in
					case inDepartment:
						m.department.add(o)
						want[o] += in
					}
				}
				all = append(all, m)
			}
			ranks := newRanks(words)
			ranks.sum(all, 0)
			for o, rank := range want {
				if got := ranks.of(o); got != rank {
					t.Errorf("rank of %d = %d, want %d", o, got, rank)
				}
			}
			for _, limit := range append(want[:], 0, 1, onlyBegins, fieldsMask, ^uint32(0)) {
				lower, same := ranks.compare(limit)
				for o, rank := range want {
					if lower>>o&1 == 1 != (rank < limit) || same>>o&1 == 1 != (rank == limit) {
						t.Errorf("rank %d beside %d: lower %d, same %d", rank, limit, lower>>o&1, same>>o&1)
					}
				}
			}
		})
	}
}

func TestATextOfTooManyWordsFindsNobody(t *testing.T) {
	x := newIndex([]Expert{{ID: "1", Name: "Eva"}})
	var text strings.Builder
	for i := range maxWords + 1 {
		fmt.Fprintf(&text, "w%d ", i)
	}
	if _, _, total := x.search(must(newPlan("t", "DE", Query{Text: text.String()}, x))(t)); total != 0 {
		t.Errorf("%d people found", total)
	}
}
