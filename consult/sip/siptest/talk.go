package siptest

import (
	"fmt"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Talk is a dialog as a wire has it, or one that is not begun yet. A test may set
// what it likes to lie about.
type Talk struct {
	*Wire
	CallID, LocalTag, RemoteTag string
	Local, Remote, Target       string // addresses as they stand in From, To and the first line
	Seq                         uint32 // of the last request
	Branch                      string // of the last request
}

// Talk begins one: its first request is an INVITE, mostly.
func (w *Wire) Talk(user, host string) *Talk {
	target := fmt.Sprintf("sip:%s@%s", user, host)
	return &Talk{
		Wire: w, CallID: sip.GenerateTagN(16), LocalTag: sip.GenerateTagN(8),
		Local: "sip:+49151@" + w.Addr(), Remote: target, Target: target,
	}
}

// Follow is the dialog in which a wire answers an INVITE with a tag.
func (w *Wire) Follow(invite *sip.Request, tag string) *Talk {
	return &Talk{
		Wire: w, CallID: invite.CallID().Value(), LocalTag: tag, RemoteTag: invite.From().Params.GetOr("tag", ""),
		Local: invite.To().Address.String(), Remote: invite.From().Address.String(), Target: invite.Contact().Address.String(),
	}
}

// Confirm takes from an answer what the dialog needs.
func (k *Talk) Confirm(res *sip.Response) {
	k.RemoteTag = res.To().Params.GetOr("tag", "")
	if contact := res.Contact(); contact != nil {
		k.Target = contact.Address.String()
	}
}

// Request sends a request with lines of the test's own and a body of SDP where
// there is one. ACK and CANCEL keep the number of what they are for, CANCEL its branch too.
func (k *Talk) Request(method sip.RequestMethod, body string, lines ...string) {
	k.t.Helper()
	if method != sip.ACK && method != sip.CANCEL {
		k.Seq++
	}
	if method != sip.CANCEL {
		k.Branch = sip.GenerateBranchN(12)
	}
	k.Send(k.Text(method, body, lines...))
}

// Text is what Request would send now.
func (k *Talk) Text(method sip.RequestMethod, body string, lines ...string) string {
	to := "<" + k.Remote + ">"
	if k.RemoteTag != "" {
		to += ";tag=" + k.RemoteTag
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s SIP/2.0\r\n", method, k.Target)
	fmt.Fprintf(&b, "Via: SIP/2.0/%s %s;branch=%s;rport\r\n", strings.ToUpper(string(k.transport)), k.Addr(), k.Branch)
	fmt.Fprintf(&b, "Max-Forwards: 70\r\nFrom: <%s>;tag=%s\r\nTo: %s\r\n", k.Local, k.LocalTag, to)
	fmt.Fprintf(&b, "Call-ID: %s\r\nCSeq: %d %s\r\n", k.CallID, k.Seq, method)
	if method == sip.INVITE || method == sip.UPDATE || method == sip.OPTIONS {
		b.WriteString(k.Contact() + "\r\n")
	}
	return b.String() + rest(body, lines)
}

// Begin sends an INVITE and acknowledges the 2xx that has to come.
func (k *Talk) Begin(offer string, lines ...string) *sip.Response {
	k.t.Helper()
	k.Request(sip.INVITE, offer, lines...)
	res := k.Response(sip.INVITE, sip.StatusOK)
	k.Confirm(res)
	k.Request(sip.ACK, "")
	return res
}

// RequestAgain sends a request of another method with the branch of the last one.
func (k *Talk) RequestAgain(method sip.RequestMethod, lines ...string) {
	k.t.Helper()
	k.Send(k.Text(method, "", lines...))
}
