package searchrivals

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"teamsbridge/graph"
)

// BenchmarkFTS5 and BenchmarkBleve put one mixture of texts to the index and to
// a rival in turns. Each text counts with the middle of its times. build_s is
// what the rival takes to index the people, and is no race: it writes a file.
func BenchmarkFTS5(b *testing.B) {
	race(b, 1_000_000, func(people []graph.Person) engine { return newFTS5(b, people) })
}

func BenchmarkBleve(b *testing.B) {
	race(b, 1_000_000, func(people []graph.Person) engine { return newBleve(b, people) })
}

func race(b *testing.B, n int, newRival func([]graph.Person) engine) {
	people := crowd(n)
	index := newExperts(b, people)
	began := time.Now()
	rival := newRival(people)
	built := time.Since(began)
	texts := mixture(people, 100)
	var ours, theirs timings
	for b.Loop() {
		for _, text := range texts {
			want, got := ours.measure(b, 9, index, text), theirs.measure(b, 3, rival, text)
			if got != want {
				b.Fatalf("%q: the index finds %d people, the rival %d", text, want, got)
			}
		}
	}
	b.ReportMetric(0, "ns/op") // an iteration is as long as the mixture
	b.ReportMetric(built.Seconds(), "build_s")
	for _, p := range []int{50, 99} {
		b.ReportMetric(ours.percentile(p), fmt.Sprintf("p%d_µs", p))
		b.ReportMetric(theirs.percentile(p), fmt.Sprintf("rival_p%d_µs", p))
	}
}

func TestTheRivalsFindAsManyPeople(t *testing.T) {
	people := crowd(3000)
	index := newExperts(t, people)
	for name, rival := range map[string]engine{"FTS5": newFTS5(t, people), "Bleve": newBleve(t, people)} {
		t.Run(name, func(t *testing.T) {
			for _, text := range mixture(people, 100) {
				want, err := index.search(text)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := rival.search(text); err != nil || got != want {
					t.Errorf("%q: %d people, %v; want %d", text, got, err, want)
				}
			}
		})
	}
}

type timings []time.Duration

// measure adds the middle of n times of a search.
func (t *timings) measure(b *testing.B, n int, e engine, text string) (total int) {
	b.Helper()
	times := make(timings, n)
	for i := range times {
		began := time.Now()
		found, err := e.search(text)
		if err != nil {
			b.Fatalf("%q: %v", text, err)
		}
		times[i], total = time.Since(began), found
	}
	slices.Sort(times)
	*t = append(*t, times[n/2])
	return total
}

// percentile is in microseconds.
func (t timings) percentile(p int) float64 {
	slices.Sort(t)
	return float64(t[(len(t)-1)*p/100].Nanoseconds()) / 1e3
}
