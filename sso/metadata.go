package sso

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

const (
	metadataFresh    = 24 * time.Hour
	metadataTrusted  = 7 * 24 * time.Hour
	metadataCoolDown = 5 * time.Second
	metadataTries    = 3
)

// metadata is what this service needs of OpenID Connect Discovery 1.0.
type metadata struct {
	Issuer     string `json:"issuer"`
	Authorize  string `json:"authorization_endpoint"`
	Token      string `json:"token_endpoint"`
	Keys       string `json:"jwks_uri"`
	EndSession string `json:"end_session_endpoint"`
	SaysIssuer bool   `json:"authorization_response_iss_parameter_supported"` // RFC 9207
}

// at gives Entra's addresses for one tenant: they differ in their first part
// (Microsoft Learn, "Microsoft identity platform and OAuth 2.0 authorization
// code flow").
func (m metadata) at(tenant string) metadata {
	for _, address := range []*string{&m.Authorize, &m.Token} {
		*address = strings.Replace(*address, "/"+anyTenant+"/", "/"+tenant+"/", 1)
	}
	return m
}

// anyTenant stands for the tenant where people of any organisation sign in.
const anyTenant = "organizations"

// newMetadata reads the document below base; isIssuer decides whether the
// issuer it names is the one that was meant.
func newMetadata(deps Deps, base string, isIssuer func(string) bool) *remote[metadata] {
	address := strings.TrimSuffix(base, "/") + "/.well-known/openid-configuration"
	return &remote[metadata]{
		now:     deps.now,
		first:   rate.NewLimiter(rate.Every(metadataCoolDown), metadataTries),
		again:   rate.NewLimiter(rate.Every(metadataCoolDown), 1),
		fresh:   metadataFresh,
		trusted: metadataTrusted,
		wait:    deps.Patience,
		fetch: func(ctx context.Context) (metadata, error) {
			var m metadata
			if err := fetchJSON(ctx, deps.HTTPClient, address, &m); err != nil {
				return metadata{}, err
			}
			if !isIssuer(m.Issuer) {
				return metadata{}, fmt.Errorf("%w: %s names another issuer", ErrProviderUnavailable, address)
			}
			return m, m.check(address)
		},
	}
}

// check refuses addresses over which a secret or a password would travel in
// the clear. Plain http is accepted on this machine only, for the simulators'
// sign-in page.
func (m metadata) check(from string) error {
	for name, address := range map[string]string{
		"authorization_endpoint": m.Authorize, "token_endpoint": m.Token, "jwks_uri": m.Keys,
	} {
		if !secureAddress(address) {
			return fmt.Errorf("%w: %s has no secure %s", ErrProviderUnavailable, from, name)
		}
	}
	if m.EndSession != "" && !secureAddress(m.EndSession) {
		return fmt.Errorf("%w: %s has no secure end_session_endpoint", ErrProviderUnavailable, from)
	}
	return nil
}
