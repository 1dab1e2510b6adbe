package presence

import (
	"context"
	"errors"

	"teamsbridge/graph"
	"teamsbridge/graph/budget"
)

// divideBudget bounds the requests spent on finding what makes a batch fail:
// two for each halving of 650 ids are 20, and a second bad id is found in part.
const divideBudget = 32

// answer is what asking for a batch brought: each id is either observed or failed.
type answer struct {
	observed map[graph.UserID]Observation
	failed   map[graph.UserID]string // reasons
	suspects map[graph.UserID]bool   // the batch succeeds without them
	err      error                   // of the last request that failed
	budget   int
}

func newAnswer(ids []graph.UserID) *answer {
	return &answer{
		observed: make(map[graph.UserID]Observation, len(ids)),
		failed:   map[graph.UserID]string{}, suspects: map[graph.UserID]bool{},
		budget: divideBudget,
	}
}

type request func(context.Context, []graph.UserID) ([]Observation, error)

// resolve asks for the ids. How Graph treats an id that it does not like is
// not documented, so a batch that fails is divided until the rest succeeds.
func (a *answer) resolve(ctx context.Context, ids []graph.UserID, ask request) {
	if err := a.once(ctx, ids, ask); err != nil {
		a.divide(ctx, ids, err, ask)
	}
}

// once sends one request and keeps a good answer.
func (a *answer) once(ctx context.Context, ids []graph.UserID, ask request) error {
	a.budget--
	observed, err := ask(ctx, ids)
	if err != nil {
		a.err = err
		return err
	}
	for _, id := range ids {
		a.failed[id] = ReasonNotInAnswer
	}
	for _, o := range observed {
		if _, asked := a.failed[o.ID]; asked {
			delete(a.failed, o.ID)
			a.observed[o.ID] = o
		}
	}
	return nil
}

// divide finds out whether a failed batch fails because of some of its ids.
func (a *answer) divide(ctx context.Context, ids []graph.UserID, err error, ask request) {
	if len(ids) == 1 || a.budget < 2 || ctx.Err() != nil || !aboutIDs(err) {
		a.fail(ids, err)
		return
	}
	left, right := ids[:len(ids)/2], ids[len(ids)/2:]
	leftErr, rightErr := a.once(ctx, left, ask), a.once(ctx, right, ask)
	if errors.Is(leftErr, graph.ErrUnavailable) && errors.Is(rightErr, graph.ErrUnavailable) {
		a.fail(ids, err) // Graph is away; it is not one id
		return
	}
	if leftErr != nil {
		a.divide(ctx, left, leftErr, ask)
	}
	if rightErr != nil {
		a.divide(ctx, right, rightErr, ask)
	}
}

func (a *answer) fail(ids []graph.UserID, err error) {
	alone := len(ids) == 1 && len(a.observed) > 0
	for _, id := range ids {
		a.failed[id] = reasonOf(err)
		if alone && aboutIDs(err) {
			a.suspects[id] = true
			if !errors.Is(err, graph.ErrUnavailable) {
				a.failed[id] = ReasonNotInAnswer
			}
		}
	}
}

// aboutIDs is false for errors that other ids would get as well.
func aboutIDs(err error) bool {
	switch reasonOf(err) {
	case ReasonThrottled, ReasonDenied, ReasonNotOffered, ReasonSignInRequired:
		return false
	}
	return true
}

// reasonOf puts an error into the closed set of reasons.
func reasonOf(err error) string {
	_, limited := errors.AsType[*budget.LimitError](err)
	_, throttled := errors.AsType[*graph.ThrottledError](err)
	_, denied := errors.AsType[*graph.DeniedError](err)
	switch {
	case limited, throttled:
		return ReasonThrottled
	case denied:
		return ReasonDenied
	case errors.Is(err, graph.ErrNotFound):
		return ReasonNotInAnswer
	case errors.Is(err, graph.ErrNotOffered):
		return ReasonNotOffered
	case errors.Is(err, graph.ErrSignInRequired):
		return ReasonSignInRequired
	}
	return ReasonUnavailable
}
