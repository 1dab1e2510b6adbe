package budget

import (
	"net/http"
	"strconv"
	"time"
)

// nearLimit is where Graph begins to send its throttle percentage; from here
// on the background waits.
const nearLimit = 0.8

// longestAsked bounds nonsense in a Retry-After.
const longestAsked = 24 * time.Hour

// Transport lets each request wait for its turn, marks it with its priority
// and learns from the answer. Every attempt counts, so whatever repeats
// requests stands before it. tenant names whose request it is.
//
// A request that was not sent fails with a *[LimitError] or its context's error.
func (b *Budget) Transport(next http.RoundTripper, tenant func(*http.Request) string) http.RoundTripper {
	return &transport{budget: b, next: next, tenant: tenant}
}

type transport struct {
	budget *Budget
	next   http.RoundTripper
	tenant func(*http.Request) string
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	tenant, cost, class := t.tenant(r), CostOf(r), ClassOf(r.Context())
	if err := t.budget.Wait(r.Context(), tenant, cost); err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // a RoundTripper must, and nothing was sent
		}
		return nil, err
	}
	r = r.Clone(r.Context()) // a RoundTripper must not change the caller's
	r.Header.Set("x-ms-throttle-priority", class.Priority())
	response, err := t.next.RoundTrip(r)
	if response != nil {
		t.budget.Learn(tenant, cost, response.StatusCode, response.Header)
	}
	return response, err
}

// Learn takes from an answer of Graph's what it says of the budget: that it
// throttles and for how long, what the request really cost, and how near the
// limit is. [Budget.Transport] does so by itself.
func (b *Budget) Learn(tenant string, c Cost, status int, h http.Header) {
	p := b.pools[c.Workload]
	asked := RetryAfter(h, time.Now())
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable && asked > 0 {
		p.throttled(tenant, asked)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	a := p.account(tenant)
	a.succeeded(now)
	if units, err := strconv.Atoi(h.Get("x-ms-resource-unit")); err == nil && units > c.Units && units <= a.limit.units {
		a.take(units-c.Units, now)
	}
	if used, err := strconv.ParseFloat(h.Get("x-ms-throttle-limit-percentage"), 64); err == nil && used >= nearLimit {
		a.strain = now.Add(a.limit.window)
	}
}

// RetryAfter reads the header of that name in either form of RFC 9110, section
// 10.2.3; 0 when there is none, or nonsense, and a day at most.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 {
		// Graph has been seen to send fractions.
		return time.Duration(min(seconds, longestAsked.Seconds()) * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), longestAsked)
	}
	return 0
}
