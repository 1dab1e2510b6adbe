package ua

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Transport is how messages travel.
type Transport string

// The transports of RFC 3261. SIPS addresses are not used: Direct Routing refuses them.
const (
	UDP Transport = "udp"
	TCP Transport = "tcp"
	TLS Transport = "tls"
)

// Config describes this service as other SIP systems see it.
type Config struct {
	// Host is the name or address in Contact, From and Via: what the other sides
	// send to. Direct Routing demands the fully qualified name of the certificate.
	Host string
	// UserAgent is told in messages; empty means teamsbridge.
	UserAgent string
	Listen    []Listen
	Trunks    []Trunk
	// MinSE is the smallest session interval that others may ask for; 0 means the
	// smallest of RFC 4028. Tests take less.
	MinSE time.Duration
	// MaxMessage is the size in bytes above which a message is dropped unread; 0 means 16 KiB.
	MaxMessage int
	// TLS has this service's certificate for both directions, the authorities it
	// trusts as a client (RootCAs) and those whose clients it takes (ClientCAs).
	TLS *tls.Config
	// Authorities, where set, is asked at each handshake whom to trust, instead of
	// TLS.RootCAs and TLS.ClientCAs: they may be renewed while calls go on.
	Authorities func() *x509.CertPool
}

// Listen is an address on which requests are taken.
type Listen struct {
	Transport Transport
	Address   string // host:port; port 0 is chosen by the system
}

// Trunk is a way to other telephones: a session border controller, a provider,
// a registrar's proxy.
type Trunk struct {
	Name string
	// Peers are tried in this order; those that do not answer OPTIONS come last.
	Peers []Peer
	// Networks are the addresses from which the trunk's requests come; the peers'
	// own addresses always do.
	Networks []netip.Prefix
	// Names, where set, are demanded of a TLS client's certificate: it has one of
	// them, or a CertificateName of a peer.
	Names []string
	// Username and Password answer a digest challenge of the trunk.
	Username string
	Password Secret
	// Callers, where set, must authenticate by digest to ring this service: user to password.
	Callers map[string]Secret
	// Options is the time between two OPTIONS to a peer; 0 means none are sent.
	Options time.Duration
	// UserPhone adds user=phone to numbers, as Direct Routing recommends.
	UserPhone bool
	// SessionExpires is the interval of RFC 4028's session timer; 0 offers none,
	// though one that the other side asks for is kept. At least 90 s.
	SessionExpires time.Duration
}

// Peer is one address of a trunk.
type Peer struct {
	Transport Transport
	Host      string // name or address
	Port      int    // 0 means 5060, or 5061 for TLS
	// CertificateName is the name, or address, that the peer's certificate is for,
	// where that is not Host. Where a peer has one, nothing is taken from its trunk
	// that does not come over TLS.
	CertificateName string
}

func (p Peer) port() int {
	switch {
	case p.Port != 0:
		return p.Port
	case p.Transport == TLS:
		return 5061
	default:
		return 5060
	}
}

// String is host:port;transport, for logs and metrics.
func (p Peer) String() string {
	return fmt.Sprintf("%s;%s", net.JoinHostPort(p.Host, fmt.Sprint(p.port())), p.Transport)
}

// Secret is a password, which no log shows.
type Secret string

// LogValue hides the secret.
func (Secret) LogValue() slog.Value { return slog.StringValue("…") }

// String hides the secret from %v and %s.
func (Secret) String() string { return "…" }

// MinSE is the smallest session interval of RFC 4028.
const MinSE = 90 * time.Second

const defaultMaxMessage = 16 << 10

// Deps are what an endpoint works with.
type Deps struct {
	Logger     *slog.Logger          // nil: nothing is logged
	Registerer prometheus.Registerer // nil: no metrics
	// Incoming is told of each call that comes in, in a goroutine of its own. It
	// has to answer, refuse or let ring; what it returns without having done so is refused.
	Incoming func(*Incoming)
	// KeepUnwanted, where set, is told what [Endpoint.Release] needs of a dialog that
	// nobody wants - a second branch has answered, or a call that was given up -, before
	// it is acknowledged and hung up. forget is called when the other side knows.
	KeepUnwanted func(Stored) (forget func())
}

// Validate reports every fault, each with its field.
func (c Config) Validate() error {
	var faults []error
	fault := func(field, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: %s", field, fmt.Sprintf(format, args...)))
	}
	if c.Host == "" {
		fault("host", "is missing: other systems send to it")
	}
	if len(c.Listen) == 0 {
		fault("listen", "is missing: at least one address")
	}
	for i, l := range c.Listen {
		field := fmt.Sprintf("listen[%d]", i)
		if !known(l.Transport) {
			fault(field+".transport", "%q is none of udp, tcp and tls", l.Transport)
		}
		if _, _, err := net.SplitHostPort(l.Address); err != nil {
			fault(field+".address", "%q is not host:port", l.Address)
		}
		if l.Transport == TLS && c.TLS == nil {
			fault(field, "needs a certificate")
		}
	}
	var names []string
	for i, t := range c.Trunks {
		field := fmt.Sprintf("trunks[%d]", i)
		if t.Name == "" {
			fault(field+".name", "is missing")
		} else if slices.Contains(names, t.Name) {
			fault(field+".name", "%q is there twice", t.Name)
		}
		names = append(names, t.Name)
		if len(t.Peers) == 0 && len(t.Networks) == 0 {
			fault(field+".peers", "is missing: at least one, or networks from which calls come")
		}
		for j, p := range t.Peers {
			if !known(p.Transport) {
				fault(fmt.Sprintf("%s.peers[%d].transport", field, j), "%q is none of udp, tcp and tls", p.Transport)
			}
			if p.Host == "" {
				fault(fmt.Sprintf("%s.peers[%d].host", field, j), "is missing")
			}
			if p.Transport == TLS && c.TLS == nil {
				fault(fmt.Sprintf("%s.peers[%d]", field, j), "needs a certificate")
			}
			c.checkCertificateName(t, p, func(format string, args ...any) {
				fault(fmt.Sprintf("%s.peers[%d].certificate_name", field, j), format, args...)
			})
		}
		if t.SessionExpires != 0 && t.SessionExpires < MinSE {
			fault(field+".session_expires", "%v is below %v, the smallest that RFC 4028 allows", t.SessionExpires, MinSE)
		}
		if (t.Username == "") != (t.Password == "") {
			fault(field+".username", "needs a password, and a password a user name")
		}
	}
	return errors.Join(faults...)
}

// checkCertificateName finds what could not be kept: another peer's rule for the same
// connection, or a way past the certificate.
func (c Config) checkCertificateName(t Trunk, p Peer, fault func(format string, args ...any)) {
	if p.CertificateName == "" {
		return
	}
	if strings.ContainsAny(p.CertificateName, "*/ ") {
		fault("%q is not the name of a host, or an address", p.CertificateName)
	}
	if i := slices.IndexFunc(t.Peers, func(other Peer) bool { return other.Transport != TLS }); i >= 0 {
		fault("is for trunks over tls only, and peers[%d] is not", i)
	}
	for _, others := range c.Trunks {
		for _, other := range others.Peers {
			if other.Transport == TLS && sameName(other.Host, p.Host) && other.port() == p.port() && other.certificateName() != p.certificateName() {
				fault("differs from that of trunk %q for the same host and port", others.Name)
			}
		}
	}
}

func known(t Transport) bool { return t == UDP || t == TCP || t == TLS }
