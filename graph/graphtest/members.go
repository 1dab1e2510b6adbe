package graphtest

import (
	"slices"
	"strings"
)

// object is one of the kinds of directory objects.
type object struct {
	user  *User
	group *Group
}

// groupsFollow is where the places of groups begin: after those of people.
const groupsFollow = 1 << 40

// listGroups is GET /groups.
func (s *Server) listGroups(c *call) (any, error) {
	return listOf(s, c, groupKind, c.sight.groups, func() ([]entry[Group], error) { return groupEntries(c.directory.groups), nil })
}

// countGroups is GET /groups/$count.
func (s *Server) countGroups(c *call) (any, error) {
	return countOf(s, c, groupKind, c.sight.groups, func() ([]entry[Group], error) { return groupEntries(c.directory.groups), nil })
}

func groupEntries(groups []*Group) []entry[Group] {
	all := make([]entry[Group], 0, len(groups))
	for i, g := range groups {
		all = append(all, entry[Group]{g, groupsFollow + i})
	}
	return all
}

// showGroup is GET /groups/{id}.
func (s *Server) showGroup(c *call) (any, error) {
	o, err := parseOptions(c.r, "select", "format")
	if err != nil {
		return nil, err
	}
	chosen, err := groupKind.parseSelect(o["select"])
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	g, ok := c.directory.group(c.id)
	if !ok {
		return nil, notFound(c.id)
	}
	body := groupKind.render(g, chosen, c.sight.groups)
	body["@odata.context"] = c.context("groups", o["select"]) + "/$entity"
	return body, nil
}

// relation is what a path asks of one object: whom it has around it.
type relation struct {
	deep  bool   // transitive…
	cast  string // "", "user" or "group": only objects of that kind
	count bool   // …/$count
}

// relationOf reads /{relation}[/microsoft.graph.{cast}][/$count].
func relationOf(segments []string) relation {
	r := relation{deep: strings.HasPrefix(segments[0], "transitive")}
	for _, segment := range segments[1:] {
		if segment == "$count" {
			r.count = true
		} else {
			_, r.cast, _ = strings.Cut(segment, "microsoft.graph.")
		}
	}
	return r
}

// listMembers is GET /groups/{id}/members and …/transitiveMembers, as they are
// or cast to one kind, listed or counted.
func (s *Server) listMembers(c *call) (any, error) {
	r := relationOf(c.rest)
	return s.related(c, r, func() ([]entry[object], error) {
		g, ok := c.directory.group(c.id)
		if !ok {
			return nil, notFound(c.id)
		}
		var found []entry[object]
		ids := c.directory.members(g, r.deep)
		for id := range ids {
			if person, ok := c.directory.find(id); ok {
				found = append(found, entry[object]{&object{user: &person.user}, person.order})
			}
		}
		for _, e := range groupEntries(c.directory.groups) {
			if ids[e.object.ID] {
				found = append(found, entry[object]{&object{group: e.object}, e.order})
			}
		}
		return found, nil
	})
}

// listMemberOf is GET /users/{id}/memberOf and …/transitiveMemberOf.
func (s *Server) listMemberOf(c *call) (any, error) {
	r := relationOf(c.rest)
	return s.related(c, r, func() ([]entry[object], error) {
		person, ok := c.directory.findByName(c.id)
		if !ok {
			return nil, notFound(c.id)
		}
		var found []entry[object]
		for _, e := range groupEntries(c.directory.memberOf(person.user.ID, r.deep)) {
			found = append(found, entry[object]{&object{group: e.object}, e.order})
		}
		return found, nil
	})
}

// related answers with what all finds, in the way the path asks for it.
func (s *Server) related(c *call, r relation, all func() ([]entry[object], error)) (any, error) {
	switch r.cast {
	case "user":
		return relatedOf(s, c, r, userKind, c.sight.users, all, func(o *object) *User { return o.user })
	case "group":
		return relatedOf(s, c, r, groupKind, c.sight.groups, all, func(o *object) *Group { return o.group })
	}
	if r.count {
		return s.countObjects(c, all)
	}
	return s.listObjects(c, all)
}

// relatedOf lists or counts what is of one kind: an OData cast, which is an
// advanced query capability.
func relatedOf[T any](s *Server, c *call, r relation, kind *resource[T], readable selection, all func() ([]entry[object], error), as func(*object) *T) (any, error) {
	only := func() ([]entry[T], error) {
		objects, err := all()
		var found []entry[T]
		for _, e := range objects {
			if one := as(e.object); one != nil {
				found = append(found, entry[T]{one, e.order})
			}
		}
		return found, err
	}
	if r.count {
		return countOf(s, c, kind, readable, only)
	}
	if counting := c.r.URL.Query().Get("$count") == "true"; !eventual(c.r) || !counting {
		return nil, unsupportedQuery("Unsupported Query. An OData cast needs the header ConsistencyLevel: eventual and $count=true.")
	}
	return listOf(s, c, kind, readable, only)
}

// countObjects counts objects of all kinds.
func (s *Server) countObjects(c *call, all func() ([]entry[object], error)) (any, error) {
	return countOf(s, c, &resource[object]{name: "directoryObject", set: "directoryObjects"}, allProperties, all)
}

// listObjects lists objects of all kinds, each with the properties of its own.
// $filter, $search and $orderby are served for one kind only.
func (s *Server) listObjects(c *call, all func() ([]entry[object], error)) (any, error) {
	o, err := parseOptions(c.r, "select", "top", "count", "skiptoken", "format")
	if err != nil {
		return nil, err
	}
	chosenOf, err := parseMixedSelect(o["select"])
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	objects, err := all()
	if err != nil {
		return nil, err
	}
	return page(s, c, o, objects, rendering[object]{
		set: "directoryObjects",
		key: func(*object) string { return "" },
		render: func(one *object) map[string]any {
			var body map[string]any
			if one.user != nil {
				body = userKind.render(one.user, chosenOf.users, c.sight.users|userKind.identity())
				body["@odata.type"] = "#microsoft.graph.user"
			} else {
				body = groupKind.render(one.group, chosenOf.groups, c.sight.groups|groupKind.identity())
				body["@odata.type"] = "#microsoft.graph.group"
			}
			return body
		},
	})
}

// sight is what of each kind: chosen by $select, or readable with a token.
type sight struct{ users, groups selection }

// parseMixedSelect reads a $select of names of either kind.
func parseMixedSelect(s string) (chosen sight, err error) {
	var ofUsers, ofGroups []string
	for name := range strings.SplitSeq(s, ",") {
		name = strings.TrimSpace(name)
		user, group := userKind.index(name) >= 0, groupKind.index(name) >= 0
		if s != "" && !user && !group {
			return sight{}, badRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' on type 'microsoft.graph.directoryObject'.", name)
		}
		if user {
			ofUsers = append(ofUsers, name)
		}
		if group {
			ofGroups = append(ofGroups, name)
		}
	}
	if chosen.users, err = userKind.parseSelect(strings.Join(ofUsers, ",")); err != nil {
		return sight{}, err
	}
	if chosen.groups, err = groupKind.parseSelect(strings.Join(ofGroups, ",")); err != nil {
		return sight{}, err
	}
	if s != "" && len(ofUsers) == 0 {
		chosen.users = userKind.identity()
	}
	if s != "" && len(ofGroups) == 0 {
		chosen.groups = groupKind.identity()
	}
	return chosen, nil
}

// maxChecked is how many groups one request may ask about.
const maxChecked = 20

// checkMemberGroups is POST /users/{id}/checkMemberGroups: in which of the
// groups somebody is, directly or not. Ids of no group are left out.
func (s *Server) checkMemberGroups(c *call) (any, error) {
	if _, err := parseOptions(c.r); err != nil {
		return nil, err
	}
	var asked struct {
		GroupIDs []string `json:"groupIds"`
	}
	if err := readJSON(c.r, &asked); err != nil {
		return nil, err
	}
	if n := len(asked.GroupIDs); n == 0 || n > maxChecked {
		return nil, badRequest("Between 1 and %d group ids can be checked in one request.", maxChecked)
	}
	if slices.ContainsFunc(asked.GroupIDs, func(id string) bool { return !isGUID(id) }) {
		return nil, badRequest("Invalid object identifier.")
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	person, ok := c.directory.findByName(c.id)
	if !ok {
		return nil, notFound(c.id)
	}
	value := []string{}
	for _, g := range c.directory.memberOf(person.user.ID, true) {
		if slices.ContainsFunc(asked.GroupIDs, func(id string) bool { return strings.EqualFold(id, g.ID) }) {
			value = append(value, g.ID)
		}
	}
	return struct {
		Context string   `json:"@odata.context"`
		Value   []string `json:"value"`
	}{c.context("Collection(Edm.String)", ""), value}, nil
}
