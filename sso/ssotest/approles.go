package ssotest

import (
	"slices"
	"strings"
)

// GiveRoles sets exactly these of the resource's app roles as given to the
// client itself in the tenant, as an admin's consent to application permissions
// does; what the resource does not offer is left out. It installs the client.
func (e *Entra) GiveRoles(tenant, clientID, resourceID string, roles ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	resourceID = strings.ToLower(resourceID)
	i := e.state.install(strings.ToLower(tenant), strings.ToLower(clientID))
	if i.roles == nil {
		i.roles = map[string][]string{}
	}
	offered := e.state.apps[resourceID].Roles
	given := slices.DeleteFunc(slices.Clone(roles), func(role string) bool { return !slices.Contains(offered, role) })
	slices.Sort(given)
	i.roles[resourceID] = slices.Compact(given)
}
