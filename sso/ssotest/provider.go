package ssotest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// ProviderOptions shape the contact centre's own provider.
type ProviderOptions struct {
	Options
	Path     string // prefix below both addresses, such as "/contact-centre"
	ClientID string
	Secret   string // empty: a public client, which must use PKCE
	Audience string // of its access tokens; empty means ClientID
	Accounts []ProviderAccount
	// Redirects are the client's registered addresses, also after sign-out; a
	// port 0 matches any loopback port. None means any loopback address.
	Redirects []string
	Name      string // on its pages; empty means "Contact centre (simulated)"
	// BackchannelLogout is where the client is told of sign-outs (OpenID Connect
	// Back-Channel Logout 1.0); empty: nowhere.
	BackchannelLogout string
}

// ProviderAccount is somebody known to the contact centre's own provider.
type ProviderAccount struct {
	Subject, Username, Password, Name string
	Roles                             []string
}

// Provider is the contact centre's own OpenID provider. It is an ordinary one:
// nothing in it is Microsoft's. Safe for concurrent use.
type Provider struct {
	options ProviderOptions
	keys    *keyring
	seal    sealer
	site    site
	faults  *Faults
	ids     idSource
	used    usedCodes
	change  atomic.Pointer[func(claims map[string]any)]
}

// NewProvider makes one.
func NewProvider(o ProviderOptions) *Provider {
	o.Options = o.Options.withDefaults()
	o.Path = "/" + strings.Trim(o.Path, "/")
	if o.Path == "/" {
		o.Path = ""
	}
	o.Audience = cmp.Or(o.Audience, o.ClientID)
	label := fmt.Sprintf("provider/%d", o.Seed)
	seal := newSealer(label)
	return &Provider{
		options: o,
		keys:    newKeyring(label),
		seal:    seal,
		site: site{
			brand:  cmp.Or(o.Name, "Contact centre (simulated)"),
			cookie: "CCSESSION", path: o.Path + "/", seal: seal, clock: o.Clock,
		},
		faults: NewFaults(o.Seed),
		ids:    idSource{seed: o.Seed},
	}
}

// Handler serves its paths, Path included.
func (p *Provider) Handler() http.Handler {
	mux, at := http.NewServeMux(), p.options.Path
	mux.HandleFunc("GET "+at+"/.well-known/openid-configuration", p.discover)
	mux.HandleFunc("GET "+at+"/keys", p.publishKeys)
	mux.HandleFunc("POST "+at+"/token", p.token)
	mux.HandleFunc("GET "+at+"/userinfo", p.userInfo)
	mux.HandleFunc("GET "+at+"/authorize", p.authorize)
	mux.HandleFunc("POST "+at+"/authorize", p.authorize)
	mux.HandleFunc("GET "+at+"/logout", p.logout)
	mux.HandleFunc("POST "+at+"/logout", p.logout)
	mux.Handle("POST "+at+"/login", http.NewCrossOriginProtection().Handler(http.HandlerFunc(p.login)))
	return recordRequests(p.options.Options, p.faults.middleware(mux, writeProviderFault))
}

// Issuer is its issuer address.
func (p *Provider) Issuer() string { return p.options.TLSURL + p.options.Path }

// TokenEndpoint is where tokens are asked for, by the plain address.
func (p *Provider) TokenEndpoint() string { return p.options.PlainURL + p.options.Path + "/token" }

// RotateKeys signs with a new key; the old one stays published until the next time.
func (p *Provider) RotateKeys() { p.keys.rotate() }

// Change has the claims of ID tokens changed before they are signed, as only a
// broken or hostile provider would; nil: no more.
func (p *Provider) Change(change func(claims map[string]any)) { p.change.Store(&change) }

// InjectFault makes requests go wrong.
func (p *Provider) InjectFault(f Fault) { p.faults.Inject(f) }

func (p *Provider) now() time.Time { return p.options.Clock().UTC() }

func (p *Provider) discover(w http.ResponseWriter, _ *http.Request) {
	pages := p.options.PlainURL + p.options.Path
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                p.Issuer(),
		"authorization_endpoint":                pages + "/authorize",
		"end_session_endpoint":                  pages + "/logout",
		"token_endpoint":                        p.Issuer() + "/token",
		"userinfo_endpoint":                     p.Issuer() + "/userinfo",
		"jwks_uri":                              p.Issuer() + "/keys",
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query", "fragment", "form_post"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token", "password"},
		"scopes_supported":                      openIDScopes,
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic", "none"},
		"code_challenge_methods_supported":      []string{"S256"},

		"authorization_response_iss_parameter_supported": true,
		"backchannel_logout_supported":                   true,
		"backchannel_logout_session_supported":           true,
	})
}

func (p *Provider) publishKeys(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, p.keys.keySet(""))
}

// userInfo answers what the profile scope would have.
func (p *Provider) userInfo(w http.ResponseWriter, r *http.Request) {
	raw, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	claims, err := p.keys.verify(raw)
	if err == nil {
		err = jwt.NewValidator(jwt.WithTimeFunc(p.now), jwt.WithExpirationRequired(),
			jwt.WithAudience(p.options.Audience), jwt.WithIssuer(p.Issuer())).Validate(claims)
	}
	subject, _ := claims["sub"].(string)
	person, ok := p.bySubject(subject)
	if err != nil || !ok {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		writeJSON(w, http.StatusUnauthorized, providerError{Name: "invalid_token", Description: "the access token is not valid here"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"sub": person.Subject, "name": person.Name, "preferred_username": person.Username})
}

func (p *Provider) bySubject(subject string) (ProviderAccount, bool) {
	i := slices.IndexFunc(p.options.Accounts, func(a ProviderAccount) bool { return a.Subject == subject })
	if i < 0 {
		return ProviderAccount{}, false
	}
	return p.options.Accounts[i], true
}

// signIn checks a name and password.
func (p *Provider) signIn(username, password string) (ProviderAccount, bool) {
	i := slices.IndexFunc(p.options.Accounts, func(a ProviderAccount) bool { return strings.EqualFold(a.Username, username) })
	if i < 0 || password == "" || p.options.Accounts[i].Password != password {
		return ProviderAccount{}, false
	}
	return p.options.Accounts[i], true
}
