package msgraph

import (
	"context"
	"errors"
	"net/http"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/graph"
	"teamsbridge/presence"
)

// Config says where Graph is.
type Config struct {
	BaseURL string `koanf:"base_url"` // https://graph.microsoft.com/v1.0
}

// Deps are what a Client works with.
type Deps struct {
	// Credential gives the service's own credential in a tenant.
	Credential func(tenant string) (azcore.TokenCredential, error)
	HTTPClient *http.Client // trusts the configured CAs; its Transport is used
	Registerer prometheus.Registerer
}

// Client reads Graph for any number of tenants.
type Client struct{}

var (
	_ graph.Directory = (*Client)(nil)
	_ presence.Source = (*Client)(nil)
)

// New makes a client; it asks nobody yet.
func New(cfg Config, deps Deps) (*Client, error) { return nil, errors.ErrUnsupported }

// DeltaPage implements [graph.Directory].
func (c *Client) DeltaPage(ctx context.Context, tenant graph.TenantID, link string) (graph.DeltaPage, error) {
	return graph.DeltaPage{}, errors.ErrUnsupported
}

// Person implements [graph.Directory].
func (c *Client) Person(ctx context.Context, tenant graph.TenantID, id graph.UserID) (graph.Person, error) {
	return graph.Person{}, errors.ErrUnsupported
}

// FindPeople implements [graph.Directory].
func (c *Client) FindPeople(ctx context.Context, tenant graph.TenantID, text string, limit int) ([]graph.Person, error) {
	return nil, errors.ErrUnsupported
}

// Presences implements [presence.Source].
func (c *Client) Presences(ctx context.Context, tenant graph.TenantID, ids []graph.UserID) ([]presence.Observation, error) {
	return nil, errors.ErrUnsupported
}

// PermissionCheck is what one cheap call found out about a permission.
type PermissionCheck struct {
	Permission string // "User.Read.All", "Presence.Read.All"
	Granted    bool
	Err        error // why it could not be found out, or the refusal
}

// CheckPermissions makes one cheap call per application permission that the
// product needs.
func (c *Client) CheckPermissions(ctx context.Context, tenant graph.TenantID) []PermissionCheck {
	return nil
}
