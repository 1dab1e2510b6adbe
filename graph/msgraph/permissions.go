package msgraph

import (
	"context"
	"errors"

	abstractions "github.com/microsoft/kiota-abstractions-go"

	"teamsbridge/graph"
)

// PermissionCheck is what one cheap call found out about a permission.
type PermissionCheck struct {
	Permission string // "User.Read.All", "Presence.Read.All"
	Granted    bool
	Err        error // why it could not be found out, or the refusal
}

// nobody is an id that no directory has: asking for its presence tells about
// the permission without looking at a person.
const nobody graph.UserID = "00000000-0000-4000-8000-000000000000"

// CheckPermissions makes one cheap call per application permission that the
// product needs. It is tried once; what Graph then refuses with anything but
// 401 or 403 leaves the permission unknown (Granted false, Err set).
func (c *Client) CheckPermissions(ctx context.Context, tenant graph.TenantID) []PermissionCheck {
	checks := []struct {
		permission string
		ask        func(context.Context, abstractions.RequestAdapter) error
	}{
		// A delta "from now on" is the cheapest request that needs
		// User.Read.All: a list of people is also given to User.ReadBasic.All.
		{"User.Read.All", func(ctx context.Context, adapter abstractions.RequestAdapter) error {
			_, err := c.delta(ctx, adapter, c.base.String()+"/users/delta?$deltatoken=latest&$select=id")
			return err
		}},
		{"Presence.Read.All", func(ctx context.Context, adapter abstractions.RequestAdapter) error {
			_, err := c.presences(ctx, adapter, []graph.UserID{nobody})
			return err
		}},
	}
	found := make([]PermissionCheck, 0, len(checks))
	for _, check := range checks {
		err := c.call(ctx, tenant, checkOne, check.ask)
		if errors.Is(err, graph.ErrNotFound) {
			err = nil // nobody is not found, but we may ask
		}
		found = append(found, PermissionCheck{Permission: check.permission, Granted: err == nil, Err: err})
	}
	return found
}
