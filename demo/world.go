package demo

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"teamsbridge/consult/memswitch"
	"teamsbridge/demo/telephones"
	"teamsbridge/graph/graphtest"
	"teamsbridge/sso"
	"teamsbridge/sso/ssotest"
)

// Options shape a world.
type Options struct {
	Seed   uint64
	People int  // of the first organisation; 0 means 5000
	Manual bool // parties answer only when told
	Limits bool // the simulated Graph throttles like Microsoft's
	// Patience is how long the service lets telephones ring and waits for the
	// simulators; 0 means as long as it does by default.
	Patience time.Duration
	// Delegated has no application permission consented to: Graph is asked on
	// behalf of the agents who look.
	Delegated bool
	Dir       string // keeps the certificate, the TLS port and the telephone network's legs; must exist
	// Listen and TLSListen are the simulators' two addresses, host:port.
	Listen, TLSListen string
	// SIPListen, when set, makes the telephones real ones: host:port by UDP at
	// which softphones register.
	SIPListen  string
	ServiceURL string // where the product's page is, for the telephone page's link and back-channel logout and the registered addresses
	Logger     *slog.Logger
	// AroundGraph stands between the simulated Graph and who asks it; nil
	// means nothing. Tests check there what the service sends.
	AroundGraph func(http.Handler) http.Handler
}

// World is the simulated world. It serves from New on.
type World struct {
	options  Options
	seed     seed
	plainURL string
	tlsURL   string
	caFile   string

	first, second, third organization
	strangers            []user
	clientID             string // of the service's application

	entra      *ssotest.Entra
	provider   *ssotest.Provider
	graph      *graphtest.Server
	network    network
	simulated  *memswitch.Switch   // the network without SIP
	telephones *telephones.Network // the network with SIP
	requests   *requestLog

	accounts accounts
	names    names
	servers  []*http.Server
	serving  sync.WaitGroup
}

// teamsWeb is Teams' well-known client id in a browser.
const teamsWeb = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"

// permissions are what the product needs of Microsoft Graph.
var permissions = []string{"User.Read.All", "Presence.Read.All"}

// New makes the world and serves it on both addresses.
func New(ctx context.Context, o Options) (*World, error) {
	o.People = cmp.Or(o.People, 5000)
	s := seed(o.Seed)
	w := &World{
		options:  o,
		seed:     s,
		first:    newOrganization(s, "Kanzlei Hansa", "hansa.example", true, o.People, firstCast),
		second:   newOrganization(s, "Nordlicht Handel", "nordlicht.example", true, min(o.People, 250), secondCast),
		third:    newOrganization(s, "Fremde Firma", "fremd.example", false, min(o.People, 20), thirdCast),
		clientID: s.guid("application"),
		requests: newRequestLog(requestsKept),
	}
	for i := range w.third.users {
		w.third.users[i].why = "organization-not-admitted"
	}
	if u, ok := stranger(s, w.first); ok {
		w.strangers = append(w.strangers, u)
	}
	w.strangers = append(w.strangers, w.third.users...)

	plain, secure, err := w.listen(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.build(ctx); err != nil {
		return nil, errors.Join(err, plain.Close(), secure.Close())
	}
	handler := w.handler()
	w.serve(plain, handler)
	w.serve(secure, handler)
	return w, nil
}

// listen opens both addresses; the TLS one is taken again where the folder
// remembers it, because issuers of kept sign-ins name it.
func (w *World) listen(ctx context.Context) (plain, secure net.Listener, err error) {
	certificate, caFile, err := loadCertificate(w.options.Dir, time.Now())
	if err != nil {
		return nil, nil, err
	}
	w.caFile = caFile
	var network net.ListenConfig
	plain, err = network.Listen(ctx, "tcp", w.options.Listen)
	if err != nil {
		return nil, nil, fmt.Errorf("listen for the simulators: %w", err)
	}
	address, err := keptAddress(w.options.Dir, w.options.TLSListen)
	if err != nil {
		return nil, nil, errors.Join(err, plain.Close())
	}
	secure, err = network.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("listen for the simulators over TLS: %w", err), plain.Close())
	}
	if err := keepAddress(w.options.Dir, secure.Addr().String()); err != nil {
		return nil, nil, errors.Join(err, plain.Close(), secure.Close())
	}
	w.plainURL = "http://" + plain.Addr().String()
	w.tlsURL = "https://" + secure.Addr().String()
	secure = tls.NewListener(secure, &tls.Config{
		Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
	})
	return plain, secure, nil
}

func (w *World) build(ctx context.Context) error {
	options := ssotest.Options{Seed: uint64(w.seed), PlainURL: w.plainURL, TLSURL: w.tlsURL, Log: w.requests.add}
	w.entra = ssotest.New(options)
	w.entra.AddApp(w.application())
	w.accounts.entra = w.entra
	for _, org := range w.organizations() {
		w.entra.AddTenant(ssotest.Tenant{ID: org.id, Name: org.name, Domain: org.domain})
		w.entra.Consent(org.id, w.clientID, permissions)
		for _, u := range org.users {
			w.accounts.put(u.account())
		}
	}
	for _, u := range w.strangers {
		w.accounts.put(u.account())
	}
	logout := ""
	if w.options.ServiceURL != "" {
		logout = w.options.ServiceURL + "/auth/backchannel-logout"
	}
	w.provider = ssotest.NewProvider(ssotest.ProviderOptions{
		Options: options, Path: contactCentrePath, ClientID: contactCentreClient, Secret: w.seed.secret("contact-centre"),
		Audience: contactCentreAudience, Accounts: contactCentreAccounts(w.seed, w.first),
		BackchannelLogout: logout,
	})
	graphOptions := graphtest.Options{Authority: w.entra, Seed: uint64(w.seed), Log: w.requests.add, Restless: true}
	if w.options.Limits {
		graphOptions.Limits = graphtest.MicrosoftLimits()
	}
	w.graph = graphtest.New(graphOptions, w.first.directory, w.second.directory, w.third.directory)
	w.entra.AskForMembers(w.graph.IsMember)
	return w.openNetwork(ctx)
}

func (w *World) organizations() []organization { return []organization{w.first, w.second, w.third} }

// application is the service as registered at the simulated Entra.
func (w *World) application() ssotest.App {
	return ssotest.App{
		ClientID: w.clientID, Name: "teamsbridge", IDURI: w.idURI(), Scopes: []string{"access_as_user"},
		Roles:   []string{string(sso.RoleAgent), string(sso.RoleSupervisor), string(sso.RoleAdmin)},
		Secrets: []string{w.seed.secret("application")},
		Redirects: []string{
			"http://127.0.0.1:0/auth/callback", "http://127.0.0.1:0/auth/consent",
			"http://localhost:0/auth/callback", "http://localhost:0/auth/consent",
			"https://127.0.0.1:0/auth/callback", "https://127.0.0.1:0/auth/consent",
			"https://localhost:0/auth/callback", "https://localhost:0/auth/consent",
			"http://127.0.0.1:0/", "http://localhost:0/", "https://127.0.0.1:0/", "https://localhost:0/",
			w.options.ServiceURL + "/auth/callback", w.options.ServiceURL + "/auth/consent", w.options.ServiceURL + "/",
		},
		PreAuthorized:    []string{teamsWeb, "1fec8e78-bce4-4aaf-ab1b-5451cc387264"},
		GraphApplication: w.unless(w.options.Delegated),
		GraphDelegated:   w.unless(!w.options.Delegated),
	}
}

// unless gives what the application asks Graph for, of the kind that is used.
func (w *World) unless(other bool) []string {
	if other {
		return nil
	}
	return permissions
}

func (w *World) idURI() string { return "api://127.0.0.1/" + w.clientID }

func (w *World) serve(listener net.Listener, handler http.Handler) {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: slog.NewLogLogger(w.options.Logger.Handler(), slog.LevelDebug),
	}
	w.servers = append(w.servers, server)
	w.serving.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			w.options.Logger.Error("simulators stopped", "error", err)
		}
	})
}

// Close stops serving and hangs up nothing: the legs stay in the folder.
func (w *World) Close(ctx context.Context) error {
	var problems []error
	for _, server := range w.servers {
		if err := server.Shutdown(ctx); err != nil {
			problems = append(problems, err, server.Close())
		}
	}
	w.serving.Wait()
	return errors.Join(append(problems, w.network.Close())...)
}

// URL is the plain address: pages for people, and everything for tests.
func (w *World) URL() string { return w.plainURL }

// Certificate is the simulators' own, for serving the product's page over TLS too.
func (w *World) Certificate() (tls.Certificate, error) {
	certificate, _, err := loadCertificate(w.options.Dir, time.Now())
	return certificate, err
}

// Agents is the agent table of the world.
func (w *World) Agents() []sso.Agent { return agentTable(w.first, w.second) }

// Tenants are the organisations that the service admits.
func (w *World) Tenants() []string { return []string{w.first.id, w.second.id} }

// Name is an organisation's name.
func (w *World) Name(tenant string) string {
	org, _ := w.organization(tenant)
	return org.name
}
