package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/consult"
)

// audience hears what a teller says.
type audience struct {
	*teller
	mu   sync.Mutex // of what follows
	told []Told
	fail error // instead of hearing
	log  strings.Builder
}

func newAudience() *audience {
	a := &audience{}
	a.teller = newTeller(func(_ context.Context, payloads []string) error {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.fail != nil {
			return a.fail
		}
		for _, payload := range payloads {
			a.told = append(a.told, heard(payload))
		}
		return nil
	}, time.Second, slog.New(slog.NewTextHandler(&a.log, nil)))
	return a
}

func (a *audience) fails(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fail = err
}

// hears demands what was told since it was asked last.
func (a *audience) hears(t *testing.T, want ...Told) {
	t.Helper()
	synctest.Wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	if fmt.Sprint(a.told) != fmt.Sprint(want) {
		t.Errorf("told %v, want %v", a.told, want)
	}
	a.told = nil
}

func named(versions map[consult.InteractionID]uint64) Told {
	return Told{Tenant: "t", Versions: versions}
}

func TestABurstSharesATelling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAudience()
		defer a.close()
		a.add("t", "i-1", 1)
		a.hears(t, named(map[consult.InteractionID]uint64{"i-1": 1})) // the first of a quiet time at once
		for version := uint64(2); version <= 500; version++ {
			a.add("t", "i-1", version)
			a.add("t", "i-2", version-1)
		}
		a.add("t", "i-1", 7) // who committed first may come last
		a.hears(t)
		time.Sleep(tellEvery)
		a.hears(t, named(map[consult.InteractionID]uint64{"i-1": 500, "i-2": 499}))
		time.Sleep(time.Hour)
		a.hears(t)
	})
}

func TestMoreThanCanBeNamedIsEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAudience()
		defer a.close()
		a.add("t", "first", 1)
		a.hears(t, named(map[consult.InteractionID]uint64{"first": 1}))
		for n := range mostNamed + 1 {
			a.add("t", consult.InteractionID(fmt.Sprint(n)), 1)
		}
		a.add("t", "late", 1)
		time.Sleep(tellEvery)
		a.hears(t, Told{Everywhere: true})
	})
}

func TestWhatCouldNotBeToldIsEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAudience()
		a.fails(errors.New("away"))
		a.add("t", "i-1", 1)
		time.Sleep(time.Minute)
		a.add("t", "i-2", 1)
		a.hears(t)
		a.fails(nil)
		time.Sleep(lastPause)
		a.hears(t, Told{Everywhere: true})
		a.close()
		if got := strings.Count(a.log.String(), "level="); got != 2 {
			t.Errorf("logged %d lines, want one for the failure and one for its end:\n%s", got, &a.log)
		}
	})
}

func TestTheLastWordIsSaidAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAudience()
		a.add("t", "i-1", 1)
		a.hears(t, named(map[consult.InteractionID]uint64{"i-1": 1}))
		a.add("t", "i-2", 1)
		a.close()
		a.hears(t, named(map[consult.InteractionID]uint64{"i-2": 1}))
	})
}

func TestWhatIsToldFitsIntoPayloads(t *testing.T) {
	many := make(map[consult.InteractionID]uint64)
	for n := range 2000 {
		many[consult.InteractionID(fmt.Sprintf("%d<ü\"", n))] = uint64(n)
	}
	long := consult.InteractionID(strings.Repeat("x", roomInPayload))
	for _, c := range []struct {
		name string
		told Told
		want map[consult.InteractionID]uint64 // nil: everywhere
	}{
		{"one", named(map[consult.InteractionID]uint64{"i-1": 1}), map[consult.InteractionID]uint64{"i-1": 1}},
		{"thousands in many", named(many), many},
		{"a name that no payload has room for means everywhere", named(map[consult.InteractionID]uint64{long: 1}), nil},
		{"nor a tenant", Told{Tenant: string(long), Versions: many}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, everywhere := make(map[consult.InteractionID]uint64), false
			for _, payload := range c.told.payloads() {
				if len(payload) > roomInPayload {
					t.Errorf("a payload of %d bytes", len(payload))
				}
				told := heard(payload)
				everywhere = everywhere || told.Everywhere
				for id, version := range told.Versions {
					got[id] = version
				}
			}
			if everywhere != (c.want == nil) || c.want != nil && fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("told %v, everywhere %t; want %v", got, everywhere, c.want)
			}
		})
	}
}

// Whatever arrives, it names something or means everything.
func FuzzHeard(f *testing.F) {
	for _, seed := range []string{`{"tenant":"t","versions":{"i-1":3}}`, `{"everywhere":true}`, `{"everywhere":true,"tenant":"t","versions":{"i-1":3}}`,
		`{}`, ``, `null`, `[]`, `{"tenant":"t"}`, `{"versions":{"i-1":3}}`, `{"tenant":"t","versions":{"i-1":-3}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		told := heard(payload)
		if names := told.Tenant != "" && len(told.Versions) > 0; names == told.Everywhere {
			t.Fatalf("heard(%q) = %+v", payload, told)
		}
		for _, again := range told.payloads() {
			if len(again) > roomInPayload {
				t.Fatalf("a payload of %d bytes", len(again))
			}
		}
		if again := told.payloads(); len(again) == 1 && fmt.Sprint(heard(again[0])) != fmt.Sprint(told) && !slices.Equal(again, Told{Everywhere: true}.payloads()) {
			t.Fatalf("told %+v again as %q", told, again)
		}
	})
}
