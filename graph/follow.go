package graph

import (
	"context"
	"errors"
	"time"
)

// fewMoved are read one by one when their membership changes; of more the
// directory is read anew.
const fewMoved = 200

// follow looks at the members of the filters' groups when it is time to. It
// returns the round to read: the one given, or a full read where who is listed
// cannot be told otherwise. After an error everything is as it was.
func (m *mirror) follow(ctx context.Context, r *round) (*round, error) {
	old := *m.rules.Load()
	between := !r.full() && r.link == r.start && len(r.changes) == 0
	if m.groups == nil || old.members != nil && (!between || time.Since(m.membersAt) < m.groupsInterval) {
		return r, nil
	}
	found, err := m.readMembers(ctx)
	if err != nil {
		if old.members == nil {
			return r, err // nobody can be judged
		}
		m.logger.WarnContext(ctx, "members of groups not read, those known still count", "tenant", m.tenant.ID, "error", err)
		m.membersAt = time.Now()
		return r, nil
	}
	rules := old
	rules.members = found
	next := r
	switch {
	case r.members == found.digest: // nothing has changed
	case old.members == nil && r.full() && !r.resumed:
		r.members = found.digest
	case old.members == nil:
		next = nil
	default:
		moved := found.moved(old.members)
		if len(moved) > fewMoved {
			next = nil
			break
		}
		people, err := m.readMoved(ctx, moved)
		if err != nil {
			return r, err
		}
		r.take(people, &rules)
		r.members = found.digest
	}
	m.rules.Store(&rules)
	m.membersAt = time.Now()
	if next == nil {
		m.logger.InfoContext(ctx, "members of groups have changed, directory is read anew", "tenant", m.tenant.ID)
		m.hide(&rules)
		next = m.anew()
	}
	return next, nil
}

// readMoved reads those whose membership has changed. Who is gone meanwhile is
// told of by the delta.
func (m *mirror) readMoved(ctx context.Context, ids []UserID) ([]Person, error) {
	people := make([]Person, 0, len(ids))
	for _, id := range ids {
		p, err := m.person(ctx, id)
		if errors.Is(err, ErrNotFound) {
			continue // a group has members of other kinds too
		}
		if err != nil {
			return nil, err
		}
		people = append(people, p)
	}
	return people, nil
}

func (m *mirror) person(ctx context.Context, id UserID) (Person, error) {
	ctx, cancel := context.WithTimeout(ctx, pageTimeout)
	defer cancel()
	return m.directory.Person(ctx, m.tenant.ID, id)
}

// hide takes out of the index, before the directory has been read anew, whom
// the rules do not list whatever else there may be to know.
func (m *mirror) hide(r *rules) {
	x := m.index.Load()
	if x == nil {
		return
	}
	everybody, _, _ := x.search(&plan{limit: x.experts})
	out := map[UserID]*Expert{}
	for _, one := range everybody {
		if !r.mayList(one.expert) {
			out[one.expert.ID] = nil
		}
	}
	if len(out) == 0 {
		return
	}
	next := x.with(out)
	m.index.Store(next)
	m.board.change(func(s *Status) { s.Experts = next.experts })
}

// mayList judges an expert of the index, of whom the attributes are not known.
func (r *rules) mayList(e *Expert) bool {
	p := Person{ID: e.ID, Role: e.Role, Department: e.Department}
	if r.exclude.meets(&p, r.members.excluded) {
		return false
	}
	return r.include.none() || len(r.include.attributes) > 0 || r.include.meets(&p, r.members.included)
}
