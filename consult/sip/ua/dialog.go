package ua

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// dialogID names a dialog from our side (RFC 3261 12).
type dialogID struct{ call, local, remote string }

// phase is how far a dialog is.
type phase int

const (
	calling phase = iota // our INVITE is out, or theirs is not answered yet
	up
	over
)

// Dialog is a call with one other side. Safe for concurrent use.
type Dialog struct {
	endpoint *Endpoint
	trunk    *trunk
	watcher  Watcher // guarded by mu; deaf once it is over
	tell     teller
	log      *slog.Logger

	mu        sync.Mutex
	phase     phase
	ended     chan struct{} // closed when the dialog is over; made when it is up
	id        dialogID
	transport Transport
	local     sip.Uri // our address without tag
	remote    sip.Uri
	target    sip.Uri   // their Contact
	routes    []sip.Uri // as requests of ours carry them
	peer      *peer     // where an INVITE of ours went; nil for theirs
	source    string    // where their INVITE, or their answer to ours, came from
	localSeq  uint32
	remoteSeq uint32
	updates   bool        // they understand UPDATE
	offering  bool        // an offer of ours is out
	answering bool        // an offer of theirs is being answered
	withdraw  func(Cause) // of an INVITE of ours; never blocks
	session   sessionTimer
	acks      map[uint32]chan []byte // who waits for the ACK of a 2xx of ours
}

// Hangup ends the dialog or stops its ringing; the watcher hears Ended or Failed.
// Hanging up twice, or what is over, changes nothing. It returns before the
// other side has answered.
func (d *Dialog) Hangup(ctx context.Context, cause Cause) {
	d.mu.Lock()
	switch d.phase {
	case calling:
		d.withdraw(cause) // with the lock held: an answer that comes now sees it
		d.mu.Unlock()
	case up:
		done := d.endpoint.sends.begin() // before the watcher hears of the end, who may settle and close
		d.endLocked(End{Kind: EndedByUs})
		bye := d.requestLocked(sip.BYE)
		d.mu.Unlock()
		if cause.Status != 0 {
			bye.AppendHeader(sip.NewHeader("Reason", cause.header()))
		}
		d.send(ctx, bye, done)
	default:
		d.mu.Unlock()
	}
}

// send tells what is to be told, sends a request of the dialog whose answer only the
// log wants, and calls done when it has come or will not.
func (d *Dialog) send(ctx context.Context, req *sip.Request, done func()) {
	ctx = context.WithoutCancel(ctx)
	sent := d.endpoint.spawn(func() {
		defer done()
		d.tell.speak()
		_, _, err := d.request(ctx, req)
		if err != nil && req.Method == sip.BYE && !errors.Is(err, context.DeadlineExceeded) && !d.endpoint.isClosed() {
			err = d.byeAgain(ctx, req)
		}
		if err != nil {
			d.log.InfoContext(ctx, "sip: a request of a dialog was not answered", "method", req.Method, "trunk", d.trunk.Name, "error", err)
		}
	})
	if !sent {
		done()
		go d.tell.speak() // the caller may hold what the watcher needs
	}
}

// reconnectAfter is how long sipgo gets to forget a connection that has just ended.
const reconnectAfter = 100 * time.Millisecond

// byeAgain repeats a BYE whose connection ended under it: else the other side
// would hold on to the call until its own timers run out.
func (d *Dialog) byeAgain(ctx context.Context, lost *sip.Request) error {
	if err := pause(ctx, reconnectAfter); err != nil {
		return err
	}
	d.mu.Lock()
	again := d.requestLocked(sip.BYE)
	d.mu.Unlock()
	sip.CopyHeaders("Reason", lost, again)
	_, _, err := d.request(ctx, again)
	return err
}

// request sends a request of the dialog and answers one challenge, for which the
// dialog counts on. sent is the request that res answers.
func (d *Dialog) request(ctx context.Context, req *sip.Request) (sent *sip.Request, res *sip.Response, err error) {
	return d.endpoint.authenticated(ctx, d.trunk, req, func() uint32 {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.localSeq++
		return d.localSeq
	})
}

// ErrGone: the other side says that it has the dialog no more, or a proxy that the
// other side does not answer.
var ErrGone = errors.New("ua: the other side does not have the dialog")

// Ping asks by OPTIONS whether the other side still has the dialog. An error is
// [ErrGone], or means that it could not be asked or did not answer within ctx.
func (d *Dialog) Ping(ctx context.Context) error {
	d.mu.Lock()
	if d.phase != up {
		d.mu.Unlock()
		return errOver
	}
	req := d.requestLocked(sip.OPTIONS)
	d.mu.Unlock()
	req.AppendHeader(sip.NewHeader("Accept", contentSDP))
	_, res, err := d.request(ctx, req)
	if err != nil {
		return err
	}
	if res.StatusCode == sip.StatusCallTransactionDoesNotExists || res.StatusCode == sip.StatusRequestTimeout {
		return fmt.Errorf("%w: OPTIONS is answered %d", ErrGone, res.StatusCode)
	}
	return nil // whatever else they answer, they are there
}

// Lose ends a dialog whose other side is not there any more: BYE is sent in
// case it is, and the watcher hears Ended with EndedLost.
func (d *Dialog) Lose(ctx context.Context, why error) {
	d.mu.Lock()
	if d.phase != up {
		d.mu.Unlock()
		return
	}
	done := d.endpoint.sends.begin()
	d.endLocked(End{Kind: EndedLost, Err: why})
	bye := d.requestLocked(sip.BYE)
	d.mu.Unlock()
	d.send(ctx, bye, done)
}

// endLocked makes the dialog over. The caller holds mu, which orders what is told;
// when it is given back, send or speak does the telling.
func (d *Dialog) endLocked(end End) {
	d.phase = over
	close(d.ended)
	d.session.stop()
	d.endpoint.forget(d)
	d.tellLastLocked(func(w Watcher) { w.Ended(end) })
}

// requestLocked makes a request of the dialog (RFC 3261 12.2.1.1). The caller holds mu.
func (d *Dialog) requestLocked(method sip.RequestMethod) *sip.Request {
	if method != sip.ACK && method != sip.CANCEL {
		d.localSeq++
	}
	return d.requestAt(method, d.localSeq)
}

func (d *Dialog) requestAt(method sip.RequestMethod, seq uint32) *sip.Request {
	recipient, routes, next := d.target, d.routes, d.target
	if len(routes) > 0 {
		next = routes[0]
		if !next.UriParams.Has("lr") {
			// A strict router of RFC 2543: it is addressed itself, the target comes last.
			recipient, routes = next, append(slices.Clone(routes[1:]), d.target)
		}
	}
	req := sip.NewRequest(method, *recipient.Clone())
	from := &sip.FromHeader{Address: d.local}
	from.Params.Add("tag", d.id.local)
	to := &sip.ToHeader{Address: d.remote}
	if d.id.remote != "" {
		to.Params.Add("tag", d.id.remote)
	}
	callID := sip.CallIDHeader(d.id.call)
	req.AppendHeader(from)
	req.AppendHeader(to)
	req.AppendHeader(&callID)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: seq, MethodName: method})
	for _, r := range routes {
		req.AppendHeader(&sip.RouteHeader{Address: r})
	}
	if method != sip.BYE && method != sip.ACK {
		req.AppendHeader(d.endpoint.contact(d.transport))
	}
	req.SetTransport(strings.ToUpper(string(d.transport)))
	req.SetDestination(d.hop(next))
	d.endpoint.from(req, d.transport)
	return req
}

// hop is where a request to an address goes: over the connection by which the
// dialog was made, if it still is there and leads to whom it is for. They may
// have opened it, and there is no other way back; or they name themselves by an
// address that their certificate does not have.
func (d *Dialog) hop(next sip.Uri) string {
	otherwise := hostPort(next.Host, portOf(next, d.transport))
	if d.transport == UDP || d.source == "" {
		return otherwise
	}
	theirs := d.peer == nil && len(d.routes) == 0
	if at, _, err := net.SplitHostPort(d.source); !theirs && (err != nil || at != next.Host) {
		return otherwise
	}
	conn, err := d.endpoint.agent.TransportLayer().GetConnection(string(d.transport), d.source)
	if err != nil {
		return otherwise
	}
	_, _ = conn.TryClose() // gives back what GetConnection took
	return d.source
}

func portOf(uri sip.Uri, transport Transport) int {
	return Peer{Transport: transport, Port: uri.Port}.port()
}

// establishedLocked takes what their answer or request says of the dialog.
func (d *Dialog) establishedLocked(m sip.Message, contact *sip.ContactHeader) {
	if contact != nil {
		d.target = *contact.Address.Clone()
	}
	d.updates = slicesContainsFold(tags(m, "Allow"), "UPDATE")
}

func slicesContainsFold(all []string, want string) bool {
	for _, s := range all {
		if strings.EqualFold(s, want) {
			return true
		}
	}
	return false
}

// remember makes a dialog findable for requests.
func (e *Endpoint) remember(d *Dialog) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.dialogs[d.id] = d
}

func (e *Endpoint) forget(d *Dialog) {
	e.ended.add(d.id)
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.dialogs, d.id)
}

// idOf names the dialog that a request of theirs is for.
func idOf(req *sip.Request) dialogID {
	return dialogID{call: string(*req.CallID()), local: tagOf(req.To().Params), remote: tagOf(req.From().Params)}
}

// find returns the dialog that a request of theirs belongs to.
func (e *Endpoint) find(req *sip.Request) (*Dialog, bool) {
	id := idOf(req)
	e.mu.Lock()
	defer e.mu.Unlock()
	d, ok := e.dialogs[id]
	return d, ok
}

func (d *Dialog) stopTimers() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.session.stop()
}

// pause waits, or says that ctx is done.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
