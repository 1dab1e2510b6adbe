package ssotest

import (
	"maps"
	"slices"
	"strings"
)

// AppRoleAssignment is one, as /servicePrincipals/{id}/appRoleAssignments and
// …/appRoleAssignedTo list them.
type AppRoleAssignment struct {
	ID, AppRoleID, PrincipalID, PrincipalName string
	PrincipalType                             string // "User", "Group" or "ServicePrincipal"
	ResourceID, ResourceName                  string
}

// AppRole is an application permission that a resource offers.
type AppRole struct{ ID, Value string }

// graphRoles are application permissions of Microsoft Graph, by the ids of
// Microsoft Learn, "Microsoft Graph permissions reference".
var graphRoles = map[string]string{
	"Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
	"Directory.Read.All":   "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
	"Group.Read.All":       "5b567255-7703-4780-807c-7be8301ae99b",
	"GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
	"Mail.Read":            "810c84a8-4a9e-49e6-bf7d-12d183f40d01",
	"Presence.Read.All":    "a70e0c2d-e793-494c-94c4-118fa0a67f42",
	"User.Read.All":        "df021288-bdef-4463-88db-98f22de89214",
}

// defaultAccess is the role of who is assigned without one.
const defaultAccess = "00000000-0000-0000-0000-000000000000"

// AppRoles lists what the resource offers to applications; only Microsoft
// Graph offers any here.
func (e *Entra) AppRoles(appID string) []AppRole {
	if !strings.EqualFold(appID, GraphAppID) {
		return nil
	}
	var roles []AppRole
	for _, name := range slices.Sorted(maps.Keys(graphRoles)) {
		roles = append(roles, AppRole{graphRoles[name], name})
	}
	return roles
}

// AppRoleAssignments lists what an installed app was granted at Microsoft Graph.
func (e *Entra) AppRoleAssignments(tenant, objectID string) []AppRoleAssignment {
	tenant = strings.ToLower(tenant)
	resource, _ := e.ServicePrincipal(tenant, GraphAppID)
	e.mu.RLock()
	defer e.mu.RUnlock()
	i, ok := e.state.byObjectID(tenant, objectID)
	if !ok {
		return nil
	}
	var all []AppRoleAssignment
	for _, name := range slices.Sorted(maps.Keys(i.application)) {
		role, known := graphRoles[name]
		if !known {
			role = e.ids.guid("app role", name)
		}
		all = append(all, AppRoleAssignment{
			ID: e.ids.guid("assignment", i.principal.ObjectID, role), AppRoleID: role,
			PrincipalID: i.principal.ObjectID, PrincipalName: i.principal.Name, PrincipalType: "ServicePrincipal",
			ResourceID: resource.ObjectID, ResourceName: "Microsoft Graph",
		})
	}
	return all
}

// AppRoleAssignedTo lists who is assigned to an installed app.
func (e *Entra) AppRoleAssignedTo(tenant, objectID string) []AppRoleAssignment {
	e.mu.RLock()
	defer e.mu.RUnlock()
	tenant = strings.ToLower(tenant)
	i, ok := e.state.byObjectID(tenant, objectID)
	if !ok {
		return nil
	}
	var all []AppRoleAssignment
	add := func(kind, id, name string) {
		all = append(all, AppRoleAssignment{
			ID: e.ids.guid("assignment", i.principal.ObjectID, id), AppRoleID: defaultAccess,
			PrincipalID: id, PrincipalName: name, PrincipalType: kind,
			ResourceID: i.principal.ObjectID, ResourceName: i.principal.Name,
		})
	}
	for _, person := range slices.Sorted(maps.Keys(i.assigned)) {
		add("User", person, e.state.accounts[personKey{tenant, person}].Name)
	}
	for _, group := range slices.Sorted(maps.Keys(i.groups)) {
		add("Group", group, i.groups[group])
	}
	return all
}
