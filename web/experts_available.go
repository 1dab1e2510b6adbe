package web

import (
	"container/list"
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/sso"
)

// checkedMatches is how many text matches a search for available people asks
// for their presence.
const checkedMatches = 200

// byAvailability filters and orders the first text matches by presence. The
// order is frozen at the first page: the pages after it neither repeat nor skip
// anybody, however presence changes meanwhile.
func (s *Server) byAvailability(ctx context.Context, p sso.Principal, in *expertsRequest) (expertsAnswer, error) {
	tenant := graph.TenantID(p.Tenant())
	var frozen *frozenSearch
	offset := 0
	if in.Cursor == "" {
		made, err := s.freeze(ctx, p, in)
		if err != nil {
			return expertsAnswer{}, err
		}
		frozen = made
	} else {
		kept, at, ok := s.searches.find(in.Cursor, frozenKey(p, in), s.now())
		if !ok {
			return expertsAnswer{}, graph.ErrBadCursor
		}
		frozen, offset = kept, at
	}

	page := frozen.ids[offset:min(offset+in.Limit, len(frozen.ids))]
	var experts []graph.Expert
	for _, id := range page {
		if e, err := s.deps.Experts.Expert(tenant, id); err == nil { // else they have left since
			experts = append(experts, e)
		}
	}
	out := expertsAnswer{
		Experts: s.withPresence(ctx, tenant, experts),
		Total:   frozen.total,
		Checked: &frozen.checked,
	}
	out.Directory = searchedAgeOf(s.deps.Experts.Status(tenant), frozen.found, s.now())
	if end := offset + len(page); end < len(frozen.ids) {
		out.Next = orNull(s.searches.cursor(frozen, end, s.now()))
	}
	return out, nil
}

// freeze finds who is available now, available ones first, then the unknown,
// each in the order of the text search.
func (s *Server) freeze(ctx context.Context, p sso.Principal, in *expertsRequest) (*frozenSearch, error) {
	tenant := graph.TenantID(p.Tenant())
	query := in.query(p)
	query.Limit = checkedMatches
	result, err := s.deps.Experts.Search(ctx, tenant, query)
	if err != nil {
		return nil, err
	}
	known := s.presences(ctx, tenant, mapped(result.Experts, func(e graph.Expert) graph.UserID { return e.ID }))
	known = slices.DeleteFunc(known, func(p presence.Presence) bool { return !reachable(p) })
	slices.SortStableFunc(known, func(a, b presence.Presence) int {
		switch {
		case isAvailable(a) == isAvailable(b):
			return 0
		case isAvailable(a):
			return -1
		}
		return 1
	})
	frozen := &frozenSearch{
		key:     frozenKey(p, in),
		ids:     mapped(known, func(p presence.Presence) graph.UserID { return p.ID }),
		checked: len(result.Experts),
		found:   graph.Result{ReadAt: result.ReadAt, CannotFind: result.CannotFind},
	}
	if result.Next == "" && result.Total >= 0 { // all text matches were checked, so the number is known
		total := len(frozen.ids)
		frozen.total = &total
	}
	return frozen, nil
}

// frozenKey binds a frozen search to who asked what: a cursor is of no use to
// anybody else, nor to another search.
func frozenKey(p sso.Principal, in *expertsRequest) string {
	return strings.Join([]string{p.Tenant(), string(p.Agent().ID), in.Q, in.Department, in.Role}, "\x00")
}

const (
	frozenLife = 10 * time.Minute
	frozenMost = 1000 // of 200 ids each: about 10 MB at worst
)

// frozenSearch is the result of a search for available people.
type frozenSearch struct {
	id      string // set with the first cursor
	key     string
	ids     []graph.UserID
	checked int
	total   *int
	found   graph.Result // what the answer says of itself; nobody in it
	expires time.Time
}

// frozenSearches keeps the latest ones in memory; presence is kept nowhere
// else, so neither is an order made from it.
type frozenSearches struct {
	mu     sync.Mutex
	recent *list.List // of *frozenSearch, newest first
	byID   map[string]*list.Element
}

func newFrozenSearches() *frozenSearches {
	return &frozenSearches{recent: list.New(), byID: map[string]*list.Element{}}
}

// cursor names the rest of f from the offset on.
func (c *frozenSearches) cursor(f *frozenSearch, offset int, now time.Time) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.expires = now.Add(frozenLife)
	if f.id == "" {
		f.id = rand.Text()
		c.byID[f.id] = c.recent.PushFront(f)
	} else if e, kept := c.byID[f.id]; kept {
		c.recent.MoveToFront(e)
	}
	for c.recent.Len() > frozenMost {
		oldest := c.recent.Back()
		delete(c.byID, c.recent.Remove(oldest).(*frozenSearch).id)
	}
	return f.id + "." + strconv.Itoa(offset)
}

// find gives back what a cursor names, if it belongs to the key.
func (c *frozenSearches) find(cursor, key string, now time.Time) (f *frozenSearch, offset int, ok bool) {
	id, position, found := strings.Cut(cursor, ".")
	offset, err := strconv.Atoi(position)
	if !found || err != nil {
		return nil, 0, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e, kept := c.byID[id]
	if !kept {
		return nil, 0, false
	}
	f = e.Value.(*frozenSearch)
	if f.key != key || now.After(f.expires) || offset < 0 || offset > len(f.ids) {
		return nil, 0, false
	}
	return f, offset, true
}
