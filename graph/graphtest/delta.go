package graphtest

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// deltaLife is how long a delta token is honoured.
const deltaLife = 7 * 24 * time.Hour

// maxDeltaIDs is how many people one delta query may be narrowed to.
const maxDeltaIDs = 50

// deltaToken is all that a round of delta needs to go on: nothing is kept
// between requests. It tells of changes in (Since, Until]; a change during the
// round comes again in the next one, which Graph allows itself too.
//
// An uneven server (see [Options]) also gives an empty page as the second of a
// round, begins each further page with the last person of the one before, and
// tells the changes of a round again in the next.
type deltaToken struct {
	Tenant  string    `json:"t"`
	Epoch   int64     `json:"e"` // tokens of another epoch are void
	Issued  time.Time `json:"i"`
	Since   uint64    `json:"s"`
	Until   uint64    `json:"u"`           // 0 in a deltaLink: up to whatever is current then
	After   int       `json:"a"`           // place in the directory after which the page begins
	Chosen  selection `json:"c"`           // $select of the first request
	Minimal bool      `json:"m,omitempty"` // Prefer: return=minimal
	IDs     []string  `json:"f,omitempty"` // $filter of the first request
	Asked   string    `json:"q,omitempty"` // $select as asked, for the context
	Floor   uint64    `json:"l,omitempty"` // where the round before ended; Since may lie before it
	Page    int       `json:"p,omitempty"` // of the round, from 0
}

// deltaUsers is GET /users/delta and GET /users/delta().
func (s *Server) deltaUsers(c *call) (any, error) {
	o, err := parseOptions(c.r, "select", "filter", "skiptoken", "deltatoken")
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	token, err := s.deltaStart(c, o)
	if err != nil {
		return nil, err
	}
	prefer := preferences(c.r)
	token.Minimal = token.Minimal || prefer.minimal
	if prefer.minimal {
		c.header.Set("Preference-Applied", "return=minimal")
	}
	return s.deltaPage(c, token, cmp.Or(prefer.pageSize, s.pageSize)), nil
}

// deltaStart is where this request takes up: a fresh round, "from now on", or
// a link of an earlier answer.
func (s *Server) deltaStart(c *call, o options) (deltaToken, error) {
	raw, following := o["skiptoken"]
	if !following {
		raw, following = o["deltatoken"]
	}
	if following && raw != "" && raw != "latest" {
		return s.deltaFollow(c, raw)
	}
	chosen, err := userKind.parseSelect(o["select"])
	if err != nil {
		return deltaToken{}, err
	}
	ids, err := parseDeltaFilter(o["filter"])
	if err != nil {
		return deltaToken{}, err
	}
	token := deltaToken{Tenant: c.directory.tenant, Chosen: chosen, Asked: o["select"], IDs: ids, After: -1, Until: c.directory.version}
	if raw == "latest" {
		token.Since = token.Until
	}
	return token, nil
}

// deltaFollow opens a link's token. One that is too old, of another life of
// this server, or void since [Server.ResetDelta] asks for a full read.
func (s *Server) deltaFollow(c *call, raw string) (deltaToken, error) {
	var token deltaToken
	if err := s.sealer.open(raw, &token); err != nil {
		return token, err
	}
	if token.Tenant != c.directory.tenant {
		return token, badRequest("Badly formed token.")
	}
	code := ""
	switch {
	case token.Epoch != s.epoch:
		code = s.voidCode
	case s.clock().Sub(token.Issued) > deltaLife:
		code = "syncStateNotFound"
	}
	if code != "" {
		return token, s.gone(c, code, token.Asked)
	}
	if token.Until == 0 {
		token.Until = c.directory.version
	}
	return token, nil
}

// gone is the refusal that makes a client start over; Location says where.
func (s *Server) gone(c *call, code, selected string) *failure {
	location := c.base() + "/users/delta?$deltatoken="
	if selected != "" {
		location += "&$select=" + selected
	}
	return &failure{
		status: http.StatusGone, code: code,
		message: "The delta token is no longer valid, and the application must reset the sync state.",
		header:  http.Header{"Location": {location}},
	}
}

// deltaPage collects one page. The caller holds the lock.
func (s *Server) deltaPage(c *call, token deltaToken, size int) collection {
	answer := collection{Context: c.context("users", token.Asked), Value: []map[string]any{}}
	people := c.directory.people
	next := func() collection {
		token.Page++
		answer.Next = c.link(c.r.URL.Path, "$skiptoken", s.sealer.seal(s.stamp(token)))
		return answer
	}
	if s.uneven && token.Page == 1 {
		return next()
	}
	if s.uneven && token.After >= 0 && token.After < len(people) && token.tells(people[token.After]) {
		answer.Value = append(answer.Value, token.render(people[token.After]))
		size++
	}
	for _, r := range people[min(token.After+1, len(people)):] {
		if !token.tells(r) {
			continue
		}
		if len(answer.Value) == size {
			return next()
		}
		answer.Value = append(answer.Value, token.render(r))
		token.After = r.order
	}
	s.closeRound(&token)
	answer.Delta = c.link(c.r.URL.Path, "$deltatoken", s.sealer.seal(s.stamp(token)))
	return answer
}

// closeRound makes the token of a round's last page the one of the next round.
func (s *Server) closeRound(t *deltaToken) {
	t.Since = t.Until
	if s.uneven && t.Floor > 0 {
		t.Since = t.Floor
	}
	t.Floor, t.Until, t.After, t.Page = t.Until, 0, -1, 0
}

// stamp dates a token that is about to leave.
func (s *Server) stamp(t deltaToken) deltaToken {
	t.Epoch, t.Issued = s.epoch, s.clock().UTC()
	return t
}

// tells whether the round has something to say of a person.
func (t *deltaToken) tells(r *record) bool {
	switch {
	case r.changed <= t.Since:
		return false
	case len(t.IDs) > 0 && !slices.Contains(t.IDs, r.user.ID):
		return false
	case r.removed != "":
		return true
	}
	return r.changedSince(t.Since, t.Chosen) != 0
}

// render is the person as delta tells of them: never-set properties are
// absent, cleared ones null, and with return=minimal only changes are there.
func (t *deltaToken) render(r *record) map[string]any {
	if r.removed != "" {
		return map[string]any{"id": r.user.ID, "@removed": map[string]string{"reason": r.removed}}
	}
	chosen := t.Chosen & r.ever
	if t.Minimal {
		chosen &= r.changedSince(t.Since, t.Chosen)
	}
	return userKind.render(&r.user, chosen|userKind.identity(), allProperties)
}

var idClause = regexp.MustCompile(`^\s*id eq '([0-9A-Fa-f-]{36})'\s*$`)

// parseDeltaFilter reads the only filter that delta takes: id eq '…' or id eq '…'.
func parseDeltaFilter(s string) ([]string, error) {
	if s == "" {
		return nil, nil
	}
	var ids []string
	for clause := range strings.SplitSeq(s, " or ") {
		m := idClause.FindStringSubmatch(clause)
		if m == nil {
			return nil, unsupportedQuery("The specified filter is not supported by delta: only id eq '…' joined by or.")
		}
		ids = append(ids, strings.ToLower(m[1]))
	}
	if len(ids) > maxDeltaIDs {
		return nil, unsupportedQuery("A delta query can track at most %d objects by id.", maxDeltaIDs)
	}
	return ids, nil
}

// preferred is what the Prefer headers ask for.
type preferred struct {
	minimal  bool
	pageSize int // 0: not said
}

func preferences(r *http.Request) (p preferred) {
	for _, header := range r.Header.Values("Prefer") {
		for part := range strings.SplitSeq(header, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			switch strings.ToLower(name) {
			case "return":
				p.minimal = value == "minimal"
			case "odata.maxpagesize":
				if n, err := strconv.Atoi(value); err == nil && n > 0 {
					p.pageSize = min(n, maxPage)
				}
			}
		}
	}
	return p
}
