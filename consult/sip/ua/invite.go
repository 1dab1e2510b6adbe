package ua

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/google/uuid"
)

// Invite is a call of ours.
type Invite struct {
	Trunk    string
	To       string // a number, or a user of the trunk
	From     string // the number that the other side sees
	FromName string
	Offer    []byte // SDP
	// Headers are added as they are: names and values.
	Headers [][2]string
	// Keep, where set, is told what [Endpoint.Release] needs before it is needed: to
	// stop the ringing, before each INVITE leaves, and to end the dialog, before its
	// answer is acknowledged. A process that dies until it returns leaves nobody in a
	// call: who is not acknowledged hangs up after 32 s (RFC 3261 13.3.1.4).
	Keep func(Stored)
}

// ErrNoTrunk: the trunk is not configured.
var ErrNoTrunk = errors.New("ua: no such trunk")

// ErrClosed: the endpoint does not make calls any more.
var ErrClosed = errors.New("ua: closed")

var (
	errOver      = errors.New("ua: the dialog is over")
	errNobody    = errors.New("ua: no peer of the trunk can be reached")
	errNoAnswer  = errors.New("ua: no final answer")
	cancelWait   = 5 * time.Second  // how long a withdrawn call may take before it is told as withdrawn
	finalWait    = 32 * time.Second // 64*T1: how long a final answer to a CANCEL is waited for
	maxChallenge = 2                // a second one for a nonce that became stale
)

// Invite starts a call and returns at once; the watcher hears the rest.
func (e *Endpoint) Invite(_ context.Context, inv Invite, w Watcher) (*Dialog, error) {
	t, ok := e.trunks[inv.Trunk]
	if !ok || len(t.peers) == 0 {
		return nil, fmt.Errorf("%w: %q", ErrNoTrunk, inv.Trunk)
	}
	d := &Dialog{endpoint: e, trunk: t, watcher: w, log: e.log, phase: calling}
	a := &attempt{dialog: d, invite: inv, withdrawn: make(chan Cause, 1)}
	d.withdraw = func(c Cause) {
		select {
		case a.withdrawn <- c:
			a.settled = e.sends.begin() // until the final answer
		default: // withdrawn already
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, ErrClosed
	}
	e.tasks.Go(a.run)
	return d, nil
}

// attempt is an INVITE of ours until its final answer.
type attempt struct {
	dialog    *Dialog
	invite    Invite
	withdrawn chan Cause
	cause     *Cause        // why, once withdrawn
	told      bool          // the outcome was told
	ringing   bool          // somebody may have been rung
	interval  time.Duration // of the session timer that is asked for
	kept      bool          // the answer may be acknowledged; guarded by the dialog's mu, as the next
	settled   func()        // once withdrawn: to be called at the final answer
}

// run tries the peers until one of them may have rung somebody.
func (a *attempt) run() {
	d := a.dialog
	defer func() {
		d.mu.Lock()
		settled := a.settled
		d.mu.Unlock()
		if settled != nil {
			settled()
		}
	}()
	a.interval = d.trunk.SessionExpires
	last := Failure{Err: errNobody}
	for _, p := range d.trunk.order(time.Now()) {
		failure, elsewhere := a.at(p)
		if failure == nil {
			return
		}
		last = *failure
		if !elsewhere || a.cause != nil {
			break
		}
		d.log.Warn("sip: a peer did not take a call, the next is tried", "trunk", d.trunk.Name, "peer", p.String(), "error", last)
	}
	a.fail(last)
}

// fail tells the outcome once.
func (a *attempt) fail(f Failure) {
	d := a.dialog
	if a.cause != nil {
		f.Withdrawn = true
	}
	d.mu.Lock()
	d.phase = over
	if !a.told {
		a.told = true
		d.endpoint.metrics.invites.WithLabelValues("out", class(f.Status)).Inc()
		d.tellLastLocked(func(w Watcher) { w.Failed(f) })
	}
	d.mu.Unlock()
	d.tell.speak()
}

// at tries one peer. No failure means that the call was answered; elsewhere,
// that it is certain that nobody rang.
func (a *attempt) at(p *peer) (failure *Failure, elsewhere bool) {
	d := a.dialog
	req := a.request(p)
	for challenged := 0; ; {
		a.keepInvite(p, req)
		select {
		case c := <-a.withdrawn:
			a.cause = &c
			return &Failure{Withdrawn: true}, false
		default:
		}
		res, err := a.transact(p, req)
		if err == nil {
			p.called(true)
		}
		switch {
		case errors.Is(err, errUnsent):
			p.called(false)
			return &Failure{Err: err}, true
		case err != nil:
			return &Failure{Err: err}, false
		case res.StatusCode/100 == 2:
			return nil, false
		case d.trunk.canAnswer(res) && challenged < maxChallenge && a.cause == nil:
			challenged++
			proved, err := d.trunk.answerChallenge(req, res)
			if err != nil {
				return failureOf(res), false
			}
			req = proved
		case res.StatusCode == statusIntervalTooSmall && minSE(res) > a.interval && a.cause == nil:
			a.interval = minSE(res)
			req = afresh(req)
			req.RemoveHeader("Session-Expires")
			req.RemoveHeader("Min-SE")
			offerTimer(req, a.interval, "")
		case res.StatusCode == sip.StatusServiceUnavailable:
			f := failureOf(res)
			p.busyFor(f.RetryAfter)
			return f, !a.ringing
		default:
			return failureOf(res), false
		}
		req.CSeq().SeqNo++
	}
}

func failureOf(res *sip.Response) *Failure {
	return &Failure{Status: res.StatusCode, Phrase: res.Reason, Cause: q850(res), RetryAfter: retryAfter(res)}
}

// request makes the INVITE for a peer, with a Call-ID of its own.
func (a *attempt) request(p *peer) *sip.Request {
	d, e := a.dialog, a.dialog.endpoint
	target := p.uri(userPart(a.invite.To))
	if d.trunk.UserPhone {
		target.UriParams.Add("user", "phone")
	}
	local := sip.Uri{Scheme: "sip", User: userPart(a.invite.From), Host: e.config.Host}
	if d.trunk.UserPhone && a.invite.From != "" {
		local.UriParams.Add("user", "phone")
	}
	d.mu.Lock()
	d.peer, d.transport, d.local, d.remote, d.target = p, p.Transport, local, *target.Clone(), target
	d.remote.Port, d.routes = 0, nil
	d.id = dialogID{call: uuid.NewString(), local: sip.GenerateTagN(16)}
	d.localSeq = 1
	req := d.requestAt(sip.INVITE, d.localSeq)
	d.mu.Unlock()
	req.From().DisplayName = quotable(a.invite.FromName)
	maxForwards := sip.MaxForwardsHeader(70)
	req.AppendHeader(&maxForwards)
	describe(req)
	offerTimer(req, a.interval, "")
	for _, h := range a.invite.Headers {
		req.AppendHeader(sip.NewHeader(h[0], h[1]))
	}
	setSDP(req, a.invite.Offer)
	e.address(req, p)
	return req
}

// errUnsent: the INVITE did not leave this process.
var errUnsent = errors.New("ua: could not be sent")

// transact sends one INVITE and sees it through to its final answer.
func (a *attempt) transact(p *peer, req *sip.Request) (*sip.Response, error) {
	d, e := a.dialog, a.dialog.endpoint
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout) // for the connection
	defer cancel()
	tx, err := e.transaction(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("%w to %s: %w", errUnsent, p, err)
	}
	var provisional bool
	var patience, limit <-chan time.Time
	withdrawn := a.withdrawn
	for {
		select {
		case res := <-tx.Responses():
			switch {
			case !whole(res):
				if !res.IsProvisional() {
					return nil, errHalf
				}
			case res.StatusCode/100 == 1:
				provisional = true
				a.progress(res)
				if a.cause != nil && limit == nil {
					limit = time.After(finalWait)
					e.spawn(func() { e.cancel(req, *a.cause) })
				}
			case res.StatusCode/100 == 2:
				a.answered(tx, req, res)
				return res, nil
			default:
				return res, nil
			}
		case c := <-withdrawn:
			a.cause, withdrawn = &c, nil
			patience = time.After(cancelWait)
			if provisional { // else it goes out with the first provisional answer (RFC 3261 9.1)
				limit = time.After(finalWait)
				e.spawn(func() { e.cancel(req, c) })
			}
		case <-patience:
			a.fail(Failure{Withdrawn: true}) // the caller has waited enough; what comes yet is let go
		case <-limit:
			tx.Terminate()
			return nil, errNoAnswer
		case <-tx.Done():
			if err := tx.Err(); err != nil {
				return nil, fmt.Errorf("%w: %w", errNoAnswer, nameless(err))
			}
			return nil, errNoAnswer
		}
		d.tell.speak()
	}
}

// progress tells of a provisional answer.
func (a *attempt) progress(res *sip.Response) {
	if res.StatusCode == sip.StatusTrying || a.cause != nil {
		return
	}
	d := a.dialog
	d.mu.Lock()
	defer d.mu.Unlock()
	if !a.ringing {
		a.ringing = true
		d.tellLocked(Watcher.Ringing)
	}
	if body := res.Body(); len(body) > 0 {
		d.tellLocked(func(w Watcher) { w.Early(body) })
	}
}
