package demo

import (
	"path/filepath"
	"time"

	"teamsbridge/configs"
	"teamsbridge/consult"
	"teamsbridge/consult/dial"
	"teamsbridge/graph"
	"teamsbridge/sso"
	"teamsbridge/web"
)

const (
	contactCentrePath     = "/contact-centre"
	contactCentreName     = "contact-centre"
	contactCentreTitle    = "Hansa Contact Center" // on the sign-in button
	contactCentreClient   = "teamsbridge-desktop"
	contactCentreAudience = "teamsbridge"
)

// premium shows the destination policy: numbers that cost the caller more.
var premium = []dial.Rule{
	{Pattern: "+49900*", Describe: "premium numbers"},
	{Pattern: "+1900*", Describe: "premium numbers"},
}

// Config is the configuration of a service that lives in this world. Its
// addresses to listen on are left to the caller.
func (w *World) Config() configs.Config {
	cfg := configs.Default()
	queues, entryPoints, dialNumbers := targets(w.first, w.second)

	cfg.Log.Format = "text"
	cfg.Log.Level = "warn"
	cfg.Outbound.CAFile = w.caFile
	cfg.Store.Path = filepath.Join(w.options.Dir, "teamsbridge.db")
	if !w.options.Limits {
		cfg.Limits = web.LimitsConfig{}
	}
	cfg.SSO.Contact = w.first.users[len(w.first.users)-1].name
	cfg.SSO.Entra = sso.EntraConfig{
		Authority: w.tlsURL, ClientID: w.clientID, ClientSecret: w.seed.secret("application"),
		Scope: w.scope(), Tenants: w.Tenants(),
	}
	cfg.SSO.ContactCentre = []sso.ProviderConfig{{
		Name: contactCentreName, DisplayName: contactCentreTitle, Issuer: w.provider.Issuer(), Audience: contactCentreAudience,
		ClientID: contactCentreClient, ClientSecret: w.seed.secret("contact-centre"), Tenant: w.first.id,
	}}
	cfg.Credential.ClientID = w.clientID
	cfg.Credential.ClientSecret = w.seed.secret("application")
	cfg.Credential.Authority = w.tlsURL
	cfg.Credential.DisableInstanceDiscovery = true // Microsoft's knows no simulated authority
	cfg.Graph.BaseURL = w.tlsURL + "/v1.0"
	if w.options.Delegated {
		cfg.Graph.Permissions, cfg.Directory.Mode = configs.PermissionsDelegated, graph.ModeLive
		cfg.SSO.Entra.KeepAssertions = true
	}
	// A person plays with the directory and wants to see it change.
	cfg.Experts.SyncInterval = 5 * time.Second
	w.configureCalls(&cfg)
	cfg.Dial.Policy = premium
	cfg.Consult.Queues = queues
	cfg.Consult.EntryPoints = entryPoints
	cfg.Consult.DialNumbers = dialNumbers
	cfg.Consult.WrapUp = consult.WrapUpConfig{Reasons: wrapUpReasons(), Default: "solved"}
	cfg.Agents = w.Agents()
	cfg.DrainTimeout = 5 * time.Second
	if w.options.Patience > 0 {
		bePatient(&cfg, w.options.Patience)
	}
	return cfg
}

// bePatient makes the service wait this long for people and for the world, so that
// on a slow machine nothing but what a test does decides what happens.
func bePatient(cfg *configs.Config, patience time.Duration) {
	calls := &cfg.Consult
	calls.RingTimeout, calls.AcceptTimeout, calls.SwitchTimeout = patience, patience, patience
	cfg.Experts.ConfirmTimeout, cfg.Experts.SearchTimeout = patience, patience
	cfg.Presence.FetchTimeout, cfg.Presence.RequestTimeout = patience, patience
}

func (w *World) scope() string { return w.idURI() + "/access_as_user" }
