package graphtest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// collection is a page of objects as Graph answers it.
type collection struct {
	Context string           `json:"@odata.context"`
	Count   *int             `json:"@odata.count,omitempty"`
	Next    string           `json:"@odata.nextLink,omitempty"`
	Delta   string           `json:"@odata.deltaLink,omitempty"`
	Value   []map[string]any `json:"value"`
}

// entry is an object at its place among all of its directory.
type entry[T any] struct {
	object *T
	order  int
}

// pageToken is where the next page of a list begins: after this object.
type pageToken struct {
	Tenant string `json:"t"`
	Query  string `json:"q"` // digest of the query that it belongs to
	Key    string `json:"k"` // of $orderby
	Order  int    `json:"o"`
}

// listOf answers with a page of objects of one kind, and with them the options
// that Graph has for collections of the directory. all is called under the
// server's lock.
func listOf[T any](s *Server, c *call, kind *resource[T], readable selection, all func() ([]entry[T], error)) (any, error) {
	o, err := parseOptions(c.r, "select", "filter", "search", "top", "count", "orderby", "skiptoken", "format")
	if err != nil {
		return nil, err
	}
	chosen, err := kind.parseSelect(o["select"])
	if err != nil {
		return nil, err
	}
	by, err := kind.parseOrder(o)
	if err != nil {
		return nil, err
	}
	counting, err := o.count()
	if err != nil {
		return nil, err
	}
	narrow, err := kind.narrow(o, c.r, counting)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	matches, err := all()
	if err != nil {
		return nil, err
	}
	matches = slices.DeleteFunc(matches, func(e entry[T]) bool { return !narrow.keeps(e.object, readable) })
	return page(s, c, o, matches, rendering[T]{
		set: kind.set,
		key: by.key, descending: by.descending,
		render: func(object *T) map[string]any { return kind.render(object, chosen, readable) },
	})
}

// rendering is how the objects of a page are sorted and shown.
type rendering[T any] struct {
	set        string // of @odata.context
	key        func(*T) string
	descending bool
	render     func(*T) map[string]any
}

// page answers with the part of the objects that the request asks for.
func page[T any](s *Server, c *call, o options, all []entry[T], as rendering[T]) (any, error) {
	top, err := o.top()
	if err != nil {
		return nil, err
	}
	counting, err := o.count()
	if err != nil {
		return nil, err
	}
	after, following, err := s.pageAfter(c, o)
	if err != nil {
		return nil, err
	}
	answer := collection{Context: c.context(as.set, o["select"]), Value: []map[string]any{}}
	if counting && eventual(c.r) && !following {
		answer.Count = new(len(all))
	}
	compare := func(key string, order int, otherKey string, otherOrder int) int {
		byKey := strings.Compare(key, otherKey)
		if as.descending {
			byKey = -byKey
		}
		return cmp.Or(byKey, order-otherOrder) // then by arrival, so that paging never loses anybody
	}
	slices.SortFunc(all, func(a, b entry[T]) int { return compare(as.key(a.object), a.order, as.key(b.object), b.order) })
	if following {
		all = slices.DeleteFunc(all, func(e entry[T]) bool { return compare(as.key(e.object), e.order, after.Key, after.Order) <= 0 })
	}
	shown := all[:min(top, len(all))]
	for _, e := range shown {
		answer.Value = append(answer.Value, as.render(e.object))
	}
	if len(shown) < len(all) {
		last := shown[len(shown)-1]
		token := pageToken{Tenant: c.directory.tenant, Query: c.digest(o), Key: as.key(last.object), Order: last.order}
		answer.Next = c.link(c.r.URL.Path, "$skiptoken", s.sealer.seal(token))
	}
	return answer, nil
}

// key is what an object is sorted by.
func (by ordering[T]) key(object *T) string {
	if by.property == nil {
		return ""
	}
	return fold(by.property.read(object))
}

// countOf answers with the number of objects, as plain text.
func countOf[T any](s *Server, c *call, kind *resource[T], readable selection, all func() ([]entry[T], error)) (any, error) {
	o, err := parseOptions(c.r, "filter", "search", "count")
	if err != nil {
		return nil, err
	}
	if !eventual(c.r) {
		return nil, badRequest("$count is not currently supported without the header ConsistencyLevel: eventual.")
	}
	narrow, err := kind.narrow(o, c.r, true) // the path itself asks for the count
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	matches, err := all()
	if err != nil {
		return nil, err
	}
	n := 0
	for _, e := range matches {
		if narrow.keeps(e.object, readable) {
			n++
		}
	}
	return plainText(strconv.Itoa(n)), nil
}

// pageAfter reads $skiptoken: the place after which the page begins.
func (s *Server) pageAfter(c *call, o options) (after pageToken, following bool, err error) {
	raw, following := o["skiptoken"]
	if !following {
		return after, false, nil
	}
	if err := s.sealer.open(raw, &after); err != nil {
		return after, false, err
	}
	if after.Tenant != c.directory.tenant || after.Query != c.digest(o) {
		return after, false, badRequest("Badly formed token.")
	}
	return after, true, nil
}

// digest identifies a query apart from its paging.
func (c *call) digest(o options) string {
	values := url.Values{"path": {c.r.URL.Path}}
	for name, value := range o {
		if name != "skiptoken" {
			values.Set(name, value)
		}
	}
	sum := sha256.Sum256([]byte(values.Encode()))
	return hex.EncodeToString(sum[:8])
}
