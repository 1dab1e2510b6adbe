package sso

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
)

// ClientAssertion proves at a token endpoint of Entra's that this is the service,
// with its certificate or a federated token: RFC 7521 and RFC 7523, 2.2. It is
// asked for each request anew.
type ClientAssertion func(ctx context.Context, endpoint string) (assertion string, err error)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// clientSecrets are those of the ways to sign in, by their names. They may be
// renewed while the service runs. Safe for concurrent use.
type clientSecrets struct {
	mu  sync.RWMutex
	all map[string]string
}

func (s *clientSecrets) of(name string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.all[name]
}

func (s *clientSecrets) set(cfg Config) {
	all := map[string]string{ProviderEntra: cfg.Entra.ClientSecret}
	for _, provider := range cfg.ContactCentre {
		all[provider.Name] = provider.ClientSecret
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = all
}

// SetClientSecrets takes over the client secrets of a configuration that was read
// anew, and nothing else of it.
func (v *Verifier) SetClientSecrets(cfg Config) { v.secrets.set(cfg) }

// askingTokens is the context in which oauth2 asks the way's token endpoint: by
// the issuer's client and, where there is no secret, with an assertion.
func (w *way) askingTokens(ctx context.Context, client *http.Client, endpoint string) (context.Context, error) {
	if w.assertion == nil || w.secret() != "" {
		return oidc.ClientContext(ctx, client), nil
	}
	assertion, err := w.assertion(ctx, endpoint)
	if err != nil {
		return nil, fmt.Errorf("sso: this service cannot prove itself: %w", err)
	}
	proving := *client
	proving.Transport = assertingTransport{base: client.Transport, endpoint: endpoint, assertion: assertion}
	return oidc.ClientContext(ctx, &proving), nil
}

// assertingTransport adds the assertion to the form that goes to the token
// endpoint: oauth2 knows only secrets.
type assertingTransport struct {
	base                http.RoundTripper // nil means the default
	endpoint, assertion string
}

// RoundTrip implements http.RoundTripper.
func (t assertingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	base := t.base
	if base == nil {
		base = http.DefaultTransport
	}
	if r.Method != http.MethodPost || r.URL.String() != t.endpoint || r.Body == nil {
		return base.RoundTrip(r)
	}
	form, err := io.ReadAll(r.Body)
	_ = r.Body.Close()
	if err != nil {
		return nil, err
	}
	proof := url.Values{"client_assertion_type": {assertionType}, "client_assertion": {t.assertion}}
	form = append(append(form, '&'), proof.Encode()...)
	r = r.Clone(r.Context())
	r.ContentLength = int64(len(form))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(form)), nil }
	r.Body, _ = r.GetBody()
	return base.RoundTrip(r)
}
