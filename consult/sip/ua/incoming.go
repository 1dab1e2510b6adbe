package ua

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Incoming is a call of theirs that is not answered yet.
type Incoming struct {
	// Trunk is where it came from.
	Trunk string
	// To is the user part that was called, From and FromName who calls as they
	// say; Asserted the number that the trunk vouches for (P-Asserted-Identity).
	To, From, FromName, Asserted string
	// Offer is their SDP; nil asks us to make the offer in the answer.
	Offer []byte

	endpoint *Endpoint
	req      *sip.Request
	tx       sip.ServerTransaction
	tag      string
	gone     chan struct{} // closed when they withdraw
	goneOnce sync.Once
	refused  atomic.Bool // by their CANCEL: the transaction has answered 487 itself
	mu       sync.Mutex
	decided  bool
}

// ErrWithdrawn: the caller gave up before the answer.
var ErrWithdrawn = errors.New("ua: the caller has hung up")

// ErrNoAck: the caller never acknowledged the answer.
var ErrNoAck = errors.New("ua: the answer was not acknowledged")

// ErrDecided: the call was answered or refused before.
var ErrDecided = errors.New("ua: the call is decided")

// Header is the first header of a name, empty where there is none.
func (in *Incoming) Header(name string) string {
	if h := in.req.GetHeader(name); h != nil {
		return h.Value()
	}
	return ""
}

// Withdrawn is closed when the caller gives up, or cannot be reached any more.
func (in *Incoming) Withdrawn() <-chan struct{} { return in.gone }

// leave tells whoever waits that there is no caller any more.
func (in *Incoming) leave() { in.goneOnce.Do(func() { close(in.gone) }) }

// Ring tells the caller that somebody's telephone rings.
func (in *Incoming) Ring() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.decided {
		return ErrDecided
	}
	res := in.answer(sip.StatusRinging, "Ringing")
	res.AppendHeader(in.endpoint.contact(transportOf(in.req))) // it makes an early dialog (RFC 3261 12.1.1)
	describe(res)
	return in.tx.Respond(res)
}

// Refuse ends the call with a final status of 300 or more; 503 asks to come back
// a little later.
func (in *Incoming) Refuse(status int, phrase string) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.decided {
		return ErrDecided
	}
	in.decided = true
	if in.refused.Load() { // another final status would take its place in what is repeated
		in.endpoint.metrics.invites.WithLabelValues("in", class(sip.StatusRequestTerminated)).Inc()
		return nil
	}
	in.endpoint.metrics.invites.WithLabelValues("in", class(status)).Inc()
	res := in.answer(status, phrase)
	if status == sip.StatusServiceUnavailable {
		res.AppendHeader(sip.NewHeader("Retry-After", unavailableFor))
	}
	return in.tx.Respond(res)
}

// unavailableFor is how many seconds a caller shall stay away who got 503: long
// enough to go elsewhere, and short enough for a restart.
const unavailableFor = "10"

// Answer takes the call with our SDP and waits until the caller has acknowledged
// it. acknowledged is the SDP in the ACK: their answer where the offer was ours.
func (in *Incoming) Answer(ctx context.Context, body []byte, w Watcher) (d *Dialog, acknowledged []byte, err error) {
	in.mu.Lock()
	if in.decided {
		in.mu.Unlock()
		return nil, nil, ErrDecided
	}
	select {
	case <-in.gone:
		in.decided = true
		in.mu.Unlock()
		return nil, nil, ErrWithdrawn
	default:
	}
	in.decided = true
	in.mu.Unlock()

	e, t := in.endpoint, in.endpoint.trunks[in.Trunk]
	interval, ours, _ := e.agreeTimer(t, in.req) // too small a one was refused before
	d = in.dialog(t, w)
	res := in.answer(sip.StatusOK, "OK")
	res.AppendHeader(e.contact(d.transport))
	describe(res)
	timerAnswer(res, interval, ours)
	setSDP(res, body)

	acks := d.expectAck(in.req.CSeq().SeqNo)
	e.remember(d)
	if err := in.tx.Respond(res); err != nil {
		e.forget(d)
		select {
		case <-in.gone:
			return nil, nil, ErrWithdrawn
		default:
			return nil, nil, err
		}
	}
	e.metrics.invites.WithLabelValues("in", class(sip.StatusOK)).Inc()
	acknowledged, err = d.awaitAck(ctx, acks, in.tx, res)
	if err != nil {
		d.Lose(context.WithoutCancel(ctx), err)
		return nil, nil, err
	}
	d.mu.Lock()
	d.watchLocked(interval, ours) //nolint:contextcheck // the timer outlives who answers
	d.mu.Unlock()
	return d, acknowledged, nil
}

// dialog makes the dialog that our 2xx confirms (RFC 3261 12.1.1).
func (in *Incoming) dialog(t *trunk, w Watcher) *Dialog {
	req := in.req
	d := &Dialog{
		endpoint: in.endpoint, trunk: t, watcher: w, log: in.endpoint.log, phase: up, ended: make(chan struct{}),
		id:        dialogID{call: string(*req.CallID()), local: in.tag, remote: tagOf(req.From().Params)},
		transport: transportOf(req),
		local:     *req.To().Address.Clone(), remote: *req.From().Address.Clone(),
		routes: routeSet(req, false), remoteSeq: req.CSeq().SeqNo, source: req.Source(),
	}
	d.establishedLocked(req, req.Contact())
	return d
}

// Stored describes the dialog that Answer makes, before it is made.
func (in *Incoming) Stored() Stored {
	return in.dialog(in.endpoint.trunks[in.Trunk], nil).Stored()
}

// answer makes an answer with our tag, the same in all of them.
func (in *Incoming) answer(status int, phrase string) *sip.Response {
	res := answer(in.req, status, phrase)
	to := res.To()
	to.Params.Remove("tag")
	to.Params.Add("tag", in.tag)
	return res
}

// awaitAck waits for the ACK and repeats the 2xx meanwhile, on reliable transports
// too, since another hop may not be (RFC 3261 13.3.1.4).
func (d *Dialog) awaitAck(ctx context.Context, acks <-chan []byte, tx sip.ServerTransaction, res *sip.Response) ([]byte, error) {
	limit := time.NewTimer(64 * sip.T1)
	defer limit.Stop()
	wait := sip.T1
	again := time.NewTimer(wait)
	defer again.Stop()
	for {
		select {
		case body := <-acks:
			return body, nil
		case ack := <-tx.Acks(): // of those who send it with the INVITE's own branch
			return ack.Body(), nil
		case <-again.C:
			if err := tx.Respond(res); err != nil {
				return nil, err
			}
			wait = min(2*wait, sip.T2)
			again.Reset(wait)
		case <-d.ended:
			return nil, errOver
		case <-tx.Done(): // nothing of theirs gets here any more
			return nil, ErrNoAck
		case <-limit.C:
			return nil, ErrNoAck
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
