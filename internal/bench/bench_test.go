package main

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const output = `goos: linux
pkg: teamsbridge/consult
cpu: AMD EPYC
BenchmarkEngine/writers=64-2         	       6	       755.0 B/record	      0.3934 ratio	      7551 steps/s
BenchmarkNext-2   	 6164022	       194.5 ns/op	       0 B/op	       0 allocs/op
BenchmarkGoOIDC
BenchmarkGoOIDC 	   10000	    101234 ns/op
BenchmarkBroken-2   	--- FAIL: no numbers
ok  	teamsbridge/consult	11.576s
`

func TestNumbersAreReadFromGoTest(t *testing.T) {
	got := results{}
	if err := got.read(strings.NewReader(output)); err != nil {
		t.Fatal(err)
	}
	want := results{
		{"Engine/writers=64", "B/record"}: 755, {"Engine/writers=64", "ratio"}: 0.3934, {"Engine/writers=64", "steps/s"}: 7551,
		{"Next", "ns/op"}: 194.5, {"Next", "B/op"}: 0, {"Next", "allocs/op"}: 0,
		{"GoOIDC", "ns/op"}: 101234,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryFigureSaysHowGoodItIs(t *testing.T) {
	all := results{
		{"a", "steps/s"}: 5_000, {"a", "raw_steps/s"}: 20_000,
		{"b", "ns/op"}: 50, {"c", "allocs/op"}: 0,
	}
	table, err := tableOf([]figure{
		{what: "steps", value: key{"a", "steps/s"}, against: "raw log", rival: key{"a", "raw_steps/s"}, show: perSecond, more: true},
		{what: "… a decision", value: key{"b", "ns/op"}, against: "goal", limit: 200, show: nanos},
		{what: "allocations", value: key{"c", "allocs/op"}, against: "goal", limit: 0, show: count},
		{what: "gone", value: key{"d", "ns/op"}, against: "goal", limit: 1, show: nanos},
		{what: "not installed", value: key{"b", "ns/op"}, against: "rival", rival: key{"e", "ns/op"}, show: nanos, optional: true},
		{what: "alone", value: key{"b", "ns/op"}, against: "rival", rival: key{"e", "ns/op"}, show: nanos},
	}, all)
	want := `
| figure       |    here | against |    there | times as good |
|--------------|--------:|---------|---------:|--------------:|
| steps        | 5,000/s | raw log | 20,000/s |          0.25 |
| … a decision | 50.0 ns | goal    |   200 ns |          4.00 |
| allocations  |       0 | goal    |        0 |          1.00 |
| gone         | missing | goal    |          |               |
| alone        | 50.0 ns | rival   |  missing |               |
`
	if diff := cmp.Diff(want[1:], table); diff != "" {
		t.Error(diff)
	}
	if err == nil || err.Error() != "not measured: d ns/op, e ns/op" {
		t.Errorf("error %v", err)
	}
}

func TestNumbersAreWrittenForPeople(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{nanos(0.4), "0.40 ns"}, {nanos(999.6), "1000 ns"}, {micros(1.5), "1.50 µs"}, {micros(36_333), "36.3 ms"}, {millis(1709.7), "1.71 s"},
		{perSecond(1_234_567.8), "1,234,568/s"}, {count(16), "16"}, {bytesOf(201.6), "202 B"}, {bytesOf(242_652), "243 kB"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestThePageIsWeighedByWhatTheFirstScreenLoads(t *testing.T) {
	heavy := &fstest.MapFile{Data: []byte(strings.Repeat("a", 1000))}
	dist := fstest.MapFS{
		"index.html":     {Data: []byte(`<script src="/assets/app.js"></script><link href="/assets/app.js"><link rel="modulepreload" href="/assets/base.js"><link href="/assets/app.css">`)},
		"assets/app.js":  heavy,
		"assets/base.js": heavy,
		"assets/de.js":   heavy, "assets/en.js": heavy, // one of them
		"assets/sdk.js":   heavy,
		"assets/later.js": heavy,
		"assets/app.css":  heavy,
	}
	got := results{}
	if err := weighPage(dist, got); err != nil {
		t.Fatal(err)
	}
	first, teams := got[key{"page first", "B"}], got[key{"page in teams", "B"}]
	if first == 0 || first >= 2000 || teams*3 != first*4 {
		t.Errorf("first screen %v, inside Teams %v", first, teams)
	}
	for _, missing := range []string{"index.html", "assets/base.js", "assets/de.js", "assets/sdk.js"} {
		without := maps.Clone(dist)
		delete(without, missing)
		if err := weighPage(without, got); err == nil {
			t.Errorf("a page without %s was weighed", missing)
		}
	}
}

func TestProcessesSayWhereTheyAre(t *testing.T) {
	for line, want := range map[string]string{
		"  page:       http://127.0.0.1:34567":                                        "127.0.0.1:34567",
		"  internal:   http://127.0.0.1:34568":                                        "",
		`time=2026 level=INFO msg=serving address=127.0.0.1:1234 internal_address=""`: "127.0.0.1:1234",
		`{"level":"INFO","msg":"serving","address":"127.0.0.1:99"}`:                   "127.0.0.1:99",
	} {
		found := ""
		if m := address.FindStringSubmatch(line); m != nil {
			found = m[1]
		}
		if found != want {
			t.Errorf("%q: %q, want %q", line, found, want)
		}
	}
}

func TestHistoriesThatHeldAreCounted(t *testing.T) {
	for _, c := range []struct {
		name, output string
		held         int
		ok           bool
	}{
		{"all", "    machine_test.go:60: [rapid] OK, passed 500000 tests (1m0.6s)\n--- PASS", 500_000, true},
		{"none is said", "PASS\n", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if held, err := heldIn(c.output); held != c.held || (err == nil) != c.ok {
				t.Errorf("%d, %v", held, err)
			}
		})
	}
}
