package web

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// RateConfig is how often somebody may ask.
type RateConfig struct {
	Rate  float64 `koanf:"rate"`  // requests a second, in the long run; 0 means no limit
	Burst int     `koanf:"burst"` // requests at once, after a while of silence
}

// buckets hold one token bucket for each key, of at most max keys: memory is
// bounded whoever asks. When there is no room for another key, those at rest are
// forgotten, which loses nothing: a new bucket is full, too. When none is at
// rest, new keys share one bucket, so that nobody escapes their own by bringing
// many others.
type buckets[K comparable] struct {
	cfg RateConfig
	max int

	mu     sync.Mutex
	of     map[K]*rate.Limiter
	shared *rate.Limiter
	swept  time.Time
}

// sweepEvery bounds what a flood of new keys costs.
const sweepEvery = time.Second

// newBuckets gives nil, which limits nothing, for a rate of 0.
func newBuckets[K comparable](cfg RateConfig, limit int) *buckets[K] {
	if cfg.Rate == 0 {
		return nil
	}
	b := &buckets[K]{cfg: cfg, max: limit, of: make(map[K]*rate.Limiter)}
	b.shared = b.full()
	return b
}

func (b *buckets[K]) full() *rate.Limiter {
	return rate.NewLimiter(rate.Limit(b.cfg.Rate), max(1, b.cfg.Burst))
}

// take takes a token; when there is none, it says how long until the next one.
func (b *buckets[K]) take(key K, now time.Time) (wait time.Duration) {
	if b == nil {
		return 0
	}
	limiter := b.bucket(key, now)
	if limiter.AllowN(now, 1) {
		return 0
	}
	return untilOne(limiter, now)
}

// look is take without taking.
func (b *buckets[K]) look(key K, now time.Time) (wait time.Duration) {
	if b == nil {
		return 0
	}
	b.mu.Lock()
	limiter, known := b.of[key]
	b.mu.Unlock()
	if !known {
		return 0
	}
	return untilOne(limiter, now)
}

// untilOne is how long until the bucket holds a whole token.
func untilOne(limiter *rate.Limiter, now time.Time) time.Duration {
	missing := 1 - limiter.TokensAt(now)
	return max(0, time.Duration(math.Ceil(missing/float64(limiter.Limit())*float64(time.Second))))
}

func (b *buckets[K]) bucket(key K, now time.Time) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if limiter, ok := b.of[key]; ok {
		return limiter
	}
	if len(b.of) >= b.max && now.Sub(b.swept) >= sweepEvery {
		b.swept = now
		for k, limiter := range b.of {
			if limiter.TokensAt(now) >= float64(limiter.Burst()) {
				delete(b.of, k)
			}
		}
	}
	if len(b.of) >= b.max {
		return b.shared
	}
	limiter := b.full()
	b.of[key] = limiter
	return limiter
}
