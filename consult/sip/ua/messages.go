package ua

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// allow is what we understand; REFER is not among it, so that Teams does what it
// wants by requests that we do.
const allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE"

// extensions are the option tags that we understand.
var extensions = []string{"timer"}

const version = "SIP/2.0"

// statusIntervalTooSmall is RFC 4028's answer to a session timer that is too short.
const statusIntervalTooSmall = 422

const contentSDP = "application/sdp"

// contact is where requests of a dialog reach us.
func (e *Endpoint) contact(transport Transport) *sip.ContactHeader {
	uri := sip.Uri{Scheme: "sip", Host: e.config.Host, Port: e.port(transport)}
	if transport != UDP {
		uri.UriParams.Add("transport", string(transport))
	}
	return &sip.ContactHeader{Address: uri}
}

// transportOf is how a message came.
func transportOf(m interface{ Transport() string }) Transport {
	return Transport(strings.ToLower(m.Transport()))
}

// via makes the first line of a request's way, on which its answers come back. Its
// port is the one on which we listen, where we do; else the library writes the
// connection's.
func (e *Endpoint) via(transport Transport, branch string) *sip.ViaHeader {
	via := &sip.ViaHeader{
		ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: strings.ToUpper(string(transport)), Host: e.config.Host, Port: e.port(transport),
	}
	via.Params.Add("branch", branch)
	via.Params.Add("rport", "")
	return via
}

// port is where requests of a transport are taken; 0 where none are.
func (e *Endpoint) port(transport Transport) int {
	switch addr := e.Addr(transport).(type) {
	case *net.UDPAddr:
		return addr.Port
	case *net.TCPAddr:
		return addr.Port
	default:
		return 0
	}
}

// from makes a UDP request leave from the socket on which we listen: answers and
// requests of the dialog then take one way through firewalls.
func (e *Endpoint) from(req *sip.Request, transport Transport) {
	if transport != UDP {
		return
	}
	addr, ok := e.Addr(UDP).(*net.UDPAddr)
	if !ok {
		return
	}
	req.Laddr = sip.Addr{IP: addr.IP, Port: addr.Port}
}

// afresh copies a request for another transaction. The first one may still be
// read: sipgo repeats it, and acknowledges with it.
func afresh(req *sip.Request) *sip.Request {
	again := req.Clone()
	again.RemoveHeader("Via")
	return again
}

// describe adds what we can to a request or its answer.
func describe(m sip.Message) {
	m.AppendHeader(sip.NewHeader("Allow", allow))
	m.AppendHeader(sip.NewHeader("Supported", strings.Join(extensions, ", ")))
}

// setSDP puts a body of SDP into a message.
func setSDP(m sip.Message, body []byte) {
	if body != nil {
		contentType := sip.ContentTypeHeader(contentSDP)
		m.AppendHeader(&contentType)
	}
	m.SetBody(body)
}

// answer makes an answer to a request of theirs.
func answer(req *sip.Request, status int, phrase string) *sip.Response {
	res := sip.NewResponseFromRequest(req, status, phrase, nil)
	res.SipVersion = version // not theirs
	return res
}

// tags lists the option tags of all headers of a name, or of its compact form.
func tags(m sip.Message, names ...string) []string {
	var all []string
	for _, name := range names {
		for _, h := range m.GetHeaders(name) {
			for tag := range strings.SplitSeq(h.Value(), ",") {
				if tag = strings.ToLower(strings.TrimSpace(tag)); tag != "" {
					all = append(all, tag)
				}
			}
		}
	}
	return all
}

// userPart makes what was dialled a user part that cannot become anything else
// of a message (RFC 3261 25.1, without the escapes of a password).
func userPart(dialled string) string {
	var b strings.Builder
	for _, c := range []byte(dialled) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-_.!~*'()&=+$,;?/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// quotable makes a name one that may stand between quotes.
func quotable(name string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(name, "") {
		switch {
		case r < ' ' || r == 0x7f:
			b.WriteByte(' ')
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func hostPort(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }

// tagOf finds a tag, also one with spaces around its equals sign, which sipgo keeps.
func tagOf(params sip.HeaderParams) string {
	for _, p := range params {
		if strings.EqualFold(strings.TrimSpace(p.K), "tag") {
			return strings.TrimSpace(p.V)
		}
	}
	return ""
}
