package graphtest

import (
	"maps"
	"slices"
	"strings"
)

// directory is one tenant's people and the history that delta queries need.
// The server's lock guards it.
type directory struct {
	tenant  string
	name    string
	people  []*record // in order of arrival; the removed ones stay, for delta
	groups  []*Group
	byID    map[string]*record
	version uint64 // counts changes
}

// record is a person with what delta must know of them.
type record struct {
	user    User
	order   int            // place in directory.people
	changed uint64         // version of the last change
	removed string         // "", "changed" (soft-deleted), "deleted" (for good)
	ever    selection      // properties that were set at some time
	since   map[int]uint64 // version of a property's last change, where it is not the first one
	first   uint64         // version at which the person came
}

// Reasons of @removed.
const (
	softDeleted = "changed"
	purged      = "deleted"
)

func newDirectory(o Organization) *directory {
	d := &directory{
		tenant: strings.ToLower(o.Tenant), name: o.Name,
		people: make([]*record, 0, len(o.Users)), byID: make(map[string]*record, len(o.Users)),
	}
	for _, u := range o.Users {
		d.put(u)
	}
	for _, g := range o.Groups {
		d.putGroup(g)
	}
	return d
}

// find looks a living person up by id.
func (d *directory) find(id string) (*record, bool) {
	r, ok := d.byID[strings.ToLower(id)]
	return r, ok && r.removed == ""
}

// findByName looks a living person up by id or user principal name.
func (d *directory) findByName(name string) (*record, bool) {
	if isGUID(name) {
		return d.find(name)
	}
	for _, r := range d.people {
		if r.removed == "" && strings.EqualFold(r.user.UserPrincipalName, name) {
			return r, true
		}
	}
	return nil, false
}

// put adds, replaces or restores a person; what stays the same is no change.
func (d *directory) put(u User) {
	u.ID = strings.ToLower(u.ID)
	u.BusinessPhones = slices.Clone(u.BusinessPhones) // the caller may keep theirs
	u.ExtensionAttributes = maps.Clone(u.ExtensionAttributes)
	r, known := d.byID[u.ID]
	if !known {
		d.version++
		r = &record{user: u, order: len(d.people), changed: d.version, first: d.version, ever: allSet(&u)}
		d.people = append(d.people, r)
		d.byID[u.ID] = r
		return
	}
	restored := r.removed != ""
	var different []int
	for i := range userKind.properties {
		if restored || !same(&userKind.properties[i], &r.user, &u) {
			different = append(different, i)
		}
	}
	if len(different) == 0 {
		return
	}
	d.version++
	r.user, r.removed, r.changed = u, "", d.version
	r.ever |= allSet(&u)
	if r.since == nil {
		r.since = make(map[int]uint64, len(different))
	}
	for _, i := range different {
		r.since[i] = d.version
	}
}

// remove takes a person away for a reason; false when there was none.
func (d *directory) remove(id, reason string) bool {
	r, ok := d.byID[strings.ToLower(id)]
	if !ok || r.removed == purged || r.removed == reason {
		return false
	}
	d.version++
	r.removed, r.changed = reason, d.version
	return true
}

// changedSince is the part of the chosen properties that changed after a version.
func (r *record) changedSince(version uint64, chosen selection) selection {
	if r.first > version {
		return chosen
	}
	var s selection
	for i, at := range r.since {
		if at > version && chosen.has(i) {
			s |= 1 << i
		}
	}
	return s
}

func allSet(u *User) selection {
	return userKind.those(func(p *property[User]) bool { return p.set(u) })
}

func same(p *property[User], a, b *User) bool {
	switch p.kind {
	case boolean:
		return p.flag(a) == p.flag(b)
	case texts:
		return slices.Equal(p.texts(a), p.texts(b))
	case attributes:
		return maps.Equal(p.parts(a), p.parts(b))
	case text:
	}
	return p.read(a) == p.read(b)
}
