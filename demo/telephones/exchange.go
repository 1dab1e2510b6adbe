package telephones

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// maxMessage is more than any message has here.
const maxMessage = 64 << 10

// targetLife is how long the way of a call's first INVITE is remembered: longer
// than anybody rings. What follows in the dialog carries its way in Route.
const targetLife = 10 * time.Minute

// Exchange forwards messages between the switch, softphones and built-in telephones.
type Exchange struct {
	log      *slog.Logger
	conn     *net.UDPConn
	at       netip.AddrPort
	plan     Plan
	password string
	nonce    string
	rings    func(number, from, call string) (netip.AddrPort, error)
	taken    func(number string)
	serving  sync.WaitGroup

	mu       sync.Mutex
	service  netip.AddrPort // of the switch; not valid until it is known
	bindings map[string]binding
	targets  map[string]target // by Call-ID
}

// target is where the first INVITE of a call went.
type target struct {
	uri  sip.Uri
	at   netip.AddrPort
	made time.Time
}

// listen takes the address, which is told to others: it must be one that they reach.
func (x *Exchange) listen(ctx context.Context, address string) error {
	var config net.ListenConfig
	conn, err := config.ListenPacket(ctx, "udp", address)
	if err != nil {
		return fmt.Errorf("listen for softphones: %w", err)
	}
	x.conn = conn.(*net.UDPConn)
	local := x.conn.LocalAddr().(*net.UDPAddr).AddrPort()
	x.at = netip.AddrPortFrom(local.Addr().Unmap(), local.Port())
	if x.at.Addr().IsUnspecified() {
		return errors.Join(fmt.Errorf("listen for softphones: %s is no address that a softphone could be told", address), conn.Close())
	}
	return nil
}

// Addr is where softphones register, and the switch's trunk.
func (x *Exchange) Addr() netip.AddrPort { return x.at }

// SwitchAt tells where the switch takes calls.
func (x *Exchange) SwitchAt(at netip.AddrPort) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.service = at
}

func (x *Exchange) serve() {
	buffer := make([]byte, maxMessage)
	for {
		n, from, err := x.conn.ReadFromUDPAddrPort(buffer)
		if err != nil {
			if !errors.Is(err, net.ErrClosed) {
				x.log.Error("telephones: the exchange ended", "error", err)
			}
			return
		}
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		message, err := sip.ParseMessage(append([]byte(nil), buffer[:n]...))
		if err != nil {
			continue // a keep-alive, or nothing that could be answered
		}
		switch m := message.(type) {
		case *sip.Request:
			x.request(m, from)
		case *sip.Response:
			x.response(m)
		}
	}
}

func (x *Exchange) close() error {
	err := x.conn.Close()
	x.serving.Wait()
	return err
}

// request answers what is for the exchange and forwards the rest.
func (x *Exchange) request(req *sip.Request, from netip.AddrPort) {
	via := req.Via()
	if via == nil || req.From() == nil || req.To() == nil || req.CallID() == nil || req.CSeq() == nil {
		return
	}
	via.Params.Remove("received")
	via.Params.Remove("rport")
	via.Params.Add("received", from.Addr().String())
	via.Params.Add("rport", fmt.Sprint(from.Port()))
	routed := x.ownRoute(req)
	switch {
	case req.Method == sip.REGISTER:
		x.register(req, from)
		return
	case req.Method == sip.OPTIONS && !routed && x.isHere(req.Recipient):
		x.answer(req, sip.StatusOK, "OK")
		return
	}
	if hops := req.MaxForwards(); hops != nil {
		if hops.Val() == 0 {
			x.answer(req, sip.StatusTooManyHops, "Too Many Hops")
			return
		}
		hops.Dec()
	}
	to, status := x.route(req, from, routed)
	if status != 0 {
		if !req.IsAck() {
			x.answer(req, status, phrases[status])
		}
		return
	}
	x.forward(req, to)
}

var phrases = map[int]string{
	sip.StatusForbidden: "Register First", sip.StatusNotFound: "Not Found", sip.StatusServiceUnavailable: "Service Unavailable",
	sip.StatusInternalServerError: "Server Internal Error",
}

// ownRoute takes the exchange's own Route away, where the request carries it.
func (x *Exchange) ownRoute(req *sip.Request) bool {
	route := req.Route()
	if route == nil || !x.isHere(route.Address) {
		return false
	}
	req.RemoveHeader("Route")
	return true
}

// isHere reports whether an address is the exchange's own.
func (x *Exchange) isHere(uri sip.Uri) bool {
	at, ok := hostPort(uri)
	return ok && at == x.at
}

// hostPort reads the address of a URI; names are not looked up.
func hostPort(uri sip.Uri) (netip.AddrPort, bool) {
	ip, err := netip.ParseAddr(uri.Host)
	if err != nil {
		return netip.AddrPort{}, false
	}
	port := uri.Port
	if port <= 0 || port > 65535 {
		port = 5060
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(port)), true // checked above
}

// route finds where a request goes; a status refuses it.
func (x *Exchange) route(req *sip.Request, from netip.AddrPort, routed bool) (to netip.AddrPort, status int) {
	if next := req.Route(); next != nil {
		return x.resolve(next.Address)
	}
	if routed {
		return x.resolve(req.Recipient)
	}
	// Outside a dialog, or the ACK of a refusal, which goes the way of its INVITE.
	x.mu.Lock()
	known, ok := x.targets[string(*req.CallID())]
	x.mu.Unlock()
	if !ok {
		if !req.IsInvite() {
			return to, sip.StatusNotFound
		}
		var err int
		if known, err = x.begin(req, from); err != 0 {
			return to, err
		}
		x.remember(string(*req.CallID()), known)
	}
	req.Recipient = *known.uri.Clone()
	return known.at, 0
}

func (x *Exchange) resolve(uri sip.Uri) (netip.AddrPort, int) {
	at, ok := hostPort(uri)
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, b := range x.bindings { // what a softphone takes for its address may not be what the exchange sees
		if contact, same := hostPort(b.contact); same && ok && contact == at && b.contact.User == uri.User {
			return b.source, 0
		}
	}
	if !ok {
		return at, sip.StatusNotFound
	}
	return at, 0
}

// begin finds whom a new call is for.
func (x *Exchange) begin(req *sip.Request, from netip.AddrPort) (target, int) {
	x.mu.Lock()
	service, caller, registered := x.service, "", false
	for number, b := range x.bindings {
		if b.source == from {
			caller, registered = number, true
		}
	}
	x.mu.Unlock()
	number := x.plan.number(req.Recipient.User)
	if from != service {
		switch {
		case !service.IsValid():
			return target{}, sip.StatusServiceUnavailable
		case !registered && !x.plan.builtIn(from):
			return target{}, sip.StatusForbidden
		case registered:
			assert(req, caller, x.at)
		}
		return target{uri: uriAt(number, service), at: service, made: time.Now()}, 0
	}
	x.mu.Lock()
	bound, softphone := x.bindings[number]
	x.mu.Unlock()
	if softphone && time.Now().Before(bound.until) {
		x.taken(number)
		return target{uri: bound.contact, at: bound.source, made: time.Now()}, 0
	}
	at, err := x.rings(number, req.From().Address.User, string(*req.CallID()))
	if err != nil {
		x.log.Error("telephones: a telephone does not ring", "error", err)
		return target{}, sip.StatusInternalServerError
	}
	return target{uri: uriAt(number, at), at: at, made: time.Now()}, 0
}

// assert vouches for who calls (RFC 3325): a softphone knows only its name.
func assert(req *sip.Request, number string, at netip.AddrPort) {
	req.RemoveHeader("P-Asserted-Identity")
	uri := uriAt(number, at)
	req.AppendHeader(sip.NewHeader("P-Asserted-Identity", "<"+uri.String()+">"))
}

func uriAt(user string, at netip.AddrPort) sip.Uri {
	return sip.Uri{Scheme: "sip", User: user, Host: at.Addr().String(), Port: int(at.Port())}
}

func (x *Exchange) remember(call string, t target) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for id, old := range x.targets {
		if t.made.Sub(old.made) > targetLife {
			delete(x.targets, id)
		}
	}
	x.targets[call] = t
}
