package configs

import (
	"fmt"
	"strings"

	"teamsbridge/graph"
)

// validatePermissions refuses what cannot be done on behalf of people: they come
// and go, and see what they may see.
func validatePermissions(c Config, found *problems) {
	oneOf(found, "graph.permissions", c.Graph.Permissions, PermissionsApplication, PermissionsDelegated)
	if c.Graph.Permissions != PermissionsDelegated {
		return
	}
	const with = " with graph.permissions: " + PermissionsDelegated
	if c.Directory.Mode != graph.ModeLive {
		found.add("directory.mode", "must be "+graph.ModeLive+with+": nobody's sign-in lasts for a mirror")
	}
	if !strings.EqualFold(c.Credential.ClientID, c.SSO.Entra.ClientID) {
		found.add("credential.client_id", "must be sso.entra.client_id"+with+": agents' tokens are made out to it")
	}
	for _, f := range []struct {
		path   string
		filter graph.Filter
	}{{"include", c.Experts.Include}, {"exclude", c.Experts.Exclude}} {
		if len(f.filter.Groups) > 0 {
			found.add(fmt.Sprintf("experts.%s.groups", f.path), "cannot be read"+with+"; use departments or attributes")
		}
	}
}
