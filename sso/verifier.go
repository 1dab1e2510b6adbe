package sso

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Config is the sign-on part of the configuration.
type Config struct {
	Require       Require          `koanf:"require"`
	Entra         EntraConfig      `koanf:"entra"`
	ContactCentre []ProviderConfig `koanf:"contact_centre"`
	Session       SessionConfig    `koanf:"session"`
	Contact       string           `koanf:"contact"` // whom somebody not in the agent table shall ask
}

// EntraConfig names this service at Microsoft Entra.
type EntraConfig struct {
	Authority    string   `koanf:"authority"`     // https://login.microsoftonline.com
	ClientID     string   `koanf:"client_id"`     // this service's application id: the audience
	ClientSecret string   `koanf:"client_secret"` // for the browser sign-in's code redemption
	Scope        string   `koanf:"scope"`         // api://…/access_as_user
	Tenants      []string `koanf:"tenants"`       // admitted organisations
	TeamsClients []string `koanf:"teams_clients"` // azp of Teams; default Microsoft's well-known ids
	Clients      []string `koanf:"clients"`       // further admitted azp; the service's own id always is
}

// ProviderConfig names one OpenID provider of the contact centre.
type ProviderConfig struct {
	Name         string `koanf:"name"`
	Issuer       string `koanf:"issuer"`
	Audience     string `koanf:"audience"`
	ClientID     string `koanf:"client_id"`
	ClientSecret string `koanf:"client_secret"`
	Tenant       string `koanf:"tenant"` // the organisation its agents belong to
	SubjectClaim string `koanf:"subject_claim"`
	RolesClaim   string `koanf:"roles_claim"`
}

// SessionConfig limits browser sessions.
type SessionConfig struct {
	Idle     time.Duration `koanf:"idle"`
	Absolute time.Duration `koanf:"absolute"`
}

// Deps are what a Verifier and a SignIn work with.
type Deps struct {
	Agents     *Agents
	Sessions   SessionStore
	HTTPClient *http.Client // trusts the configured CAs; nil means the default with a timeout
	Logger     *slog.Logger
	Registerer prometheus.Registerer
	PublicURL  string // where browsers reach this service, for redirect addresses
}

// Verifier turns tokens and sessions into principals.
type Verifier struct{}

// NewVerifier prepares the issuers; it asks nobody yet.
func NewVerifier(cfg Config, deps Deps) (*Verifier, error) { return nil, errors.ErrUnsupported }

// Verify checks a bearer token of any known issuer. Errors: *TokenError,
// *NotAdmittedError, *AgentUnknownError, ErrSignInRequired, ErrProviderUnavailable.
func (v *Verifier) Verify(ctx context.Context, token string) (Principal, error) {
	return Principal{}, errors.ErrUnsupported
}

// FromSession makes the principal of a session cookie's secret. Errors:
// ErrSessionNotFound (also when it has expired), *AgentUnknownError.
func (v *Verifier) FromSession(ctx context.Context, secret string) (Principal, error) {
	return Principal{}, errors.ErrUnsupported
}

// SignIn is the browser's way in: authorization code with PKCE.
type SignIn struct{}

// NewSignIn prepares the flow for Entra and each contact-centre provider.
func NewSignIn(cfg Config, v *Verifier, deps Deps) (*SignIn, error) {
	return nil, errors.ErrUnsupported
}

// Begun is a sign-in on its way.
type Begun struct {
	URL     string // where the browser goes
	Browser string // secret for the transaction's cookie
}

// Providers lists what Begin takes: "entra" first, then the contact centre's by name.
func (s *SignIn) Providers() []string { return nil }

// Begin starts a sign-in at the provider and returns to the local path
// returnTo afterwards (an unsafe one becomes "/"). session is the secret of a
// session to join, or empty. loginHint and domainHint may be empty.
func (s *SignIn) Begin(ctx context.Context, provider, returnTo, session, loginHint string) (Begun, error) {
	return Begun{}, errors.ErrUnsupported
}

// Completed is a sign-in that succeeded.
type Completed struct {
	Secret    string // for the session cookie
	Return    string // safe local path
	ExpiresAt time.Time
}

// Complete redeems the callback: query values state, code, error; browser is
// the transaction cookie's secret.
func (s *SignIn) Complete(ctx context.Context, state, code, errorCode, browser string) (Completed, error) {
	return Completed{}, errors.ErrUnsupported
}

// End deletes the session and returns where the browser signs out at the
// provider, or "" when that is not offered.
func (s *SignIn) End(ctx context.Context, secret string) (string, error) {
	return "", errors.ErrUnsupported
}
