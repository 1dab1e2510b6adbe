package sso

import (
	"context"
	"net/http"
	"slices"
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

func newContactCentre(cfg ProviderConfig, client *http.Client, now func() time.Time) *contactCentre {
	c := &contactCentre{cfg: cfg, now: now}
	c.metadata = newMetadata(client, now, cfg.Issuer, func(issuer string) bool { return issuer == cfg.Issuer })
	c.keys = newKeySet(client, now, func(ctx context.Context) (string, error) {
		m, err := c.metadata.get(ctx)
		return m.Keys, err
	})
	return c
}

// anyKey: the provider has one issuer, and its keys are all its own.
func anyKey(string) bool { return true }

// verify checks an access token.
func (p *contactCentre) verify(ctx context.Context, t token) (person, error) {
	c, err := t.claims(ctx, p.keys, anyKey)
	if err != nil {
		return person{}, err
	}
	if err := c.checkTimes(p.now()); err != nil {
		return person{}, err
	}
	// Many providers add themselves or an "account" audience; ours must be there.
	if !slices.Contains(c.audience, p.cfg.Audience) {
		return person{}, &TokenError{Reason: reasonAudience}
	}
	return p.person(c)
}

// person reads who a verified token, access or ID, is about.
func (p *contactCentre) person(c claims) (person, error) {
	subject := c.text(p.cfg.SubjectClaim)
	if subject == "" {
		return person{}, &TokenError{Reason: reasonNoPerson}
	}
	return person{
		tenant:  p.cfg.Tenant,
		subject: subject,
		issuer:  p.cfg.Issuer,
		name:    c.name,
		roles:   rolesOf(c.list(p.cfg.RolesClaim)),
		channel: ChannelBrowser,
		expires: c.expires,
	}, nil
}
