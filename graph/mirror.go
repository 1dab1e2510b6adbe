package graph

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

const (
	pageTimeout   = time.Minute     // for one page of a delta query
	firstBackoff  = time.Second     // after a failure; doubles up to the sync interval
	maxBackoff    = 5 * time.Minute // unless Graph asks for more
	progressEvery = 5 * time.Second // between progress lines in the log
	patience      = 5               // failures in a row of a kind that says nothing, then the round starts anew
)

// errBrokenPage: a delta page that leads nowhere.
var errBrokenPage = errors.New("graph: delta page without a way on")

// mirror keeps one organisation's index in step with its directory.
type mirror struct {
	tenant    Tenant
	directory Directory
	interval  time.Duration
	logger    *slog.Logger
	progress  func(TenantID, Status)
	rounds    func(result string)
	wake      chan struct{}

	index atomic.Pointer[index] // nil before the first full read

	mu          sync.Mutex
	unlisted    map[UserID]Reason // people of the directory who are no experts
	status      Status
	subscribers map[chan Status]struct{}
}

// run works round after round until ctx ends.
func (m *mirror) run(ctx context.Context) {
	r := newRound("")
	failures := 0
	for {
		link, err := m.read(ctx, r)
		if ctx.Err() != nil {
			return
		}
		wait := m.interval + jitter(m.interval)
		nudged := m.wake
		switch {
		case err == nil:
			m.apply(ctx, r)
			r, failures = newRound(link), 0
		case errors.Is(err, ErrResyncRequired) && !r.full():
			m.logger.InfoContext(ctx, "directory must be read anew", "tenant", m.tenant.ID)
			m.rounds("resync")
			r, wait = newRound(""), 0
		default:
			failures++
			f := classify(err)
			m.failed(ctx, f, err)
			wait = backoff(failures, m.interval, f.retryAfter)
			if f.kind == failureThrottled {
				nudged = nil // what Graph asked for comes first
			}
			if errors.Is(err, ErrResyncRequired) || f.kind == failureOther && failures%patience == 0 {
				r = newRound("")
			}
		}
		if !pause(ctx, wait, nudged) {
			return
		}
	}
}

// read takes the round's remaining pages and returns the delta link. After an
// error the same round can be read on where it stopped.
func (m *mirror) read(ctx context.Context, r *round) (link string, err error) {
	for {
		page, err := m.page(ctx, r.link)
		if err != nil {
			return "", err
		}
		r.take(page.People, m.tenant.Country)
		m.advanced(ctx, r)
		switch {
		case page.Next != "" && page.Next != r.link:
			r.link = page.Next
		case page.Next == "" && page.Delta != "":
			return page.Delta, nil
		default:
			return "", errBrokenPage
		}
	}
}

func (m *mirror) page(ctx context.Context, link string) (DeltaPage, error) {
	ctx, cancel := context.WithTimeout(ctx, pageTimeout)
	defer cancel()
	return m.directory.DeltaPage(ctx, m.tenant.ID, link)
}

// apply makes a complete round visible.
func (m *mirror) apply(ctx context.Context, r *round) {
	old := m.index.Load()
	next := r.applyTo(old)
	m.index.Store(next)

	m.mu.Lock()
	if r.full() {
		m.unlisted = r.unlisted()
	} else {
		r.updateUnlisted(m.unlisted)
	}
	m.status = Status{
		Ready:    true,
		SyncedAt: time.Now(),
		People:   next.experts + len(m.unlisted),
		Experts:  next.experts,
	}
	status := m.tellLocked()
	m.mu.Unlock()

	m.rounds("ok")
	if r.full() {
		m.logger.InfoContext(ctx, "directory read", "tenant", m.tenant.ID, "people", status.People,
			"experts", status.Experts, "seconds", time.Since(r.began).Seconds())
		if old == nil && m.progress != nil {
			m.progress(m.tenant.ID, status)
		}
	} else if len(r.changes) > 0 {
		m.logger.DebugContext(ctx, "directory changed", "tenant", m.tenant.ID, "people", len(r.changes))
	}
}

// advanced shows how far a full read is.
func (m *mirror) advanced(ctx context.Context, r *round) {
	if !r.full() {
		return
	}
	m.mu.Lock()
	m.status.Rate = r.rate()
	if !m.status.Ready {
		m.status.People, m.status.Experts = len(r.changes), r.experts
	}
	status := m.tellLocked()
	m.mu.Unlock()
	if m.progress != nil && !status.Ready {
		m.progress(m.tenant.ID, status)
	}
	if time.Since(r.logged) >= progressEvery {
		r.logged = time.Now()
		m.logger.InfoContext(ctx, "reading directory", "tenant", m.tenant.ID, "people", len(r.changes),
			"people_per_second", int(status.Rate))
	}
}

// failed shows that Graph could not be asked.
func (m *mirror) failed(ctx context.Context, f failure, err error) {
	m.mu.Lock()
	if m.status.Since.IsZero() {
		m.status.Since = time.Now()
	}
	m.status.LastError, m.status.RequestID, m.status.RetryAfter = f.kind, f.requestID, f.retryAfter
	m.tellLocked()
	m.mu.Unlock()
	m.rounds(f.kind)
	m.logger.WarnContext(ctx, "directory cannot be read", "tenant", m.tenant.ID, "reason", f.kind,
		"request_id", f.requestID, "retry_after", f.retryAfter, "error", err)
}

// reason tells why the directory's person is not listed; ok is false for
// somebody the mirror has not met.
func (m *mirror) reason(id UserID) (reason Reason, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	reason, ok = m.unlisted[id]
	return reason, ok
}

// backoff is the time to the next try after n failures in a row.
func backoff(n int, interval, retryAfter time.Duration) time.Duration {
	wait := min(firstBackoff<<min(n-1, 16), max(interval, firstBackoff), maxBackoff)
	wait = max(wait, retryAfter)
	return wait + jitter(wait)
}

// jitter is up to a tenth, so that nodes and organisations do not march in step.
func jitter(d time.Duration) time.Duration {
	if d < 10 {
		return 0
	}
	return rand.N(d / 10)
}

// pause waits; false when ctx ended. A nudge cuts it short.
func pause(ctx context.Context, d time.Duration, nudge <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-nudge:
	}
	return ctx.Err() == nil
}
