package ua

import (
	"errors"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// invited handles an INVITE outside a dialog.
func (e *Endpoint) invited(req *sip.Request, tx sip.ServerTransaction, t *trunk) {
	if status, phrase := e.unfit(req); status != 0 {
		res := answer(req, status, phrase)
		if status == sip.StatusUnsupportedMediaType {
			res.AppendHeader(sip.NewHeader("Accept", contentSDP))
		}
		e.refuse(tx, res)
		return
	}
	if len(t.Callers) > 0 {
		if ok, stale := e.proves(t, req); !ok {
			e.refuse(tx, e.challenge(req, stale))
			return
		}
	}
	if _, _, ok := e.agreeTimer(t, req); !ok {
		e.refuse(tx, e.tooSmall(req))
		return
	}
	in := &Incoming{
		Trunk: t.Name, To: user(req.Recipient), From: user(req.From().Address), FromName: req.From().DisplayName,
		Asserted: asserted(req), Offer: req.Body(),
		endpoint: e, req: req, tx: tx, tag: sip.GenerateTagN(16), gone: make(chan struct{}),
	}
	id := idOfIncoming(req)
	if !e.take(id, in) {
		e.refuse(tx, answer(req, sip.StatusLoopDetected, "Loop Detected"))
		return
	}
	defer e.over(id)
	withdrawn := func(*sip.Request) {
		in.refused.Store(true)
		in.leave()
	}
	if !tx.OnCancel(withdrawn) { // it was here already
		withdrawn(nil)
	}
	tx.OnTerminate(func(_ string, err error) {
		if errors.Is(err, sip.ErrTransactionTransport) { // their connection is gone
			in.leave()
		}
	})
	if e.deps.Incoming != nil {
		e.deps.Incoming(in)
	}
	// Nobody decided: an answer is owed in any case.
	if err := in.Refuse(sip.StatusTemporarilyUnavailable, "Temporarily Unavailable"); err != nil && !errors.Is(err, ErrDecided) {
		e.log.Info("sip: a refusal could not be sent", "error", err)
	}
}

// unfit finds what keeps an INVITE from being understood.
func (e *Endpoint) unfit(req *sip.Request) (status int, phrase string) {
	switch {
	case e.isClosed():
		return sip.StatusServiceUnavailable, "Service Unavailable"
	case req.Contact() == nil:
		return sip.StatusBadRequest, "Missing Contact"
	case len(req.Body()) > 0 && !isSDP(req):
		return sip.StatusUnsupportedMediaType, "Unsupported Media Type"
	case !takesSDP(req):
		return sip.StatusNotAcceptable, "Not Acceptable"
	}
	return 0, ""
}

// takesSDP reports whether the caller can read our answer (RFC 3261 20.1).
func takesSDP(req *sip.Request) bool {
	ranges := tags(req, "Accept")
	if len(ranges) == 0 {
		return true
	}
	return slices.ContainsFunc(ranges, func(r string) bool {
		kind, _, _ := strings.Cut(r, ";")
		return slices.Contains([]string{contentSDP, "application/*", "*/*"}, strings.TrimSpace(kind))
	})
}

// unknownTags lists what a request demands and we do not do. An INVITE that
// replaces another call demands it without saying so: to ignore that, as RFC 3891
// has it for those who do not know it, would ring somebody a second time. The
// session border controller does transfers itself.
func unknownTags(req *sip.Request) []string {
	var unknown []string
	if req.Method == sip.INVITE && req.GetHeader("Replaces") != nil {
		unknown = append(unknown, "replaces")
	}
	for _, tag := range tags(req, "Require") {
		if !slices.Contains(extensions, tag) && !slices.Contains(unknown, tag) {
			unknown = append(unknown, tag)
		}
	}
	return unknown
}

func isSDP(m sip.Message) bool {
	for _, h := range m.GetHeaders("Content-Type") {
		value, _, _ := strings.Cut(h.Value(), ";")
		return strings.EqualFold(strings.TrimSpace(value), contentSDP)
	}
	return false
}

// asserted reads the user of the first P-Asserted-Identity (RFC 3325).
func asserted(req *sip.Request) string {
	h := req.GetHeader("P-Asserted-Identity")
	if h == nil {
		return ""
	}
	var uri sip.Uri
	params := sip.NewParams()
	if _, err := sip.ParseAddressValue(h.Value(), &uri, &params); err != nil {
		return ""
	}
	return user(uri)
}

// user is whom an address names: the user part, or the number of a tel URI (RFC 3966).
func user(uri sip.Uri) string {
	if uri.Scheme != "tel" {
		return uri.User
	}
	number, _, _ := strings.Cut(uri.Raw(), ";")
	return number
}

// incomingID tells a call that reached us twice, by two ways (RFC 3261 8.2.2.2).
type incomingID struct {
	call, tag string
	seq       uint32
}

func idOfIncoming(req *sip.Request) incomingID {
	return incomingID{call: string(*req.CallID()), tag: tagOf(req.From().Params), seq: req.CSeq().SeqNo}
}

// take notes a call; false for one that is there already, or was a moment ago.
func (e *Endpoint) take(id incomingID, in *Incoming) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, twice := e.incoming[id]; twice || e.merged.has(id) {
		return false
	}
	e.incoming[id] = in
	return true
}

// over keeps of a call that is decided only that it was there: the same call by
// another way may come as late as a transaction lasts.
func (e *Endpoint) over(id incomingID) {
	e.merged.add(id)
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.incoming, id)
}

// refuse answers an INVITE that never became a call.
func (e *Endpoint) refuse(tx sip.ServerTransaction, res *sip.Response) {
	e.metrics.invites.WithLabelValues("in", class(res.StatusCode)).Inc()
	e.respond(tx, res)
}

func (e *Endpoint) respond(tx sip.ServerTransaction, res *sip.Response) {
	if err := tx.Respond(res); err != nil {
		e.log.Info("sip: an answer could not be sent", "status", res.StatusCode, "error", err)
	}
}
