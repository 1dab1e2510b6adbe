package main

import (
	"net/http"
	"net/url"
	"sync"
	"time"

	"teamsbridge/sso"
)

// clockWatch holds this machine's clock against Microsoft's, by the dates of
// its answers (RFC 9110, 6.6.1). It stands around the client for all of them.
type clockWatch struct {
	next  http.RoundTripper
	hosts map[string]bool // whose dates count

	mu    sync.Mutex
	ahead time.Duration
	at    time.Time // of the last answer that told; zero before the first
}

// mostDelay is how long an answer may take for its date to tell anything.
const mostDelay = 10 * time.Second

// watchClock looks at the answers that come through the client from addresses.
func watchClock(client *http.Client, addresses ...string) *clockWatch {
	w := &clockWatch{next: client.Transport, hosts: make(map[string]bool)}
	for _, address := range addresses {
		if u, err := url.Parse(address); err == nil {
			w.hosts[u.Host] = true
		}
	}
	client.Transport = w
	return w
}

// RoundTrip implements http.RoundTripper.
func (w *clockWatch) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	resp, err := w.next.RoundTrip(r)
	if err == nil && w.hosts[r.URL.Host] && resp.Header.Get("Age") == "" { // an aged answer is a cache's
		w.note(resp.Header.Get("Date"), began, time.Now())
	}
	return resp, err
}

// note compares the date with the middle of the exchange. It is cut to the
// second, so half of one is added.
func (w *clockWatch) note(date string, began, ended time.Time) {
	told, err := http.ParseTime(date)
	if err != nil || ended.Sub(began) > mostDelay {
		return
	}
	middle := began.Add(ended.Sub(began) / 2)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead, w.at = middle.Sub(told.Add(500*time.Millisecond)).Round(time.Second), ended
}

// since is what was seen after the time; not known when nothing was, or nobody
// watches.
func (w *clockWatch) since(t time.Time) sso.Clock {
	if w == nil {
		return sso.Clock{}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.at.Before(t) || w.at.IsZero() {
		return sso.Clock{}
	}
	return sso.Clock{Known: true, Ahead: w.ahead}
}

// CloseIdleConnections is what http.Client looks for.
func (w *clockWatch) CloseIdleConnections() {
	if next, ok := w.next.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}
