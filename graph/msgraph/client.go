package msgraph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	khttp "github.com/microsoft/kiota-http-go"
	kjson "github.com/microsoft/kiota-serialization-json-go"
	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/graph"
	"teamsbridge/graph/budget"
	"teamsbridge/internal/cloud"
	"teamsbridge/presence"
)

// Config says where Graph is.
type Config struct {
	BaseURL string `koanf:"base_url"` // https://graph.microsoft.com/v1.0
	// Cloud, a name in package cloud, says whose tokens an address takes that is
	// none of Microsoft's: a proxy's or a simulator's. Empty means the worldwide one.
	Cloud string `koanf:"-"`
	// Scope is what tokens are asked for; empty means the ".default" of the
	// cloud, which stands for all that was granted.
	Scope string `koanf:"scope"`
}

// Validate tells what is wrong with the configuration.
func (c Config) Validate() error {
	_, base := c.base()
	_, cloud := c.cloud()
	return errors.Join(base, cloud)
}

// base is the configured address without a slash at its end. Plain http is
// taken on this machine only, where no token can be read on the way.
func (c Config) base() (*url.URL, error) {
	u, err := url.Parse(strings.TrimSuffix(c.BaseURL, "/"))
	switch {
	case err != nil:
		return nil, errors.New("base_url: not an address")
	case u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("base_url: must look like https://graph.microsoft.com/v1.0")
	case u.Scheme == "https":
		return u, nil
	case u.Scheme == "http" && isLoopback(u.Hostname()):
		return u, nil
	}
	return nil, errors.New("base_url: must be https, or http on this machine")
}

// cloud is the one that the address belongs to, else the named one.
func (c Config) cloud() (cloud.Cloud, error) {
	if own, ok := cloud.OfGraph(c.BaseURL); ok {
		return own, nil
	}
	own, ok := cloud.Named(c.Cloud)
	if !ok {
		return cloud.Cloud{}, errors.New("cloud: not one of Microsoft's")
	}
	return own, nil
}

func isLoopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// Deps are what a Client works with.
type Deps struct {
	// Credential gives the service's own credential in a tenant.
	Credential func(tenant string) (azcore.TokenCredential, error)
	HTTPClient *http.Client          // trusts the configured CAs; its Transport is used; nil means the default one
	Registerer prometheus.Registerer // nil means that nobody looks
	Budget     *budget.Budget        // keeps to what Graph grants; nil means that nobody does
	Attributes []string              // further properties read of people: graph.Config.Attributes
}

// requestTimeout bounds an operation whose caller sets no deadline, all its
// attempts together.
const requestTimeout = 30 * time.Second

// Client reads Graph for any number of tenants. Safe for concurrent use.
type Client struct {
	base       *url.URL
	scope      string
	presence   bool // the cloud tells presences
	credential func(tenant string) (azcore.TokenCredential, error)
	http       *http.Client
	metrics    *metrics
	attributes []string // Deps.Attributes
	selected   []string // the $select of people

	mu       sync.Mutex
	adapters map[graph.TenantID]abstractions.RequestAdapter
}

var (
	_ graph.Directory  = (*Client)(nil)
	_ graph.NameReader = (*Client)(nil)
	_ presence.Source  = (*Client)(nil)
)

// New makes a client; it asks nobody yet.
func New(cfg Config, deps Deps) (*Client, error) {
	base, err := cfg.base()
	if err != nil {
		return nil, err
	}
	own, err := cfg.cloud()
	if err != nil {
		return nil, err
	}
	if deps.Credential == nil {
		return nil, errors.New("msgraph: no credential")
	}
	transport := http.DefaultTransport
	if deps.HTTPClient != nil && deps.HTTPClient.Transport != nil {
		transport = deps.HTTPClient.Transport
	}
	metrics, err := newMetrics(deps.Registerer)
	if err != nil {
		return nil, err
	}
	return &Client{
		base:       base,
		scope:      cmp.Or(cfg.Scope, own.Scope()),
		presence:   own.Presence,
		credential: deps.Credential,
		metrics:    metrics,
		attributes: deps.Attributes,
		selected:   selection(deps.Attributes),
		adapters:   make(map[graph.TenantID]abstractions.RequestAdapter),
		http: &http.Client{
			Timeout:   requestTimeout,
			Transport: newTransport(transport, metrics, deps.Budget),
			// A redirect would lead away from the configured address.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// adapter is the tenant's connection: it signs requests with the service's
// credential in that tenant. One per tenant, shared by all calls.
func (c *Client) adapter(tenant graph.TenantID) (abstractions.RequestAdapter, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a, ok := c.adapters[tenant]; ok {
		return a, nil
	}
	credential, err := c.credential(string(tenant))
	if err != nil {
		return nil, fmt.Errorf("credential of the tenant: %w", err)
	}
	a, err := khttp.NewNetHttpRequestAdapterWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&signer{base: c.base, scope: c.scope, credential: credential},
		// Given here rather than registered with the SDK, which would be global.
		kjson.NewJsonParseNodeFactory(), kjson.NewJsonSerializationWriterFactory(),
		c.http,
	)
	if err != nil {
		return nil, fmt.Errorf("connection of the tenant: %w", err)
	}
	a.SetBaseUrl(c.base.String())
	c.adapters[tenant] = a
	return a, nil
}

// call runs one operation: it finds the tenant's adapter, tells the transport
// how the request is to be treated, translates the error and counts.
func (c *Client) call(ctx context.Context, tenant graph.TenantID, how treatment, do func(context.Context, abstractions.RequestAdapter) error) error {
	began := time.Now()
	adapter, err := c.adapter(tenant)
	if err == nil {
		x, asked := newExchange(tenant, how), budget.Otherwise(ctx, how.class)
		err = translate(ctx, survive(func() error { return do(withExchange(asked, x), adapter) }), x)
	}
	c.metrics.observe(how.operation, err, time.Since(began))
	if err != nil {
		return fmt.Errorf("%s: %w", how.operation, err)
	}
	return nil
}

// errPanicked is an answer at which the SDK panicked.
var errPanicked = fmt.Errorf("%w: the SDK cannot read the answer", graph.ErrUnavailable)

// survive turns a panic of the SDK into an error. It has been seen to panic at
// odd answers, and requests run in the background too, where a panic would end
// the process with everybody's calls.
func survive(do func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanicked
		}
	}()
	return do()
}

// parameters starts the path parameters of a request builder: a map of its
// own for each call, since the SDK writes into it.
func (c *Client) parameters() map[string]string {
	return map[string]string{"baseurl": c.base.String()}
}

// header is a request header.
type header struct{ name, value string }

func headers(all ...header) *abstractions.RequestHeaders {
	h := abstractions.NewRequestHeaders()
	for _, one := range all {
		h.Add(one.name, one.value)
	}
	return h
}
