package sso

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	transactionLife = 10 * time.Minute
	callbackPath    = "/auth/callback"
	signOutWait     = 2 * time.Second
)

// SignIn is the browser's way in: authorization code with PKCE. Safe for
// concurrent use.
//
//	Begin ──► the provider's page ──► Complete ──► session
//
// What ties the two ends together is a transaction in the store: found by the
// state, bound to this browser by a cookie, good for ten minutes and one use.
type SignIn struct {
	verifier *Verifier
	deps     Deps
	public   string
	ways     []*way // in the order of Providers

	challenges challenges
	logouts    logouts
}

// Entry is how somebody comes to sign in. All but the provider may be empty.
type Entry struct {
	Provider   string // one of Providers
	Return     string // local path to come back to; an unsafe one becomes "/"
	Session    string // secret of a session to join
	LoginHint  string // who is expected, as the provider spells it
	Tenant     string // the organisation to sign in at, a GUID: at Entra also as its guest
	DomainHint string // the domain whose own sign-in page shall come up at once; Entra's only
	AdminCode  string // of NewAdminCode: makes whoever signs in an administrator; mostly empty
}

// LogValue keeps the secret and the person out of logs.
func (e Entry) LogValue() slog.Value { return slog.StringValue(e.Provider) }

// Begun is a sign-in on its way.
type Begun struct {
	URL     string // where the browser goes
	Browser string // secret for the transaction's cookie
}

// LogValue keeps the secret, and the state in the address, out of logs.
func (Begun) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Callback is what came back with the browser.
type Callback struct {
	State, Code string
	// Error is the provider's error code, possibly with its error_description
	// behind: nothing but AADSTS numbers is read from that.
	Error   string
	Issuer  string // who says so (iss, RFC 9207); empty where the provider does not say
	Browser string // secret of the transaction's cookie
	Session string // secret of the session that the browser has by now; it ends
}

// LogValue keeps the secrets out of logs.
func (Callback) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Completed is a sign-in that succeeded. Of one that failed Return is set all
// the same, as soon as it is known which one it was.
type Completed struct {
	Secret    string // for the session cookie
	Return    string // safe local path
	ExpiresAt time.Time
}

// LogValue keeps the secret out of logs.
func (Completed) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// NewSignIn prepares the flow for Entra and each contact-centre provider; it
// asks nobody yet.
func NewSignIn(cfg Config, v *Verifier, deps Deps) (*SignIn, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	public, err := publicURL(deps.PublicURL)
	if err != nil {
		return nil, err
	}
	if deps.Sessions == nil {
		return nil, errors.New("sso: a session store is needed")
	}
	s := &SignIn{verifier: v, deps: deps.withDefaults(), public: public}
	if v.entra != nil {
		s.ways = append(s.ways, entraWay(v.entra, s.deps, &v.secrets))
	}
	for _, provider := range cfg.withDefaults().ContactCentre {
		if provider.ClientID != "" {
			s.ways = append(s.ways, contactCentreWay(v.providers[provider.Issuer], &v.secrets))
		}
	}
	return s, nil
}

// publicURL checks where browsers reach this service and cuts a trailing slash.
func publicURL(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || !secureAddress(address) || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return "", errors.New("sso: the public address must be https (http on this machine only), without a path")
	}
	return strings.TrimSuffix(address, "/"), nil
}

// Providers lists what Begin takes: "entra" first, then the contact centre's in
// the order of the configuration.
func (s *SignIn) Providers() []string {
	names := make([]string, len(s.ways))
	for i, w := range s.ways {
		names[i] = w.name
	}
	return names
}

func (s *SignIn) way(name string) (*way, bool) {
	for _, w := range s.ways {
		if w.name == name {
			return w, true
		}
	}
	return nil, false
}

// Begin starts a sign-in. Errors: ErrProviderUnknown, *NotAdmittedError for a
// tenant that is not, ErrProviderUnavailable, ErrStorage.
func (s *SignIn) Begin(ctx context.Context, entry Entry) (Begun, error) {
	w, ok := s.way(entry.Provider)
	if !ok {
		return Begun{}, ErrProviderUnknown
	}
	tenant := strings.ToLower(entry.Tenant)
	if tenant != "" && !w.admits(tenant) {
		return Begun{}, &NotAdmittedError{Reason: reasonNotOnList}
	}
	config, err := w.oauth(ctx, s.public+callbackPath, tenant)
	if err != nil {
		return Begun{}, err
	}
	state, browser := newSecret(), newSecret()
	t := Transaction{
		Key:       digest(state),
		Browser:   digest(browser),
		Provider:  w.name,
		Nonce:     newSecret(),
		Verifier:  oauth2.GenerateVerifier(),
		Return:    safeReturn(entry.Return),
		Tenant:    tenant,
		ExpiresAt: s.deps.now().Add(transactionLife),
	}
	if joined, err := s.verifier.session(ctx, entry.Session); err == nil {
		t.Session = joined.Key
	}
	if entry.AdminCode != "" {
		t.AdminCode = adminCodeKey(entry.AdminCode)
	}
	if err := s.deps.Sessions.PutTransaction(ctx, t); err != nil {
		return Begun{}, fmt.Errorf("keep sign-in transaction: %w", err)
	}
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(t.Verifier), oidc.Nonce(t.Nonce)}
	if entry.LoginHint != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", entry.LoginHint))
	}
	if entry.DomainHint != "" && w.name == ProviderEntra {
		options = append(options, oauth2.SetAuthURLParam("domain_hint", entry.DomainHint))
	}
	return Begun{URL: config.AuthCodeURL(state, options...), Browser: browser}, nil
}

// Complete redeems the callback. Errors: ErrTransactionNotFound, *SignInError,
// *RequiredError (what an admin has to do first), *NotAdmittedError,
// *AgentUnknownError, ErrProviderUnavailable, ErrStorage.
func (s *SignIn) Complete(ctx context.Context, back Callback) (Completed, error) {
	t, err := takeTransaction(ctx, s.deps, back.State, back.Browser)
	if err != nil {
		return Completed{}, err
	}
	done, err := s.conclude(ctx, t, back)
	if err != nil {
		return Completed{Return: t.Return}, err
	}
	return done, nil
}

// conclude makes a session of what came back for this transaction.
func (s *SignIn) conclude(ctx context.Context, t Transaction, back Callback) (Completed, error) {
	w, ok := s.way(t.Provider)
	if !ok {
		return Completed{}, ErrTransactionNotFound
	}
	if err := w.checkAnswerer(ctx, back.Issuer); err != nil {
		return Completed{}, err
	}
	if back.Error != "" {
		return Completed{}, s.refused(ctx, w, t, providerRefusal(back.Error))
	}
	if back.Code == "" {
		return Completed{}, &SignInError{Reason: reasonRejected}
	}
	heard := s.logouts.soFar()
	tokens, err := s.redeem(ctx, w, t, back.Code)
	if err != nil {
		return Completed{}, s.refused(ctx, w, t, err)
	}
	who, err := w.identify(ctx, tokens, t.Nonce)
	if err != nil {
		return Completed{}, err
	}
	if t.Tenant != "" && who.tenant != t.Tenant {
		return Completed{}, &SignInError{Reason: reasonRejected}
	}
	s.deps.Organizations.Served(who.tenant, who.objectID)
	return s.open(ctx, who, t, back.Session, heard)
}

// takeTransaction finds what began with the state in this very browser.
func takeTransaction(ctx context.Context, deps Deps, state, browser string) (Transaction, error) {
	if state == "" || browser == "" {
		return Transaction{}, ErrTransactionNotFound
	}
	t, err := deps.Sessions.TakeTransaction(ctx, digest(state))
	if err != nil {
		return Transaction{}, err
	}
	same := subtle.ConstantTimeCompare([]byte(t.Browser), []byte(digest(browser))) == 1
	if !same || !deps.now().Before(t.ExpiresAt) {
		return Transaction{}, ErrTransactionNotFound
	}
	return t, nil
}

// End deletes the session and returns where the browser signs out at the
// provider, or "" when that is not offered or the provider is away.
func (s *SignIn) End(ctx context.Context, secret string) (string, error) {
	if secret == "" {
		return "", nil
	}
	session, err := s.deps.Sessions.Session(ctx, digest(secret))
	if errors.Is(err, ErrSessionNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("find session to end: %w", err)
	}
	if err := s.verifier.endSession(ctx, session.Key); err != nil {
		return "", err
	}
	return s.signOutAddress(ctx, session.IDToken), nil
}

// signOutAddress follows OpenID Connect RP-Initiated Logout 1.0.
func (s *SignIn) signOutAddress(ctx context.Context, idToken string) string {
	t, err := parseToken(idToken)
	if err != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, signOutWait)
	defer cancel()
	for _, w := range s.ways {
		if !w.isIssuer(t.claimed) {
			continue
		}
		m, err := w.metadata.get(ctx)
		if err != nil || m.EndSession == "" {
			return ""
		}
		address, err := url.Parse(m.EndSession)
		if err != nil {
			return ""
		}
		query := address.Query()
		query.Set("id_token_hint", idToken)
		query.Set("client_id", w.clientID)
		query.Set("post_logout_redirect_uri", s.public+"/")
		address.RawQuery = query.Encode()
		return address.String()
	}
	return ""
}
