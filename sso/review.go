package sso

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// reviewStale is from when on a request waits, a little, for a new word.
const reviewStale = time.Minute

// Reviewer asks Entra whether a token that was shown here is still worth
// something. It returns *EndedError when the person's sign-in is over; any other
// error says nothing about it.
type Reviewer interface {
	Review(ctx context.Context, tenant string, a Assertion) error
}

// errNothingKnown is a review that found nothing out.
var errNothingKnown = errors.New("sso: nothing to ask Entra with")

// proof is what a principal's requests are vouched for by: the zero value where
// there is no Entra to ask about it.
type proof struct {
	key     string // of the session, or the digest of the token
	session bool
}

// vouched is for a principal whose token, of that digest, was shown and is good by itself.
func (v *Verifier) vouched(ctx context.Context, p Principal, key string) (Principal, error) {
	p.proof = proof{key: key}
	if a := v.kept.of(windowKey(p.who), p.who.objectID, v.deps.now()); a.Token != "" {
		p.bearer = a // it meets what Microsoft wanted beyond the one that was shown
	}
	return v.reviewed(ctx, p)
}

// reviewed lets somebody through whose sign-in Entra has not ended. It waits,
// as long as its patience lasts, only where the last word is older than a minute.
func (v *Verifier) reviewed(ctx context.Context, p Principal) (Principal, error) {
	answer, fresh := v.review(p) //nolint:contextcheck // the answer is for all who use the sign-in, and outlives a request
	if answer != nil && !fresh {
		waiting := time.NewTimer(v.deps.Patience)
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

// Over closes when Entra is found to have ended the caller's sign-in; nil where
// nobody asks it about them.
func (v *Verifier) Over(p Principal) <-chan struct{} { return v.reviews.over(p.proof.key) }

// StillGood notes that the caller's sign-in is used, so that Entra is asked about
// it when it is time, and waits for an answer that is on its way. It returns
// *EndedError or nil: what is not known changes nothing.
func (v *Verifier) StillGood(ctx context.Context, p Principal) error {
	if answer, _ := v.review(p); answer != nil { //nolint:contextcheck // as in reviewed
		waiting := time.NewTimer(v.reviews.within)
		defer waiting.Stop()
		select {
		case <-answer:
		case <-waiting.C:
		case <-ctx.Done():
		}
	}
	if ended := v.Ended(p); ended != nil {
		return ended
	}
	return nil
}

// Reviews tells how the review of the sign-ins that are used is getting on.
func (v *Verifier) Reviews() Reviews { return v.reviews.state() }

func (v *Verifier) review(p Principal) (answer <-chan struct{}, fresh bool) {
	if p.proof.key == "" || p.who.objectID == "" {
		return nil, true
	}
	return v.reviews.use(question{
		key: p.proof.key, tenant: p.tenant, until: p.expires.Add(clockLeeway),
		ask:      func(ctx context.Context) error { return v.deps.heard(p.tenant, p.who.objectID, v.ask(ctx, p)) },
		takeAway: func(ctx context.Context) { v.takeAway(ctx, p) },
	})
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
