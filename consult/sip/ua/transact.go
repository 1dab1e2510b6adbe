package ua

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// requestTimeout bounds a request that is not an INVITE: sipgo's timer F is 32 s,
// too long for somebody who waits.
const requestTimeout = 8 * time.Second

// errHalf is an answer without the headers by which it can be used.
var errHalf = errors.New("ua: an answer lacks headers that every answer has")

// do sends a request and waits for its final answer.
func (e *Endpoint) do(ctx context.Context, req *sip.Request) (*sip.Response, error) {
	if req.Method != sip.INVITE { // whose answer somebody may have to think about
		bounded, cancel := context.WithTimeout(ctx, requestTimeout)
		defer cancel()
		ctx = bounded
	}
	tx, err := e.transaction(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", req.Method, err)
	}
	defer tx.Terminate()
	for {
		select {
		case res := <-tx.Responses():
			switch {
			case res.IsProvisional():
			case !whole(res):
				return nil, fmt.Errorf("%s: %w", req.Method, errHalf)
			default:
				return res, nil
			}
		case <-tx.Done():
			return nil, fmt.Errorf("%s: %w", req.Method, errors.Join(errNoAnswer, nameless(tx.Err())))
		case <-ctx.Done():
			return nil, fmt.Errorf("%s: %w", req.Method, ctx.Err())
		}
	}
}

// whole reports whether an answer has what every answer has (RFC 3261 8.2.6.2).
func whole(res *sip.Response) bool {
	return res.To() != nil && res.From() != nil && res.CallID() != nil && res.CSeq() != nil
}

// nameless keeps sipgo's errors from telling whom a request was for: some quote
// its first line.
func nameless(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op
	}
	for _, known := range []error{sip.ErrTransactionTransport, sip.ErrTransactionTimeout} {
		if errors.Is(err, known) {
			return known
		}
	}
	return err
}

const (
	// maxDatagram is what a request over UDP may have at most (RFC 3261 18.1.1): a
	// larger one goes by TCP.
	maxDatagram = 1300
	// viaRoom is what the Via header adds, where sipgo writes it when it sends.
	viaRoom = 160
	// largeLimit bounds the wait for a TCP connection that a large request asks for.
	largeLimit = 2 * time.Second
)

// tame sets what sipgo has for all of a process. It knows one limit of datagrams
// for requests and answers: an answer has to leave the way its request came, and
// for requests [Endpoint.transaction] keeps the rule. Beside the logger that it is
// given it has one for the references to its connections, which counts one too
// few for those that it closes itself, and warns.
var tame = sync.OnceFunc(func() {
	sip.UDPMTUSize = 1 << 16
	sip.SetDefaultLogger(slog.New(slog.DiscardHandler))
})

// transaction sends a request. One that is too large for a datagram goes by TCP,
// and only if nobody listens there by UDP after all.
func (e *Endpoint) transaction(ctx context.Context, req *sip.Request) (sip.ClientTransaction, error) {
	if e.isClosed() {
		return nil, ErrClosed
	}
	if err := e.connect(ctx, req); err != nil {
		return nil, err
	}
	if large(req) {
		e.reroute(req, TCP)
		local := req.Laddr
		req.Laddr = sip.Addr{}
		bounded, cancel := context.WithTimeout(ctx, largeLimit)
		tx, err := e.connectAndBegin(bounded, req)
		cancel()
		if err == nil {
			return tx, nil
		}
		e.log.InfoContext(ctx, "sip: a large request cannot go by TCP, it goes in fragments", "method", req.Method, "error", nameless(err))
		e.reroute(req, UDP)
		req.Laddr = local
	}
	tx, err := e.begin(ctx, req)
	if err != nil {
		return nil, nameless(err)
	}
	return tx, nil
}

func (e *Endpoint) connectAndBegin(ctx context.Context, req *sip.Request) (sip.ClientTransaction, error) {
	if err := e.connect(ctx, req); err != nil {
		return nil, err
	}
	return e.begin(ctx, req)
}

// begin gives a request to sipgo; it ends when its connection does.
func (e *Endpoint) begin(ctx context.Context, req *sip.Request) (sip.ClientTransaction, error) {
	if !sip.IsReliable(req.Transport()) {
		return e.client.TransactionRequest(ctx, req)
	}
	if req.Via() == nil { // whose branch names it
		req.PrependHeader(e.via(transportOf(req), sip.GenerateBranchN(16)))
	}
	by, request := way{transportOf(req), req.Destination()}, asked{branchOf(req), req.Method}
	e.underway.expect(by, request)
	tx, err := e.client.TransactionRequest(ctx, req)
	if e.forgetEnded(req, err) {
		tx, err = e.client.TransactionRequest(ctx, req)
	}
	if err != nil {
		e.underway.remove(by, request)
		return nil, err
	}
	e.underway.sent(by, request, tx)
	if there, _ := e.leadsTo(by, identity{}); !there && e.underway.remove(by, request) { // it ended before that was noted
		tx.Terminate()
	}
	return tx, nil
}

// forgetEnded reports whether a request is to be sent again, since its connection had
// ended before anything was written. One that ends in the moment in which sipgo opens
// it stays among sipgo's connections, and nothing would get to its address any more.
func (e *Endpoint) forgetEnded(req *sip.Request, err error) bool {
	if !errors.Is(err, net.ErrClosed) || !sip.IsReliable(req.Transport()) || e.isClosed() {
		return false
	}
	pool := e.agent.TransportLayer().Pool(req.Transport())
	if ended := pool.Get(req.Destination()); ended != nil {
		for _, at := range []string{ended.LocalAddr().String(), req.Destination()} {
			_ = pool.CloseAndDelete(ended, at) // it is closed
		}
	}
	return true
}

// large reports whether a request does not fit into a datagram.
func large(req *sip.Request) bool {
	size := len(req.String())
	if req.Via() == nil {
		size += viaRoom
	}
	return req.Transport() == sip.NetworkToUpper(string(UDP)) && size > maxDatagram
}

// reroute sends a request by another transport. A branch that was chosen stays: to
// whom it comes both ways, it is the same request.
func (e *Endpoint) reroute(req *sip.Request, transport Transport) {
	req.SetTransport(sip.NetworkToUpper(string(transport)))
	if req.Via() != nil {
		branch := branchOf(req)
		req.RemoveHeader("Via")
		req.PrependHeader(e.via(transport, branch))
	}
}
