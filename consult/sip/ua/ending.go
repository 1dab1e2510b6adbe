package ua

import (
	"net"
	"sync"
	"sync/atomic"

	"github.com/emiago/sipgo/sip"
)

// endingConn tells when it is closed, which sipgo does when it reads nothing more of
// it. sipgo has an option to end transactions then, which takes one that is just being
// made for one that is ready, and panics (ADR 0045).
type endingConn struct {
	net.Conn
	over  atomic.Bool
	ended func()
}

func (c *endingConn) Close() error {
	err := c.Conn.Close()
	if !c.over.Swap(true) {
		c.ended()
	}
	return err
}

// ending lets requests and calls end with the connection by which they go.
func (e *Endpoint) ending(conn net.Conn, transport Transport) *endingConn {
	by := way{transport, conn.RemoteAddr().String()}
	return &endingConn{Conn: conn, ended: func() {
		requests, calls := e.underway.take(by), e.incomingBy(by) // at once: others may go by a new connection already
		e.spawn(func() {                                         // beside: sipgo holds its locks
			for _, in := range calls {
				in.leave()
			}
			for _, tx := range requests {
				tx.Terminate()
			}
		})
	}}
}

// way is a connection, by its other end.
type way struct {
	transport Transport
	remote    string
}

// asked names a request as its answers do (RFC 3261 17.1.3).
type asked struct {
	branch string
	method sip.RequestMethod
}

// underway is which requests wait by each connection for a final answer that has not
// been read yet. Its zero value is ready. Safe for concurrent use.
type underway struct {
	mu       sync.Mutex
	requests map[way]map[asked]sip.ClientTransaction // nil: it is being sent
}

// expect takes note of a request before it is sent: its answer may be the last that
// comes by a connection.
func (u *underway) expect(by way, request asked) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.requests == nil {
		u.requests = map[way]map[asked]sip.ClientTransaction{}
	}
	if u.requests[by] == nil {
		u.requests[by] = map[asked]sip.ClientTransaction{}
	}
	u.requests[by][request] = nil
}

// sent takes note of the transaction of a request, unless it is answered already.
func (u *underway) sent(by way, request asked, tx sip.ClientTransaction) {
	u.mu.Lock()
	if _, waits := u.requests[by][request]; waits {
		u.requests[by][request] = tx
	}
	u.mu.Unlock()
	if !tx.OnTerminate(func(string, error) { u.remove(by, request) }) { // it is over already
		u.remove(by, request)
	}
}

// remove forgets a request, and reports whether it still waited.
func (u *underway) remove(by way, request asked) (waited bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	_, waited = u.requests[by][request]
	delete(u.requests[by], request)
	if len(u.requests[by]) == 0 {
		delete(u.requests, by)
	}
	return waited
}

// take forgets the requests that wait for a connection, but for those that are being
// sent: they may find another one.
func (u *underway) take(by way) (waited []sip.ClientTransaction) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for request, tx := range u.requests[by] {
		if tx != nil {
			waited = append(waited, tx)
			delete(u.requests[by], request)
		}
	}
	return waited
}

// came sees each message when it was read, and before anything behind it is: an answer
// that comes last by a connection is not lost with it, however long sipgo takes to hand
// it over.
func (e *Endpoint) came(m sip.Message) {
	res, ok := m.(*sip.Response)
	if !ok || res.IsProvisional() || res.Via() == nil || res.CSeq() == nil {
		return
	}
	e.underway.remove(way{transportOf(res), res.Source()}, asked{branchOf(res), res.CSeq().MethodName})
}

func branchOf(m sip.Message) string { return m.Via().Params.GetOr("branch", "") }

// incomingBy lists the calls of theirs that came by a connection and are not answered yet.
func (e *Endpoint) incomingBy(by way) (calls []*Incoming) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, in := range e.incoming {
		if (way{transportOf(in.req), in.req.Source()}) == by {
			calls = append(calls, in)
		}
	}
	return calls
}
