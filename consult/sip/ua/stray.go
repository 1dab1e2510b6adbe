package ua

import (
	"context"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// strayResponse sees answers whose transaction is gone. A 2xx to an INVITE means
// that somebody is connected with nobody: it is acknowledged and ended.
func (e *Endpoint) strayResponse(res *sip.Response) {
	cseq, to, from, callID := res.CSeq(), res.To(), res.From(), res.CallID()
	ours := res.Via() != nil && strings.Trim(res.Via().Host, "[]") == strings.Trim(e.config.Host, "[]") // RFC 3261 18.1.2
	if ours && whole(res) && cseq.MethodName == sip.INVITE && e.refusedLeft(res) {
		return
	}
	if !ours || res.StatusCode/100 != 2 || !whole(res) || cseq.MethodName != sip.INVITE || res.Contact() == nil {
		e.metrics.dropped.WithLabelValues("stray-response").Inc()
		return
	}
	id := dialogID{call: string(*callID), local: tagOf(from.Params), remote: tagOf(to.Params)}
	e.mu.Lock()
	d, known := e.dialogs[id]
	e.mu.Unlock()
	if known { // the ACK was lost, and the transaction ended meanwhile
		d.mu.Lock()
		ack := d.requestAt(sip.ACK, cseq.SeqNo)
		d.mu.Unlock()
		e.ack(context.Background(), ack, ack)
		return
	}
	name, ok := e.peers.trunkOf(res.Source(), res.Transport())
	if !ok {
		return
	}
	e.log.Warn("sip: an answer came after its call was given up, it is ended", "trunk", name)
	left := &Dialog{
		endpoint: e, trunk: e.trunks[name], log: e.log, transport: transportOf(res),
		local: from.Address, remote: to.Address, id: id, source: res.Source(),
	}
	invite := sip.NewRequest(sip.INVITE, to.Address)
	invite.AppendHeader(&sip.CSeqHeader{SeqNo: cseq.SeqNo, MethodName: sip.INVITE})
	e.spawn(func() { left.letGo(invite, res) })
}

// routeSet reads Record-Route in the order in which requests of ours carry it:
// from an answer backwards (RFC 3261 12.1).
func routeSet(m sip.Message, backwards bool) []sip.Uri {
	var routes []sip.Uri
	for _, h := range m.GetHeaders("Record-Route") {
		var uri sip.Uri
		params := sip.NewParams()
		if _, err := sip.ParseAddressValue(h.Value(), &uri, &params); err != nil {
			continue
		}
		routes = append(routes, uri)
	}
	if backwards {
		for i, j := 0, len(routes)-1; i < j; i, j = i+1, j-1 {
			routes[i], routes[j] = routes[j], routes[i]
		}
	}
	return routes
}

// q850 reads the Q.850 cause of a Reason header (RFC 3326); 0 when there is none.
func q850(m sip.Message) int {
	for _, h := range m.GetHeaders("Reason") {
		for value := range strings.SplitSeq(h.Value(), ",") {
			protocol, params, _ := strings.Cut(value, ";")
			if !strings.EqualFold(strings.TrimSpace(protocol), "Q.850") {
				continue
			}
			for p := range strings.SplitSeq(params, ";") {
				if name, v, ok := strings.Cut(strings.TrimSpace(p), "="); ok && strings.EqualFold(name, "cause") {
					n, err := strconv.Atoi(strings.Trim(v, `" `))
					if err == nil {
						return n
					}
				}
			}
		}
	}
	return 0
}
