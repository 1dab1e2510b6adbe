package ua

import (
	"net"
	"sync"
	"sync/atomic"
	"time"

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
	way := way{transport, conn.RemoteAddr().String()}
	return &endingConn{Conn: conn, ended: func() {
		e.spawn(func() { e.wayEnded(way) }) // beside: sipgo holds its locks
	}}
}

// way is a connection, by its other end.
type way struct {
	transport Transport
	remote    string
}

// underway is which requests wait for their answers by each connection. Its zero
// value is ready. Safe for concurrent use.
type underway struct {
	mu       sync.Mutex
	requests map[way]map[sip.ClientTransaction]struct{}
}

// add takes note of a request until its transaction is over.
func (u *underway) add(by way, tx sip.ClientTransaction) {
	u.mu.Lock()
	if u.requests == nil {
		u.requests = map[way]map[sip.ClientTransaction]struct{}{}
	}
	if u.requests[by] == nil {
		u.requests[by] = map[sip.ClientTransaction]struct{}{}
	}
	u.requests[by][tx] = struct{}{}
	u.mu.Unlock()
	if !tx.OnTerminate(func(string, error) { u.remove(by, tx) }) { // it is over already
		u.remove(by, tx)
	}
}

func (u *underway) remove(by way, tx sip.ClientTransaction) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.requests[by], tx)
	if len(u.requests[by]) == 0 {
		delete(u.requests, by)
	}
}

func (u *underway) by(w way) (all []sip.ClientTransaction) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for tx := range u.requests[w] {
		all = append(all, tx)
	}
	return all
}

// wayEnded ends what waits for a connection that is over: requests of ours, and calls
// of theirs that are not answered yet.
func (e *Endpoint) wayEnded(by way) {
	var gone []*Incoming
	e.mu.Lock()
	for _, in := range e.incoming {
		if (way{transportOf(in.req), in.req.Source()}) == by {
			gone = append(gone, in)
		}
	}
	e.mu.Unlock()
	for _, in := range gone {
		in.leave()
	}
	giveUp(e.underway.by(by))
}

// readAtLast is how long what came last by a connection may take to be told.
const readAtLast = 100 * time.Millisecond

// giveUp ends requests whose connection is over, behind an answer that it still brought.
func giveUp(requests []sip.ClientTransaction) {
	if len(requests) == 0 {
		return
	}
	time.Sleep(readAtLast)
	for _, tx := range requests {
		_ = tx.Err() // waits while an answer is handed over
		tx.Terminate()
	}
}
