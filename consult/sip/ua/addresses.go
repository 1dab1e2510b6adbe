package ua

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"
)

const (
	// resolveEvery is how often names are looked up anew.
	resolveEvery = time.Minute
	// addressLife is for how long an address is a peer's after its name has led there
	// last: names lead to others in turns, or when their system moves, while calls go
	// on for longer than that takes.
	addressLife = 4 * time.Hour
)

// isAtLocked reports whether a peer is, or was a while ago, at an address. The caller
// holds mu.
func (a *admission) isAtLocked(p Peer, at netip.Addr) bool {
	_, is := a.addresses[p.Host][at]
	return is
}

// note takes an address for that of the peers with a host.
func (a *admission) note(host string, found []netip.Addr, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.trunks {
		for _, p := range t.Peers {
			if !sameName(p.Host, host) {
				continue
			}
			known := a.addresses[p.Host]
			if known == nil {
				known = map[netip.Addr]time.Time{}
				a.addresses[p.Host] = known
			}
			for _, at := range found {
				known[at.Unmap()] = now
			}
			maps.DeleteFunc(known, func(_ netip.Addr, last time.Time) bool { return now.Sub(last) >= addressLife })
		}
	}
}

// resolve looks the peers' names up. A name that cannot be looked up keeps what it had.
func (a *admission) resolve(ctx context.Context, log *slog.Logger) {
	for _, t := range a.trunks {
		for _, p := range t.Peers {
			found, err := a.lookUp(ctx, "ip", p.Host) // an address is its own
			if err != nil {
				log.WarnContext(ctx, "sip: a peer's name cannot be looked up", "trunk", t.Name, "host", p.Host, "error", err)
				continue
			}
			a.note(p.Host, found, time.Now())
		}
	}
}

func (a *admission) keepResolved(ctx context.Context, log *slog.Logger) {
	named := slices.ContainsFunc(a.trunks, func(t Trunk) bool {
		return slices.ContainsFunc(t.Peers, func(p Peer) bool { _, err := netip.ParseAddr(p.Host); return err != nil })
	})
	if !named {
		return
	}
	tick := time.NewTicker(resolveEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			a.resolve(ctx, log)
		}
	}
}

// locate directs a request to an address of the host that it is for, of several to one
// of IPv4. What answers from there is the peer, whatever its name says a moment later.
func (a *admission) locate(ctx context.Context, req *sip.Request) (host string, at netip.AddrPort, err error) {
	host, port, err := sip.ParseAddr(req.Destination())
	if err != nil {
		return "", at, fmt.Errorf("ua: where a request goes: %w", err)
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		found, err := a.lookUp(ctx, "ip", host)
		if err != nil {
			return "", at, err
		}
		a.note(host, found, time.Now())
		address = found[max(slices.IndexFunc(found, func(ip netip.Addr) bool { return ip.Unmap().Is4() }), 0)] // there is one, else it had been an error
	}
	at = netip.AddrPortFrom(address.Unmap(), uint16(port))
	req.SetDestination(net.JoinHostPort(at.Addr().String(), strconv.Itoa(port)))
	return host, at, nil
}
