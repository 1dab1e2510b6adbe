package onbehalf

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"golang.org/x/sync/singleflight"

	"teamsbridge/graph"
)

// Config names the service at Entra.
type Config struct {
	Authority string // https://login.microsoftonline.com
	ClientID  string
	// DisableInstanceDiscovery skips Microsoft's list of clouds, which knows no
	// simulated and no air-gapped authority.
	DisableInstanceDiscovery bool
}

// Deps are what Credentials work with.
type Deps struct {
	Proof      confidential.Credential // the service's certificate or secret
	HTTPClient *http.Client            // trusts the configured CAs; nil means MSAL's own
	// Arrived, when set, hears of an organisation that has somebody present after
	// it had nobody. It must not wait.
	Arrived func(graph.TenantID)
	// Refused, when set, hears of refusals that are the organisation's matter, by
	// Entra's code: nobody consented, or the service itself is refused. It must not
	// wait.
	Refused func(tenant graph.TenantID, code string)
}

const (
	// maxExchanges is after how many exchanges the client is replaced: it keeps
	// the tokens of each, some 6 kB, for ever.
	maxExchanges = 10_000
	// exchangeTimeout bounds an exchange that several may wait for.
	exchangeTimeout = 15 * time.Second
)

// Credentials act for people. Safe for concurrent use.
type Credentials struct {
	config  Config
	deps    Deps
	people  *people
	flights singleflight.Group

	mu        sync.Mutex
	proof     confidential.Credential // Deps.Proof, or what took its place
	client    *confidential.Client
	exchanges int
}

// New prepares the exchange; it asks nobody yet.
func New(cfg Config, deps Deps) (*Credentials, error) {
	if !strings.HasPrefix(cfg.Authority, "https://") || cfg.ClientID == "" {
		return nil, errors.New("onbehalf: an authority that begins with https:// and a client id are needed")
	}
	cfg.Authority = strings.TrimSuffix(cfg.Authority, "/")
	c := &Credentials{config: cfg, deps: deps, people: newPeople(), proof: deps.Proof}
	if _, err := c.shared(); err != nil {
		return nil, err
	}
	return c, nil
}

// Present says that somebody is here until leave is called: their token may be
// used for what is asked on nobody's behalf in particular. Whose token has
// ended, or who has none, is not.
func (c *Credentials) Present(caller graph.Caller) (leave func()) {
	if !c.people.good(caller) {
		return func() {}
	}
	leave, first := c.people.enter(caller)
	if first && c.deps.Arrived != nil {
		c.deps.Arrived(caller.Tenant)
	}
	return sync.OnceFunc(leave)
}

// For gives the organisation's credential. It asks nobody yet.
func (c *Credentials) For(tenant string) (azcore.TokenCredential, error) {
	return &tenantCredential{of: c, tenant: graph.TenantID(strings.ToLower(tenant)), refused: c.deps.Refused}, nil
}

// ForCaller gives a credential that acts for the context's caller and for nobody
// else, whatever it is asked. What they are refused is theirs to hear: it says
// nothing of what the product needs, and Deps.Refused does not hear it.
func (c *Credentials) ForCaller(tenant string) (azcore.TokenCredential, error) {
	return &tenantCredential{of: c, tenant: graph.TenantID(strings.ToLower(tenant)), named: true}, nil
}

type tenantCredential struct {
	of      *Credentials
	tenant  graph.TenantID
	named   bool                         // never for somebody who did not ask
	refused func(graph.TenantID, string) // Deps.Refused, or nil
}

// GetToken implements azcore.TokenCredential: a token of the context's caller, else of
// somebody present. Errors: *Error, *graph.DeniedError, graph.ErrUnavailable,
// and the context's.
func (t *tenantCredential) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token, err := t.token(ctx, o)
	if t.refused == nil {
		return token, err
	}
	if denied, ok := errors.AsType[*graph.DeniedError](err); ok {
		t.refused(t.tenant, denied.Code)
	} else if withheld, ok := errors.AsType[*Error](err); ok && withheld.Reason == ReasonConsent {
		t.refused(t.tenant, withheld.Code)
	}
	return token, err
}

func (t *tenantCredential) token(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	people := t.of.people
	if caller, named := graph.CallerOf(ctx); named {
		if caller.Tenant != t.tenant || !people.good(caller) {
			return azcore.AccessToken{}, &Error{Reason: ReasonEnded}
		}
		return t.of.exchange(ctx, caller, o)
	}
	var last error = &Error{Reason: ReasonNobody}
	if t.named {
		return azcore.AccessToken{}, last
	}
	for _, caller := range people.fresh(t.tenant) {
		token, err := t.of.exchange(ctx, caller, o)
		if !errors.Is(err, graph.ErrSignInRequired) {
			return token, err
		}
		people.refuse(caller)
		last = err
	}
	return azcore.AccessToken{}, last
}

// exchange asks for a token as the caller, once for all who want the same.
func (c *Credentials) exchange(ctx context.Context, caller graph.Caller, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	digest := sha256.Sum256([]byte(caller.Assertion))
	key := fmt.Sprintf("%s %x %q %q", caller.Tenant, digest, o.Scopes, o.Claims)
	done := c.flights.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), exchangeTimeout)
		defer cancel()
		return c.exchangeNow(ctx, caller, o)
	})
	select {
	case <-ctx.Done():
		return azcore.AccessToken{}, ctx.Err()
	case r := <-done:
		if r.Err != nil {
			return azcore.AccessToken{}, r.Err
		}
		return r.Val.(azcore.AccessToken), nil
	}
}

func (c *Credentials) exchangeNow(ctx context.Context, caller graph.Caller, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	client, err := c.shared()
	if err != nil {
		return azcore.AccessToken{}, err
	}
	options := []confidential.AcquireOnBehalfOfOption{confidential.WithTenantID(string(caller.Tenant))}
	if o.Claims != "" {
		options = append(options, confidential.WithClaims(o.Claims))
	}
	got, err := client.AcquireTokenOnBehalfOf(ctx, caller.Assertion, slices.Clone(o.Scopes), options...)
	if err != nil {
		return azcore.AccessToken{}, refused(err)
	}
	if got.Metadata.TokenSource == confidential.TokenSourceIdentityProvider {
		c.count()
	}
	return azcore.AccessToken{Token: got.AccessToken, ExpiresOn: got.ExpiresOn}, nil
}

// shared is the client of all, made anew when it has exchanged enough.
func (c *Credentials) shared() (*confidential.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client != nil && c.exchanges < maxExchanges {
		return c.client, nil
	}
	options := []confidential.Option{
		confidential.WithClientCapabilities([]string{"CP1"}), // Graph may challenge a token at once when somebody is barred
		confidential.WithInstanceDiscovery(!c.config.DisableInstanceDiscovery),
	}
	if c.deps.HTTPClient != nil {
		options = append(options, confidential.WithHTTPClient(c.deps.HTTPClient))
	}
	client, err := confidential.New(c.config.Authority+"/organizations", c.config.ClientID, c.proof, options...)
	if err != nil {
		return nil, errors.New("onbehalf: the service's credential does not fit Microsoft's client")
	}
	c.client, c.exchanges = &client, 0
	return c.client, nil
}

// SetProof shows another certificate or secret from the next exchange on.
func (c *Credentials) SetProof(proof confidential.Credential) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.proof, c.client = proof, nil
}

func (c *Credentials) count() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.exchanges++
}
