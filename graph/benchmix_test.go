package graph

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkSearchMix puts a day's mixture of searches to the index and, in the
// same run, to a scan: the plainest search there is, which looks at the same
// folded words of everybody and keeps the same order. Both must answer alike.
// Each text counts with the middle of its times, so that the percentiles are
// those of the texts, not of a machine that others use too.
//
//	go test -run - -bench SearchMix -benchtime 2x ./graph
func BenchmarkSearchMix(b *testing.B) {
	people := crowd(benchPeople)
	x, s := newIndex(slices.Clone(people)), newScan(people)
	texts := mixture(people, 100)
	var ours, rival timings
	for b.Loop() {
		for _, text := range texts {
			var page []ranked
			var total int
			ours.measure(15, func() { page, _, total = x.search(planned(b, x, text)) })
			var scanned []scanHit
			rival.measure(3, func() { scanned = s.search(planned(b, x, text)) })
			same := slices.EqualFunc(page, scanned[:min(defaultLimit, len(scanned))], func(a ranked, h scanHit) bool { return a.expert.ID == s.people[h.at].ID })
			if !same || total != len(scanned) {
				b.Fatalf("%q: the index finds %d, the scan %d, or in another order", text, total, len(scanned))
			}
		}
	}
	b.ReportMetric(0, "ns/op") // an iteration is as long as the mixture
	for _, p := range []int{50, 99} {
		b.ReportMetric(ours.percentile(p), fmt.Sprintf("p%d_µs", p))
		b.ReportMetric(rival.percentile(p), fmt.Sprintf("scan_p%d_µs", p))
	}
}

// planned reads a text of the mixture. Reading is part of a search.
func planned(tb testing.TB, x *index, text string) *plan {
	p, err := newPlan("t", "DE", Query{Text: text, Country: "DE"}, x)
	if err != nil {
		tb.Fatalf("%q: %v", text, err)
	}
	return p
}

// mixture is what people type: beginnings of one to three words of somebody's,
// single letters, words that nobody has, whole phone numbers.
func mixture(people []Expert, n int) []string {
	r := rand.New(rand.NewPCG(3, 4))
	texts := make([]string, n)
	for i := range texts {
		e := people[r.IntN(len(people))]
		words := strings.FieldsFunc(strings.Join([]string{e.GivenName, e.Surname, e.Role, e.Department}, " "), isSeparator)
		begin := func(least int) string {
			word := []rune(words[r.IntN(len(words))])
			return string(word[:min(len(word), least+r.IntN(5))])
		}
		switch i % 10 {
		case 0, 1, 2:
			texts[i] = begin(3)
		case 3, 4, 5:
			texts[i] = begin(2) + " " + begin(3)
		case 6:
			texts[i] = begin(2) + " " + begin(2) + " " + begin(3)
		case 7:
			texts[i] = string('a' + rune(r.IntN(26)))
		case 8:
			texts[i] = "xq" + begin(3)
		case 9:
			texts[i] = "0" + strings.TrimPrefix(e.Number, "+49")
		}
	}
	return texts
}

// scan answers searches by looking at everybody.
type scan struct {
	people []Expert // in the order of names
	terms  [][]scanTerm
}

type scanTerm struct {
	text string
	in   field
}

type scanHit struct {
	rank uint32
	at   int
}

func newScan(people []Expert) *scan {
	s := &scan{people: slices.Clone(people), terms: make([][]scanTerm, len(people))}
	keys := make(map[UserID]string, len(people))
	for _, e := range people {
		keys[e.ID] = sortKey(e.Name)
	}
	slices.SortFunc(s.people, func(a, b Expert) int {
		return cmp.Or(strings.Compare(keys[a.ID], keys[b.ID]), compareNames(&a, &b))
	})
	for i, e := range s.people {
		for _, t := range []struct {
			text string
			in   field
		}{{e.Name, inName}, {e.GivenName, inName}, {e.Surname, inName}, {e.Role, inRole}, {e.Department, inDepartment}} {
			eachTerm(t.text, func(term string) {
				if known := (scanTerm{term, t.in}); !slices.Contains(s.terms[i], known) {
					s.terms[i] = append(s.terms[i], known)
				}
			})
		}
	}
	return s
}

func (s *scan) search(p *plan) []scanHit {
	var hits []scanHit
	for i := range s.people {
		if len(p.numbers) > 0 {
			if slices.Contains(p.numbers, s.people[i].Number) {
				hits = append(hits, scanHit{0, i})
			}
		} else if rank, ok := s.rank(i, p.words); ok {
			hits = append(hits, scanHit{rank, i})
		}
	}
	slices.SortFunc(hits, func(a, b scanHit) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.at, b.at)) })
	return hits
}

func (s *scan) rank(at int, words []queryWord) (rank uint32, ok bool) {
	const unmatched = ^uint32(0)
	for _, w := range words {
		best := unmatched
		for _, t := range s.terms[at] {
			for _, prefix := range w.prefixes {
				if strings.HasPrefix(t.text, prefix) {
					worth := t.in
					if len(t.text) > len(prefix) {
						worth += onlyBegins
					}
					best = min(best, worth)
				}
			}
			if t.text == w.whole {
				best = min(best, t.in)
			}
		}
		if best == unmatched {
			return 0, false
		}
		rank += best
	}
	return rank, true
}

type timings []time.Duration

// measure adds the middle of n times of f.
func (t *timings) measure(n int, f func()) {
	times := make(timings, n)
	for i := range times {
		began := time.Now()
		f()
		times[i] = time.Since(began)
	}
	slices.Sort(times)
	*t = append(*t, times[n/2])
}

// percentile is in microseconds.
func (t timings) percentile(p int) float64 {
	slices.Sort(t)
	return float64(t[(len(t)-1)*p/100].Nanoseconds()) / 1e3
}
