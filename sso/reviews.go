package sso

import (
	"container/heap"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// reviewEvery is how old Entra's last word on a sign-in gets while it is used.
	reviewEvery = 45 * time.Second
	// reviewWithin bounds a question and its answer, unless requests wait longer for it.
	reviewWithin = 10 * time.Second
	// reviewUsed is how long a sign-in counts as used after a use. Streams use
	// theirs every ten seconds.
	reviewUsed = 30 * time.Second
	// maxReviews are the questions at a time: 5,000 sign-ins in 45 s are 111 a
	// second, and Entra may take half a second for each.
	maxReviews = 64
	// reviewRound is the time in which all that are used could be asked about:
	// shorter than reviewEvery, so that what was held up is caught up with, and
	// long enough that many who begin at once are spread over it for good.
	reviewRound = 30 * time.Second
	// reviewPace is how many questions a second may begin in any case.
	reviewPace = 20
)

// reviews is the continuous evaluation of the sign-ins that are used. Each is
// asked about when its last word is reviewEvery old, the oldest first, in the
// background, at an even pace and only so many at a time. Where Entra does not
// answer, its organisation is left alone for a while and nothing changes.
type reviews struct {
	log     *slog.Logger
	now     func() time.Time
	within  time.Duration // one question, and its answer
	metrics *reviewMetrics

	mu     sync.Mutex
	all    map[string]*review
	queue  reviewQueue // those that are used, and not being asked about
	out    int         // questions under way
	pace   *rate.Limiter
	wake   *time.Timer // looks at the queue when something is due
	pauses pauses
	pruned time.Time
}

// question is how to ask about a sign-in and what to do when it is over.
type question struct {
	key, tenant string
	until       time.Time // its own end: nobody asks after that
	ask         func(context.Context) error
	takeAway    func(context.Context)
}

func newReviews(deps Deps, m *reviewMetrics) *reviews {
	return &reviews{
		log: deps.Logger, now: deps.now, within: max(reviewWithin, deps.Patience), metrics: m, all: make(map[string]*review), pauses: make(pauses),
		pace: rate.NewLimiter(reviewPace, reviewPace),
	}
}

// known is why the sign-in is over, nil while it is not known to be.
func (r *reviews) known(key string) *EndedError {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s, ok := r.all[key]; ok {
		return s.ended
	}
	return nil
}

// over closes when the sign-in is known to have ended; nil for one that is not used.
func (r *reviews) over(key string) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.all[key]
	if !ok {
		return nil
	}
	if s.over == nil {
		s.over = make(chan struct{})
		if s.ended != nil {
			close(s.over)
		}
	}
	return s.over
}

// use notes that a sign-in is used, so that it is asked about when it is time. It
// gives what to wait for: nil when no answer is on its way. fresh says that the
// last question is new enough not to wait.
func (r *reviews) use(q question) (answer <-chan struct{}, fresh bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	r.prune(now)
	s, ok := r.all[q.key]
	if !ok {
		s = &review{index: unqueued, heardAt: now}
		r.all[q.key] = s
	}
	s.question, s.usedAt = q, now
	if s.askedAt.After(now) { // the clock was set back
		s.askedAt, s.dueAt = time.Time{}, now
		if s.index != unqueued {
			heap.Fix(&r.queue, s.index)
		}
	}
	fresh = now.Sub(s.askedAt) < reviewStale
	if s.ended == nil && !s.asking && s.index == unqueued {
		s.dueAt = now
		if !s.askedAt.IsZero() {
			s.dueAt = s.askedAt.Add(reviewEvery)
		}
		heap.Push(&r.queue, s)
	}
	if !s.dueAt.After(now) && s.index != unqueued && s.answer == nil && !r.pauses.at(q.tenant, now) {
		s.answer = make(chan struct{})
	}
	r.pump(now)
	return s.answer, fresh
}

// pump asks about what is due, as far as pace and the number at a time allow.
func (r *reviews) pump(now time.Time) {
	for len(r.queue) > 0 && r.out < maxReviews {
		s := r.queue[0]
		switch until := r.pauses[s.tenant].until; {
		case s.dueAt.After(now):
			r.wakeAfter(s.dueAt.Sub(now))
			return
		case now.Sub(s.usedAt) > reviewUsed || !now.Before(s.until):
			heap.Pop(&r.queue)
			s.answered()
			continue
		case until.After(now):
			s.dueAt = until
			heap.Fix(&r.queue, s.index)
			s.answered() // nobody waits for an answer that far away
			continue
		}
		limit := rate.Limit(max(reviewPace, float64(len(r.queue)+r.out)/reviewRound.Seconds()))
		r.pace.SetLimitAt(now, limit)
		if !r.pace.AllowN(now, 1) {
			r.wakeAfter(time.Duration(float64(time.Second) / float64(limit)))
			return
		}
		heap.Pop(&r.queue)
		s.asking, s.askedAt = true, now
		r.out++
		go r.run(s, s.question)
	}
}

func (r *reviews) wakeAfter(wait time.Duration) {
	if r.wake != nil {
		r.wake.Stop()
	}
	r.wake = time.AfterFunc(wait, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.pump(r.now())
	})
}

// run asks about one sign-in and, while it is good, has it asked about again.
func (r *reviews) run(s *review, q question) {
	ctx, cancel := context.WithTimeout(context.Background(), r.within)
	defer cancel()
	err := q.ask(ctx)
	ended, over := errors.AsType[*EndedError](err)
	if over {
		r.mu.Lock()
		s.ended = ended // known before anybody loses anything by it, so that they are told
		if s.over != nil {
			close(s.over)
		}
		r.mu.Unlock()
		q.takeAway(ctx)
	}
	r.metrics.count(err)
	switch {
	case over:
		r.log.InfoContext(ctx, "sign-in ended by Entra", slog.String("reason", string(ended.Reason)))
	case err != nil && !errors.Is(err, errNothingKnown):
		r.log.DebugContext(ctx, "sign-in not reviewed", slog.Any("error", err))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	r.out--
	s.asking = false
	if !over {
		r.again(s, err, now)
	}
	s.answered()
	r.pump(now)
}

// again queues a sign-in for its next question.
func (r *reviews) again(s *review, err error, now time.Time) {
	s.dueAt = s.askedAt.Add(reviewEvery)
	switch {
	case errors.Is(err, ErrProviderUnavailable):
		s.dueAt = r.pauses.failed(s.tenant, s.askedAt, now, err)
	case errors.Is(err, errLoop):
		s.dueAt = now.Add(tooOftenPause)
	default:
		delete(r.pauses, s.tenant)
		s.heardAt = now
	}
	heap.Push(&r.queue, s)
}

// prune forgets sign-ins that are over by themselves.
func (r *reviews) prune(now time.Time) {
	if now.Sub(r.pruned) < reviewEvery {
		return
	}
	r.pruned = now
	for key, s := range r.all {
		if !now.Before(s.until) && !s.asking && s.index == unqueued {
			delete(r.all, key)
		}
	}
}

// Reviews is how the review of the sign-ins that are used is getting on.
type Reviews struct {
	Used int // sign-ins
	// Overdue are those of them about which Entra has said nothing for more than a
	// minute, Oldest the longest time for which it has.
	Overdue int
	Oldest  time.Duration
}

func (r *reviews) state() Reviews {
	r.mu.Lock()
	defer r.mu.Unlock()
	var state Reviews
	now := r.now()
	for _, s := range r.all {
		if s.ended != nil || now.Sub(s.usedAt) > reviewUsed || !now.Before(s.until) {
			continue
		}
		state.Used++
		silent := now.Sub(s.heardAt)
		state.Oldest = max(state.Oldest, silent)
		if silent > reviewStale {
			state.Overdue++
		}
	}
	return state
}
