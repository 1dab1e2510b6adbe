package sso

import (
	"context"
	"slices"
	"strings"
	"time"
)

// contactCentre checks tokens of one OpenID provider of the contact centre.
// What the provider publishes is asked for when first needed; a provider that
// is away keeps nothing else from working.
type contactCentre struct {
	cfg      ProviderConfig
	metadata *remote[metadata]
	keys     *keySet
	now      func() time.Time
}

func newContactCentre(cfg ProviderConfig, deps Deps) *contactCentre {
	c := &contactCentre{cfg: cfg, now: deps.now}
	c.metadata = newMetadata(deps, cfg.Issuer, func(issuer string) bool { return issuer == cfg.Issuer })
	c.keys = newKeySet(deps, func(ctx context.Context) (string, error) {
		m, err := c.metadata.get(ctx)
		return m.Keys, err
	})
	return c
}

// ProviderName is what the sign-in button calls a provider that Begin takes.
func (v *Verifier) ProviderName(id string) string {
	for _, provider := range v.providers {
		if provider.cfg.Name == id {
			return provider.cfg.DisplayName
		}
	}
	return "Microsoft"
}

// anyKey: the provider has one issuer, and its keys are all its own.
func anyKey(string) bool { return true }

// verify checks an access token.
func (p *contactCentre) verify(ctx context.Context, t *token) (person, error) {
	c, err := t.claims(ctx, p.keys, anyKey)
	if err != nil {
		return person{}, err
	}
	if err := c.checkTimes(p.now()); err != nil {
		return person{}, err
	}
	// Many providers add themselves or an "account" audience; ours must be there.
	if !slices.Contains(c.audience, p.cfg.Audience) {
		return person{}, &TokenError{Reason: ReasonAudience}
	}
	if isIDToken(c) {
		return person{}, &TokenError{Reason: ReasonType}
	}
	return p.person(c)
}

// isIDToken reports whether a token says that it is an ID token, or one about
// events (RFC 8417): by a digest of
// what was given with it (OpenID Connect Core 1.0, 3.1.3.6), or in the words of
// Keycloak (typ) and Cognito (token_use). An ID token is for the client that
// signed somebody in; where a provider gives access tokens no audience of their
// own, nothing else tells the two apart. A nonce does not: old Keycloaks put it
// into access tokens too.
func isIDToken(c claims) bool {
	return c.has("at_hash") || c.has("c_hash") || strings.EqualFold(c.text("typ"), "ID") || c.text("token_use") == "id" ||
		c.has("events") // a logout token whose type does not say so
}

// person reads who a verified token, access or ID, is about.
func (p *contactCentre) person(c claims) (person, error) {
	subject := textOf(c.at(p.cfg.SubjectClaim))
	if subject == "" {
		return person{}, &TokenError{Reason: ReasonNoPerson}
	}
	return person{
		tenant:  p.cfg.Tenant,
		subject: subject,
		issuer:  p.cfg.Issuer,
		name:    c.name,
		roles:   p.roles(c),
		channel: ChannelBrowser,
		expires: c.expires,
	}, nil
}

// roles reads the roles, by the provider's names for them if it has its own.
func (p *contactCentre) roles(c claims) []Role {
	names := listOf(c.at(p.cfg.RolesClaim))
	if len(p.cfg.RoleNames) == 0 {
		return rolesOf(names)
	}
	var roles []Role
	for _, name := range names {
		roles = append(roles, p.cfg.RoleNames[name])
	}
	return knownRoles(roles)
}
