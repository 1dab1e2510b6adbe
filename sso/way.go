package sso

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// way is one provider as the browser sign-in sees it.
type way struct {
	name      string
	clientID  string
	secret    func() string
	assertion ClientAssertion // shown where there is no secret; may be nil
	metadata  *remote[metadata]
	scopes    []string // beside those of OpenID
	isIssuer  func(issuer string) bool
	admits    func(tenant string) bool
	// identify checks the ID token against the nonce of the transaction, and
	// what came with it.
	identify func(ctx context.Context, tokens redeemed, nonce string) (proven, error)
}

// proven is what an ID token proved.
type proven struct {
	person
	login  Login
	tokens redeemed
}

// oauth gives the client for one sign-in. The secret goes in the form: with the
// library's guessing a failed redemption is sent twice, and the second error
// ("code already redeemed") hides the first. tenant, if any, is signed in at.
func (w *way) oauth(ctx context.Context, redirect, tenant string) (*oauth2.Config, error) {
	m, err := w.metadata.get(ctx)
	if err != nil {
		return nil, unavailable(err)
	}
	if tenant != "" && w.name == ProviderEntra {
		m = m.at(tenant)
	}
	return &oauth2.Config{
		ClientID:     w.clientID,
		ClientSecret: w.secret(),
		RedirectURL:  redirect,
		Scopes:       append([]string{oidc.ScopeOpenID, oidc.ScopeProfile}, w.scopes...),
		Endpoint:     oauth2.Endpoint{AuthURL: m.Authorize, TokenURL: m.Token, AuthStyle: oauth2.AuthStyleInParams},
	}, nil
}

// checkAnswerer refuses an answer of somebody else than was asked, and one of
// nobody where the provider promised to say who answers (RFC 9207, 2.4): else
// one provider's code could be redeemed at another.
func (w *way) checkAnswerer(ctx context.Context, issuer string) error {
	if issuer != "" {
		if !w.isIssuer(issuer) {
			return &SignInError{Reason: reasonRejected}
		}
		return nil
	}
	m, err := w.metadata.get(ctx)
	if err != nil {
		return unavailable(err)
	}
	if m.SaysIssuer {
		return &SignInError{Reason: reasonRejected}
	}
	return nil
}

// entraWay signs in at the one admitted organisation, or at "organizations"
// when there are several; a personal Microsoft account never.
func entraWay(e *entraIssuer, deps Deps, secrets *clientSecrets) *way {
	segment, issuer := anyTenant, e.issuer("{tenantid}")
	if len(e.cfg.Tenants) == 1 {
		segment, issuer = e.cfg.Tenants[0], e.issuer(e.cfg.Tenants[0])
	}
	return &way{
		name:      ProviderEntra,
		clientID:  e.cfg.ClientID,
		scopes:    e.ownScopes(),
		secret:    func() string { return secrets.of(ProviderEntra) },
		assertion: deps.ClientAssertion,
		metadata:  newMetadata(deps, e.issuer(segment), func(named string) bool { return named == issuer }),
		isIssuer:  func(issuer string) bool { _, version, ok := e.tenantOf(issuer); return ok && version == version2 },
		admits:    func(tenant string) bool { return e.admitted(tenant) == nil },
		identify:  e.identify,
	}
}

// ownScopes asks for a refresh token, to ask Entra with whether the sign-in still
// holds, and for a token for this very service where it is kept. Entra wants a
// service that asks for itself to name itself by its id (AADSTS90009).
func (e *entraIssuer) ownScopes() []string {
	scopes := []string{oidc.ScopeOfflineAccess}
	if e.cfg.KeepAssertions {
		scopes = append(scopes, e.cfg.ClientID+"/"+e.scope)
	}
	return scopes
}

func contactCentreWay(p *contactCentre, secrets *clientSecrets) *way {
	return &way{
		name:     p.cfg.Name,
		clientID: p.cfg.ClientID,
		secret:   func() string { return secrets.of(p.cfg.Name) },
		metadata: p.metadata,
		isIssuer: func(issuer string) bool { return issuer == p.cfg.Issuer },
		admits:   func(tenant string) bool { return tenant == p.cfg.Tenant },
		identify: p.identify,
	}
}

// identify reads who signed in from Entra's ID token.
func (e *entraIssuer) identify(ctx context.Context, tokens redeemed, nonce string) (proven, error) {
	t, err := parseToken(tokens.idToken)
	if err != nil {
		return proven{}, &SignInError{Reason: reasonRejected}
	}
	tenant, version, ok := e.tenantOf(t.claimed)
	if !ok || version != version2 {
		return proven{}, &SignInError{Reason: reasonRejected}
	}
	check := idTokenCheck{issuer: e.issuer(tenant), clientID: e.cfg.ClientID, nonce: nonce, now: e.now,
		keys: boundKeys{set: e.keys, admits: e.admitsKey(tenant)}}
	c, err := check.verify(ctx, tokens)
	if err != nil {
		return proven{}, err
	}
	if c.text("tid") != tenant {
		return proven{}, &SignInError{Reason: reasonRejected}
	}
	if err := e.admitted(tenant); err != nil {
		return proven{}, err
	}
	objectID := strings.ToLower(c.text("oid"))
	if !isGUID(objectID) {
		return proven{}, &TokenError{Reason: ReasonNoPerson}
	}
	who := person{
		tenant:   tenant,
		objectID: objectID,
		name:     c.name,
		roles:    rolesOf(c.list("roles")),
		channel:  ChannelBrowser,
	}
	return proven{who, loginOf(c), tokens}, nil
}

// identify reads who signed in from the provider's ID token.
func (p *contactCentre) identify(ctx context.Context, tokens redeemed, nonce string) (proven, error) {
	check := idTokenCheck{issuer: p.cfg.Issuer, clientID: p.cfg.ClientID, nonce: nonce, now: p.now,
		keys: boundKeys{set: p.keys, admits: anyKey}}
	c, err := check.verify(ctx, tokens)
	if err != nil {
		return proven{}, err
	}
	who, err := p.person(c)
	return proven{who, loginOf(c), tokens}, err
}

// unavailable says of any failure to fetch that the provider is away.
func unavailable(err error) error {
	if errors.Is(err, ErrProviderUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrProviderUnavailable, err)
}
