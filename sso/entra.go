package sso

import (
	"context"
	"slices"
	"strings"
	"time"
)

// entraIssuer checks tokens of one Entra authority, whatever the tenant.
type entraIssuer struct {
	cfg      EntraConfig
	v1Issuer string // what stands before the tenant in version 1's issuer
	scope    string // as it stands in scp: access_as_user
	idURI    string // application id URI, an audience of version 1 tokens; may be empty
	keys     *keySet
	now      func() time.Time
}

func newEntraIssuer(cfg EntraConfig, deps Deps) *entraIssuer {
	e := &entraIssuer{cfg: cfg, v1Issuer: cfg.v1Issuer(), scope: cfg.Scope, now: deps.now}
	if i := strings.LastIndexByte(cfg.Scope, '/'); i >= 0 {
		e.idURI, e.scope = cfg.Scope[:i], cfg.Scope[i+1:]
	}
	e.keys = newKeySet(deps, func(context.Context) (string, error) {
		return cfg.Authority + "/common/discovery/v2.0/keys", nil
	})
	return e
}

// The versions of Entra's access tokens, as their ver claim says.
const (
	version1 = "1.0"
	version2 = "2.0"
)

func (e *entraIssuer) issuer(tenant string) string { return e.cfg.Authority + "/" + tenant + "/v2.0" }

// tenantOf reads tenant and version from an issuer. It knows nothing of
// admission; ok means only that the issuer is one of this authority.
func (e *entraIssuer) tenantOf(issuer string) (tenant, version string, ok bool) {
	if rest, found := strings.CutPrefix(issuer, e.cfg.Authority+"/"); found {
		if tenant, found := strings.CutSuffix(rest, "/v2.0"); found && isGUID(tenant) {
			return tenant, version2, true
		}
	}
	if rest, found := strings.CutPrefix(issuer, e.v1Issuer); found {
		if tenant, found := strings.CutSuffix(rest, "/"); found && isGUID(tenant) {
			return tenant, version1, true
		}
	}
	return "", "", false
}

// admitsKey tells whether a key may sign for the tenant: Entra publishes each
// key with the issuer it belongs to, a template for most.
func (e *entraIssuer) admitsKey(tenant string) func(issuer string) bool {
	return func(issuer string) bool {
		bound := strings.Replace(issuer, "{tenantid}", tenant, 1)
		return bound == "" || bound == e.issuer(tenant) || bound == e.v1Issuer+tenant+"/"
	}
}

// admitted reports whether the organisation is on the list.
func (e *entraIssuer) admitted(tenant string) error {
	if !slices.Contains(e.cfg.Tenants, tenant) {
		return &NotAdmittedError{Reason: reasonNotOnList}
	}
	return nil
}

// verify checks an access token, in an order that tells nobody more than they
// prove: what is forged, foreign or over is refused first, then organisations
// that are not admitted, then what a new sign-in does not heal.
func (e *entraIssuer) verify(ctx context.Context, t *token) (person, error) {
	tenant, version, ok := e.tenantOf(t.claimed)
	if !ok {
		return person{}, &TokenError{Reason: ReasonIssuer}
	}
	c, err := t.claims(ctx, e.keys, e.admitsKey(tenant))
	if err != nil {
		return person{}, err
	}
	if err := c.checkTimes(e.now()); err != nil {
		return person{}, err
	}
	if !e.isAudience(c.audience, version) {
		return person{}, &TokenError{Reason: ReasonAudience}
	}
	if c.text("tid") != tenant {
		return person{}, &TokenError{Reason: ReasonTenant}
	}
	if err := e.admitted(tenant); err != nil {
		return person{}, err
	}
	return e.person(c, tenant, version)
}

// isAudience demands that the token is for this service and nobody else.
func (e *entraIssuer) isAudience(audience []string, version string) bool {
	if len(audience) != 1 {
		return false
	}
	return audience[0] == e.cfg.ClientID ||
		version == version1 && e.idURI != "" && audience[0] == e.idURI
}

// clientOf is the application that asked for the token.
func clientOf(c claims, version string) string {
	if version == version1 {
		return c.text("appid")
	}
	return c.text("azp")
}

// person reads who the token is about and whether they may use it here.
func (e *entraIssuer) person(c claims, tenant, version string) (person, error) {
	client := clientOf(c, version)
	objectID := strings.ToLower(c.text("oid"))
	switch {
	case c.text("ver") != version:
		return person{}, &TokenError{Reason: ReasonVersion}
	case c.text("idtyp") == "app", c.text("scp") == "" && client != "":
		return e.application(c, tenant, version)
	case !c.hasScope(e.scope):
		return person{}, &TokenError{Reason: ReasonScope}
	case !e.admitsClient(client):
		return person{}, &TokenError{Reason: ReasonClient}
	case !isGUID(objectID):
		return person{}, &TokenError{Reason: ReasonNoPerson}
	}
	return person{
		tenant:   tenant,
		objectID: objectID,
		name:     c.name,
		roles:    rolesOf(c.list("roles")),
		channel:  e.channel(client),
		expires:  c.expires,
	}, nil
}

func (e *entraIssuer) admitsClient(client string) bool {
	return client != "" && (client == e.cfg.ClientID ||
		slices.Contains(e.cfg.TeamsClients, client) || slices.Contains(e.cfg.Clients, client))
}

func (e *entraIssuer) channel(client string) Channel {
	if client != e.cfg.ClientID && slices.Contains(e.cfg.TeamsClients, client) {
		return ChannelTeams
	}
	return ChannelBrowser
}
