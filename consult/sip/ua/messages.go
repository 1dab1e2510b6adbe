package ua

import (
	"context"
	"log/slog"
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

const contentSDP = "application/sdp"

// contact is where requests of a dialog reach us.
func (e *Endpoint) contact(transport Transport) *sip.ContactHeader {
	uri := sip.Uri{Scheme: "sip", Host: e.config.Host}
	if addr := e.Addr(transport); addr != nil {
		if _, port, err := net.SplitHostPort(addr.String()); err == nil {
			uri.Port, _ = strconv.Atoi(port)
		}
	}
	if transport != UDP {
		uri.UriParams.Add("transport", string(transport))
	}
	return &sip.ContactHeader{Address: uri}
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
	return sip.NewResponseFromRequest(req, status, phrase, nil)
}

// tags lists the option tags of all headers of a name.
func tags(m sip.Message, name string) []string {
	var all []string
	for _, h := range m.GetHeaders(name) {
		for tag := range strings.SplitSeq(h.Value(), ",") {
			if tag = strings.ToLower(strings.TrimSpace(tag)); tag != "" {
				all = append(all, tag)
			}
		}
	}
	return all
}

func hostPort(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }

func tagOf(params sip.HeaderParams) string { return params.GetOr("tag", "") }

// quietHandler lets sipgo speak at debug only: what it calls errors is mostly
// other people's malformed messages, which our metrics count.
type quietHandler struct{ slog.Handler }

func (h quietHandler) Enabled(ctx context.Context, _ slog.Level) bool {
	return h.Handler.Enabled(ctx, slog.LevelDebug)
}

func (h quietHandler) Handle(ctx context.Context, r slog.Record) error {
	r.Level = slog.LevelDebug
	return h.Handler.Handle(ctx, r)
}

func (h quietHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return quietHandler{h.Handler.WithAttrs(attrs)}
}

func (h quietHandler) WithGroup(name string) slog.Handler {
	return quietHandler{h.Handler.WithGroup(name)}
}
