package ssotest

import (
	"crypto/x509"
	"time"
)

// Well-known applications of Microsoft, present in every tenant.
const (
	TeamsWeb     = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346" // Teams in a browser
	TeamsDesktop = "1fec8e78-bce4-4aaf-ab1b-5451cc387264" // Teams desktop and mobile
	GraphAppID   = "00000003-0000-0000-c000-000000000000" // Microsoft Graph
	GraphURI     = "https://graph.microsoft.com"          // audience of Graph tokens
)

// firstParty are those applications.
var firstParty = []App{
	{ClientID: TeamsWeb, Name: "Microsoft Teams Web Client", Public: true},
	{ClientID: TeamsDesktop, Name: "Microsoft Teams", Public: true},
	{ClientID: GraphAppID, Name: "Microsoft Graph", IDURI: GraphURI, TokenVersion: 1},
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
	Roles              []string // app roles of the service; Admin may also consent for the tenant
	// Guest marks somebody invited from elsewhere. Without a password of their
	// own they sign in with that of the account of the same name at home.
	Guest, Disabled bool
}

// App is an application registration that tenants may install.
type App struct {
	ClientID     string
	Name         string
	IDURI        string   // api://…
	Scopes       []string // delegated permissions it offers: access_as_user
	Roles        []string // app roles it offers; empty: any role of an account
	Secrets      []string
	Certificates []*x509.Certificate
	Federations  []Federation
	Redirects    []string // a port 0 matches any loopback port
	Public       bool     // a public client: no secret
	// PreAuthorized names client ids that get Scopes without consent (Teams).
	PreAuthorized []string
	// GraphApplication and GraphDelegated are the Graph permissions it asks for.
	GraphApplication, GraphDelegated []string
	// TokenVersion is what the registration calls accessTokenAcceptedVersion:
	// the version of tokens made for this app. 0 means 2.
	TokenVersion int
	// ExpiredSecrets were valid once.
	ExpiredSecrets []string
}

// ServicePrincipal is an app as installed in a tenant.
type ServicePrincipal struct {
	ObjectID, AppID, Name string
	Enabled               bool
	AssignmentRequired    bool
}

// Grant is delegated consent in a tenant, as /oauth2PermissionGrants lists it.
// Scope holds names separated by blanks.
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
