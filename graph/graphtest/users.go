package graphtest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// collection is a page of people as Graph answers it.
type collection struct {
	Context string           `json:"@odata.context"`
	Count   *int             `json:"@odata.count,omitempty"`
	Next    string           `json:"@odata.nextLink,omitempty"`
	Delta   string           `json:"@odata.deltaLink,omitempty"`
	Value   []map[string]any `json:"value"`
}

// pageToken is where the next page of a list begins: after this person.
type pageToken struct {
	Tenant string `json:"t"`
	Query  string `json:"q"` // digest of the query that it belongs to
	Key    string `json:"k"` // of $orderby
	Order  int    `json:"o"`
}

// listUsers is GET /users.
func (s *Server) listUsers(c *call) (any, error) {
	o, err := parseOptions(c.r, "select", "filter", "search", "top", "count", "orderby", "skiptoken", "format")
	if err != nil {
		return nil, err
	}
	chosen, err := parseSelect(o["select"])
	if err != nil {
		return nil, err
	}
	top, err := o.top()
	if err != nil {
		return nil, err
	}
	counting, err := o.count()
	if err != nil {
		return nil, err
	}
	by, err := o.orderBy()
	if err != nil {
		return nil, err
	}
	narrow, err := o.narrow(c.r, counting)
	if err != nil {
		return nil, err
	}
	after, following, err := s.pageAfter(c, o)
	if err != nil {
		return nil, err
	}
	c.cost(2, o)

	s.mu.RLock()
	defer s.mu.RUnlock()
	matches := c.directory.matching(narrow, c.readable)
	by.sort(matches)
	answer := collection{Context: c.context("users", o["select"]), Value: []map[string]any{}}
	if counting && eventual(c.r) && !following {
		answer.Count = new(len(matches))
	}
	if following {
		matches = slices.DeleteFunc(matches, func(r *record) bool { return !by.follows(r, after) })
	}
	page := matches[:min(top, len(matches))]
	for _, r := range page {
		answer.Value = append(answer.Value, render(&r.user, chosen, c.readable))
	}
	if len(page) < len(matches) {
		last := page[len(page)-1]
		token := pageToken{Tenant: c.directory.tenant, Query: o.digest(), Key: by.key(last), Order: last.order}
		answer.Next = c.link(c.r.URL.Path, "$skiptoken", s.sealer.seal(token))
	}
	return answer, nil
}

// countUsers is GET /users/$count.
func (s *Server) countUsers(c *call) (any, error) {
	o, err := parseOptions(c.r, "filter", "search", "count")
	if err != nil {
		return nil, err
	}
	if !eventual(c.r) {
		return nil, badRequest("$count is not currently supported without the header ConsistencyLevel: eventual.")
	}
	narrow, err := o.narrow(c.r, true) // the path itself asks for the count
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return plainText(strconv.Itoa(len(c.directory.matching(narrow, c.readable)))), nil
}

// showUser is GET /users/{id}, by object id or user principal name.
func (s *Server) showUser(c *call) (any, error) {
	o, err := parseOptions(c.r, "select", "format")
	if err != nil {
		return nil, err
	}
	chosen, err := parseSelect(o["select"])
	if err != nil {
		return nil, err
	}
	c.cost(1, o)
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, ok := c.directory.findByName(c.id)
	if !ok {
		return nil, personNotFound(c.id)
	}
	body := render(&r.user, chosen, c.readable)
	body["@odata.context"] = c.context("users", o["select"]) + "/$entity"
	return body, nil
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
	if after.Tenant != c.directory.tenant || after.Query != o.digest() {
		return after, false, badRequest("Badly formed token.")
	}
	return after, true, nil
}

// digest identifies a query apart from its paging.
func (o options) digest() string {
	values := url.Values{}
	for name, value := range o {
		if name != "skiptoken" {
			values.Set(name, value)
		}
	}
	sum := sha256.Sum256([]byte(values.Encode()))
	return hex.EncodeToString(sum[:8])
}

// matching lists living people in order of arrival.
func (d *directory) matching(n narrowing, readable selection) []*record {
	var found []*record
	for _, r := range d.people {
		if r.removed == "" && n.keeps(&r.user, readable) {
			found = append(found, r)
		}
	}
	return found
}

// key is what a record is sorted by.
func (by ordering) key(r *record) string {
	if by.property < 0 {
		return ""
	}
	return fold(properties[by.property].read(&r.user))
}

// compare orders by key, then by arrival, so that paging never loses anybody.
func (by ordering) compare(key string, order int, otherKey string, otherOrder int) int {
	c := strings.Compare(key, otherKey)
	if by.descending {
		c = -c
	}
	if c != 0 {
		return c
	}
	return order - otherOrder
}

func (by ordering) sort(people []*record) {
	if by.property < 0 {
		return
	}
	slices.SortFunc(people, func(a, b *record) int { return by.compare(by.key(a), a.order, by.key(b), b.order) })
}

func (by ordering) follows(r *record, after pageToken) bool {
	return by.compare(by.key(r), r.order, after.Key, after.Order) > 0
}
