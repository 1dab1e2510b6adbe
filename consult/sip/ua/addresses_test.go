package ua

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// turns is a name that leads to one address after another.
func turns(answers ...[]netip.Addr) func(context.Context, string, string) ([]netip.Addr, error) {
	return func(context.Context, string, string) ([]netip.Addr, error) {
		if len(answers) == 0 {
			return nil, errors.New("the name server is away")
		}
		answer := answers[0]
		answers = answers[1:]
		return answer, nil
	}
}

func TestAPeerIsStillAtTheAddressOfAMomentAgo(t *testing.T) {
	t.Parallel()
	first, second, third := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("192.0.2.3")
	a := newAdmission(Config{Trunks: []Trunk{{Name: "sbc", Peers: []Peer{{Transport: UDP, Host: "sbc.example.com"}}}}}, nil)
	a.lookUp = turns([]netip.Addr{first}, []netip.Addr{second})
	at := func(moment string, want ...netip.Addr) {
		t.Helper()
		got := 0
		for _, ip := range []netip.Addr{first, second, third} {
			if _, ok := a.trunkOf(netip.AddrPortFrom(ip, 5060).String(), string(UDP)); ok {
				got++
			}
		}
		for _, ip := range want {
			if _, ok := a.trunkOf(netip.AddrPortFrom(ip, 5060).String(), string(UDP)); !ok || got != len(want) {
				t.Errorf("%s: messages of %d addresses are taken, those of %v: %v", moment, got, ip, ok)
			}
		}
	}
	log := slog.New(slog.DiscardHandler)
	a.resolve(t.Context(), log)
	at("at first", first)
	a.resolve(t.Context(), log)
	at("when the name leads elsewhere", first, second)
	a.resolve(t.Context(), log)
	at("while the name server is away", first, second)
	a.note("SBC.example.com.", []netip.Addr{third}, time.Now().Add(addressLife))
	at("when no call of then can go on", third)
}

func TestARequestGoesToAnAddressThatIsTakenForThePeers(t *testing.T) {
	t.Parallel()
	a := newAdmission(Config{Trunks: []Trunk{{Name: "sbc", Peers: []Peer{{Transport: UDP, Host: "sbc.example.com"}}}}}, nil)
	a.lookUp = turns([]netip.Addr{netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("192.0.2.7")})
	req := sip.NewRequest(sip.OPTIONS, sip.Uri{Scheme: "sip", Host: "sbc.example.com"})
	req.SetDestination("sbc.example.com:5062")
	if host, at, err := a.locate(t.Context(), req); err != nil || host != "sbc.example.com" || at.String() != "192.0.2.7:5062" || req.Destination() != at.String() {
		t.Fatalf("%s at %v, to %s: %v", host, at, req.Destination(), err)
	}
	if _, ok := a.trunkOf("192.0.2.7:5062", string(UDP)); !ok {
		t.Error("its answer is dropped: it came from an address that nobody had looked up before")
	}
	for _, address := range []string{"192.0.2.7:5060", "[2001:db8::1]:5060"} {
		req.SetDestination(address) // nobody is asked: the name server is away
		if _, at, err := a.locate(t.Context(), req); err != nil || at.String() != address {
			t.Errorf("%s: %v, %v", address, at, err)
		}
	}
	req.SetDestination("sbc.example.com:5060")
	if _, _, err := a.locate(t.Context(), req); err == nil {
		t.Error("a name that cannot be looked up leads somewhere")
	}
}
