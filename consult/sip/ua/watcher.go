package ua

import (
	"errors"
	"fmt"
	"time"
)

// Watcher hears what happens to one dialog. The calls come one after another,
// in the order in which things happened, and must not block: they hold up the
// dialog, not the endpoint.
type Watcher interface {
	// Ringing is told once, at the first 180 or 183 of an INVITE of ours, in any
	// case before Answered.
	Ringing()
	// Early is told of each provisional answer with a body: early media.
	Early(answer []byte)
	// Answered: the INVITE of ours was accepted and acknowledged. The dialog is up.
	Answered(answer []byte)
	// Failed: the INVITE of ours was not accepted. Nothing follows.
	Failed(Failure)
	// Offered asks for the answer to an offer that came in the dialog, or, without
	// one, for an offer of ours: what is true now, said again. A refusal is an
	// error; [ErrNotAcceptable] answers 488, others 500. It is asked when what happened
	// before has been told; what is told next does not wait for its answer.
	Offered(offer []byte) (answer []byte, err error)
	// Settled is told of the answer to an offer that Offered made.
	Settled(answer []byte)
	// Ended: the dialog that was up is over. Nothing follows.
	Ended(End)
}

// deaf is the watcher of a dialog that is over. Transactions keep a dialog for half
// a minute after its end, and would keep all that belongs to a call with it.
type deaf struct{}

func (deaf) Ringing()        {}
func (deaf) Early([]byte)    {}
func (deaf) Answered([]byte) {}
func (deaf) Failed(Failure)  {}
func (deaf) Settled([]byte)  {}
func (deaf) Ended(End)       {}

func (deaf) Offered([]byte) ([]byte, error) { return nil, errOver }

// tellLocked queues what the watcher is told. The caller holds mu.
func (d *Dialog) tellLocked(f func(Watcher)) {
	w := d.watcher
	d.tell.add(func() { f(w) })
}

// tellLastLocked queues the last that the watcher is told. The caller holds mu.
func (d *Dialog) tellLastLocked(f func(Watcher)) {
	d.tellLocked(f)
	d.watcher = deaf{}
}

// ask lets the watcher answer an offer, or make one, when it has heard what happened
// before: an offer may come on the heels of the ACK of the answer that is being told.
func (d *Dialog) ask(offer []byte) ([]byte, error) {
	heard := make(chan struct{})
	d.mu.Lock()
	d.tell.add(func() { close(heard) })
	d.mu.Unlock()
	d.tell.speak()
	<-heard
	return d.listener().Offered(offer)
}

func (d *Dialog) listener() Watcher {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.watcher
}

// ErrNotAcceptable refuses an offer with which no media is possible.
var ErrNotAcceptable = errors.New("ua: offer not acceptable")

// Failure says why an INVITE of ours came to nothing.
type Failure struct {
	Status    int    // the final answer's; 0 when there was none
	Phrase    string // the answer's own words, for logs
	Cause     int    // Q.850 cause of the answer's Reason header; 0 when it has none
	Withdrawn bool   // we hung up before an answer came
	// RetryAfter is what a 503 asked for.
	RetryAfter time.Duration
	Err        error // set when there was no answer
}

// Error makes a failure an error for logs.
func (f Failure) Error() string {
	switch {
	case f.Withdrawn:
		return "withdrawn"
	case f.Err != nil:
		return f.Err.Error()
	default:
		return fmt.Sprintf("%d %s", f.Status, f.Phrase)
	}
}

// EndKind is how a dialog that was up ended.
type EndKind string

// The ways to end.
const (
	// EndedByThem: the other side sent BYE.
	EndedByThem EndKind = "by-them"
	// EndedByUs: we hung up.
	EndedByUs EndKind = "by-us"
	// EndedLost: nobody hung up, the other side is not there any more.
	EndedLost EndKind = "lost"
)

// End is the end of a dialog that was up.
type End struct {
	Kind EndKind
	Err  error // of EndedLost: how that was noticed
}

// Cause is why we end something, told to the other side in a Reason header (RFC 3326).
type Cause struct {
	Status int    // SIP cause; 0 sends no Reason header
	Text   string // ASCII, in quotes
}

// ElsewhereCause withdraws a ring so that nobody finds a missed call.
var ElsewhereCause = Cause{Status: 200, Text: "Call completed elsewhere"}

func (c Cause) header() string {
	if c.Text == "" {
		return fmt.Sprintf("SIP;cause=%d", c.Status)
	}
	return fmt.Sprintf("SIP;cause=%d;text=%q", c.Status, c.Text)
}
