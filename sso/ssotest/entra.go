package ssotest

import (
	"crypto/x509"
	"net/http"
	"time"
)

// Options shape a simulated Entra.
type Options struct {
	Seed uint64
	// PlainURL is where browsers reach the sign-in pages, TLSURL where
	// everything else is, and what issuers name. In tests both may be the
	// same plain address.
	PlainURL, TLSURL string
	Clock            func() time.Time // nil means time.Now
	Log              func(Request)    // nil means none: hears of each request after its answer
	TokenLifetime    time.Duration    // 0 means 75 minutes
}

// Request is one request that reached the simulator.
type Request struct {
	Method, Path, Query string
	Status              int
	At                  time.Time
}

// Tenant is an organisation at the simulated Entra.
type Tenant struct {
	ID     string // GUID
	Name   string
	Domain string
}

// Account is somebody who can sign in.
type Account struct {
	Tenant, ObjectID   string
	Username, Password string
	Name               string
	Roles              []string // app roles of the service
	Guest, Disabled    bool
}

// App is an application registration that tenants may install.
type App struct {
	ClientID     string
	Name         string
	IDURI        string   // api://…
	Scopes       []string // delegated permissions it offers: access_as_user
	Roles        []string // app roles it offers
	Secrets      []string
	Certificates []*x509.Certificate
	Redirects    []string // a port 0 matches any loopback port
	Public       bool     // a public client: no secret
	// PreAuthorized names client ids that get Scopes without consent (Teams).
	PreAuthorized []string
	// GraphApplication and GraphDelegated are the Graph permissions it asks for.
	GraphApplication, GraphDelegated []string
}

// ServicePrincipal is an app as installed in a tenant.
type ServicePrincipal struct {
	ObjectID, AppID, Name string
	Enabled               bool
	AssignmentRequired    bool
}

// Grant is delegated consent in a tenant, as /oauth2PermissionGrants lists it.
type Grant struct {
	ID, ClientObjectID, ConsentType, PrincipalID, ResourceObjectID, Scope string
}

// GraphToken is what a token for Microsoft Graph says, after its check.
type GraphToken struct {
	Tenant, AppID string
	ObjectID      string   // the person of a delegated token; empty for an application's
	Roles         []string // application permissions
	Scopes        []string // delegated permissions
	Expires       time.Time
}

// Fault makes requests go wrong: those whose path begins with Route.
type Fault struct {
	Route      string
	Status     int // 0: only delay
	RetryAfter int // seconds; 0: no header
	Delay      time.Duration
	Count      int     // how many; 0: until cleared by the same route with Count -1
	Rate       float64 // share of matching requests; 0 counts as 1
}

// Entra is the simulated identity platform.
type Entra struct{}

// New makes an Entra without tenants.
func New(o Options) *Entra { return &Entra{} }

// Handler serves its paths.
func (e *Entra) Handler() http.Handler { return nil }

// AddTenant, AddAccount and AddApp fill it. AddApp alone installs nowhere.
func (e *Entra) AddTenant(t Tenant) {}

// AddAccount adds or replaces a person.
func (e *Entra) AddAccount(a Account) {}

// AddApp registers an application.
func (e *Entra) AddApp(a App) {}

// Consent installs the app in the tenant and sets exactly these Graph
// permissions (application and delegated alike, by name) as granted.
func (e *Entra) Consent(tenant, clientID string, permissions []string) {}

// SetApp changes the installed app: nil leaves a value as it is.
func (e *Entra) SetApp(tenant, clientID string, enabled, assignmentRequired *bool) {}

// Assign assigns a person to the installed app.
func (e *Entra) Assign(tenant, clientID, objectID string) {}

// RotateKeys signs with a new key from now on; the old one stays published for a while.
func (e *Entra) RotateKeys() {}

// InjectFault makes requests go wrong.
func (e *Entra) InjectFault(f Fault) {}

// CheckGraphToken verifies signature, issuer, audience and times of a token
// for Microsoft Graph. The error is the code Graph would answer with.
func (e *Entra) CheckGraphToken(raw string) (GraphToken, error) { return GraphToken{}, nil }

// ServicePrincipal finds an installed app.
func (e *Entra) ServicePrincipal(tenant, appID string) (ServicePrincipal, bool) {
	return ServicePrincipal{}, false
}

// Grants lists delegated consent of an installed app.
func (e *Entra) Grants(tenant, clientObjectID string) []Grant { return nil }
