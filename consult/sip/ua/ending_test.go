package ua

import (
	"testing"

	"github.com/emiago/sipgo/sip"
)

// noted is a transaction of which only its place among others matters.
type noted struct{ sip.ClientTransaction }

func (noted) OnTerminate(sip.FnTxTerminate) bool { return true }

// TestWhatWaitsForAConnection has it end after each thing that may come last.
func TestWhatWaitsForAConnection(t *testing.T) {
	t.Parallel()
	by, elsewhere := way{TCP, "192.0.2.1:5060"}, way{TLS, "192.0.2.1:5060"}
	invite := sip.NewRequest(sip.INVITE, sip.Uri{Scheme: "sip", Host: "192.0.2.1"})
	via := &sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: "TCP", Host: "us"}
	via.Params.Add("branch", "z9hG4bKinvite")
	invite.AppendHeader(via)
	invite.AppendHeader(&sip.CSeqHeader{SeqNo: 1, MethodName: sip.INVITE})
	answer := func(status int, by way) sip.Message {
		res := sip.NewResponseFromRequest(invite, status, "Whatever", nil)
		res.SetTransport(string(by.transport))
		res.SetSource(by.remote)
		return res
	}
	sent := func(e *Endpoint) { e.underway.sent(by, asked{branchOf(invite), sip.INVITE}, noted{}) }
	for name, c := range map[string]struct {
		happens func(*Endpoint)
		waits   bool
	}{
		"nothing":                             {sent, true},
		"100":                                 {func(e *Endpoint) { sent(e); e.came(answer(100, by)) }, true},
		"its answer":                          {func(e *Endpoint) { sent(e); e.came(answer(486, by)) }, false},
		"its answer, before sending was over": {func(e *Endpoint) { e.came(answer(200, by)); sent(e) }, false},
		"its answer, by another connection":   {func(e *Endpoint) { sent(e); e.came(answer(200, elsewhere)) }, true},
		"a request of theirs":                 {func(e *Endpoint) { sent(e); e.came(invite) }, true},
		"something without a number":          {func(e *Endpoint) { sent(e); e.came(sip.NewResponse(200, "OK")) }, true},
		"while it is being sent":              {func(*Endpoint) {}, false},
	} {
		e := &Endpoint{}
		e.underway.expect(by, asked{branchOf(invite), sip.INVITE})
		c.happens(e)
		if got := len(e.underway.take(by)); (got == 1) != c.waits {
			t.Errorf("%s: %d are ended with it, want %v", name, got, c.waits)
		}
		if left := e.underway.take(by); len(left) != 0 {
			t.Errorf("%s: ended twice", name)
		}
	}
}
