package ssotest

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options shape a simulated Entra.
type Options struct {
	Seed uint64
	// PlainURL is where browsers reach the sign-in pages, TLSURL where
	// everything else is, and what issuers name. In tests both may be the
	// same plain address. An empty one means the other.
	PlainURL, TLSURL string
	Clock            func() time.Time // nil means time.Now
	Log              func(Request)    // nil means none: hears of each request after its answer
	TokenLifetime    time.Duration    // 0 means 75 minutes
	// GraphURI is the audience of tokens for Microsoft Graph, which is another
	// one in each national cloud; empty means the worldwide one.
	GraphURI string
}

// withDefaults fills what was left out.
func (o Options) withDefaults() Options {
	o.PlainURL = strings.TrimSuffix(cmp.Or(o.PlainURL, o.TLSURL), "/")
	o.TLSURL = strings.TrimSuffix(cmp.Or(o.TLSURL, o.PlainURL), "/")
	o.GraphURI = cmp.Or(o.GraphURI, GraphURI)
	o.TokenLifetime = cmp.Or(o.TokenLifetime, 75*time.Minute)
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = func(Request) {}
	}
	return o
}

// Entra is the simulated identity platform.
type Entra struct {
	options Options
	keys    *keyring
	seal    sealer
	faults  *Faults
	ids     idSource
	site    site

	mu    sync.RWMutex // guards state
	state directory

	used usedCodes

	isMember func(tenant, groupID, objectID string) bool // nil: nobody of any group
}

// New makes an Entra without tenants. Teams' own clients and Microsoft Graph
// exist in every tenant from the start.
func New(o Options) *Entra {
	o = o.withDefaults()
	ids, label := idSource{seed: o.Seed}, fmt.Sprintf("entra/%d", o.Seed)
	seal := newSealer(label)
	e := &Entra{
		options: o,
		keys:    newKeyring(label),
		seal:    seal,
		site:    site{brand: "Microsoft (simulated)", cookie: "ESTSAUTH", path: "/", seal: seal, clock: o.Clock},
		faults:  NewFaults(o.Seed),
		ids:     ids,
		state:   newDirectory(ids),
	}
	for _, app := range firstParty {
		if app.ClientID == GraphAppID {
			app.IDURI = o.GraphURI
		}
		e.AddApp(app)
	}
	return e
}

// Handler serves Entra's paths, from the root.
func (e *Entra) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /common/discovery/instance", e.discoverInstance)
	mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", e.discover)
	mux.HandleFunc("GET /{tenant}/.well-known/openid-configuration", e.discoverV1)
	mux.HandleFunc("GET /{tenant}/discovery/v2.0/keys", e.publishKeys)
	mux.HandleFunc("GET /{tenant}/discovery/keys", e.publishKeys)
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", e.token)
	e.addPages(mux)
	return recordRequests(e.options, e.faults.middleware(mux, e.writeFault))
}

// RotateKeys signs with a new key from now on; the old one stays published
// until the next rotation.
func (e *Entra) RotateKeys() { e.keys.rotate() }

// InjectFault makes requests go wrong.
func (e *Entra) InjectFault(f Fault) { e.faults.Inject(f) }

// issuer is the v2.0 issuer of a tenant.
func (e *Entra) issuer(tenant string) string { return e.options.TLSURL + "/" + tenant + "/v2.0" }

// issuerV1 stands in for https://sts.windows.net/{tenant}/.
func (e *Entra) issuerV1(tenant string) string { return e.options.TLSURL + "/" + tenant + "/" }

func (e *Entra) now() time.Time { return e.options.Clock().UTC() }
