package web

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// proxies are the networks whose word about a request's origin counts.
type proxies []netip.Prefix

// parseProxies reads networks like 10.0.0.0/8, and single addresses.
func parseProxies(texts []string) (proxies, error) {
	var all proxies
	for _, text := range texts {
		network, err := netip.ParsePrefix(text)
		if address, single := netip.ParseAddr(text); single == nil {
			network, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("must be networks like 10.0.0.0/8 or addresses, but %q is none", text)
		}
		if network.Bits() == 0 {
			return nil, fmt.Errorf("%s would let everybody say where they come from", text)
		}
		all = append(all, network.Masked())
	}
	return all, nil
}

func (p proxies) trust(address netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(address) })
}

// origin is where a request came from, as far as anybody trusted says. secure
// reports whether the client spoke https to a trusted proxy.
//
// Each proxy adds the address of whom it heard from at the right of
// X-Forwarded-For, so the list is read from there, up to the first that is no
// proxy of ours: what stands left of it, the client may have made up. Forwarded
// (RFC 7239) is not read: two headers that say the same may disagree, and a
// proxy sets one and passes the other on.
func (p proxies) origin(r *http.Request) (address netip.Addr, secure bool) {
	address = hostOf(r.RemoteAddr)
	if !p.trust(address) {
		return address, false
	}
	protocols := r.Header.Values("X-Forwarded-Proto")
	if len(protocols) > 0 {
		list := strings.Split(protocols[len(protocols)-1], ",")
		secure = strings.EqualFold(strings.TrimSpace(list[len(list)-1]), "https")
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		before := hostOf(strings.TrimSpace(hop))
		if !before.IsValid() { // nonsense, or the end of the list
			return address, secure
		}
		address = before
		if !p.trust(address) {
			return address, secure
		}
	}
	return address, secure
}

// hostOf reads an address with or without a port; the zero value for anything else.
func hostOf(text string) netip.Addr {
	if withPort, err := netip.ParseAddrPort(text); err == nil {
		return withPort.Addr().Unmap().WithZone("")
	}
	address, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return address.Unmap().WithZone("")
}

// network is what one client has to itself: an address of IPv4, a /64 of IPv6.
func network(address netip.Addr) netip.Prefix {
	bits := address.BitLen()
	if address.Is6() {
		bits = 64
	}
	prefix, _ := address.Prefix(bits) // fails for the zero address only, which is a network of its own then
	return prefix
}

// clientAddress is where the request of ctx came from; the zero value where that
// is not known.
func clientAddress(ctx context.Context) netip.Addr {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r.from
	}
	return netip.Addr{}
}
