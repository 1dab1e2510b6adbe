package sso

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"
)

const consentPath = "/auth/consent"

// What a transaction of the consent flow is for, beside the sign-in's provider
// names: neither kind can be redeemed as the other.
const (
	consentCode    = "consent:code"
	inspectionCode = "consent:inspection" // a code that asks for the permission to look
	consentReturn  = "consent:return"
)

// Consent leads an admin through Entra's admin consent for their organisation,
// in a window of its own:
//
//	Begin (in the page), or Invite ──► Follow (one-time code) ──► Entra ──► Complete
type Consent struct {
	clientID string
	scopes   map[string]string // by the kind of code
	metadata *remote[metadata]
	orgs     *Organizations
	deps     Deps
	public   string
}

// NewConsent prepares the flow; orgs is checked again when somebody returns.
func NewConsent(cfg Config, orgs *Organizations, deps Deps) (*Consent, error) {
	public, err := publicURL(deps.PublicURL)
	if err != nil {
		return nil, err
	}
	if deps.Sessions == nil || orgs == nil {
		return nil, errors.New("sso: a session store and the organisations are needed")
	}
	deps = deps.withDefaults()
	entra := newEntraIssuer(cfg.withDefaults().Entra, deps)
	return &Consent{
		clientID: entra.cfg.ClientID,
		scopes: map[string]string{
			consentCode:    entra.cfg.cloud().Scope(), // application permissions can be asked for by ".default" only
			inspectionCode: entra.cfg.cloud().Graph + "/" + inspectPermission,
		},
		metadata: entraWay(entra, deps, new(clientSecrets)).metadata,
		orgs:     orgs,
		deps:     deps,
		public:   public,
	}, nil
}

// Begin makes a one-time address on this host (path /auth/consent with a
// code), valid for ten minutes, for an admin of the tenant. Errors:
// ErrSignInRequired without an admin, *NotAdmittedError.
func (c *Consent) Begin(ctx context.Context, p Principal) (address string, expiresAt time.Time, err error) {
	return c.begin(ctx, p, consentCode)
}

// BeginInspection is [Consent.Begin] for the delegated permission with which an
// admin looks at the organisation's applications, and nothing else.
func (c *Consent) BeginInspection(ctx context.Context, p Principal) (address string, expiresAt time.Time, err error) {
	return c.begin(ctx, p, inspectionCode)
}

func (c *Consent) begin(ctx context.Context, p Principal, kind string) (address string, expiresAt time.Time, err error) {
	if !p.Valid() || !p.Has(RoleAdmin) {
		return "", time.Time{}, ErrSignInRequired
	}
	if _, ok := c.orgs.Get(p.Tenant()); !ok {
		return "", time.Time{}, &NotAdmittedError{Reason: reasonNotOnList}
	}
	return oneTimeAddress(ctx, c.deps.Sessions, c.public, p.Tenant(), kind, c.deps.now().Add(transactionLife))
}

// invitationLife lets somebody in another organisation find the time.
const invitationLife = 7 * 24 * time.Hour

// Invite makes a one-time address like [Consent.Begin]'s for an organisation in
// which nobody can sign in yet, because nobody has consented: for the operator to
// hand to an admin there, good for a week. Whoever follows it has to be an admin
// at Microsoft; it leads nowhere else. The caller sees to it that the organisation
// is admitted; public is the address of this service.
func Invite(ctx context.Context, store SessionStore, public, tenant string) (address string, expiresAt time.Time, err error) {
	if public, err = publicURL(public); err != nil {
		return "", time.Time{}, err
	}
	return oneTimeAddress(ctx, store, public, tenant, consentCode, time.Now().Add(invitationLife))
}

func oneTimeAddress(ctx context.Context, store SessionStore, public, tenant, kind string, until time.Time) (string, time.Time, error) {
	code := newSecret()
	t := Transaction{Key: digest(code), Provider: kind, Tenant: tenant, ExpiresAt: until}
	if err := store.PutTransaction(ctx, t); err != nil {
		return "", time.Time{}, fmt.Errorf("keep consent code: %w", err)
	}
	return public + consentPath + "?" + url.Values{"code": {code}}.Encode(), t.ExpiresAt, nil
}

// Follow redeems the one-time code and gives Entra's admin-consent address
// and the secret for the transaction's cookie. Errors: ErrTransactionNotFound,
// ErrProviderUnavailable, which leaves the code unused.
func (c *Consent) Follow(ctx context.Context, code string) (Begun, error) {
	if code == "" {
		return Begun{}, ErrTransactionNotFound
	}
	m, err := c.metadata.get(ctx)
	if err != nil {
		return Begun{}, unavailable(err)
	}
	begun, err := c.deps.Sessions.TakeTransaction(ctx, digest(code))
	if err != nil {
		return Begun{}, err
	}
	scope, known := c.scopes[begun.Provider]
	if !known || !c.deps.now().Before(begun.ExpiresAt) {
		return Begun{}, ErrTransactionNotFound
	}
	state, browser := newSecret(), newSecret()
	t := Transaction{
		Key:       digest(state),
		Browser:   digest(browser),
		Provider:  consentReturn,
		Tenant:    begun.Tenant,
		ExpiresAt: c.deps.now().Add(transactionLife),
	}
	if err := c.deps.Sessions.PutTransaction(ctx, t); err != nil {
		return Begun{}, fmt.Errorf("keep consent transaction: %w", err)
	}
	address, err := c.consentAddress(m, t.Tenant, scope, state)
	return Begun{URL: address, Browser: browser}, err
}

// consentAddress is on the host of the sign-in page. Discovery does not name
// it; its path is documented (Microsoft Learn, "Admin consent on the Microsoft
// identity platform").
func (c *Consent) consentAddress(m metadata, tenant, scope, state string) (string, error) {
	address, err := url.Parse(m.Authorize)
	if err != nil {
		return "", unavailable(err)
	}
	address.Path, address.RawPath = "/"+tenant+"/v2.0/adminconsent", ""
	address.RawQuery = url.Values{
		"client_id":    {c.clientID},
		"scope":        {scope},
		"redirect_uri": {c.public + consentPath},
		"state":        {state},
	}.Encode()
	return address.String(), nil
}

// Complete takes the return from Entra (state, error). The tenant in the
// answer is never trusted: the transaction knows whose consent it was, and a
// probe finds out whether it was given. The error is tested first, because
// Entra's refusals say admin_consent=True as well. Errors:
// ErrTransactionNotFound, *RequiredError when consent was not given,
// ErrProviderUnavailable.
func (c *Consent) Complete(ctx context.Context, state, errorCode, browser string) (Organization, error) {
	t, err := takeTransaction(ctx, c.deps, state, browser)
	if err != nil {
		return Organization{}, err
	}
	if t.Provider != consentReturn {
		return Organization{}, ErrTransactionNotFound
	}
	if errorCode != "" {
		return Organization{}, &RequiredError{Status: statusOf(StateConsentRequired)}
	}
	return c.orgs.Check(ctx, t.Tenant)
}
