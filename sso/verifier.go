package sso

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Deps are what a Verifier, a SignIn and a Consent work with.
type Deps struct {
	Agents     *Agents
	Sessions   SessionStore
	HTTPClient *http.Client          // trusts the configured CAs; nil means the default with a timeout
	Logger     *slog.Logger          // nil means none
	Registerer prometheus.Registerer // nil means none
	PublicURL  string                // where browsers reach this service, for redirect addresses
	Reviewer   Reviewer              // nil: tokens that are shown hold until they end
	// ClientAssertion redeems sign-ins at Entra where no client secret is
	// configured; nil: then they go without proof, as a public client's.
	ClientAssertion ClientAssertion
	// Sealer keeps refresh tokens in the store unreadable; nil: none are kept there,
	// and browsers' sign-ins at Entra end with the process.
	Sealer Sealer
	// Organizations, when set, hear whom Microsoft refuses and whom it serves.
	Organizations *Organizations
	// FirstAdmins, when set, makes administrators of those who sign in with a code.
	FirstAdmins *FirstAdmins

	// Patience is how long a request waits for an issuer that is slow where it can do
	// without the answer: newer keys and metadata than are at hand, and Entra's word
	// on a sign-in. 0 means a second.
	Patience time.Duration

	now func() time.Time // for tests; nil means time.Now
}

func (d Deps) withDefaults() Deps {
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	if d.now == nil {
		d.now = time.Now
	}
	d.HTTPClient = issuerClient(d.HTTPClient)
	d.Patience = cmp.Or(d.Patience, defaultPatience)
	if d.Sessions != nil {
		d.Sessions = telling{d.Sessions}
	}
	return d
}

// Verifier turns tokens and sessions into principals. Safe for concurrent use.
type Verifier struct {
	cfg       Config
	deps      Deps
	entra     *entraIssuer              // nil without a client id
	providers map[string]*contactCentre // by issuer
	shown     *shown
	results   *prometheus.CounterVec
	kept      *assertions // of browser sessions
	reviews   *reviews
	secrets   clientSecrets
	entraWay  *way        // for refresh tokens; nil like entra
	ends      sessionEnds // of browser sessions
}

// NewVerifier prepares the issuers; it asks nobody yet. Its error joins
// everything that is wrong with cfg.
func NewVerifier(cfg Config, deps Deps) (*Verifier, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.Agents == nil {
		return nil, errors.New("sso: an agent table is needed")
	}
	results, err := newVerificationCounter(deps.Registerer)
	if err != nil {
		return nil, err
	}
	v := &Verifier{
		cfg:       cfg.withDefaults(),
		deps:      deps.withDefaults(),
		providers: make(map[string]*contactCentre),
		shown:     newShown(),
		results:   results,
		kept:      newAssertions(),
	}
	asked, err := newReviewMetrics(deps.Registerer, func() Reviews { return v.Reviews() })
	if err != nil {
		return nil, err
	}
	v.secrets.set(v.cfg)
	v.reviews = newReviews(v.deps, asked)
	if v.cfg.Entra.ClientID != "" {
		v.entra = newEntraIssuer(v.cfg.Entra, v.deps)
		v.entraWay = entraWay(v.entra, v.deps, &v.secrets)
	}
	for _, provider := range v.cfg.ContactCentre {
		v.providers[provider.Issuer] = newContactCentre(provider, v.deps)
	}
	return v, nil
}

// Verify checks a bearer token of any known issuer. Errors: *TokenError,
// *NotAdmittedError, *AgentUnknownError, ErrSignInRequired, ErrProviderUnavailable.
func (v *Verifier) Verify(ctx context.Context, token string) (Principal, error) {
	p, err := v.verify(ctx, token)
	v.results.WithLabelValues(verificationResult(err)).Inc()
	return p, err
}

func (v *Verifier) verify(ctx context.Context, raw string) (Principal, error) {
	if raw == "" {
		return Principal{}, ErrSignInRequired
	}
	key := digest(raw)
	who, err := v.person(ctx, raw, key)
	if err != nil {
		return Principal{}, err
	}
	p, err := v.principal(who)
	if err == nil && who.objectID != "" { // on behalf of a person only
		p.bearer = Assertion{Token: raw, Expires: who.expires}
		return v.vouched(ctx, p, key)
	}
	return p, err
}

// person checks a token, which may have been shown before; key is its digest.
func (v *Verifier) person(ctx context.Context, raw, key string) (person, error) {
	if t := v.shown.find(key); t != nil {
		who, err := v.issuerOf(t).verify(ctx, t)
		if !errors.Is(err, errKeyGone) {
			return who, err
		}
		v.shown.forget(key)
	}
	t, err := parseToken(raw)
	if err != nil {
		return person{}, err
	}
	who, err := v.issuerOf(t).verify(ctx, t)
	if err == nil {
		v.shown.keep(key, t)
	}
	return who, err
}

// tokenIssuer checks the tokens of one issuer.
type tokenIssuer interface {
	verify(ctx context.Context, t *token) (person, error)
}

// issuerOf chooses by the unverified issuer; the chosen one proves it.
func (v *Verifier) issuerOf(t *token) tokenIssuer {
	if provider, ok := v.providers[t.claimed]; ok {
		return provider
	}
	if v.entra != nil {
		return v.entra
	}
	return unknownIssuer{}
}

// unknownIssuer answers for tokens that nobody here can check.
type unknownIssuer struct{}

func (unknownIssuer) verify(context.Context, *token) (person, error) {
	return person{}, &TokenError{Reason: ReasonIssuer}
}

// person is somebody whose identity was proven by a token or a session, before
// the agent table has been asked about them; or, with application alone, something.
type person struct {
	tenant      string
	objectID    string // at Entra; empty without an Entra identity
	subject     string // at the contact centre's provider; empty without such an identity
	issuer      string // of subject
	application string // client id of an application that is here of its own accord
	name        string
	roles       []Role
	channel     Channel
	expires     time.Time
}

// principal finds the person's row. It is the only place where a valid
// Principal is made.
func (v *Verifier) principal(who person) (Principal, error) {
	row, known := v.row(who)
	if !known {
		if !who.oversees() {
			return Principal{}, &AgentUnknownError{Name: who.name, Contact: v.cfg.Contact}
		}
		row = who.withoutRow()
	}
	roles := knownRoles(who.roles, row.Roles)
	if len(roles) == 0 {
		roles = []Role{RoleAgent} // a row in the agent table makes an agent
	}
	identity := IdentityContactCentre
	if who.atEntra() {
		identity = IdentityEntra
	}
	return Principal{
		agent:    row,
		tenant:   who.tenant,
		roles:    roles,
		identity: identity,
		channel:  who.channel,
		expires:  who.expires,
		who:      who,
		valid:    true,
	}, nil
}

// Renew asks the agent table anew about somebody who was verified before: what
// they are from now on. ErrSignInRequired for nobody, *AgentUnknownError for
// somebody whose row is gone.
func (v *Verifier) Renew(p Principal) (Principal, error) {
	if !p.valid {
		return Principal{}, ErrSignInRequired
	}
	renewed, err := v.principal(p.who)
	if err == nil {
		renewed.bearer, renewed.proof, renewed.session = p.bearer, p.proof, p.session
	}
	return renewed, err
}

// row looks in the agent table. An application has no row, whatever its ids.
func (v *Verifier) row(who person) (Agent, bool) {
	switch {
	case who.application != "":
		return Agent{}, false
	case who.objectID != "":
		return v.deps.Agents.ByEntra(who.tenant, who.objectID)
	}
	return v.deps.Agents.BySubject(who.tenant, who.subject)
}

func (p person) atEntra() bool { return p.objectID != "" || p.application != "" }

// oversees reports whether somebody may come in without a row: the
// organisation itself named them Supervisor or Admin, in Entra.
func (p person) oversees() bool {
	return p.atEntra() && (slices.Contains(p.roles, RoleSupervisor) || slices.Contains(p.roles, RoleAdmin))
}

// withoutRow stands in for the row of somebody who oversees.
func (p person) withoutRow() Agent {
	if p.application != "" {
		return Agent{ID: AgentID("app:" + p.application), Tenant: p.tenant, Name: "Application " + p.application}
	}
	return Agent{ID: AgentID(p.objectID), Tenant: p.tenant, EntraID: p.objectID, Name: p.name}
}
