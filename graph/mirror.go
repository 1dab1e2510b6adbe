package graph

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

const (
	pageTimeout   = time.Minute      // for one page of a delta query
	groupsTimeout = 10 * time.Minute // for the members of all groups
	countTimeout  = 5 * time.Second  // for the number of people, which is a comfort only
	firstBackoff  = time.Second      // after a failure; doubles up to the sync interval
	maxBackoff    = 5 * time.Minute  // unless Graph asks for more
	progressEvery = 5 * time.Second  // between progress lines in the log
	patience      = 5                // failures in a row of a kind that says nothing, then the round starts anew
)

// errBrokenPage: a delta page that leads nowhere.
var errBrokenPage = errors.New("graph: delta page without a way on")

// mirror keeps one organisation's index in step with its directory.
type mirror struct {
	*organisation
	interval time.Duration
	progress func(TenantID, Status)
	rounds   func(result string)
	wake     chan struct{}

	rulesDigest string
	membersAt   time.Time // the filters' groups were looked at
	keeper      *keeper
	index       atomic.Pointer[index] // nil before the first full read
	others      others
}

func newMirror(o *organisation, cfg Config, deps Deps) *mirror {
	m := &mirror{
		organisation: o, interval: cfg.SyncInterval, progress: deps.Progress, wake: make(chan struct{}, 1),
		rulesDigest: cfg.digest(o.tenant.Country),
		keeper:      &keeper{tenant: o.tenant.ID, logger: o.logger},
	}
	if cfg.Persist {
		m.keeper.store = deps.Store
	}
	return m
}

// run works round after round until ctx ends, from where an earlier process stopped.
func (m *mirror) run(ctx context.Context, kept Checkpoint) {
	r := m.resume(ctx, kept)
	failures := 0
	for {
		var link string
		var err error
		if r, err = m.follow(ctx, r); err == nil {
			link, err = m.read(ctx, r)
		}
		if ctx.Err() != nil {
			return
		}
		wait := m.interval + jitter(m.interval)
		nudged := m.wake
		switch {
		case err == nil:
			m.apply(ctx, r, link)
			members := r.members
			r, failures = newRound(link), 0
			r.members = members
		case errors.Is(err, ErrResyncRequired) && (!r.full() || r.resumed):
			m.logger.InfoContext(ctx, "directory must be read anew", "tenant", m.tenant.ID)
			m.rounds("resync")
			r, wait = m.anew(), 0
		default:
			failures++
			f := m.failed(ctx, "a round", err)
			m.rounds(f.kind)
			wait = backoff(failures, m.interval, f.retryAfter)
			if f.kind == failureThrottled {
				nudged = nil // what Graph asked for comes first
			}
			if errors.Is(err, ErrResyncRequired) || f.kind == failureOther && failures%patience == 0 {
				r = m.anew()
			}
		}
		m.board.note(func(s *Status) { s.NextAt = time.Now().Add(wait) })
		if !pause(ctx, wait, nudged) {
			return
		}
		m.board.note(func(s *Status) { s.NextAt = time.Time{} })
	}
}

// read takes the round's remaining pages and returns the delta link. After an
// error the same round can be read on where it stopped.
func (m *mirror) read(ctx context.Context, r *round) (link string, err error) {
	if r.full() && r.expected == 0 {
		r.expected = m.count(ctx)
	}
	for {
		page, err := m.page(ctx, r.link)
		if err != nil {
			return "", err
		}
		put, gone := r.take(page.People, m.rules.Load())
		m.advanced(ctx, r)
		switch {
		case page.Next != "" && page.Next != r.link:
			r.link = page.Next
		case page.Next == "" && page.Delta != "":
			m.keeper.rest(r, put, gone)
			return page.Delta, nil
		default:
			return "", errBrokenPage
		}
		if r.full() {
			m.keeper.page(ctx, r, put, gone)
		}
	}
}

func (m *mirror) page(ctx context.Context, link string) (DeltaPage, error) {
	ctx, cancel := context.WithTimeout(ctx, pageTimeout)
	defer cancel()
	return m.directory.DeltaPage(ctx, m.tenant.ID, link)
}

// count asks how many people there are; 0 when Graph does not say.
func (m *mirror) count(ctx context.Context) int {
	counter, ok := m.directory.(Counter)
	if !ok {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, countTimeout)
	defer cancel()
	n, err := counter.CountPeople(ctx, m.tenant.ID)
	if err != nil {
		m.logger.DebugContext(ctx, "people not counted", "tenant", m.tenant.ID, "error", err)
		return 0
	}
	return n
}

// apply makes a complete round visible and keeps it.
func (m *mirror) apply(ctx context.Context, r *round, link string) {
	old := m.index.Load()
	next, changed := r.applyTo(old)
	m.index.Store(next)
	people := next.experts + m.others.apply(r, old)
	m.keeper.complete(ctx, r, link, changed, people)
	status := m.board.change(func(s *Status) {
		s.healed()
		s.Ready, s.SyncedAt, s.Rate, s.Reading = true, time.Now(), 0, Reading{}
		s.People, s.Experts = people, next.experts
	})
	m.rounds("ok")
	if r.full() {
		m.logger.InfoContext(ctx, "directory read", "tenant", m.tenant.ID, "people", status.People,
			"experts", status.Experts, "seconds", time.Since(r.began).Seconds())
		if old == nil && m.progress != nil {
			m.progress(m.tenant.ID, status)
		}
		if m.keeper.store != nil {
			prune(ctx, m.keeper.store, m.logger)
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
	status := m.board.change(func(s *Status) {
		s.Rate, s.Reading = r.rate(), r.reading()
		if !s.Ready {
			s.People, s.Experts = r.people(), r.experts
		}
	})
	if m.progress != nil && !status.Ready {
		m.progress(m.tenant.ID, status)
	}
	if time.Since(r.logged) >= progressEvery {
		r.logged = time.Now()
		m.logger.InfoContext(ctx, "reading directory", "tenant", m.tenant.ID, "people", status.Reading.People,
			"people_expected", status.Reading.Expected, "people_per_second", int(status.Rate),
			"seconds_left", int(status.Reading.Left.Seconds()))
	}
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
