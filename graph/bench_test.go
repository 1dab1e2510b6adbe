package graph

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

const benchPeople = 100_000

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
	x := newIndex(crowd(benchPeople))
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

func BenchmarkBuildIndex(b *testing.B) {
	people := crowd(benchPeople)
	before := heap()
	x := newIndex(slices.Clone(people))
	perPerson := float64(heap()-before) / benchPeople
	for b.Loop() {
		newIndex(slices.Clone(people))
	}
	b.ReportMetric(perPerson, "B/person") // without the texts themselves
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchPeople, "ns/person")
	runtime.KeepAlive(x)
	runtime.KeepAlive(people)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkUpdate changes one person of many.
func BenchmarkUpdate(b *testing.B) {
	people := crowd(benchPeople)
	x := newIndex(slices.Clone(people))
	i := 0
	for b.Loop() {
		e := people[i%100]
		e.Role = fmt.Sprint("Role ", i)
		x = x.with(map[UserID]*Expert{e.ID: &e})
		i++
	}
}

func BenchmarkListing(b *testing.B) {
	p := Person{ID: "1", Name: "Anna Weber", Phones: []string{"+49 (30) 1234-567"}, Enabled: true, Type: "Member"}
	for b.Loop() {
		if _, reason := listing(p, "DE"); reason != "" {
			b.Fatal(reason)
		}
	}
}
