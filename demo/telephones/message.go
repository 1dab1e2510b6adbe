package telephones

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strconv"

	"github.com/emiago/sipgo/sip"
)

// forward sends a request on with the exchange's own Via, whose branch follows
// from the one before: a repeated request, a CANCEL and the ACK of a refusal get
// the same one again (RFC 3261 16.11).
func (x *Exchange) forward(req *sip.Request, to netip.AddrPort) {
	before := req.Via()
	branch, _ := before.Params.Get("branch")
	if req.IsInvite() {
		req.PrependHeader(&sip.RecordRouteHeader{Address: x.self()})
	}
	params := sip.NewParams()
	params.Add("branch", sip.RFC3261BranchMagicCookie+digestOf(branch, before.SentBy()))
	req.PrependHeader(&sip.ViaHeader{
		ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: "UDP",
		Host: x.at.Addr().String(), Port: int(x.at.Port()), Params: params,
	})
	x.send(req.String(), to)
}

// self is the exchange in a route.
func (x *Exchange) self() sip.Uri {
	uri := uriAt("", x.at)
	uri.UriParams = sip.NewParams()
	uri.UriParams.Add("lr", "")
	return uri
}

func digestOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// response sends an answer back the way its request came.
func (x *Exchange) response(res *sip.Response) {
	via := res.Via()
	if via == nil || via.Host != x.at.Addr().String() || via.Port != int(x.at.Port()) {
		return
	}
	res.RemoveHeader("Via")
	if to, ok := returnTo(res.Via()); ok {
		x.send(res.String(), to)
	}
}

// returnTo is where an answer goes (RFC 3261 18.2.2, RFC 3581).
func returnTo(via *sip.ViaHeader) (netip.AddrPort, bool) {
	if via == nil {
		return netip.AddrPort{}, false
	}
	ip, err := netip.ParseAddr(via.Params.GetOr("received", via.Host))
	if err != nil {
		return netip.AddrPort{}, false
	}
	port := via.Port
	if p, err := strconv.ParseUint(via.Params.GetOr("rport", ""), 10, 16); err == nil {
		port = int(p)
	}
	if port == 0 {
		port = 5060
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(port)), true // 16 bits in both
}

// answer answers a request for the exchange itself, always the same way: its tag
// follows from the request (RFC 3261 8.2.7).
func (x *Exchange) answer(req *sip.Request, status int, phrase string, more ...sip.Header) {
	res := sip.NewResponseFromRequest(req, status, phrase, nil)
	to := res.To()
	if had, tagged := req.To().Params.Get("tag"); !tagged || had == "" {
		to.Params.Remove("tag")
		to.Params.Add("tag", digestOf(req.Via().Params.GetOr("branch", ""), string(*req.CallID())))
	}
	for _, h := range more {
		res.AppendHeader(h)
	}
	if to, ok := returnTo(req.Via()); ok {
		x.send(res.String(), to)
	}
}

func (x *Exchange) send(message string, to netip.AddrPort) {
	if _, err := x.conn.WriteToUDPAddrPort([]byte(message), to); err != nil {
		x.log.Debug("telephones: a message was not sent", "error", err)
	}
}
