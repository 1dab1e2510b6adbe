package graph

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// plain answers a plan the slow way: it looks at every word of everybody. The
// index must always agree with it.
func plain(people []Expert, p *plan) (page []Expert, more bool, total int) {
	type row struct {
		rank   uint32
		expert Expert
	}
	var rows []row
	for _, e := range people {
		if p.role != "" && labelKey(e.Role) != p.role || p.department != "" && labelKey(e.Department) != p.department {
			continue
		}
		rank, ok := plainRank(&e, p.words)
		if len(p.numbers) > 0 {
			rank, ok = 0, slices.Contains(p.numbers, e.Number)
		}
		if ok && !p.nothing {
			rows = append(rows, row{rank, e})
		}
	}
	slices.SortFunc(rows, func(x, y row) int {
		return cmp.Or(cmp.Compare(x.rank, y.rank), compareExperts(x.expert, y.expert))
	})
	for _, r := range rows {
		if a := p.after; a != nil && (r.rank < a.rank || r.rank == a.rank && !a.before(&r.expert)) {
			continue
		}
		if len(page) == p.limit {
			return page, true, len(rows)
		}
		page = append(page, r.expert)
	}
	return page, false, len(rows)
}

// eachTerm calls add with every spelling under which the words of a text are found.
func eachTerm(text string, add func(term string)) {
	for chunk := range eachChunk(text) {
		eachTermOf(chunk, add)
	}
}

func plainRank(e *Expert, words []queryWord) (rank uint32, ok bool) {
	const unmatched = ^uint32(0)
	texts := map[field][]string{inName: {e.Name, e.GivenName, e.Surname}, inRole: {e.Role}, inDepartment: {e.Department}}
	for _, w := range words {
		best := unmatched
		for f, fields := range texts {
			for _, text := range fields {
				eachTerm(text, func(term string) {
					if term == w.whole || slices.Contains(w.prefixes, term) {
						best = min(best, f)
					} else if slices.ContainsFunc(w.prefixes, func(p string) bool { return strings.HasPrefix(term, p) }) {
						best = min(best, f+onlyBegins)
					}
				})
			}
		}
		if best == unmatched {
			return 0, false
		}
		rank += best
	}
	return rank, true
}

var (
	someNames  = []string{"Jürgen", "Juergen", "Jurgen", "Müller", "Mueller", "Anna", "Annabelle", "Joe", "Strauß", "O'Brien", "Hans-Peter", "Bauer", "田中", "Işık"}
	someRoles  = []string{"", "Manager", "Manager Süd", "Anna", "IT-Leiter"}
	someTexts  = []string{"", "a", "j", "jü", "müller", "muel", "manager", "anna m", "bauer it", "hans-p", "o'b", "sued", "joe", "田", "xx", "!", "+49301", "100", "i"}
	someLabels = []string{"", "manager", "manager sued", "none"}
)

func anExpert(t *rapid.T, id UserID) Expert {
	given, surname := rapid.SampledFrom(someNames).Draw(t, "given"), rapid.SampledFrom(someNames).Draw(t, "surname")
	return Expert{
		ID: id, Name: given + " " + surname, GivenName: given, Surname: surname,
		Role: rapid.SampledFrom(someRoles).Draw(t, "role"), Department: rapid.SampledFrom(someRoles).Draw(t, "department"),
		Number: fmt.Sprint("+49301", rapid.IntRange(0, 3).Draw(t, "number")),
	}
}

func TestTheIndexAgreesWithLookingAtEverybody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := map[UserID]Expert{}
		x := newIndex(nil)
		t.Repeat(map[string]func(*rapid.T){
			"change": func(t *rapid.T) {
				changes := map[UserID]*Expert{}
				for range rapid.IntRange(1, 8).Draw(t, "people") {
					id := UserID(fmt.Sprint("id-", rapid.IntRange(0, 20).Draw(t, "id")))
					if rapid.IntRange(0, 3).Draw(t, "what") == 0 {
						changes[id] = nil
						delete(people, id)
						continue
					}
					e := anExpert(t, id)
					changes[id], people[id] = &e, e
				}
				x = x.with(changes)
			},
			"rebuild": func(*rapid.T) { x = newIndex(slices.Collect(maps.Values(people))) },
			"search": func(t *rapid.T) {
				q := Query{
					Text: rapid.SampledFrom(someTexts).Draw(t, "text"), Limit: rapid.IntRange(1, 5).Draw(t, "limit"),
					Role: rapid.SampledFrom(someLabels).Draw(t, "role filter"), Department: rapid.SampledFrom(someLabels).Draw(t, "department filter"),
				}
				for {
					p, err := newPlan("t", "DE", q, x)
					if err != nil {
						return // an incomplete number; the table has those
					}
					want, wantMore, wantTotal := plain(slices.Collect(maps.Values(people)), p)
					found, more, total := x.search(p)
					var got []Expert
					for _, r := range found {
						got = append(got, *r.expert)
					}
					if diff := gocmp.Diff(want, got); diff != "" || more != wantMore || total != wantTotal {
						t.Fatalf("%+v: more %t, total %d; want %t, %d (-want +got):\n%s", q, more, total, wantMore, wantTotal, diff)
					}
					if !more {
						return
					}
					last := found[len(found)-1]
					q.Cursor = encodeCursor(queryHash("t", q), last.rank, last.expert)
				}
			},
			"": func(t *rapid.T) {
				if x.experts != len(people) {
					t.Fatalf("%d experts, want %d", x.experts, len(people))
				}
				for i := range 21 {
					id := UserID(fmt.Sprint("id-", i))
					want, listed := people[id]
					if got, ok := x.expert(id); ok != listed || got != want {
						t.Fatalf("expert(%s): %+v, %t; want %+v, %t", id, got, ok, want, listed)
					}
				}
			},
		})
	})
}

func TestChangesMakeFewParts(t *testing.T) {
	const n = 3000
	x := newIndex(nil)
	for i := range n {
		e := Expert{ID: UserID(fmt.Sprint(i % 2000)), Name: fmt.Sprint("Person ", i)}
		x = x.with(map[UserID]*Expert{e.ID: &e})
		for p := range len(x.parts) - 1 {
			if x.parts[p].live < partGrowth*partLeast {
				t.Fatalf("after %d changes part %d of %d has %d people", i+1, p, len(x.parts), x.parts[p].live)
			}
		}
	}
	if x.experts != 2000 || len(x.parts) > 4 {
		t.Errorf("%d experts in %d parts", x.experts, len(x.parts))
	}
	for i := range 2000 {
		x = x.with(map[UserID]*Expert{UserID(fmt.Sprint(i)): nil})
	}
	for _, p := range x.parts {
		if x.experts != 0 || len(p.people) > 1 {
			t.Errorf("a part holds %d people, %d listed, after all went", len(p.people), x.experts)
		}
	}
}

func FuzzSearchTakesAnyText(f *testing.F) {
	for _, text := range append(someTexts, strings.Repeat("a b ", 3000), "\x00\xff", "+++", "tel:", "0049;ext=", "'\"%_\\ OR 1=1") {
		f.Add(text, text, "")
	}
	var people []Expert
	for i, name := range someNames {
		people = append(people, Expert{ID: UserID(fmt.Sprint(i)), Name: name, Role: someRoles[i%len(someRoles)], Number: "+4930100"})
	}
	x := newIndex(people)
	f.Fuzz(func(t *testing.T, text, label, cursor string) {
		p, err := newPlan("t", "DE", Query{Text: text, Role: label, Cursor: cursor}, x)
		if err != nil {
			return
		}
		want, _, wantTotal := plain(x.parts[0].people, p)
		got, _, total := x.search(p)
		if len(got) != len(want) || total != wantTotal {
			t.Errorf("%q: %d of %d, want %d of %d", text, len(got), total, len(want), wantTotal)
		}
	})
}

func FuzzFoldingIsStable(f *testing.F) {
	for _, s := range append(someNames, "Ǆ", "ﬃ", "İI", "\u0308e", "ẞ", "ue") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		// Whoever types a whole text as the directory has it finds the person.
		e := Expert{ID: "1", Name: text, Number: "4711"}
		for _, w := range queryWords(text) {
			if _, ok := plainRank(&e, []queryWord{w}); !ok {
				t.Errorf("%q is not found by its own word %q", text, w.prefixes)
			}
		}
		listedNumber(text, "DE")
	})
}

func FuzzCursorsAreReadOrRefused(f *testing.F) {
	f.Add("", uint64(0))
	f.Add(encodeCursor(7, 3, &Expert{Name: "Anna", ID: "1"}), uint64(7))
	f.Fuzz(func(t *testing.T, cursor string, hash uint64) {
		p, err := decodeCursor(cursor, hash)
		if err != nil {
			return
		}
		again, err := decodeCursor(encodeCursor(hash, p.rank, &Expert{Name: p.name, ID: p.id}), hash)
		if err != nil || again != p {
			t.Errorf("%+v became %+v, %v", p, again, err)
		}
	})
}
