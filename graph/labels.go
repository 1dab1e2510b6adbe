package graph

import (
	"cmp"
	"slices"
	"strings"
)

// Label is a whole role or department that experts have.
type Label struct {
	Name    string // as one of them spells it
	Experts int
}

// Labels are what a list of experts can be narrowed by with [Query].
type Labels struct {
	Departments []Label
	Roles       []Label
}

// Labels names the departments and roles that most experts have, at most so
// many of each, in the order of their names. Live there are none, because
// Graph has no list of them: a search by one that is known works all the same.
// ErrNotReady.
func (e *Experts) Labels(tenant TenantID, most int) (Labels, error) {
	o := e.organisations[tenant]
	if o == nil {
		return Labels{}, ErrNotReady
	}
	return o.labels(most)
}

func (m *mirror) labels(most int) (Labels, error) {
	x := m.index.Load()
	if x == nil {
		return Labels{}, ErrNotReady
	}
	return Labels{
		Departments: x.labels(most, func(s *segment) *labels { return &s.departments }, func(e *Expert) string { return e.Department }),
		Roles:       x.labels(most, func(s *segment) *labels { return &s.roles }, func(e *Expert) string { return e.Role }),
	}, nil
}

func (l *live) labels(int) (Labels, error) { return Labels{}, nil }

// labels counts one kind of label over all parts.
func (x *index) labels(most int, of func(*segment) *labels, text func(*Expert) string) []Label {
	counts := map[string]Label{}
	for _, p := range x.parts {
		kind := of(p.segment)
		for key, n := range kind.numbers {
			if key == "" {
				continue
			}
			had := counts[key]
			for _, o := range kind.people[kind.starts[n]:kind.starts[n+1]] {
				if p.gone.has(o) {
					continue
				}
				if had.Name == "" {
					had.Name = text(&p.people[o])
				}
				had.Experts++
			}
			if had.Experts > 0 {
				counts[key] = had
			}
		}
	}
	list := make([]Label, 0, len(counts))
	for _, label := range counts {
		list = append(list, label)
	}
	byName := func(a, b Label) int {
		return cmp.Or(strings.Compare(sortKey(a.Name), sortKey(b.Name)), strings.Compare(a.Name, b.Name))
	}
	slices.SortFunc(list, func(a, b Label) int { return cmp.Or(cmp.Compare(b.Experts, a.Experts), byName(a, b)) })
	list = slices.Clip(list[:min(most, len(list))])
	slices.SortFunc(list, byName)
	return list
}
