package postgres

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"

	"teamsbridge/consult"
)

const (
	// lanes is how many groups are under way at once: while one waits for the
	// disk the next is written. More only take the processor from each other: on
	// two, 64 writers got 22,000 steps/s through one lane or two and 16,500
	// through four (2026-11-22).
	lanes = 2
	// maxGroup bounds how many steps share a commit, and so how long one waits.
	maxGroup = 512
)

// ErrClosed: the store was closed before the step was begun.
var ErrClosed = errors.New("postgres: closed")

// groups lets steps that come while others are under way share a statement and
// its commit. A group is written as a whole or not at all.
type groups struct {
	write   func(ctx context.Context, steps []consult.Record) error
	steps   chan *waiting // unbuffered: a step is handed over or was never begun
	closing <-chan struct{}
	stop    context.CancelFunc // closes closing
	lanes   sync.WaitGroup
}

// waiting is a step on its way.
type waiting struct {
	step  consult.Record
	until time.Time // its patience lasts
	group chan outcome
}

// outcome is what became of a group.
type outcome struct {
	steps int // that were in it
	err   error
}

func newGroups(write func(ctx context.Context, steps []consult.Record) error) *groups {
	ctx, stop := context.WithCancel(context.Background())
	g := &groups{write: write, steps: make(chan *waiting), closing: ctx.Done(), stop: stop}
	for range lanes {
		g.lanes.Go(g.lane)
	}
	return g
}

// close waits for the groups that are under way.
func (g *groups) close() {
	g.stop()
	g.lanes.Wait()
}

// join hands a step over and returns what became of its group, which has until
// then at most. The error says that the step was not begun: the caller gave up
// before, or nobody was free to take it.
func (g *groups) join(ctx context.Context, r consult.Record, until time.Time) (outcome, error) {
	w := &waiting{step: r, until: until, group: make(chan outcome, 1)}
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return outcome{}, err
	}
	select {
	case g.steps <- w:
		return <-w.group, nil
	case <-g.closing:
		return outcome{}, ErrClosed
	case <-ctx.Done():
		return outcome{}, ctx.Err()
	}
}

func (g *groups) lane() {
	for {
		select {
		case first := <-g.steps:
			g.commit(g.collect(first))
		case <-g.closing:
			return
		}
	}
}

// collect adds the steps that wait now. Who was answered a moment ago gets the
// processor first, to come with the next step instead of just missing it.
func (g *groups) collect(first *waiting) []*waiting {
	runtime.Gosched()
	group := []*waiting{first}
	for len(group) < maxGroup {
		select {
		case next := <-g.steps:
			group = append(group, next)
		default:
			return group
		}
	}
	return group
}

// commit writes a group and tells everybody in it. Who has the least patience
// decides how long the server has; the others then go on alone.
func (g *groups) commit(group []*waiting) {
	// One order for all, so that two groups do not wait for each other.
	slices.SortFunc(group, func(a, b *waiting) int {
		return cmp.Or(cmp.Compare(a.step.Tenant, b.step.Tenant), cmp.Compare(a.step.Interaction, b.step.Interaction))
	})
	steps, until := make([]consult.Record, len(group)), group[0].until
	for i, w := range group {
		steps[i] = w.step
		if w.until.Before(until) {
			until = w.until
		}
	}
	ctx, cancel := context.WithDeadline(context.Background(), until) // whoever gave up waiting
	defer cancel()
	o := outcome{len(group), g.write(ctx, steps)}
	for _, w := range group {
		w.group <- o
	}
}
