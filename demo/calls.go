package demo

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	"teamsbridge/configs"
	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/consult/sip"
	"teamsbridge/demo/telephones"
)

// network is what hands play the telephones on: the simulated one, or real SIP.
type network interface {
	Call(ctx context.Context, c consult.Call) (consult.InteractionID, error)
	Act(ctx context.Context, id consult.InteractionID, party consult.Party, act memswitch.Act) error
	Lines() []memswitch.Line
	Inject(fault memswitch.Fault) error
	Close() error
}

// customerNumber is the softphone customer's, from Germany's range of mobile
// numbers for fiction.
const customerNumber = "+491713920010"

// customerName is the user that a customer's softphone registers as.
const customerName = "customer"

// consultNumbers are what another contact centre consults: the first
// organisation's, beside its agents'.
var consultNumbers = []string{"+493023125901", "+493023125902", "+493023125903", "+493023125904", "+493023125905"}

// answerAfter is long enough to see a telephone ring.
const answerAfter = 2 * time.Second

// drainCalls is how long a demo that ends waits for its calls: people who end it
// do not wait for played ones.
const drainCalls = time.Second

// openNetwork makes the telephones.
func (w *World) openNetwork(ctx context.Context) error {
	if w.options.SIPListen == "" {
		simulated, err := memswitch.New(memswitch.Options{
			File: filepath.Join(w.options.Dir, "legs.json"), Manual: w.options.Manual, AnswerAfter: answerAfter,
		})
		if err != nil {
			return fmt.Errorf("telephone network: %w", err)
		}
		w.network, w.simulated = simulated, simulated
		return nil
	}
	real, err := telephones.Start(ctx, telephones.Options{
		Listen: w.options.SIPListen, Password: w.SIPPassword(), Names: w.sipNames(), Number: w.numberOf,
		Manual: w.options.Manual, AnswerAfter: answerAfter, Logger: w.options.Logger,
	})
	if err != nil {
		return fmt.Errorf("telephone network: %w", err)
	}
	w.network, w.telephones = real, real
	return nil
}

// sipNames are the names that softphones register as: agents by their given
// names, and the customer.
func (w *World) sipNames() map[string]string {
	names := map[string]string{customerName: customerNumber}
	for _, agent := range w.Agents() {
		given, _, _ := strings.Cut(agent.Name, " ")
		names[plain(given)] = agent.Number
	}
	return names
}

func (w *World) numberOf(tenant, id string) string {
	for _, agent := range w.Agents() {
		if agent.Tenant == tenant && string(agent.ID) == id {
			return agent.Number
		}
	}
	return ""
}

// SIPPassword is every softphone's.
func (w *World) SIPPassword() string { return w.seed.password("softphones") }

// SIPAddr is where softphones register, host:port by UDP; empty without SIP.
func (w *World) SIPAddr() string {
	if w.telephones == nil {
		return ""
	}
	return w.telephones.Addr().String()
}

// ConsultNumbers are those that reservations give; none without SIP.
func (w *World) ConsultNumbers() []string {
	if w.telephones == nil {
		return nil
	}
	return consultNumbers
}

// Network is the simulated telephone network that the service shall use; nil
// where it shall carry real calls.
func (w *World) Network() *memswitch.Switch { return w.simulated }

// AroundCalls stands between the engine and a switch that carries real calls, so
// that hands can play the telephones. Nil without SIP.
func (w *World) AroundCalls() func(*sip.Switch) consult.Switch {
	if w.telephones == nil {
		return nil
	}
	return w.telephones.Around
}

// CallsAt tells the telephones where the service's switch takes calls.
func (w *World) CallsAt(address net.Addr) error {
	at, err := netip.ParseAddrPort(address.String())
	if err != nil {
		return fmt.Errorf("address of the switch: %w", err)
	}
	w.telephones.SwitchAt(at)
	return nil
}

// configureCalls makes the service's switch one whose trunk is the telephones.
func (w *World) configureCalls(cfg *configs.Config) {
	cfg.Switch.Kind = configs.SwitchSimulated
	if w.telephones == nil {
		return
	}
	cfg.Switch.Kind, cfg.Switch.Drain = configs.SwitchSIP, drainCalls
	at := w.telephones.Addr()
	host := at.Addr().String()
	cfg.SIP = sip.Config{
		Host:   host,
		Listen: []sip.ListenConfig{{Transport: "udp", Address: net.JoinHostPort(host, "0")}},
		Trunks: []sip.TrunkConfig{{
			Name: "telephones", Options: 10 * time.Second,
			Peers: []sip.PeerConfig{{Transport: "udp", Host: host, Port: int(at.Port())}},
		}},
		Media:          sip.MediaConfig{Address: host},
		Caller:         "+493023125000", // the first organisation's hotline
		ConsultNumbers: consultNumbers,
	}
}
