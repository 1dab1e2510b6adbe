package sso

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"teamsbridge/internal/cloud"
)

// Config is the sign-on part of the configuration.
type Config struct {
	Require       Require          `koanf:"require"`
	Entra         EntraConfig      `koanf:"entra"`
	ContactCentre []ProviderConfig `koanf:"contact_centre"`
	Session       SessionConfig    `koanf:"session"`
	Contact       string           `koanf:"contact"` // whom somebody not in the agent table shall ask
	// CheckEvery is the time between checks of an organisation at Microsoft, and
	// HoldLastState how long the last known state counts while Microsoft is away.
	CheckEvery    time.Duration `koanf:"check_every"`     // default 1 h
	HoldLastState time.Duration `koanf:"hold_last_state"` // default 24 h
}

// EntraConfig names this service at Microsoft Entra. Without a client id
// nobody signs in with Entra.
type EntraConfig struct {
	Cloud        string   `koanf:"-"`             // name in package cloud; empty means the worldwide one
	Authority    string   `koanf:"authority"`     // where people sign in; default the cloud's
	ClientID     string   `koanf:"client_id"`     // this service's application id: the audience
	ClientSecret string   `koanf:"client_secret"` // for the browser sign-in; empty: the service's own credential
	Scope        string   `koanf:"scope"`         // api://…/access_as_user
	Tenants      []string `koanf:"tenants"`       // admitted organisations
	TeamsClients []string `koanf:"teams_clients"` // azp of Teams; default the cloud's
	Clients      []string `koanf:"clients"`       // further admitted azp; the service's own id always is
	// Applications are admitted of their own accord, without a person; none by default.
	Applications []ApplicationConfig `koanf:"applications"`
	// KeepAssertions makes a browser's sign-in bring an access token for this
	// service too, kept in memory, to ask Microsoft on the person's behalf with.
	KeepAssertions bool `koanf:"-"`
}

// ProviderConfig names one OpenID provider of the contact centre.
type ProviderConfig struct {
	Name         string `koanf:"name"`
	DisplayName  string `koanf:"display_name"` // on the sign-in button; default the name
	Issuer       string `koanf:"issuer"`
	Audience     string `koanf:"audience"`      // of its access tokens; default the client id
	ClientID     string `koanf:"client_id"`     // without one its tokens are accepted, but the browser sign-in is not offered
	ClientSecret string `koanf:"client_secret"` //
	Tenant       string `koanf:"tenant"`        // the organisation its agents belong to; default the only one of Entra
	// SubjectClaim holds what the agent table's subject is compared with, default
	// sub; RolesClaim the roles, default roles. Either may be a path of names
	// divided by dots, such as realm_access.roles.
	SubjectClaim string `koanf:"subject_claim"`
	RolesClaim   string `koanf:"roles_claim"`
	// RoleNames are what the provider calls the roles here, such as cc-admin:
	// Admin. Without any, it calls them as they are called here; with some,
	// other names mean nothing.
	RoleNames map[string]Role `koanf:"role_names"`
}

// SessionConfig limits browser sessions.
type SessionConfig struct {
	Idle     time.Duration `koanf:"idle"`     // default 1 h
	Absolute time.Duration `koanf:"absolute"` // default 12 h
}

// ProviderEntra is Entra's name among the ways to sign in.
const ProviderEntra = "entra"

// personalAccounts is the tenant that Microsoft issues tokens of personal
// accounts under, in the worldwide cloud.
const personalAccounts = "9188040d-6c67-4c5b-b112-36a304b66dad"

const (
	defaultScope    = "access_as_user"
	defaultIdle     = time.Hour
	defaultAbsolute = 12 * time.Hour
)

// withDefaults fills in what was left out and folds ids to lower case.
func (c Config) withDefaults() Config {
	c.Require = cmp.Or(c.Require, RequireAlways)
	c.CheckEvery = cmp.Or(c.CheckEvery, defaultCheckEvery)
	c.HoldLastState = cmp.Or(c.HoldLastState, defaultHoldFor)
	c.Session.Idle = cmp.Or(c.Session.Idle, defaultIdle)
	c.Session.Absolute = cmp.Or(c.Session.Absolute, defaultAbsolute)
	c.Entra = c.Entra.withDefaults()
	c.ContactCentre = slices.Clone(c.ContactCentre)
	for i := range c.ContactCentre {
		p := &c.ContactCentre[i]
		p.Audience = cmp.Or(p.Audience, p.ClientID)
		p.DisplayName = cmp.Or(p.DisplayName, p.Name)
		p.SubjectClaim = cmp.Or(p.SubjectClaim, "sub")
		p.RolesClaim = cmp.Or(p.RolesClaim, "roles")
		p.Tenant = strings.ToLower(p.Tenant)
		if p.Tenant == "" && len(c.Entra.Tenants) == 1 {
			p.Tenant = c.Entra.Tenants[0]
		}
	}
	return c
}

func (e EntraConfig) withDefaults() EntraConfig {
	e.Authority = strings.TrimSuffix(cmp.Or(e.Authority, e.cloud().Authority), "/")
	e.Scope = cmp.Or(e.Scope, defaultScope)
	e.ClientID = strings.ToLower(e.ClientID)
	e.Tenants = folded(e.Tenants)
	e.TeamsClients = folded(e.TeamsClients)
	e.Clients = folded(e.Clients)
	e.Applications = slices.Clone(e.Applications)
	for i := range e.Applications {
		e.Applications[i].ClientID = strings.ToLower(e.Applications[i].ClientID)
	}
	if len(e.TeamsClients) == 0 {
		e.TeamsClients = e.cloud().TeamsClients
	}
	return e
}

// cloud is the one that the authority belongs to; where that is none of
// Microsoft's or that of several, the named one. Validate refuses an unknown name.
func (e EntraConfig) cloud() cloud.Cloud {
	named, _ := cloud.Named(e.Cloud)
	if at := cloud.OfAuthority(e.Authority); len(at) > 0 && !named.SignsInAt(e.Authority) {
		return at[0]
	}
	return named
}

// v1Issuer gives what version 1 tokens name as issuer, up to the tenant. Real
// clouds have a host of its own for it; elsewhere the authority stands in.
func (e EntraConfig) v1Issuer() string {
	if own := e.cloud(); own.SignsInAt(e.Authority) {
		return own.IssuerV1
	}
	return e.Authority + "/"
}

// issues reports whether an issuer is one of Entra's.
func (e EntraConfig) issues(issuer string) bool {
	_, _, ok := (&entraIssuer{cfg: e, v1Issuer: e.v1Issuer()}).tenantOf(issuer)
	return ok
}

func folded(ids []string) []string {
	lower := make([]string, len(ids))
	for i, id := range ids {
		lower[i] = strings.ToLower(strings.TrimSpace(id))
	}
	return lower
}

// Validate reports every problem at once, each beginning with the path of its
// value below "sso", such as "entra.tenants[0]".
func (c Config) Validate() error {
	c = c.withDefaults()
	var p problems
	p.when(c.Require != RequireAlways && c.Require != RequireInTeams, "require", "must be %s or %s", RequireAlways, RequireInTeams)
	p.when(c.CheckEvery < time.Minute, "check_every", "must be at least a minute")
	p.when(c.HoldLastState < c.CheckEvery, "hold_last_state", "must not be shorter than check_every: else nobody could be let through between two checks")
	p.when(c.Session.Idle < time.Minute, "session.idle", "must be at least a minute")
	p.when(c.Session.Absolute < c.Session.Idle, "session.absolute", "must not be shorter than session.idle")
	p.when(c.Entra.ClientID == "" && len(c.ContactCentre) == 0, "entra.client_id", "is needed, or a contact_centre provider: else nobody can sign in")
	if c.Entra.ClientID != "" {
		c.Entra.validate(&p)
	}
	names, issuers := []string{ProviderEntra}, []string(nil)
	for i, provider := range c.ContactCentre {
		path := fmt.Sprintf("contact_centre[%d]", i)
		provider.validate(&p, path)
		p.when(slices.Contains(names, provider.Name), path+".name", "is taken")
		p.when(slices.Contains(issuers, provider.Issuer), path+".issuer", "is taken")
		p.when(c.Entra.ClientID != "" && c.Entra.issues(provider.Issuer), path+".issuer", "is Microsoft Entra, whose organisations stand at entra.tenants")
		names, issuers = append(names, provider.Name), append(issuers, provider.Issuer)
	}
	return errors.Join(p...)
}

func (e EntraConfig) validate(p *problems) {
	_, known := cloud.Named(e.Cloud)
	p.when(!known, "entra.cloud", "must be %s", strings.Join(cloud.Names(), ", "))
	p.when(!secureAddress(e.Authority), "entra.authority", "must be an https address")
	p.when(!isGUID(e.ClientID), "entra.client_id", "must be an application id, a GUID")
	p.when(len(e.Tenants) == 0, "entra.tenants", "must name at least one organisation's tenant id")
	for _, list := range []struct {
		path string
		ids  []string
	}{{"entra.tenants", e.Tenants}, {"entra.teams_clients", e.TeamsClients}, {"entra.clients", e.Clients}} {
		for i, id := range list.ids {
			p.when(!isGUID(id), fmt.Sprintf("%s[%d]", list.path, i), "must be a GUID")
			p.when(id == personalAccounts, fmt.Sprintf("%s[%d]", list.path, i), "is where personal accounts are kept, which is no organisation")
		}
	}
	for i, a := range e.Applications {
		path := fmt.Sprintf("entra.applications[%d]", i)
		a.validate(p, path)
		same := func(other ApplicationConfig) bool { return other.ClientID == a.ClientID }
		p.when(slices.ContainsFunc(e.Applications[:i], same), path+".client_id", "is taken")
	}
}

func (c ProviderConfig) validate(p *problems, path string) {
	p.when(c.Name == "" || strings.Trim(c.Name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "", path+".name", "must be lower-case letters, digits and hyphens")
	p.when(len(c.DisplayName) > maxDisplayName || !printable(c.DisplayName), path+".display_name", "must be at most %d bytes of one line", maxDisplayName)
	for _, name := range slices.Sorted(maps.Keys(c.RoleNames)) {
		role := c.RoleNames[name]
		p.when(!slices.Contains(Roles[:], role), path+".role_names."+name, "must be %s, %s or %s", RoleAgent, RoleSupervisor, RoleAdmin)
	}
	p.when(!secureAddress(c.Issuer), path+".issuer", "must be an https address")
	p.when(c.Audience == "", path+".audience", "or client_id is needed")
	p.when(!isGUID(c.Tenant), path+".tenant", "must be the tenant id, a GUID, of the organisation that its agents belong to")
}

// maxDisplayName fits a button.
const maxDisplayName = 100

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// problems collects what is wrong with a configuration.
type problems []error

func (p *problems) when(bad bool, path, format string, args ...any) {
	if bad {
		*p = append(*p, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
	}
}
