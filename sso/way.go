package sso

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
)

// way is one provider as the browser sign-in sees it.
type way struct {
	name             string
	clientID, secret string
	metadata         *remote[metadata]
	scopes           []string // beside those of OpenID
	isIssuer         func(issuer string) bool
	// identify checks the ID token against the nonce of the transaction.
	identify func(ctx context.Context, idToken, nonce string) (person, error)
}

// oauth gives the client for one sign-in. The secret goes in the form: with the
// library's guessing a failed redemption is sent twice, and the second error
// ("code already redeemed") hides the first.
func (w *way) oauth(ctx context.Context, redirect string) (*oauth2.Config, error) {
	m, err := w.metadata.get(ctx)
	if err != nil {
		return nil, unavailable(err)
	}
	return &oauth2.Config{
		ClientID:     w.clientID,
		ClientSecret: w.secret,
		RedirectURL:  redirect,
		Scopes:       append([]string{oidc.ScopeOpenID, oidc.ScopeProfile}, w.scopes...),
		Endpoint:     oauth2.Endpoint{AuthURL: m.Authorize, TokenURL: m.Token, AuthStyle: oauth2.AuthStyleInParams},
	}, nil
}

// entraWay signs in at the one admitted organisation, or at "organizations"
// when there are several; a personal Microsoft account never.
func entraWay(e *entraIssuer, deps Deps) *way {
	segment, issuer := "organizations", e.issuer("{tenantid}")
	if len(e.cfg.Tenants) == 1 {
		segment, issuer = e.cfg.Tenants[0], e.issuer(e.cfg.Tenants[0])
	}
	return &way{
		name:     ProviderEntra,
		clientID: e.cfg.ClientID,
		scopes:   e.ownScopes(),
		secret:   e.cfg.ClientSecret,
		metadata: newMetadata(deps.HTTPClient, deps.now, e.issuer(segment), func(named string) bool { return named == issuer }),
		isIssuer: func(issuer string) bool { _, _, ok := e.tenantOf(issuer); return ok },
		identify: e.identify,
	}
}

// ownScopes asks for a token for this very service, where it is kept. Entra wants
// a service that asks for itself to name itself by its id (AADSTS90009).
func (e *entraIssuer) ownScopes() []string {
	if !e.cfg.KeepAssertions {
		return nil
	}
	return []string{e.cfg.ClientID + "/" + e.scope}
}

func contactCentreWay(p *contactCentre) *way {
	return &way{
		name:     p.cfg.Name,
		clientID: p.cfg.ClientID,
		secret:   p.cfg.ClientSecret,
		metadata: p.metadata,
		isIssuer: func(issuer string) bool { return issuer == p.cfg.Issuer },
		identify: p.identify,
	}
}

// identify reads who signed in from Entra's ID token.
func (e *entraIssuer) identify(ctx context.Context, idToken, nonce string) (person, error) {
	t, err := parseToken(idToken)
	if err != nil {
		return person{}, &SignInError{Reason: reasonRejected}
	}
	tenant, version, ok := e.tenantOf(t.claimed)
	if !ok || version != version2 {
		return person{}, &SignInError{Reason: reasonRejected}
	}
	keys := boundKeys{set: e.keys, admits: e.admitsKey(tenant)}
	c, err := verifyIDToken(ctx, idToken, nonce, e.issuer(tenant), e.cfg.ClientID, keys, e.now)
	if err != nil {
		return person{}, err
	}
	if c.text("tid") != tenant {
		return person{}, &SignInError{Reason: reasonRejected}
	}
	if err := e.admitted(tenant); err != nil {
		return person{}, err
	}
	objectID := strings.ToLower(c.text("oid"))
	if !isGUID(objectID) {
		return person{}, &TokenError{Reason: ReasonNoPerson}
	}
	return person{
		tenant:   tenant,
		objectID: objectID,
		name:     c.name,
		roles:    rolesOf(c.list("roles")),
		channel:  ChannelBrowser,
	}, nil
}

// identify reads who signed in from the provider's ID token.
func (p *contactCentre) identify(ctx context.Context, idToken, nonce string) (person, error) {
	keys := boundKeys{set: p.keys, admits: anyKey}
	c, err := verifyIDToken(ctx, idToken, nonce, p.cfg.Issuer, p.cfg.ClientID, keys, p.now)
	if err != nil {
		return person{}, err
	}
	return p.person(c)
}

// verifyIDToken follows OpenID Connect Core 1.0, 3.1.3.7.
func verifyIDToken(ctx context.Context, raw, nonce, issuer, clientID string, keys boundKeys, now func() time.Time) (claims, error) {
	// go-oidc flattens the key set's errors into text, so whether the keys can
	// be had is found out first.
	if _, err := keys.set.remote.get(ctx); err != nil {
		return claims{}, unavailable(err)
	}
	verified, err := oidc.NewVerifier(issuer, keys, &oidc.Config{
		ClientID:             clientID,
		SupportedSigningAlgs: []string{string(jose.RS256)},
		Now:                  now,
	}).Verify(ctx, raw)
	if err != nil {
		return claims{}, fmt.Errorf("%w: %w", &SignInError{Reason: reasonRejected}, err)
	}
	var payload json.RawMessage
	if err := verified.Claims(&payload); err != nil {
		return claims{}, &SignInError{Reason: reasonRejected}
	}
	c, err := readClaims(payload)
	if err != nil {
		return claims{}, &SignInError{Reason: reasonRejected}
	}
	if nonce == "" || subtle.ConstantTimeCompare([]byte(c.nonce), []byte(nonce)) != 1 {
		return claims{}, &SignInError{Reason: reasonNonce}
	}
	if len(c.audience) > 1 && c.text("azp") != clientID {
		return claims{}, &SignInError{Reason: reasonRejected}
	}
	return c, nil
}

// unavailable says of any failure to fetch that the provider is away.
func unavailable(err error) error {
	if errors.Is(err, ErrProviderUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrProviderUnavailable, err)
}
