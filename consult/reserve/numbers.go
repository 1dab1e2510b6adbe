package reserve

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// CodeDigits is how many digits a code has.
const CodeDigits = 6

const (
	codes = 1_000_000
	// mostCodes leaves a guess one chance in a thousand, however many wait.
	mostCodes = 1000
	// Wrong codes beyond these are not looked at.
	wrongCodeEvery   = 3 * time.Second
	wrongCodesAtOnce = 30
)

// AsksCode reports whether callers enter a code: the number alone does not say
// which reservation is theirs.
func (b *Book) AsksCode() bool { return len(b.deps.Numbers) == 1 }

// allot finds a number, or a code, for a reservation and takes note of it. The
// entry comes with its mutex held: no call finds it before it is stored.
func (b *Book) allot(r Reservation) (*entry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.mayHave(r); err != nil {
		return nil, err
	}
	if b.AsksCode() {
		r.Dial, r.Code = b.deps.Numbers[0], b.freeCode()
	} else { // the one that has not been used for longest
		r.Dial = slices.MinFunc(b.freeNumbers(), func(a, c string) int { return b.freed[a].Compare(b.freed[c]) })
	}
	e := newEntry(r)
	e.mu.Lock()
	b.live[r.ID] = e
	return e, nil
}

// mayHave refuses what there is no number for, and what would leave others none:
// an agent's desktop that asks again and again, by mistake or not, must not keep
// the rest of the contact centre from consulting.
func (b *Book) mayHave(r Reservation) error {
	mine := func(e *entry) bool { return e.holds && e.by(r) }
	held, free := 0, b.free()
	for _, e := range b.live {
		if mine(e) {
			held++
		}
	}
	switch {
	case held >= b.config.PerAgent, free == 1 && held > 0:
		b.metrics.refused.WithLabelValues(refusedPerAgent).Inc()
		return &TooManyError{RetryAfter: b.nextFree(r.MadeAt, mine)}
	case free == 0:
		b.metrics.refused.WithLabelValues(refusedTaken).Inc()
		return &ExhaustedError{RetryAfter: b.nextFree(r.MadeAt, func(*entry) bool { return true })}
	}
	return nil
}

// by reports whether an entry counts as one that the maker of a reservation has
// beside it. The same request under the same key, at the same time, is no other:
// the store will say so.
func (e *entry) by(r Reservation) bool {
	return e.tenant == r.Tenant && e.agent == r.Agent && (r.Key == "" || e.key != r.Key)
}

// free is how many reservations there is room for.
func (b *Book) free() int {
	if b.AsksCode() {
		return max(0, mostCodes-len(b.takenCodes()))
	}
	return len(b.freeNumbers())
}

func (b *Book) freeNumbers() []string {
	taken := make(map[string]bool, len(b.live))
	for _, e := range b.live {
		if e.holds {
			taken[e.dial] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(b.deps.Numbers), func(n string) bool { return taken[n] })
}

func (b *Book) takenCodes() map[string]bool {
	taken := make(map[string]bool, len(b.live))
	for _, e := range b.live {
		if e.waits {
			taken[e.code] = true
		}
	}
	return taken
}

func (b *Book) freeCode() string {
	taken := b.takenCodes()
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(codes))
		if err != nil {
			panic(err) // crypto/rand does not fail
		}
		if code := fmt.Sprintf("%0*d", CodeDigits, n); !taken[code] {
			return code
		}
	}
}

// nextFree is how long it takes at most until the time of one of them is up.
func (b *Book) nextFree(now time.Time, of func(*entry) bool) time.Duration {
	next := b.config.Expire
	for _, e := range b.live {
		if e.waits && of(e) {
			next = min(next, e.expires.Sub(now))
		}
	}
	return max(next, time.Second)
}

// waiting finds the reservation of a call, comparing every code there is so that
// the time it takes tells nothing.
func (b *Book) waiting(number, code string, now time.Time) *entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found *entry
	for _, e := range b.live {
		same := subtle.ConstantTimeCompare([]byte(e.code), []byte(code)) == 1
		if same && e.dial == number && e.waits && now.Before(e.expires) {
			found = e
		}
	}
	return found
}

// forget takes away what was not stored.
func (b *Book) forget(e *entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.live, e.id)
}
