package ua

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// route gives each method to whoever handles it, once a request is fit to be handled.
func (e *Endpoint) route() {
	outside := map[sip.RequestMethod]func(*sip.Request, sip.ServerTransaction, *trunk){
		sip.INVITE:  e.invited,
		sip.OPTIONS: e.asked,
	}
	inside := map[sip.RequestMethod]func(*Dialog, *sip.Request, sip.ServerTransaction){
		sip.INVITE:  (*Dialog).reinvited,
		sip.UPDATE:  (*Dialog).updated,
		sip.BYE:     (*Dialog).left,
		sip.OPTIONS: (*Dialog).asked,
	}
	e.server.OnAck(func(req *sip.Request, _ sip.ServerTransaction) { e.acknowledged(req) })
	for _, method := range []sip.RequestMethod{sip.INVITE, sip.OPTIONS, sip.UPDATE, sip.BYE, sip.CANCEL} {
		e.server.OnRequest(method, func(req *sip.Request, tx sip.ServerTransaction) {
			t, ok := e.fit(req, tx)
			if !ok {
				return
			}
			if tagOf(req.To().Params) == "" {
				if handle := outside[method]; handle != nil {
					handle(req, tx, t)
					return
				}
			} else if d, ok := e.find(req); ok && e.peers.belongs(d.trunk.Trunk, req.Source(), req.Transport()) {
				if d.inOrder(req) {
					if handle := inside[method]; handle != nil {
						handle(d, req, tx)
						return
					}
				} else {
					e.respond(tx, answer(req, sip.StatusInternalServerError, "Out of Order")) // RFC 3261 12.2.2
					return
				}
			}
			if method == sip.BYE && e.ended.has(idOf(req)) { // both sides have hung up, theirs crossed ours (RFC 5407 3.2)
				e.respond(tx, answer(req, sip.StatusOK, "OK"))
				return
			}
			// A CANCEL whose INVITE is answered lands here too.
			e.respond(tx, answer(req, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist"))
		})
	}
	e.server.OnNoRoute(func(req *sip.Request, tx sip.ServerTransaction) {
		if _, ok := e.fit(req, tx); !ok {
			return
		}
		res := answer(req, sip.StatusMethodNotAllowed, "Method Not Allowed")
		res.AppendHeader(sip.NewHeader("Allow", allow))
		e.respond(tx, res)
	})
}

// fit answers what nobody could handle and finds whose request it is.
func (e *Endpoint) fit(req *sip.Request, tx sip.ServerTransaction) (*trunk, bool) {
	name, ok := e.peers.trunkOf(req.Source(), req.Transport())
	if !ok {
		e.respond(tx, answer(req, sip.StatusForbidden, "Forbidden"))
		return nil, false
	}
	if req.SipVersion != version {
		e.respond(tx, answer(req, 505, "Version Not Supported"))
		return nil, false
	}
	if phrase := malformed(req); phrase != "" {
		e.respond(tx, answer(req, sip.StatusBadRequest, phrase))
		return nil, false
	}
	if scheme := strings.ToLower(req.Recipient.Scheme); scheme != "sip" && scheme != "tel" {
		e.respond(tx, answer(req, 416, "Unsupported URI Scheme"))
		return nil, false
	}
	if mf := req.MaxForwards(); mf != nil && mf.Val() > 255 {
		e.respond(tx, answer(req, sip.StatusBadRequest, "Bad Max-Forwards"))
		return nil, false
	}
	if unknown := unknownTags(req); len(unknown) > 0 && req.Method != sip.CANCEL {
		res := answer(req, sip.StatusBadExtension, "Bad Extension")
		res.AppendHeader(sip.NewHeader("Unsupported", strings.Join(unknown, ", ")))
		e.respond(tx, res)
		return nil, false
	}
	return e.trunks[name], true
}

// malformed names what every request needs and this one lacks (RFC 3261 8.1.1).
func malformed(req *sip.Request) string {
	switch {
	case req.From() == nil:
		return "Missing From"
	case tagOf(req.From().Params) == "":
		return "Missing From Tag"
	case req.To() == nil:
		return "Missing To"
	case req.CallID() == nil:
		return "Missing Call-ID"
	case req.CSeq() == nil:
		return "Missing CSeq"
	case !strings.EqualFold(string(req.CSeq().MethodName), string(req.Method)): // sipgo writes the one large
		return "CSeq Method Differs"
	case len(req.Recipient.Headers) > 0: // RFC 3261 19.1.1
		return "Headers In Request-URI"
	case req.CSeq().SeqNo >= 1<<31:
		return "Bad CSeq"
	}
	for _, name := range []string{"From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length"} {
		if len(req.GetHeaders(name)) > 1 {
			return "Repeated " + name
		}
	}
	return ""
}

// asked answers OPTIONS outside a dialog.
func (e *Endpoint) asked(req *sip.Request, tx sip.ServerTransaction, _ *trunk) {
	e.respond(tx, e.capabilities(req))
}

func (e *Endpoint) capabilities(req *sip.Request) *sip.Response {
	res := answer(req, sip.StatusOK, "OK")
	describe(res)
	res.AppendHeader(sip.NewHeader("Accept", contentSDP))
	res.AppendHeader(e.contact(transportOf(req)))
	return res
}

// asked answers OPTIONS in a dialog.
func (d *Dialog) asked(req *sip.Request, tx sip.ServerTransaction) {
	d.endpoint.respond(tx, d.endpoint.capabilities(req))
}

// left handles BYE.
func (d *Dialog) left(req *sip.Request, tx sip.ServerTransaction) {
	d.endpoint.respond(tx, answer(req, sip.StatusOK, "OK"))
	d.mu.Lock()
	if d.phase == up {
		d.endLocked(End{Kind: EndedByThem})
	}
	d.mu.Unlock()
	d.tell.speak()
}

// inOrder takes the sequence number of a request of theirs.
func (d *Dialog) inOrder(req *sip.Request) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	seq := req.CSeq().SeqNo
	if seq <= d.remoteSeq && d.remoteSeq != 0 {
		return false
	}
	d.remoteSeq = seq
	return true
}

// acknowledged gives an ACK to whoever waits for it.
func (e *Endpoint) acknowledged(req *sip.Request) {
	if malformed(req) != "" {
		return
	}
	d, ok := e.find(req)
	if !ok {
		return
	}
	d.mu.Lock()
	waiting := d.acks[req.CSeq().SeqNo]
	delete(d.acks, req.CSeq().SeqNo)
	d.mu.Unlock()
	if waiting != nil {
		waiting <- req.Body()
	}
}

// expectAck makes the ACK of a sequence number arrive in the channel.
func (d *Dialog) expectAck(seq uint32) <-chan []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.acks == nil {
		d.acks = map[uint32]chan []byte{}
	}
	waiting := make(chan []byte, 1)
	d.acks[seq] = waiting
	return waiting
}
