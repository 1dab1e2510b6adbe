package ua

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
)

// admission knows from where messages are taken and whose they are.
type admission struct {
	max       int
	closed    atomic.Bool // nothing is taken any more
	mutualTLS bool
	trunks    []Trunk
	metrics   *metrics
	mu        sync.RWMutex
	lookUp    func(ctx context.Context, network, host string) ([]netip.Addr, error)
	addresses map[string]map[netip.Addr]time.Time // of peers, by host: when each was found last
	certified map[string]string                   // trunk by remote address of a TLS client whose certificate was verified
}

func newAdmission(c Config, m *metrics) *admission {
	return &admission{
		max: c.MaxMessage, mutualTLS: c.mutualTLS(), trunks: c.Trunks, metrics: m,
		lookUp: net.DefaultResolver.LookupNetIP, addresses: map[string]map[netip.Addr]time.Time{}, certified: map[string]string{},
	}
}

// filter decides before anything is parsed. It never returns an error: sipgo
// stops reading a socket whose filter does.
func (a *admission) filter(from sip.TransportReadProps, data []byte) ([]byte, error) {
	if a.closed.Load() {
		return nil, nil
	}
	if len(data) > a.max {
		a.metrics.dropped.WithLabelValues("too-large").Inc()
		return nil, nil
	}
	if _, ok := a.trunkOf(from.RemoteAddr.String(), from.Transport); !ok {
		a.metrics.dropped.WithLabelValues("unknown-peer").Inc()
		return nil, nil
	}
	return data, nil
}

// trunkOf says whose an address is. A TLS connection that we opened proved itself by
// its server certificate; one that we took by its client certificate where that is asked for.
func (a *admission) trunkOf(remote, transport string) (string, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	overTLS := strings.EqualFold(transport, string(TLS))
	if overTLS {
		if name, ok := a.certified[remote]; ok && name != "" {
			return name, true
		} else if ok && a.mutualTLS {
			return "", false
		}
	}
	for _, t := range a.trunks {
		if a.admitsLocked(t, remote, overTLS) {
			return t.Name, true
		}
	}
	return "", false
}

// admitsLocked reports whether an address alone makes a message one of the trunk's.
// Of a trunk that demands certificates nothing comes without TLS. The caller holds mu.
func (a *admission) admitsLocked(t Trunk, remote string, overTLS bool) bool {
	return (overTLS || len(t.Names) == 0) && a.hasLocked(t, remote)
}

// hasLocked reports whether an address is one of the trunk's. The caller holds mu.
func (a *admission) hasLocked(t Trunk, remote string) bool {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return false
	}
	ip := at.Addr().Unmap()
	return slices.ContainsFunc(t.Peers, func(p Peer) bool { return a.isAtLocked(p, ip) }) ||
		slices.ContainsFunc(t.Networks, func(n netip.Prefix) bool { return n.Contains(ip) })
}

// mayProve reports whether a TLS client from an address can become a trunk's: by
// the address, or by a certificate that is asked for.
func (a *admission) mayProve(remote string) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return slices.ContainsFunc(a.trunks, func(t Trunk) bool {
		return a.mutualTLS && len(t.Names) > 0 || a.hasLocked(t, remote)
	})
}

// belongs reports whether a message may be one of a dialog of the trunk: several
// trunks may lead to one address.
func (a *admission) belongs(t Trunk, remote, transport string) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	overTLS := strings.EqualFold(transport, string(TLS))
	if name, ok := a.certified[remote]; ok && overTLS && a.mutualTLS {
		return name == t.Name
	}
	return a.admitsLocked(t, remote, overTLS)
}

func (a *admission) connected(c *certifiedConn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.certified[c.RemoteAddr().String()] = ""
}

func (a *admission) disconnected(c *certifiedConn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.certified, c.RemoteAddr().String())
}

// errStranger refuses a certificate that no trunk names.
var errStranger = errors.New("ua: no trunk names this certificate")

// verified gives a connection to the trunk that names its certificate, else to
// the one of its address.
func (c *certifiedConn) verified(certificate *x509.Certificate) error {
	remote := c.RemoteAddr().String()
	name, ok := c.peers.named(certificate)
	if !ok {
		if name, ok = c.peers.unnamed(remote, certificate); !ok {
			return errStranger
		}
	}
	c.peers.mu.Lock()
	c.peers.certified[remote] = name
	c.peers.mu.Unlock()
	return nil
}

func (a *admission) named(certificate *x509.Certificate) (string, bool) {
	for _, t := range a.trunks {
		for _, name := range t.Names {
			if certificate.VerifyHostname(name) == nil {
				return t.Name, true
			}
		}
	}
	return "", false
}

// unnamed finds a trunk by address among those that name no certificates. A
// certificate that is for a peer of another trunk does not pass there.
func (a *admission) unnamed(remote string, certificate *x509.Certificate) (string, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	found := ""
	for _, t := range a.trunks {
		if len(t.Names) > 0 || !a.hasLocked(t, remote) {
			continue
		}
		if t.shows(certificate) {
			return t.Name, true
		}
		found = cmp.Or(found, t.Name)
	}
	anothers := slices.ContainsFunc(a.trunks, func(t Trunk) bool { return t.shows(certificate) })
	return found, found != "" && !anothers
}
