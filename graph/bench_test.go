package graph

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

const (
	manyPeople  = 1_000_000
	benchPeople = 100_000
)

var (
	benchGiven = []string{"Anna", "Jürgen", "François", "Łukasz", "Søren", "Hans-Peter", "Işıl", "Michael", "Maria", "Björn", "Zoë", "Ursula"}
	benchStem  = []string{"Müll", "Schmi", "Weber", "Krüg", "Hoff", "Stra", "Bau", "Lind", "Wagn", "Fisch", "Gün", "O'Bri", "Kowal", "Sjö", "Pere"}
	benchEnd   = []string{"er", "mann", "dt", "stein", "ski", "berg", "sen", "ova", "inger", "haus", "feld", "ke"}
	benchRole  = []string{"Steuerberater", "Leiter Vertrieb", "IT-Architekt", "Sales Manager", "Controller", "Ärztin", "Ingenieur", "Einkäufer"}
	benchPlace = []string{"Berlin", "München", "Köln", "Hamburg", "Wien", "Zürich"}
)

// crowd makes an organisation: a good 2,000 surnames, 48 departments.
func crowd(n int) []Expert {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	experts := make([]Expert, n)
	for i := range experts {
		given, surname := pick(benchGiven), pick(benchStem)+pick(benchEnd)+string(rune('a'+r.IntN(12)))
		experts[i] = Expert{
			ID: UserID(fmt.Sprintf("%08x-0000-4000-8000-%012d", r.Uint32(), i)), Name: given + " " + surname, GivenName: given, Surname: surname,
			Role: pick(benchRole), Department: pick(benchRole) + " " + pick(benchPlace), Number: fmt.Sprintf("+4930%07d", i),
		}
	}
	return experts
}

func BenchmarkSearch(b *testing.B) {
	x := newIndex(crowd(manyPeople))
	for _, c := range []struct{ name, text string }{
		{"one word", "müller"},
		{"two words", "anna mue"},
		{"three words", "anna steuer berlin"},
		{"one letter", "m"},
		{"two letters apart", "a b"},
		{"miss", "xylophon"},
		{"phone", "030 0004711"},
		{"everybody", ""},
	} {
		b.Run(c.name, func(b *testing.B) {
			times := make([]time.Duration, 0, 1<<16)
			for b.Loop() {
				began := time.Now()
				p, err := newPlan("t", "DE", Query{Text: c.text, Country: "DE"}, x)
				if err != nil {
					b.Fatal(err)
				}
				x.search(p)
				times = append(times, time.Since(began))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds()), "p99-ns")
		})
	}
}

// BenchmarkBuildIndex indexes a million people. B/person is the index with the
// people's texts, whose first and last names, roles and departments are shared
// as the mirror shares them; index_B/person is the index alone.
func BenchmarkBuildIndex(b *testing.B) {
	var texts, all uint64
	for b.Loop() {
		b.StopTimer()
		before := heap()
		people := crowd(manyPeople)
		texts = heap() - before
		b.StartTimer()
		x := newIndex(people)
		b.StopTimer()
		all = heap() - before
		runtime.KeepAlive(x)
		b.StartTimer()
	}
	b.ReportMetric(float64(all)/manyPeople, "B/person")
	b.ReportMetric(float64(all-texts)/manyPeople, "index_B/person")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/manyPeople, "ns/person")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkUpdate changes people among a million: one at a time, and as many
// at once as a busy minute brings. The mean holds what merging segments costs.
func BenchmarkUpdate(b *testing.B) {
	people := crowd(manyPeople)
	base := newIndex(slices.Clone(people))
	for _, size := range []int{1, 1000} {
		b.Run(fmt.Sprintf("people=%d", size), func(b *testing.B) {
			x, i := base, 0
			for b.Loop() {
				changes := make(map[UserID]*Expert, size)
				for range size {
					e := people[i*7919%manyPeople]
					e.Role = fmt.Sprint("Role ", i%1000)
					changes[e.ID] = &e
					i++
				}
				x = x.with(changes)
			}
		})
	}
}

func BenchmarkListing(b *testing.B) {
	p := Person{ID: "1", Name: "Anna Weber", Phones: []string{"+49 (30) 1234-567"}, Enabled: true, Type: "Member"}
	for b.Loop() {
		if _, reason := (&rules{country: "DE"}).list(p); reason != "" {
			b.Fatal(reason)
		}
	}
}
