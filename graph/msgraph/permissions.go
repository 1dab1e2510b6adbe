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

// permission is one that the product needs, with a cheap request that needs it too.
type permission struct {
	name string
	ask  func(context.Context, *Client, abstractions.RequestAdapter) error
}

var (
	// A delta "from now on" is the cheapest request that needs User.Read.All: a
	// list of people is also given to User.ReadBasic.All.
	readPeople = permission{"User.Read.All", func(ctx context.Context, c *Client, adapter abstractions.RequestAdapter) error {
		_, err := c.delta(ctx, adapter, c.base.String()+"/users/delta?$deltatoken=latest&$select=id")
		return err
	}}
	readPresence = permission{"Presence.Read.All", func(ctx context.Context, c *Client, adapter abstractions.RequestAdapter) error {
		_, err := c.presences(ctx, adapter, []graph.UserID{nobody})
		return err
	}}
)

func (c *Client) permissions() []permission {
	if !c.presence {
		return []permission{readPeople}
	}
	return []permission{readPeople, readPresence}
}

// Permissions names what the product needs in this cloud.
func (c *Client) Permissions() []string {
	var names []string
	for _, p := range c.permissions() {
		names = append(names, p.name)
	}
	return names
}

// CheckPermissions makes one cheap call per permission that the product needs.
// It is tried once; what Graph then refuses with anything but 401 or 403 leaves
// the permission unknown (Granted false, Err set).
func (c *Client) CheckPermissions(ctx context.Context, tenant graph.TenantID) []PermissionCheck {
	var found []PermissionCheck
	for _, p := range c.permissions() {
		err := c.call(ctx, tenant, checkOne, func(ctx context.Context, adapter abstractions.RequestAdapter) error {
			return p.ask(ctx, c, adapter)
		})
		if errors.Is(err, graph.ErrNotFound) {
			err = nil // nobody is not found, but we may ask
		}
		found = append(found, PermissionCheck{Permission: p.name, Granted: err == nil, Err: err})
	}
	return found
}
