package ua

import (
	"context"

	"github.com/emiago/sipgo/sip"
)

// answered lets the dialog of a 2xx be kept, makes it and acknowledges the answer,
// or lets it go when nobody wants it any more.
func (a *attempt) answered(tx sip.ClientTransaction, req *sip.Request, res *sip.Response) {
	d, e := a.dialog, a.dialog.endpoint
	d.mu.Lock()
	d.takeLocked(req, res)
	d.source = res.Source()
	stored := d.storedLocked()
	ack := d.requestAt(sip.ACK, req.CSeq().SeqNo)
	d.mu.Unlock()
	// A further 2xx is the same again or a second branch's: the one wants its ACK, the
	// other to be let go. Which it is can be told from now on; one that came before is
	// repeated until it is acknowledged.
	tx.OnRetransmission(func(res *sip.Response) { e.spawn(func() { a.again(req, res) }) })
	if a.invite.Keep != nil {
		a.invite.Keep(stored)
	}
	d.mu.Lock()
	a.kept, a.invite = true, Invite{} // the transaction keeps a for half a minute
	wanted := a.wantedLocked()
	var bye *sip.Request
	if wanted { // before the ACK, on whose heels their BYE may follow
		a.confirmLocked(res)
	} else {
		bye = d.requestLocked(sip.BYE)
		e.ended.add(d.id)
	}
	d.mu.Unlock()
	e.ack(context.Background(), ack, req) // without the lock: their Contact may be slow to look up or to connect to
	if !wanted {
		d.send(context.Background(), bye, e.sends.begin())
		a.fail(Failure{Status: res.StatusCode, Phrase: res.Reason})
		return
	}
	e.metrics.invites.WithLabelValues("out", class(res.StatusCode)).Inc()
	d.tell.speak()
}

// wantedLocked reports whether nobody has hung up before the answer. The caller
// holds the dialog's mu.
func (a *attempt) wantedLocked() bool {
	if a.cause == nil {
		select {
		case c := <-a.withdrawn:
			a.cause = &c
		default:
		}
	}
	return a.cause == nil
}

// confirmLocked makes the dialog one that is up. The caller holds its mu.
func (a *attempt) confirmLocked(res *sip.Response) {
	d := a.dialog
	d.phase, d.ended = up, make(chan struct{})
	a.told = true
	d.endpoint.remember(d)
	interval, refresher := sessionExpires(res)
	d.watchLocked(interval, refresher != "uas")
	if !a.ringing { // nothing provisional came, or it came later than the answer
		d.tellLocked(Watcher.Ringing)
	}
	body := res.Body()
	d.tellLocked(func(w Watcher) { w.Answered(body) })
}

// takeLocked makes the dialog that a 2xx describes (RFC 3261 12.1.2).
func (d *Dialog) takeLocked(req *sip.Request, res *sip.Response) {
	d.id.remote = tagOf(res.To().Params)
	d.localSeq = req.CSeq().SeqNo
	d.routes = routeSet(res, true)
	d.establishedLocked(res, res.Contact())
}

// again handles a further 2xx to an INVITE that was answered.
func (a *attempt) again(req *sip.Request, res *sip.Response) {
	if res.StatusCode/100 != 2 || !whole(res) {
		return
	}
	d := a.dialog
	d.mu.Lock()
	if tagOf(res.To().Params) == d.id.remote {
		ack, kept := d.requestAt(sip.ACK, req.CSeq().SeqNo), a.kept
		d.mu.Unlock()
		if kept { // else answered acknowledges it in a moment
			d.endpoint.ack(context.Background(), ack, req)
		}
		return
	}
	other := &Dialog{
		endpoint: d.endpoint, trunk: d.trunk, log: d.log, transport: d.transport, source: d.source,
		local: d.local, remote: d.remote, target: d.target, id: d.id,
	}
	d.mu.Unlock()
	other.letGo(req, res)
}

// letGo acknowledges an answer that nobody wants and ends it.
func (d *Dialog) letGo(req *sip.Request, res *sip.Response) {
	e := d.endpoint
	done := e.sends.begin()
	d.takeLocked(req, res)
	if e.deps.KeepUnwanted != nil {
		forget, sent := e.deps.KeepUnwanted(d.storedLocked()), done
		done = func() {
			forget()
			sent()
		}
	}
	e.ack(context.Background(), d.requestAt(sip.ACK, req.CSeq().SeqNo), req)
	d.send(context.Background(), d.requestLocked(sip.BYE), done)
}

// ack sends an ACK to a 2xx: a request outside any transaction. It is owed even
// when ctx is done.
func (e *Endpoint) ack(ctx context.Context, ack, invite *sip.Request) {
	for _, name := range []string{"Authorization", "Proxy-Authorization"} { // RFC 3261 22.1
		if h := invite.GetHeader(name); h != nil {
			ack.AppendHeader(sip.NewHeader(name, h.Value()))
		}
	}
	if e.isClosed() {
		return
	}
	if err := e.write(ctx, ack); err != nil {
		e.log.WarnContext(ctx, "sip: an answer could not be acknowledged", "error", nameless(err))
	}
}

// write sends a request that nobody answers, even when ctx is done.
func (e *Endpoint) write(ctx context.Context, req *sip.Request) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout) // for the connection
	defer cancel()
	if err := e.connect(ctx, req); err != nil {
		return err
	}
	err := e.client.WriteRequest(req)
	if e.forgetEnded(req, err) {
		return e.client.WriteRequest(req)
	}
	return err
}
