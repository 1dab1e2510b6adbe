package msgraph

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"teamsbridge/graph"
)

// Assigned is who may use an application that requires assignment: whoever is
// assigned to it, and the direct members of groups that are. Who is in a group
// inside such a group is not (Microsoft Learn, "Manage users and groups assignment
// to an application": the assignment does not cascade to nested groups).
//
// Reading it takes one request, one or two for the caller where they are not
// assigned themselves, and one for each of the first mostGroups groups.
type Assigned struct {
	People []graph.UserID // assigned themselves, sorted
	Groups int
	More   bool // assignments than one page shows
	Caller Assignment

	// Members are the groups' direct ones, people and groups, sorted. MembersSeen is false where not
	// all of them were: because of their number, or because the caller's permissions
	// do not show them, which takes GroupMember.Read.All.
	Members     []graph.UserID
	MembersSeen bool
}

// Assignment is how somebody is assigned to an application.
type Assignment string

// The ways of assignment.
const (
	AssignedDirectly   Assignment = "directly"
	AssignedByGroup    Assignment = "group"
	AssignedNestedOnly Assignment = "nested" // in a group inside an assigned one, which counts for nothing
	AssignedNot        Assignment = "not"
	AssignedUnseen     Assignment = "unseen" // the groups of whoever asks are not shown
)

const (
	mostAssigned = "999" // read of a list: one page of the largest size
	mostGroups   = 20    // whose members are read
)

// assignments is a page of appRoleAssignments.
type assignments struct {
	Next  string `json:"@odata.nextLink"`
	Value []struct {
		Role      string `json:"appRoleId"`
		Principal string `json:"principalId"`
		Type      string `json:"principalType"`
		Resource  string `json:"resourceId"`
	} `json:"value"`
}

// holders lists who is assigned to the application.
func (i inspector) holders(ctx context.Context, id string) (page assignments, err error) {
	err = i.get(ctx, "servicePrincipals/"+id+"/appRoleAssignedTo", map[string]string{"top": mostAssigned}, &page)
	return page, err
}

// of gives the ids of the holders of a kind (principalType), each once and sorted:
// who has several roles has several assignments. What is no id does not get into
// addresses.
func (a assignments) of(kind string) []graph.UserID {
	var ids []graph.UserID
	for _, one := range a.Value {
		if _, err := uuid.Parse(one.Principal); err == nil && one.Type == kind {
			ids = append(ids, graph.UserID(strings.ToLower(one.Principal)))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// assigned finds out whom the assignments reach.
func assigned(ctx context.Context, holders assignments, ask func(func(context.Context, inspector) error) error) (Assigned, error) {
	groups := holders.of("Group")
	found := Assigned{People: holders.of("User"), Groups: len(groups), More: holders.Next != "", MembersSeen: len(groups) <= mostGroups}
	caller, _ := graph.CallerOf(ctx)
	var err error
	switch id := graph.UserID(strings.ToLower(string(caller.ID))); {
	case slices.Contains(found.People, id):
		found.Caller = AssignedDirectly
	case len(groups) == 0:
		found.Caller = AssignedNot
	default:
		if found.Caller, err = byGroup(groups, ask); err != nil {
			return found, err
		}
	}
	for _, group := range groups[:min(len(groups), mostGroups)] {
		var members ids
		err := ask(func(ctx context.Context, i inspector) error {
			return i.list(ctx, "groups/"+string(group)+"/members", &members)
		})
		seen, err := shown(err)
		if err != nil {
			return found, err
		}
		if !seen {
			found.MembersSeen = false
			break
		}
		found.MembersSeen = found.MembersSeen && members.Next == ""
		found.Members = append(found.Members, members.lower()...)
	}
	slices.Sort(found.Members)
	found.Members = slices.Compact(found.Members)
	return found, nil
}

// byGroup says whether the groups reach the caller, whose own anybody may see.
func byGroup(groups []graph.UserID, ask func(func(context.Context, inspector) error) error) (Assignment, error) {
	for _, look := range []struct {
		path string
		as   Assignment
	}{{"me/memberOf", AssignedByGroup}, {"me/transitiveMemberOf", AssignedNestedOnly}} {
		var own ids
		err := ask(func(ctx context.Context, i inspector) error { return i.list(ctx, look.path, &own) })
		seen, err := shown(err)
		switch {
		case err != nil:
			return AssignedUnseen, err
		case slices.ContainsFunc(own.lower(), func(id graph.UserID) bool { return slices.Contains(groups, id) }):
			return look.as, nil
		case !seen || own.Next != "":
			return AssignedUnseen, nil
		}
	}
	return AssignedNot, nil
}

// ids is a page of objects of which the ids matter.
type ids struct {
	Next  string `json:"@odata.nextLink"`
	Value []struct {
		ID string `json:"id"`
	} `json:"value"`
}

func (i inspector) list(ctx context.Context, path string, into *ids) error {
	return i.get(ctx, path, map[string]string{"select": "id", "top": mostAssigned}, into)
}

func (p ids) lower() []graph.UserID {
	all := make([]graph.UserID, len(p.Value))
	for i, one := range p.Value {
		all[i] = graph.UserID(strings.ToLower(one.ID))
	}
	return all
}
