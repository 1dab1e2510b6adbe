package graph

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"
)

// organisation is what both modes need to know of a tenant.
type organisation struct {
	tenant    Tenant
	directory Directory
	logger    *slog.Logger
	board     *board
	rules     atomic.Pointer[rules] // replaced when groups' members change

	groups         GroupReader // nil where no filter names a group
	groupsInterval time.Duration
	searchTimeout  time.Duration // of ModeLive
}

func newOrganisation(cfg Config, deps Deps, t Tenant) *organisation {
	o := &organisation{
		tenant: t, directory: deps.Directory, logger: deps.Logger, board: newBoard(cfg.Mode),
		groupsInterval: cfg.GroupsInterval, searchTimeout: cfg.SearchTimeout,
	}
	o.rules.Store(&rules{country: t.Country, include: newConditions(cfg.Include), exclude: newConditions(cfg.Exclude)})
	if cfg.groups() {
		o.groups, _ = deps.Directory.(GroupReader) // NewExperts has looked
	}
	return o
}

// judged tells whether people can be judged: the filters' groups are known.
func (o *organisation) judged() bool { return o.groups == nil || o.rules.Load().members != nil }

// judge gives the rules by which people can be told from experts, if need be
// after asking for the members of the filters' groups.
func (o *organisation) judge(ctx context.Context) (*rules, error) {
	known := o.rules.Load()
	if o.judged() {
		return known, nil
	}
	found, err := o.readMembers(ctx)
	if err != nil {
		return nil, fmt.Errorf("read groups: %w", err)
	}
	judge := *known
	judge.members = found
	return &judge, nil
}

// readMembers asks for the members of the filters' groups.
func (o *organisation) readMembers(ctx context.Context) (*members, error) {
	ctx, cancel := context.WithTimeout(ctx, groupsTimeout)
	defer cancel()
	return readMembers(ctx, o.groups, o.tenant.ID, o.rules.Load(), o.logger)
}

// failed shows that Graph could not be asked.
func (o *organisation) failed(ctx context.Context, what string, err error) failure {
	f := classify(err)
	o.board.change(func(s *Status) { s.failed(f) })
	o.logger.WarnContext(ctx, "directory cannot be asked", "for", what, "tenant", o.tenant.ID, "reason", f.kind,
		"request_id", f.requestID, "retry_after", f.retryAfter, "error", err)
	return f
}

// source answers for one organisation, from its index or live.
type source interface {
	// run works until ctx ends.
	run(ctx context.Context, kept Checkpoint)
	// search returns the plan, too, which says what kind of search it was.
	search(ctx context.Context, q Query) (Result, *plan, error)
	// expert and byNumber answer from memory; ErrNotReady before there is any.
	expert(id UserID) (Expert, error)
	byNumber(number string) (Expert, bool)
	// labels names at most so many departments and roles; ErrNotReady.
	labels(most int) (Labels, error)
	// find answers from memory, or asks Graph where memory is no answer.
	find(ctx context.Context, id UserID) (Expert, error)
	// met notes an expert read live; gone, that somebody is none any more.
	met(e Expert)
	gone(id UserID)
	// due asks for the next round at once.
	due()
}

// listed tells whether somebody appears in searches now.
func (a *answering) listed(id UserID) bool {
	if a.board.current().Mode == ModeLive {
		return true // a search would find them
	}
	_, err := a.expert(id)
	return err == nil
}
