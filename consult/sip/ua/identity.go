package ua

import (
	"cmp"
	"crypto/x509"
	"net/netip"
	"slices"
	"strings"
)

// certificateName is what the certificate of a peer over TLS has to be for.
func (p Peer) certificateName() string { return cmp.Or(p.CertificateName, p.Host) }

// shows reports whether a certificate is for one of the trunk's peers over TLS.
func (t Trunk) shows(certificate *x509.Certificate) bool {
	return slices.ContainsFunc(t.Peers, func(p Peer) bool {
		return p.Transport == TLS && certificate.VerifyHostname(p.certificateName()) == nil
	})
}

// demanding gives each trunk the names that certificates of its peers must have,
// among those that are demanded of its clients.
func demanding(trunks []Trunk) []Trunk {
	all := slices.Clone(trunks)
	for i, t := range all {
		names := slices.Clone(t.Names)
		for _, p := range t.Peers {
			if p.CertificateName != "" && !slices.Contains(names, p.CertificateName) {
				names = append(names, p.CertificateName)
			}
		}
		all[i].Names = names
	}
	return all
}

// identity is who has to be at the other end of a connection that we open.
type identity struct {
	name  string // a name or an address, which the certificate has to be for
	trunk *Trunk // whose peer was called; nil for what was learnt in a dialog
}

// mayBe reports whether a connection that is there, and showed a certificate, may
// be used instead of a new one. The peers of a trunk, which stand in for one
// another, may share one. A dialog goes on over the connection that made it,
// whatever that leads to.
func (i identity) mayBe(certificate *x509.Certificate) bool {
	return i.trunk == nil || certificate.VerifyHostname(i.name) == nil || i.trunk.shows(certificate)
}

// identity says who has to answer where a request goes: the peer that is
// configured with that host and port, or with that host; else, as a request of a
// dialog goes where the other side says, the peer that has the address. Whom no
// trunk knows has to have a certificate for itself.
func (a *admission) identity(host string, port int, address netip.Addr) identity {
	a.mu.RLock()
	defer a.mu.RUnlock()
	var sameHost, sameAddress identity
	for i := range a.trunks {
		t := &a.trunks[i]
		for _, p := range t.Peers {
			switch {
			case p.Transport != TLS:
			case sameName(p.Host, host) && p.port() == port:
				return identity{p.certificateName(), t}
			case sameName(p.Host, host) && sameHost.name == "":
				sameHost = identity{p.certificateName(), t}
			case sameAddress.name == "" && a.isAtLocked(p, address):
				sameAddress = identity{name: p.certificateName()}
			}
		}
	}
	for _, who := range []identity{sameHost, sameAddress} {
		if who.name != "" {
			return who
		}
	}
	return identity{name: host}
}

// sameName compares hosts as they are written, which for addresses of IPv6 may be
// in several ways.
func sameName(a, b string) bool {
	x, errX := netip.ParseAddr(a)
	y, errY := netip.ParseAddr(b)
	if errX == nil && errY == nil {
		return x.Unmap() == y.Unmap()
	}
	return strings.EqualFold(strings.TrimSuffix(a, "."), strings.TrimSuffix(b, "."))
}
