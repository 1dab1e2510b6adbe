package sso

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

const (
	// reviewEvery is how old Entra's last word on a sign-in gets while it is used.
	reviewEvery = 45 * time.Second
	// reviewStale is from when on a request waits, a little, for a new word.
	reviewStale  = time.Minute
	reviewWait   = time.Second
	reviewWithin = 10 * time.Second // one question, and its answer
	maxReviews   = 16               // questions at a time
)

// Reviewer asks Entra whether a token that was shown here is still worth
// something. It returns *EndedError when the person's sign-in is over; any other
// error says nothing about it.
type Reviewer interface {
	Review(ctx context.Context, tenant string, a Assertion) error
}

// errNothingKnown is a review that found nothing out.
var errNothingKnown = errors.New("sso: nothing to ask Entra with")

// reviews is the continuous evaluation of the sign-ins that are used: Entra is
// asked at most once in reviewEvery about each, in the background, and only so
// many at a time. While Entra is away nothing changes.
type reviews struct {
	log   *slog.Logger
	now   func() time.Time
	slots chan struct{}

	mu     sync.Mutex
	all    map[string]*review
	pruned time.Time
}

// review is what is known of one sign-in.
type review struct {
	until   time.Time     // its own end: nobody asks after that
	askedAt time.Time     // zero: never
	done    chan struct{} // closes with the answer; nil while nobody asks
	ended   *EndedError
}

func newReviews(log *slog.Logger, now func() time.Time) *reviews {
	return &reviews{log: log, now: now, slots: make(chan struct{}, maxReviews), all: make(map[string]*review)}
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

// due begins to ask when it is time, and gives what to wait for: nil when nobody
// is asking. fresh says that the last word is new enough not to wait. takeAway is
// called when the answer is that the sign-in is over.
func (r *reviews) due(key string, until time.Time, ask func(context.Context) error, takeAway func(context.Context)) (answer <-chan struct{}, fresh bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	r.prune(now)
	s, ok := r.all[key]
	if !ok {
		s = &review{until: until}
		r.all[key] = s
	}
	age := now.Sub(s.askedAt)
	ahead := age < 0 // the clock was set back
	fresh = age < reviewStale && !ahead
	if s.ended != nil || s.done != nil || age < reviewEvery && !ahead {
		return s.done, fresh
	}
	select {
	case r.slots <- struct{}{}:
	default: // the next use asks
		return nil, fresh
	}
	s.done = make(chan struct{})
	s.askedAt = now
	go r.run(s, ask, takeAway)
	return s.done, fresh
}

func (r *reviews) run(s *review, ask func(context.Context) error, takeAway func(context.Context)) {
	ctx, cancel := context.WithTimeout(context.Background(), reviewWithin)
	defer cancel()
	err := ask(ctx)
	ended, over := errors.AsType[*EndedError](err)
	if over {
		r.mu.Lock()
		s.ended = ended // known before anybody loses anything by it, so that they are told
		r.mu.Unlock()
		takeAway(ctx)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	<-r.slots
	close(s.done)
	s.done = nil
	switch {
	case over:
		r.log.InfoContext(ctx, "sign-in ended by Entra", slog.String("reason", string(ended.Reason)))
	case err != nil && !errors.Is(err, errNothingKnown):
		r.log.DebugContext(ctx, "sign-in not reviewed", slog.Any("error", err))
	}
}

// prune forgets sign-ins that are over by themselves.
func (r *reviews) prune(now time.Time) {
	if now.Sub(r.pruned) < reviewEvery {
		return
	}
	r.pruned = now
	for key, s := range r.all {
		if !now.Before(s.until) && s.done == nil {
			delete(r.all, key)
		}
	}
}

// proof is what a principal's requests are vouched for by: the zero value where
// there is no Entra to ask about it.
type proof struct {
	key     string // of the session, or the digest of the token
	session bool
}

// vouched is for a principal whose token was shown and is good by itself.
func (v *Verifier) vouched(ctx context.Context, p Principal, raw string) (Principal, error) {
	p.proof = proof{key: digest(raw)}
	if a := v.kept.of(windowKey(p.who), p.who.objectID, v.deps.now()); a.Token != "" {
		p.bearer = a // it meets what Microsoft wanted beyond the one that was shown
	}
	return v.reviewed(ctx, p)
}

// reviewed lets somebody through whose sign-in Entra has not ended. It waits, for
// a second at most, only where the last word is older than a minute.
func (v *Verifier) reviewed(ctx context.Context, p Principal) (Principal, error) {
	answer, fresh := v.review(p) //nolint:contextcheck // the answer is for all who use the sign-in, and outlives a request
	if answer != nil && !fresh {
		waiting := time.NewTimer(reviewWait)
		defer waiting.Stop()
		select {
		case <-answer:
		case <-waiting.C:
		case <-ctx.Done():
		}
	}
	if ended := v.Ended(p); ended != nil {
		return Principal{}, ended
	}
	return p, nil
}

// Ended is why Entra ended the caller's sign-in; nil when it is not known to have.
func (v *Verifier) Ended(p Principal) *EndedError { return v.reviews.known(p.proof.key) }

// StillGood asks Entra, where it is time to, whether the caller's sign-in is
// still good, and waits for the answer. It returns *EndedError or nil: what is
// not known changes nothing.
func (v *Verifier) StillGood(ctx context.Context, p Principal) error {
	if answer, _ := v.review(p); answer != nil { //nolint:contextcheck // as in reviewed
		select {
		case <-answer:
		case <-ctx.Done():
		}
	}
	if ended := v.Ended(p); ended != nil {
		return ended
	}
	return nil
}

func (v *Verifier) review(p Principal) (answer <-chan struct{}, fresh bool) {
	if p.proof.key == "" || p.who.objectID == "" {
		return nil, true
	}
	return v.reviews.due(p.proof.key, p.expires.Add(clockLeeway),
		func(ctx context.Context) error { return v.deps.heard(p.tenant, p.who.objectID, v.ask(ctx, p)) },
		func(ctx context.Context) { v.takeAway(ctx, p) })
}

// ask goes by the refresh token that the sign-in in a browser or in Teams'
// window brought, else by the token that was shown.
func (v *Verifier) ask(ctx context.Context, p Principal) error {
	key := p.proof.key
	if !p.proof.session {
		key = windowKey(p.who)
	}
	if k, _ := v.kept.get(key, p.who.objectID); k.refresh != "" {
		return v.askByRefresh(ctx, key, p, k)
	}
	if v.deps.Reviewer == nil || p.bearer.Token == "" {
		return errNothingKnown
	}
	return v.deps.Reviewer.Review(ctx, p.tenant, p.bearer)
}

// askByRefresh keeps what the answer brings: in memory and, now and then, for a
// session, in the store.
func (v *Verifier) askByRefresh(ctx context.Context, key string, p Principal, k kept) error {
	next, err := v.refresh(ctx, p.who, k)
	if err != nil {
		return err
	}
	now := v.deps.now()
	due := p.proof.session && now.Sub(k.storedAt) >= storeEvery
	if due {
		next.storedAt = now
	}
	if v.kept.replace(key, k, next) && due {
		v.store(ctx, key, next)
	}
	return nil
}

// takeAway ends what the sign-in brought. The reason is remembered until the
// sign-in would have ended by itself, so that whoever comes back is told.
func (v *Verifier) takeAway(ctx context.Context, p Principal) {
	if ended := v.Ended(p); ended != nil {
		v.tellTaken(Taken{Principal: p, Tenant: p.tenant, Key: p.proof.key, Reason: ended.Reason})
	}
	v.kept.drop(windowKey(p.who))
	if !p.proof.session {
		return
	}
	if err := v.endSession(ctx, p.proof.key); err != nil {
		v.deps.Logger.WarnContext(ctx, "ended session not deleted", slog.Any("error", err))
	}
}
