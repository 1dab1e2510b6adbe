package ua

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// reinvited handles an INVITE in the dialog: hold in all its spellings, another
// address, a refresh.
func (d *Dialog) reinvited(req *sip.Request, tx sip.ServerTransaction) {
	e := d.endpoint
	if !d.begin(req, tx) {
		return
	}
	done := sync.OnceFunc(d.done)
	defer done()
	interval, ours, ok := e.agreeTimer(d.trunk, req)
	if !ok {
		e.respond(tx, e.tooSmall(req))
		return
	}
	offer := req.Body()
	body, err := d.ask(offer)
	if err != nil {
		e.respond(tx, refused(req, err))
		return
	}
	res := answer(req, sip.StatusOK, "OK")
	res.AppendHeader(e.contact(d.transport))
	describe(res)
	timerAnswer(res, interval, ours)
	setSDP(res, body)
	acks := d.expectAck(req.CSeq().SeqNo)
	if len(offer) > 0 {
		done() // their next offer may follow on the heels of the ACK, or overtake it
	}
	d.mu.Lock()
	d.establishedLocked(req, req.Contact()) // the target may have moved (RFC 3261 12.2.2)
	d.watchLocked(interval, ours)
	d.mu.Unlock()
	if err := tx.Respond(res); err != nil {
		return
	}
	acknowledged, err := d.awaitAck(context.Background(), acks, tx, res)
	switch {
	case errors.Is(err, ErrNoAck):
		d.Lose(context.Background(), err)
	case err == nil && len(offer) == 0:
		d.settled(acknowledged)
		done() // whoever hears of it may make the next offer, which is heard after it
		d.tell.speak()
	}
}

// updated handles UPDATE: a refresh, or an offer that is answered at once (RFC 3311).
func (d *Dialog) updated(req *sip.Request, tx sip.ServerTransaction) {
	e := d.endpoint
	interval, ours, ok := e.agreeTimer(d.trunk, req)
	if !ok {
		e.respond(tx, e.tooSmall(req))
		return
	}
	res := answer(req, sip.StatusOK, "OK")
	if len(req.Body()) > 0 {
		if !d.begin(req, tx) {
			return
		}
		body, err := d.ask(req.Body())
		d.done()
		if err != nil {
			e.respond(tx, refused(req, err))
			return
		}
		setSDP(res, body)
	}
	res.AppendHeader(e.contact(d.transport))
	describe(res)
	timerAnswer(res, interval, ours)
	d.mu.Lock()
	d.establishedLocked(req, req.Contact())
	d.watchLocked(interval, ours)
	d.mu.Unlock()
	e.respond(tx, res)
}

// begin lets one offer be answered at a time: ours is out, 491; theirs is not
// done, 500 with Retry-After (RFC 3261 14.2).
func (d *Dialog) begin(req *sip.Request, tx sip.ServerTransaction) bool {
	d.mu.Lock()
	ours, theirs, isUp := d.offering, d.answering, d.phase == up
	if isUp && !ours && !theirs {
		d.answering = true
	}
	d.mu.Unlock()
	switch {
	case !isUp:
		d.endpoint.respond(tx, answer(req, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist"))
		return false
	case ours:
		d.endpoint.respond(tx, answer(req, sip.StatusRequestPending, "Request Pending"))
		return false
	case theirs:
		res := answer(req, sip.StatusInternalServerError, "Earlier Offer Pending")
		res.AppendHeader(sip.NewHeader("Retry-After", fmt.Sprint(rand.IntN(11)))) // spreads retries, hides nothing
		d.endpoint.respond(tx, res)
		return false
	case len(req.Body()) > 0 && !isSDP(req):
		d.done()
		res := answer(req, sip.StatusUnsupportedMediaType, "Unsupported Media Type")
		res.AppendHeader(sip.NewHeader("Accept", contentSDP))
		d.endpoint.respond(tx, res)
		return false
	}
	return true
}

func (d *Dialog) done() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answering = false
}

func refused(req *sip.Request, err error) *sip.Response {
	if errors.Is(err, ErrNotAcceptable) {
		return answer(req, sip.StatusNotAcceptableHere, "Not Acceptable Here")
	}
	return answer(req, sip.StatusInternalServerError, "Server Internal Error")
}

// settled queues what the watcher is told of the answer to an offer that we made in
// the dialog; speak tells it.
func (d *Dialog) settled(body []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tellLocked(func(w Watcher) { w.Settled(body) })
}

// glareTries is how often an offer of ours is repeated after 491.
const glareTries = 4

// reinvite makes an offer of ours in the dialog, the one that the watcher gives
// when it is asked without one.
func (d *Dialog) reinvite(ctx context.Context, interval time.Duration) (*sip.Response, error) {
	for try := 0; ; try++ {
		res, err := d.reinviteOnce(ctx, interval)
		if err != nil || res.StatusCode != sip.StatusRequestPending || try == glareTries {
			return res, err
		}
		// RFC 3261 14.1: who made the Call-ID waits longer, so that one comes first.
		wait := time.Duration(rand.IntN(200)) * 10 * time.Millisecond // spreads retries, hides nothing
		d.mu.Lock()
		if d.peer != nil {
			wait += 2100 * time.Millisecond
		}
		d.mu.Unlock()
		if err := pause(ctx, wait); err != nil {
			return nil, err
		}
	}
}

func (d *Dialog) reinviteOnce(ctx context.Context, interval time.Duration) (*sip.Response, error) {
	d.mu.Lock()
	for (d.answering || d.offering) && d.phase == up { // one offer at a time
		d.mu.Unlock()
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return nil, err
		}
		d.mu.Lock()
	}
	if d.phase != up {
		d.mu.Unlock()
		return nil, errOver
	}
	d.offering = true
	req := d.requestLocked(sip.INVITE)
	d.mu.Unlock()
	offered := sync.OnceFunc(d.offered)
	defer offered()
	offer, err := d.ask(nil)
	if err != nil {
		return nil, err
	}
	describe(req)
	offerTimer(req, interval, "uac")
	setSDP(req, offer)
	sent, res, err := d.request(ctx, req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode/100 == 2 {
		d.mu.Lock()
		d.establishedLocked(res, res.Contact())
		ack := d.requestAt(sip.ACK, sent.CSeq().SeqNo)
		d.mu.Unlock()
		d.settled(res.Body())
		d.tell.speak()
		offered() // their next offer may follow on the heels of the ACK
		d.endpoint.ack(ctx, ack, sent)
	}
	return res, nil
}

// offered is the end of an offer of ours.
func (d *Dialog) offered() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.offering = false
}
