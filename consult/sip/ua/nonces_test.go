package ua

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestNoncesAreOursAndGoStale(t *testing.T) {
	t.Parallel()
	ours, others, now := newNonces(), newNonces(), time.Now()
	fresh := ours.make(now)
	for name, c := range map[string]struct {
		nonce string
		at    time.Time
		want  bool
	}{
		"at once":                      {fresh, now, true},
		"in its life":                  {ours.make(now), now.Add(nonceLife - time.Second), true},
		"after its life":               {ours.make(now), now.Add(nonceLife), false},
		"before it was made":           {ours.make(now), now.Add(-time.Second), false},
		"of another process":           {others.make(now), now, false},
		"with another time in it":      {ours.make(now.Add(time.Second))[:16] + fresh[16:], now.Add(time.Second), false},
		"cut short":                    {fresh[:len(fresh)-2], now, false},
		"nothing at all":               {"", now, false},
		"something that is no hex sum": {"zz" + fresh[2:], now, false},
	} {
		if got := ours.spend(c.nonce, 1, incomingID{call: name}, c.at); got != c.want {
			t.Errorf("%s: good %t, want %t", name, got, c.want)
		}
	}
}

func TestNoTwoNoncesAreTheSame(t *testing.T) {
	n, now := newNonces(), time.Now()
	if one, another := n.make(now), n.make(now); one == another {
		t.Error("two callers of one moment have one nonce: the second would look like a repetition")
	}
}

func TestTheCountOfANonceRises(t *testing.T) {
	one, another := incomingID{call: "a", seq: 1}, incomingID{call: "a", seq: 2}
	type proof struct {
		count   int
		request incomingID
		good    bool
	}
	for name, proofs := range map[string][]proof{
		"one after another":                               {{1, one, true}, {2, another, true}},
		"some may be missing":                             {{1, one, true}, {7, another, true}},
		"the first need not be one":                       {{5, one, true}},
		"the same request again, as a proxy may send it":  {{1, one, true}, {1, one, true}},
		"the same count in another request":               {{1, one, true}, {1, another, false}},
		"a lower count":                                   {{2, one, true}, {1, another, false}},
		"a lower count in a request that was there":       {{1, one, true}, {2, another, true}, {1, one, false}},
		"a refusal takes nothing":                         {{2, one, true}, {1, another, false}, {3, another, true}},
		"zero, and less, which credentials cannot say":    {{0, one, false}, {-1, one, false}, {1, one, true}},
		"the highest count there is, after which is none": {{1<<31 - 1, one, true}, {1, another, false}},
	} {
		n, now := newNonces(), time.Now()
		nonce := n.make(now)
		for i, p := range proofs {
			if got := n.spend(nonce, p.count, p.request, now); got != p.good {
				t.Errorf("%s: proof %d good %t, want %t", name, i, got, p.good)
			}
		}
	}
}

func TestOfProofsAtOnceOneCounts(t *testing.T) {
	n, now := newNonces(), time.Now()
	nonce := n.make(now)
	var good atomic.Int32
	var all sync.WaitGroup
	for i := range uint32(32) {
		all.Go(func() {
			if n.spend(nonce, 1, incomingID{call: "a", seq: i}, now) {
				good.Add(1)
			}
		})
	}
	all.Wait()
	if good.Load() != 1 {
		t.Errorf("%d of 32 calls were let in by one proof", good.Load())
	}
}

func TestSpentNoncesAreForgottenAndNeverGoodAgain(t *testing.T) {
	t.Run("when they are too old", func(t *testing.T) {
		n, now := newNonces(), time.Now()
		for range 100 {
			n.spend(n.make(now), 1, incomingID{}, now)
		}
		later := now.Add(nonceLife)
		if n.spend(n.make(later), 1, incomingID{}, later); len(n.spent) != 1 {
			t.Errorf("%d are remembered, want the one that lives", len(n.spent))
		}
	})
	t.Run("when there are too many", func(t *testing.T) {
		n, now := newNonces(), time.Now()
		first := n.make(now)
		n.spend(first, 1, incomingID{}, now)
		waiting := n.make(now)
		for i := range uint64(mostSpent - 1) {
			n.spent[nonceID{made: uint64(now.UnixMicro()), random: i}] = use{count: 1} // after 1970
		}
		if n.spend(waiting, 1, incomingID{}, now) || len(n.spent) != 0 {
			t.Errorf("one more than there is room for was taken, %d are remembered", len(n.spent))
		}
		if n.spend(first, 1, incomingID{call: "another"}, now) {
			t.Error("a forgotten one is good again")
		}
		later := now.Add(time.Second)
		if !n.spend(n.make(later), 1, incomingID{}, later) {
			t.Error("the next challenge cannot be answered")
		}
	})
}
