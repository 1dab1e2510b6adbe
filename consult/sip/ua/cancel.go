package ua

import (
	"context"

	"github.com/emiago/sipgo/sip"
)

// cancel withdraws an INVITE that rings.
func (e *Endpoint) cancel(invite *sip.Request, cause Cause) {
	req := beside(invite, sip.CANCEL, invite.To())
	if cause.Status != 0 {
		req.AppendHeader(sip.NewHeader("Reason", cause.header()))
	}
	if _, err := e.do(context.Background(), req); err != nil {
		e.log.Info("sip: CANCEL was not answered", "error", err)
	}
}

// beside makes a request that belongs to the transaction of an INVITE: its CANCEL
// (RFC 3261 9.1), or the ACK of its refusal (17.1.1.3), which has the refusal's To.
// Whoever got the one takes the other for it by Via, which is the same.
func beside(invite *sip.Request, method sip.RequestMethod, to *sip.ToHeader) *sip.Request {
	req := sip.NewRequest(method, *invite.Recipient.Clone())
	req.AppendHeader(invite.Via().Clone())
	sip.CopyHeaders("Route", invite, req)
	for _, h := range []sip.Header{invite.From(), to, invite.CallID()} {
		req.AppendHeader(sip.HeaderClone(h))
	}
	req.AppendHeader(&sip.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: method})
	maxForwards := sip.MaxForwardsHeader(70)
	req.AppendHeader(&maxForwards)
	req.SetTransport(invite.Transport())
	req.SetDestination(invite.Destination())
	req.Laddr = invite.Laddr
	return req
}
