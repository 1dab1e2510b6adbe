package graph

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	liveFresh      = 30 * time.Second // an answer of Graph is given again for so long
	liveStale      = 10 * time.Minute // and for so long while Graph cannot be asked
	liveAnswers    = 500              // searches remembered
	liveCandidates = 200              // people that one search looks at
	metLife        = time.Hour        // somebody read live is known for so long
	metPeople      = 20_000
)

// Blindness is something that a live search may miss.
type Blindness string

// What Graph cannot search for.
const (
	BlindLaterWords    Blindness = "later-words"     // words inside a role or department: only its beginning counts
	BlindSpellings     Blindness = "spellings"       // other spellings of a name: accents and umlauts as Graph has them
	BlindPhoneFormats  Blindness = "phone-formats"   // numbers that the directory spells in an unusual way
	BlindMoreThanAsked Blindness = "more-than-asked" // people beyond the first 200: more words narrow the search
)

// Blindnesses lists everything that a live search may miss.
var Blindnesses = [...]Blindness{BlindLaterWords, BlindSpellings, BlindPhoneFormats, BlindMoreThanAsked}

// live answers by asking Graph. It remembers answers for half a minute, so that
// paging, a repeated look and many agents with the same question cost one
// request, and people whom it has met for an hour.
type live struct {
	*organisation
	searcher LiveSearcher
	answers  *recent[liveKey, *liveAnswer]
	people   *recent[UserID, Expert]
	asking   singleflight.Group
}

// liveKey is what is asked of Graph, and on whose behalf: Graph answers people
// by their own rights.
type liveKey struct {
	caller                          UserID
	text, department, role, country string
}

// liveAnswer is an index of those whom Graph found.
type liveAnswer struct {
	index *index
	more  bool
	blind []Blindness
	at    time.Time
}

func newLive(o *organisation, searcher LiveSearcher) *live {
	o.board.change(func(s *Status) { s.Ready = o.judged() })
	return &live{
		organisation: o, searcher: searcher,
		answers: newRecent[liveKey, *liveAnswer](liveAnswers, liveStale),
		people:  newRecent[UserID, Expert](metPeople, metLife),
	}
}

// run follows the members of the filters' groups; there is nothing else to
// follow. What is kept of the organisation belongs to the other mode.
func (l *live) run(ctx context.Context, _ Checkpoint) {
	if l.groups == nil {
		return
	}
	failures := 0
	for {
		found, err := l.readMembers(ctx)
		if ctx.Err() != nil {
			return
		}
		wait := l.groupsInterval + jitter(l.groupsInterval)
		if err == nil {
			failures = 0
			rules := *l.rules.Load()
			rules.members = found
			l.rules.Store(&rules)
			l.board.change(func(s *Status) { s.healed(); s.Ready = true })
		} else {
			failures++
			f := l.failed(ctx, "members of groups", err)
			wait = backoff(failures, l.groupsInterval, f.retryAfter)
		}
		if !pause(ctx, wait, nil) {
			return
		}
	}
}

func (l *live) search(ctx context.Context, q Query) (Result, *plan, error) {
	if !l.judged() {
		return Result{}, nil, ErrNotReady
	}
	question, blind, err := newLiveQuery(q, l.tenant.Country)
	if err != nil {
		return Result{}, nil, err
	}
	answer := &liveAnswer{index: newIndex(nil), at: time.Now()} // nobody can match
	if question != nil {
		if answer, err = l.ask(ctx, q, *question, blind); err != nil {
			return Result{}, nil, err
		}
	}
	result, p, err := answer.index.answer(l.tenant, q)
	if err != nil {
		return Result{}, nil, err
	}
	result.ReadAt, result.CannotFind = answer.at, answer.blind
	if answer.more {
		result.Total = -1
	}
	return result, p, nil
}

// ask gives the answer that is remembered, or Graph's. While Graph cannot be
// asked an older one is better than none.
func (l *live) ask(ctx context.Context, q Query, question LiveQuery, blind []Blindness) (*liveAnswer, error) {
	caller, _ := CallerOf(ctx)
	key := liveKey{caller.ID, q.Text, q.Department, q.Role, q.Country}
	held, at, ok := l.answers.get(key)
	if ok && time.Since(at) <= liveFresh {
		return held, nil
	}
	// Several who ask the same wait for one request, which none of them can cut short.
	done := l.asking.DoChan(fmt.Sprintf("%q", key), func() (any, error) {
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.searchTimeout)
		defer cancel()
		people, more, err := l.searcher.SearchPeople(asking, l.tenant.ID, question)
		if err != nil {
			l.failed(asking, "a search", err)
			return nil, fmt.Errorf("search people: %w", err)
		}
		answer := &liveAnswer{index: l.indexed(people), more: more, blind: blind, at: time.Now()}
		if more {
			answer.blind = append(answer.blind, BlindMoreThanAsked)
		}
		l.answers.put(key, answer)
		l.board.change(func(s *Status) { s.healed(); s.Ready, s.SyncedAt = true, answer.at })
		return answer, nil
	})
	select {
	case r := <-done:
		if r.Err == nil {
			return r.Val.(*liveAnswer), nil
		}
		if ok {
			return held, nil
		}
		return nil, r.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// indexed makes an index of those who are listed, and remembers them.
func (l *live) indexed(people []Person) *index {
	rules := l.rules.Load()
	experts := make([]Expert, 0, len(people))
	once := idSet{}
	for _, p := range people {
		expert, reason := rules.list(p)
		if reason != "" || once.has(p.ID) {
			continue
		}
		once[p.ID] = struct{}{}
		l.people.put(p.ID, expert)
		experts = append(experts, expert)
	}
	return newIndex(experts)
}

// expert knows only who was met in the last hour.
func (l *live) expert(id UserID) (Expert, error) {
	if e, _, ok := l.people.get(id); ok {
		return e, nil
	}
	return Expert{}, &NotListedError{Reason: ReasonUnknown}
}

// find asks Graph for somebody who was not met.
func (l *live) find(ctx context.Context, id UserID) (Expert, error) {
	if e, _, ok := l.people.get(id); ok {
		return e, nil
	}
	if !l.judged() {
		return Expert{}, ErrNotReady
	}
	ctx, cancel := context.WithTimeout(ctx, l.searchTimeout)
	defer cancel()
	p, err := l.directory.Person(ctx, l.tenant.ID, id)
	if errors.Is(err, ErrNotFound) {
		return Expert{}, &NotListedError{Reason: ReasonUnknown}
	}
	if err != nil {
		return Expert{}, fmt.Errorf("read person: %w", err)
	}
	e, reason := l.rules.Load().list(p)
	if reason != "" {
		return Expert{}, &NotListedError{Reason: reason.forCaller()}
	}
	l.met(e)
	return e, nil
}

func (l *live) met(e Expert) { l.people.put(e.ID, e) }

func (l *live) gone(id UserID) { l.people.forget(id) }

// byNumber knows only who was met in the last hour: Graph cannot be asked for a
// number reliably, and a call does not wait for it.
func (l *live) byNumber(number string) (found Expert, ok bool) {
	l.people.each(func(e Expert) bool {
		if e.Number == number && (!ok || compareExperts(e, found) < 0) {
			found, ok = e, true
		}
		return true
	})
	return found, ok
}

// due has nothing to hasten.
func (l *live) due() {}
