package graphtest

import (
	"slices"
	"strings"
)

// Group is a security group of a simulated directory. Members are ids of
// people and of other groups; a group's group counts for its members too.
type Group struct {
	ID          string   `json:"id"`
	DisplayName string   `json:"displayName"`
	Description string   `json:"description,omitempty"`
	Members     []string `json:"members"`
}

// mailNickname is made of the name, as the portal does it.
func (g *Group) mailNickname() string { return asciiName(g.DisplayName) }

// groupKind is what this simulator knows of groups.
var groupKind = &resource[Group]{name: "group", set: "groups", properties: []property[Group]{
	{name: "id", text: func(g *Group) string { return g.ID }, byDefault: true, filters: opEq | opIn, advanced: opNe | opNot},
	{name: "displayName", text: func(g *Group) string { return g.DisplayName }, byDefault: true, sortable: true, words: true, filters: textDefault, advanced: textAdvanced},
	{name: "description", text: func(g *Group) string { return g.Description }, byDefault: true, words: true, filters: opEq | opGeLe | opStartsWith, advanced: opNe | opNot},
	{name: "mail", byDefault: true, filters: textDefault, advanced: textAdvanced},
	{name: "mailEnabled", kind: boolean, flag: func(*Group) bool { return false }, byDefault: true, filters: opEq, advanced: opNe | opNot},
	{name: "mailNickname", text: func(g *Group) string { return g.mailNickname() }, byDefault: true, filters: textDefault, advanced: textAdvanced},
	{name: "securityEnabled", kind: boolean, flag: func(*Group) bool { return true }, byDefault: true, filters: opEq | opIn, advanced: opNe | opNot},
	{name: "groupTypes", kind: texts, texts: func(*Group) []string { return nil }, byDefault: true, filters: opEq, advanced: opNot},
	{name: "visibility", byDefault: true},
}}

// PutGroup adds or replaces a group. A tenant that is not known yet gets a
// directory. Members nobody has are kept but never told of.
func (s *Server) PutGroup(tenant string, g Group) {
	s.change(tenant, func(d *directory) bool { d.putGroup(g); return true })
}

// DeleteGroup removes a group; false when there was none.
func (s *Server) DeleteGroup(tenant, id string) bool {
	return s.change(tenant, func(d *directory) bool { return d.removeGroup(id) })
}

// IsMember reports whether a group names somebody as a member; who is in a group
// inside it is none of it.
func (s *Server) IsMember(tenant, groupID, objectID string) bool {
	d, ok := s.replica(tenant)
	if !ok {
		return false
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	g, ok := d.group(groupID)
	return ok && slices.Contains(g.Members, strings.ToLower(objectID))
}

// putGroup adds or replaces a group.
func (d *directory) putGroup(g Group) {
	g.ID = strings.ToLower(g.ID)
	g.Members = slices.Clone(g.Members) // the caller may keep theirs
	for i, id := range g.Members {
		g.Members[i] = strings.ToLower(id)
	}
	if i := d.groupIndex(g.ID); i >= 0 {
		d.groups[i] = &g
		return
	}
	d.groups = append(d.groups, &g)
}

func (d *directory) removeGroup(id string) bool {
	i := d.groupIndex(id)
	if i < 0 {
		return false
	}
	d.groups = slices.Delete(d.groups, i, i+1)
	return true
}

func (d *directory) groupIndex(id string) int {
	return slices.IndexFunc(d.groups, func(g *Group) bool { return strings.EqualFold(g.ID, id) })
}

// group finds a group by id.
func (d *directory) group(id string) (*Group, bool) {
	if i := d.groupIndex(id); i >= 0 {
		return d.groups[i], true
	}
	return nil, false
}

// members are the ids below a group, each once: its own, or with deep those of
// its groups' too, however they are nested.
func (d *directory) members(g *Group, deep bool) map[string]bool {
	found := make(map[string]bool, len(g.Members))
	var collect func(*Group)
	collect = func(g *Group) {
		for _, id := range g.Members {
			if found[id] {
				continue // groups may hold each other in a circle
			}
			found[id] = true
			if inner, ok := d.group(id); ok && deep {
				collect(inner)
			}
		}
	}
	collect(g)
	delete(found, g.ID) // nobody is a member of themself, be it in a circle
	return found
}

// memberOf are the groups that hold an object, in order of arrival: those that
// name it, or with deep also those that hold it through others.
func (d *directory) memberOf(id string, deep bool) []*Group {
	holds := make(map[string]bool)
	for ids := []string{id}; len(ids) > 0; ids = ids[1:] {
		for _, g := range d.groups {
			if holds[g.ID] || !slices.Contains(g.Members, ids[0]) {
				continue
			}
			if holds[g.ID] = true; deep {
				ids = append(ids, g.ID)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(d.groups), func(g *Group) bool { return !holds[g.ID] })
}
