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
	ok := false
	if b.AsksCode() {
		r.Dial = b.deps.Numbers[0]
		r.Code, ok = b.freeCode()
	} else {
		r.Dial, ok = b.freeNumber()
	}
	if !ok {
		b.metrics.absent.Inc()
		return nil, &ExhaustedError{RetryAfter: b.nextFree(r.MadeAt)}
	}
	e := newEntry(r)
	e.mu.Lock()
	b.live[r.ID] = e
	return e, nil
}

// freeNumber is the number that has not been used for longest.
func (b *Book) freeNumber() (string, bool) {
	taken := make(map[string]bool, len(b.live))
	for _, e := range b.live {
		if e.holds {
			taken[e.dial] = true
		}
	}
	free := slices.DeleteFunc(slices.Clone(b.deps.Numbers), func(n string) bool { return taken[n] })
	if len(free) == 0 {
		return "", false
	}
	return slices.MinFunc(free, func(a, c string) int { return b.freed[a].Compare(b.freed[c]) }), true
}

func (b *Book) freeCode() (string, bool) {
	taken := make(map[string]bool, len(b.live))
	for _, e := range b.live {
		if e.waits {
			taken[e.code] = true
		}
	}
	if len(taken) >= mostCodes {
		return "", false
	}
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(codes))
		if err != nil {
			panic(err) // crypto/rand does not fail
		}
		if code := fmt.Sprintf("%0*d", CodeDigits, n); !taken[code] {
			return code, true
		}
	}
}

// nextFree is how long it takes at most until somebody's time is up.
func (b *Book) nextFree(now time.Time) time.Duration {
	next := b.config.Expire
	for _, e := range b.live {
		if e.waits {
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
