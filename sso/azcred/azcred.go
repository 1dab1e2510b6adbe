package azcred

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	azcloud "github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/internal/cloud"
	"teamsbridge/internal/renewal"
)

// Retries are few and short: whoever waits for a token holds up a search or a
// sync, and both have a retry of their own.
var retry = policy.RetryOptions{
	MaxRetries: 2, RetryDelay: 300 * time.Millisecond, MaxRetryDelay: 5 * time.Second, TryTimeout: 15 * time.Second,
}

// Deps are what Credentials work with.
type Deps struct {
	// HTTPClient carries every request and decides which CAs are trusted; nil
	// means azidentity's own.
	HTTPClient *http.Client
	Logger     *slog.Logger          // nil: nothing is logged
	Registerer prometheus.Registerer // nil: no metrics
}

// Credentials gives one credential per tenant. Safe for concurrent use.
type Credentials struct {
	config      Config // with the authority filled in
	scope       string // of Graph's tokens
	options     azcore.ClientOptions
	log         *slog.Logger
	proof       proof // nil with a client secret
	files       *renewal.Files
	certificate atomic.Pointer[certificate] // nil with another kind
	secret      atomic.Pointer[secret]      // nil with another kind
	renewals    *prometheus.CounterVec
	problem     atomic.Pointer[string] // why the certificate file is not what is in use

	mu      sync.Mutex
	tenants map[string]*tenantCredential
}

// New checks the configuration and reads the certificate. It asks nobody yet.
func New(cfg Config, deps Deps) (*Credentials, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	own, _ := cloud.Named(cfg.Cloud)
	cfg.Authority = cfg.authority()
	c := &Credentials{config: cfg, scope: own.Scope(), log: deps.Logger, tenants: map[string]*tenantCredential{}}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.options = azcore.ClientOptions{Cloud: azcloud.Configuration{ActiveDirectoryAuthorityHost: cfg.Authority}, Retry: retry}
	if deps.HTTPClient != nil {
		c.options.Transport = deps.HTTPClient
	}
	var err error
	switch cfg.Kind() {
	case KindCertificate:
		err = c.readCertificate()
		c.proof = certificateProof(cfg.ClientID, c.certificate.Load)
	case KindWorkloadIdentity:
		c.proof = federatedProof(cfg.FederatedTokenFile)
	case KindManagedIdentity:
		c.proof, err = managedProof(cfg.ManagedIdentity, own, c.options)
	case KindClientSecret:
		var ends time.Time
		ends, err = cfg.secretEnds()
		c.secret.Store(&secret{cfg.ClientSecret, ends})
	}
	if err != nil {
		return nil, err
	}
	return c, c.register(deps.Registerer)
}

// For gives the tenant's credential, the same one each time. It asks nobody yet.
func (c *Credentials) For(tenant string) (azcore.TokenCredential, error) { return c.of(tenant) }

func (c *Credentials) of(tenant string) (*tenantCredential, error) {
	tenant = strings.ToLower(tenant)
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.tenants[tenant]; ok {
		return known, nil
	}
	first, err := c.fresh(tenant, c.proof)
	if err != nil {
		return nil, fmt.Errorf("credential for tenant %s: %w", tenant, err)
	}
	made := &tenantCredential{}
	made.current.Store(&first)
	c.tenants[tenant] = made
	return made, nil
}

// someTenant is one that a credential was asked for.
func (c *Credentials) someTenant() (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for tenant := range c.tenants {
		return tenant, true
	}
	return "", false
}

// fresh makes a credential with an empty cache that shows the proof, or the
// secret when there is none.
func (c *Credentials) fresh(tenant string, shown proof) (azcore.TokenCredential, error) {
	if shown == nil {
		return azidentity.NewClientSecretCredential(tenant, c.config.ClientID, c.secret.Load().text, &azidentity.ClientSecretCredentialOptions{
			ClientOptions: c.options, DisableInstanceDiscovery: c.config.DisableInstanceDiscovery,
		})
	}
	endpoint := c.config.Authority + "/" + tenant + "/oauth2/v2.0/token"
	return azidentity.NewClientAssertionCredential(tenant, c.config.ClientID, shown.at(endpoint), &azidentity.ClientAssertionCredentialOptions{
		ClientOptions: c.options, DisableInstanceDiscovery: c.config.DisableInstanceDiscovery,
	})
}

// Confidential is the same credential for Microsoft's confidential client. It
// follows a renewed certificate by itself; after a renewed secret it is asked for
// anew.
func (c *Credentials) Confidential() (confidential.Credential, error) {
	if c.proof == nil {
		return confidential.NewCredFromSecret(c.secret.Load().text)
	}
	return confidential.NewCredFromAssertionCallback(func(ctx context.Context, o confidential.AssertionRequestOptions) (string, error) {
		return c.proof(ctx, o.TokenEndpoint)
	}), nil
}

// Assertion proves the service at a token endpoint of Entra's; nil with a client
// secret. It follows a renewed certificate by itself.
func (c *Credentials) Assertion() func(ctx context.Context, endpoint string) (string, error) {
	return c.proof
}

// Authority is where the credential is shown.
func (c *Credentials) Authority() string { return c.config.Authority }

// Kind is the kind of credential in use, one of the Kind constants.
func (c *Credentials) Kind() string { return c.config.Kind() }

// tenantCredential stands for a tenant for good, while the azidentity credential
// behind it, and with it the cache, may be replaced.
type tenantCredential struct {
	current atomic.Pointer[azcore.TokenCredential]
}

// GetToken satisfies azcore.TokenCredential.
func (t *tenantCredential) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return (*t.current.Load()).GetToken(ctx, options)
}
