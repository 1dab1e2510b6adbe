package web

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"strconv"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

// defaultRetry is what Retry-After says where nobody knows better.
const defaultRetry = 5 * time.Second

// adminCodeWait is how long wrong administrator's codes count.
const adminCodeWait = 15 * time.Minute

// rule renders the errors it knows; nil means that it does not know this one.
type rule func(s *Server, ctx context.Context, err error) *Problem

// rules is the one mapping from errors to problems. The first that knows an
// error wins: a token that a new sign-in heals is asked for that, before the
// row that refuses tokens for good.
var rules = []rule{
	as(func(_ *Server, _ context.Context, p *Problem) *Problem { copied := *p; return &copied }),

	as(func(s *Server, _ context.Context, e *sso.EndedError) *Problem { return signInEnded(s, e) }),
	as(func(s *Server, _ context.Context, e *sso.SignInError) *Problem {
		return signInRequired(s).because(e.Reason)
	}),
	as(func(_ *Server, _ context.Context, e *sso.TokenError) *Problem {
		if !errors.Is(e, sso.ErrSignInRequired) {
			return newProblem(slugTokenNotAllowed).because(string(e.Reason))
		}
		return newProblem(slugSignInRequired).with("WWW-Authenticate", invalidToken).because(string(e.Reason))
	}),
	as(func(_ *Server, _ context.Context, e *sso.LogoutError) *Problem {
		return newProblem(slugLogoutTokenInvalid).because(string(e.Reason))
	}),
	is(sso.ErrSignInRequired, signInRequired),
	is(sso.ErrSessionNotFound, signInRequired),
	is(sso.ErrTransactionNotFound, signInRequired),
	is(sso.ErrProviderUnknown, plain(slugNotFound)),
	is(sso.ErrAgentNotFound, plain(slugNotFound)),
	is(sso.ErrAdminCode, plain(slugNotFound)),
	is(sso.ErrAdminTries, func(*Server) *Problem {
		return newProblem(slugTooManyRequests).with("Retry-After", retryAfter(adminCodeWait))
	}),
	is(consult.ErrUnauthenticated, signInRequired),
	as(func(_ *Server, _ context.Context, e *sso.NotAdmittedError) *Problem {
		return newProblem(slugNotAdmitted).because(e.Reason)
	}),
	as(func(_ *Server, _ context.Context, e *sso.AgentUnknownError) *Problem {
		return newProblem(slugAgentUnknown).because(e.Contact)
	}),
	as(func(s *Server, ctx context.Context, e *sso.ChallengeError) *Problem { return s.challenged(ctx, e) }),
	as(func(_ *Server, ctx context.Context, e *sso.RequiredError) *Problem { return ssoRequired(ctx, e.Status) }),
	as(func(_ *Server, _ context.Context, e *sso.IncompleteError) *Problem {
		p := newProblem(slugSSOIncomplete)
		p.Missing = nonNil(e.Missing)
		return p
	}),
	is(sso.ErrProviderUnavailable, func(s *Server) *Problem {
		p := newProblem(slugProviderUnavailable).with("Retry-After", retryAfter(0))
		p.Since = formatTime(s.providers.met(s.now()))
		return p
	}),

	is(consult.ErrNotFound, plain(slugNotFound)),
	as(func(_ *Server, _ context.Context, _ *consult.DamagedError) *Problem {
		return newProblem(slugInteractionDamaged)
	}),
	as(func(_ *Server, _ context.Context, e *consult.RoleError) *Problem {
		p := newProblem(slugRoleRequired)
		p.Role = sso.Role(e.Role)
		return p
	}),
	is(consult.ErrKeyReused, func(*Server) *Problem {
		return invalid("header.Idempotency-Key", "was used with another request; choose a new one")
	}),
	as(func(_ *Server, _ context.Context, e *consult.InvalidError) *Problem {
		return invalid(e.Location, e.Message)
	}),
	as(func(_ *Server, _ context.Context, e *consult.VersionError) *Problem {
		p := newProblem(slugVersionConflict)
		p.Version = e.Version
		return p
	}),
	as(func(_ *Server, _ context.Context, e *consult.PhaseError) *Problem {
		p := newProblem(slugWrongPhase).because(e.Reason)
		p.Phase = problemPhase(e.Phase)
		p.Allowed = nonNil(e.Allowed)
		return p
	}),
	as(func(_ *Server, _ context.Context, e *consult.ExpertError) *Problem {
		return newProblem(slugExpertNotListed).because(string(e.Reason))
	}),
	as(func(s *Server, ctx context.Context, e *consult.NumberError) *Problem {
		p := newProblem(slugDialNumberInvalid)
		check := numberCheckOf(s.numbers(principalOf(ctx), e.Input))
		p.Check = &check
		return p
	}),
	as(func(_ *Server, _ context.Context, _ *consult.NotAllowedError) *Problem {
		return newProblem(slugDialNotAllowed)
	}),
	as(func(_ *Server, _ context.Context, e *consult.SwitchError) *Problem {
		return newProblem(slugSwitchFailed).because(string(e.Reason))
	}),
	is(consult.ErrOutcomeUnknown, plain(slugOutcomeUnknown)),
	as(func(_ *Server, _ context.Context, e *reserve.TooManyError) *Problem {
		return newProblem(slugTooManyReservations).with("Retry-After", retryAfter(e.RetryAfter))
	}),
	as(func(_ *Server, _ context.Context, e *reserve.ExhaustedError) *Problem {
		return newProblem(slugConsultNumbersTaken).with("Retry-After", retryAfter(e.RetryAfter))
	}),
	is(consult.ErrDraining, plain(slugDraining)),
	storageUnavailable(consult.ErrStorage),
	storageUnavailable(sso.ErrStorage),

	is(graph.ErrNotFound, plain(slugNotFound)),
	is(graph.ErrPhoneIncomplete, plain(slugPhoneIncomplete)),
	is(graph.ErrBadCursor, badCursor),
	as(func(_ *Server, _ context.Context, e *graph.NotListedError) *Problem {
		return newProblem(slugExpertNotListed).because(string(e.Reason))
	}),
	as(func(s *Server, ctx context.Context, e *graph.ThrottledError) *Problem {
		return s.directoryUnavailable(ctx, s.now(), e.RetryAfter)
	}),
	as(func(s *Server, ctx context.Context, _ *graph.DeniedError) *Problem {
		return s.directoryUnavailable(ctx, s.now(), 0)
	}),
	on(graph.ErrSignInRequired, func(_ *Server, ctx context.Context) *Problem {
		return ssoRequired(ctx, sso.Required(sso.StateSignInRequired).Status)
	}),
	on(graph.ErrNotReady, func(s *Server, ctx context.Context) *Problem { return s.directoryUnavailable(ctx, s.started, 0) }),
	on(graph.ErrUnavailable, func(s *Server, ctx context.Context) *Problem { return s.directoryUnavailable(ctx, s.now(), 0) }),
}

// is renders one sentinel.
func is(target error, render func(*Server) *Problem) rule {
	return on(target, func(s *Server, _ context.Context) *Problem { return render(s) })
}

// on renders one sentinel with the request's context.
func on(target error, render func(*Server, context.Context) *Problem) rule {
	return func(s *Server, ctx context.Context, err error) *Problem {
		if !errors.Is(err, target) {
			return nil
		}
		return render(s, ctx)
	}
}

// as renders one type of error with what it carries.
func as[E error](render func(*Server, context.Context, E) *Problem) rule {
	return func(s *Server, ctx context.Context, err error) *Problem {
		e, ok := errors.AsType[E](err)
		if !ok {
			return nil
		}
		return render(s, ctx, e)
	}
}

func plain(name slug) func(*Server) *Problem {
	return func(*Server) *Problem { return newProblem(name) }
}

// storageUnavailable renders a store's failure and logs why: the answer does not
// say, and nobody else has.
func storageUnavailable(target error) rule {
	return func(s *Server, ctx context.Context, err error) *Problem {
		if !errors.Is(err, target) {
			return nil
		}
		s.logFailed(ctx, err)
		return newProblem(slugStorageUnavailable)
	}
}

// badCursor is for any cursor that leads nowhere.
func badCursor(*Server) *Problem {
	return invalid("query.cursor", "is not, or no longer, a cursor of this search; begin again without it")
}

// invalidToken is the challenge to whoever sent a token that is none (RFC 6750, 3.1).
const invalidToken = `Bearer error="invalid_token"`

func signInRequired(*Server) *Problem {
	return newProblem(slugSignInRequired).with("WWW-Authenticate", "Bearer")
}

// directoryUnavailable says since when, and how long to wait: since the mirror
// could not ask any more, or else since the time that is given.
func (s *Server) directoryUnavailable(ctx context.Context, since time.Time, wait time.Duration) *Problem {
	p := newProblem(slugDirectoryUnavailable)
	if caller := principalOf(ctx); caller.Valid() {
		status := s.deps.Experts.Status(graph.TenantID(caller.Tenant()))
		if !status.Since.IsZero() {
			since = status.Since
		}
		wait = max(wait, status.RetryAfter)
	}
	p.Since = formatTime(since)
	return p.with("Retry-After", retryAfter(wait))
}

// retryAfter is whole seconds, rounded up, at least one.
func retryAfter(wait time.Duration) string {
	if wait <= 0 {
		wait = defaultRetry
	}
	return strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))
}

// problemOf renders any error for the request of ctx. What no rule knows is
// a bare internal error, logged here, once; nothing of it leaves.
func (s *Server) problemOf(ctx context.Context, err error) *Problem {
	var p *Problem
	for _, r := range rules {
		if p = r(s, ctx, err); p != nil {
			break
		}
	}
	if p == nil {
		p = newProblem(slugInternal)
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			p = newProblem(slugTimedOut)
		}
		s.logFailed(ctx, err)
	}
	p.Instance = requestID(ctx)
	noteProblem(ctx, p)
	return p
}

func (s *Server) logFailed(ctx context.Context, err error) {
	level := slog.LevelError
	if errors.Is(ctx.Err(), context.Canceled) { // the client has gone; nobody reads the answer
		level = slog.LevelDebug
	}
	s.log.LogAttrs(ctx, level, "request failed", slog.String("request_id", requestID(ctx)), slog.Any("error", err))
}
