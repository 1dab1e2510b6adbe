package reserve_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
)

// enough checks that somebody gets no further reservation because they have enough.
func (w *world) enough(who string) {
	w.t.Helper()
	_, err := w.book.Reserve(w.t.Context(), w.who[who], reserve.Request{})
	refused, ok := errors.AsType[*reserve.TooManyError](err)
	if !ok || refused.RetryAfter <= 0 || refused.RetryAfter > 2*time.Minute {
		w.t.Errorf("one more for %s: %v, want TooManyError", who, err)
	}
}

func TestAnAgentHasThreeAtATime(t *testing.T) {
	for name, numbers := range map[string][]string{
		"each with a number of its own": {"+491", "+492", "+493", "+494", "+495", "+496", "+497"},
		"each with a code":              {"+491"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, numbers...)
			first, second, third := w.reserve("anja"), w.reserve("anja"), w.reserve("anja")
			w.enough("anja")
			w.reserve("ben")   // colleagues have theirs
			w.reserve("berta") // and another organisation's agent with the same id

			call := w.claim(first)
			w.enough("anja") // one that rings counts
			if err := call.Connected(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.reserve("anja")
			w.enough("anja")
			if err := w.book.Withdraw(t.Context(), w.who["anja"], second.ID); err != nil {
				t.Fatal(err)
			}
			w.reserve("anja")
			w.enough("anja")
			w.claim(third).Over(t.Context(), consult.FailureBusy)
			w.reserve("anja")

			w.restart()
			w.enough("anja")
		})
	}
}

func TestTheLastNumberIsForWhoHasNone(t *testing.T) {
	w := newWorld(t, "+491", "+492")
	w.reserve("anja")
	w.enough("anja")
	w.reserve("ben")
	_, err := w.book.Reserve(t.Context(), w.who["berta"], reserve.Request{})
	if _, ok := errors.AsType[*reserve.ExhaustedError](err); !ok {
		t.Errorf("none is left: %v, want ExhaustedError", err)
	}
}

func TestHavingEnoughEndsWithTheFirstThatExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "+491", "+492", "+493", "+494", "+495")
		w.run()
		w.reserve("anja")
		time.Sleep(time.Minute)
		w.reserve("anja")
		w.reserve("anja")
		_, err := w.book.Reserve(t.Context(), w.who["anja"], reserve.Request{})
		refused, ok := errors.AsType[*reserve.TooManyError](err)
		if !ok || refused.RetryAfter != time.Minute {
			t.Fatalf("one more: %v", err)
		}
		time.Sleep(refused.RetryAfter)
		synctest.Wait()
		w.reserve("anja")
	})
}

// TestManyRequestsAtOnceGetNoMore has a desktop ask forty times in one moment.
func TestManyRequestsAtOnceGetNoMore(t *testing.T) {
	w := newWorld(t, "+491", "+492", "+493", "+494", "+495", "+496")
	var made atomic.Int32
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			if _, err := w.book.Reserve(t.Context(), w.who["anja"], reserve.Request{}); err == nil {
				made.Add(1)
			}
		})
	}
	all.Wait()
	if made.Load() != 3 {
		t.Errorf("%d reservations, want 3", made.Load())
	}
}

// TestTheSameRequestTwiceAtOnceIsOne, also where it is the last that the agent may make.
func TestTheSameRequestTwiceAtOnceIsOne(t *testing.T) {
	w := newWorld(t, "+491", "+492", "+493", "+494", "+495")
	w.reserve("anja")
	w.reserve("anja")
	ids := make([]string, 2)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			r, err := w.book.Reserve(t.Context(), w.who["anja"], reserve.Request{Key: "k"})
			if err != nil {
				t.Errorf("request %d: %v", i, err)
			}
			ids[i] = r.ID
		})
	}
	all.Wait()
	if ids[0] != ids[1] {
		t.Errorf("made %q", ids)
	}
}

func TestHowManyAnAgentMayHave(t *testing.T) {
	if err := (reserve.Config{PerAgent: -1}).Validate(); err == nil {
		t.Error("-1 is taken")
	}
	w := newWorld(t, "+491", "+492", "+493", "+494", "+495")
	book, err := reserve.New(t.Context(), reserve.Config{PerAgent: 1}, reserve.Deps{Store: w.store, Targets: w.targets, Numbers: w.numbers})
	if err != nil {
		t.Fatal(err)
	}
	w.book = book
	w.reserve("anja")
	w.enough("anja")
}
