package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestOriginIsBelievedFromTrustedProxiesOnly(t *testing.T) {
	ours, err := parseProxies([]string{"10.0.0.0/8", "192.0.2.1", "fd00::/8"})
	fatal(t, err)
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		proto      string
		want       string
		secure     bool
	}{
		{"no proxy", "203.0.113.7:5000", nil, "", "203.0.113.7", false},
		{"a stranger who says where they come from", "203.0.113.7:5000", []string{"10.0.0.1"}, "https", "203.0.113.7", false},
		{"a proxy", "10.1.2.3:5000", []string{"203.0.113.7"}, "https", "203.0.113.7", true},
		{"a proxy over plain http", "10.1.2.3:5000", []string{"203.0.113.7"}, "http", "203.0.113.7", false},
		{"a proxy that says nothing", "10.1.2.3:5000", nil, "", "10.1.2.3", false},
		{"two proxies", "10.1.2.3:5000", []string{"203.0.113.7, 192.0.2.1"}, "", "203.0.113.7", false},
		{"two header lines", "10.1.2.3:5000", []string{"203.0.113.7", "192.0.2.1"}, "", "203.0.113.7", false},
		{"what the client made up stands left", "10.1.2.3:5000", []string{"8.8.8.8, 127.0.0.1, 203.0.113.7"}, "", "203.0.113.7", false},
		{"a protocol that the client made up stands left", "10.1.2.3:5000", []string{"203.0.113.7"}, "https, http", "203.0.113.7", false},
		{"nonsense where a proxy should be", "10.1.2.3:5000", []string{"203.0.113.7, unknown, 192.0.2.1"}, "", "192.0.2.1", false},
		{"nonsense alone", "10.1.2.3:5000", []string{"<script>"}, "", "10.1.2.3", false},
		{"proxies only", "10.1.2.3:5000", []string{"10.9.9.9, 192.0.2.1"}, "", "10.9.9.9", false},
		{"an address with its port", "10.1.2.3:5000", []string{"203.0.113.7:4711"}, "", "203.0.113.7", false},
		{"IPv6 in brackets with its port", "[fd00::1]:5000", []string{"[2001:db8::7]:4711"}, "", "2001:db8::7", false},
		{"IPv6 in brackets", "[fd00::1]:5000", []string{"[2001:db8::7]"}, "", "2001:db8::7", false},
		{"IPv4 in the clothes of IPv6", "[::ffff:10.1.2.3]:5000", []string{"::ffff:203.0.113.7"}, "", "203.0.113.7", false},
		{"a zone is dropped", "[fd00::1%eth0]:5000", []string{"fe80::1%evil"}, "", "fe80::1", false},
		{"a connection without address", "@", []string{"203.0.113.7"}, "https", "invalid IP", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			r.RemoteAddr = c.peer
			for _, line := range c.forwarded {
				r.Header.Add("X-Forwarded-For", line)
			}
			if c.proto != "" {
				r.Header.Set("X-Forwarded-Proto", c.proto)
			}
			r.Header.Set("Forwarded", `for="8.8.8.8";proto=https`)
			got, secure := ours.origin(r)
			if got.String() != c.want || secure != c.secure {
				t.Errorf("%v, secure %v; want %s, %v", got, secure, c.want, c.secure)
			}
		})
	}
}

func TestNetworksOfProxiesAreChecked(t *testing.T) {
	for text, want := range map[string]string{
		"10.0.0.0/8": "", "2001:db8::1": "", "10.0.0.7/8": "",
		"proxy.example": "is none", "10.0.0.0/33": "is none", "0.0.0.0/0": "everybody", "::/0": "everybody",
	} {
		_, err := parseProxies([]string{text})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestNeighboursInIPv6ShareOneNetwork(t *testing.T) {
	parse := netip.MustParseAddr
	if network(parse("2001:db8:1:2::1")) != network(parse("2001:db8:1:2:ffff::1")) {
		t.Error("two addresses of a /64 are two networks")
	}
	if network(parse("192.0.2.1")) == network(parse("192.0.2.2")) {
		t.Error("two addresses of IPv4 are one network")
	}
}

func FuzzOrigin(f *testing.F) {
	f.Add("10.0.0.1:1", "203.0.113.7, [2001:db8::1]:5, x", "https")
	f.Add("@", ",,,", "")
	ours, err := parseProxies([]string{"10.0.0.0/8"})
	fatal(f, err)
	f.Fuzz(func(t *testing.T, peer, forwarded, proto string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = peer
		r.Header["X-Forwarded-For"], r.Header["X-Forwarded-Proto"] = []string{forwarded}, []string{proto}
		got, secure := ours.origin(r)
		if direct := hostOf(peer); !ours.trust(direct) && (got != direct || secure) {
			t.Errorf("%q: believed %v, %v", peer, got, secure)
		}
		_ = network(got)
	})
}
