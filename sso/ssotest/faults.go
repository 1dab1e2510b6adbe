package ssotest

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault makes requests go wrong: those whose path begins with Route.
type Fault struct {
	Route      string
	Status     int // 0: only delay
	RetryAfter int // seconds; 0: no header
	Delay      time.Duration
	Count      int     // how many; 0: until cleared by the same route with Count -1
	Rate       float64 // share of matching requests; 0 counts as 1
	// Code is the AADSTS code of the answer; 0 means one that goes with Status.
	// It lets a test play what the simulator has no rules for, such as
	// conditional access (50076, 53003).
	Code int
	// Name is the error code of an answer of Graph's; empty means one that goes
	// with Status.
	Name string
}

// Faults are the faults that wait to happen. One route has one fault: a new one
// replaces it. Safe for concurrent use.
type Faults struct {
	mu      sync.Mutex
	waiting []Fault
	dice    *rand.Rand
}

// NewFaults throws dice that the seed repeats.
func NewFaults(seed uint64) *Faults { return &Faults{dice: rand.New(rand.NewPCG(seed, seed))} }

// Inject adds a fault, or clears its route's when Count is negative.
func (f *Faults) Inject(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = slices.DeleteFunc(f.waiting, func(w Fault) bool { return w.Route == fault.Route })
	if fault.Count >= 0 {
		f.waiting = append(f.waiting, fault)
	}
}

// Next says what happens to a request for path, and counts it.
func (f *Faults) Next(path string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.waiting {
		fault := &f.waiting[i]
		if !strings.HasPrefix(path, fault.Route) {
			continue
		}
		if fault.Rate > 0 && fault.Rate < 1 && f.dice.Float64() >= fault.Rate {
			continue
		}
		happens := *fault
		switch fault.Count {
		case 0: // for ever
		case 1:
			f.waiting = slices.Delete(f.waiting, i, i+1)
		default:
			fault.Count--
		}
		return happens, true
	}
	return Fault{}, false
}

// middleware lets faults happen before next is asked; write renders a failure.
func (f *Faults) middleware(next http.Handler, write func(http.ResponseWriter, *http.Request, Fault)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fault, happens := f.Next(r.URL.Path)
		if happens && fault.Delay > 0 {
			timer := time.NewTimer(fault.Delay)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-r.Context().Done():
				return
			}
		}
		if !happens || fault.Status == 0 {
			next.ServeHTTP(w, r)
			return
		}
		if fault.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(fault.RetryAfter))
		}
		write(w, r, fault)
	})
}

// recordRequests tells the log of every request once it is answered.
func recordRequests(o Options, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		at, path, query := o.Clock().UTC(), r.URL.Path, withoutTokens(r.URL.RawQuery)
		defer func() {
			o.Log(Request{Method: r.Method, Path: path, Query: query, Status: seen.status, At: at})
		}()
		next.ServeHTTP(seen, r)
	})
}

// withoutTokens blanks the one parameter that carries a token in an address.
func withoutTokens(query string) string {
	values, err := url.ParseQuery(query)
	if err != nil || !values.Has("id_token_hint") {
		return query
	}
	values.Set("id_token_hint", "redacted")
	return values.Encode()
}

// statusRecorder remembers the status of an answer.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (s *statusRecorder) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the real writer.
func (s *statusRecorder) Unwrap() http.ResponseWriter { return s.ResponseWriter }
