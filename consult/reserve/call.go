package reserve

import (
	"context"
	"log/slog"
	"time"

	"teamsbridge/audit"
	"teamsbridge/consult"
)

// Call is the call that a reservation waited for. The telephone side says what
// becomes of it.
type Call struct {
	Reservation
	book  *Book
	entry *entry
}

// Claim gives the reservation of a call that came in for a number of the pool;
// code is what was entered, empty where none is asked. From now on the
// reservation is used, and that is stored. [ErrNone], [ErrTries],
// consult.ErrStorage.
func (b *Book) Claim(ctx context.Context, number, code string) (*Call, error) {
	now := time.Now()
	if code != "" && b.wrong.TokensAt(now) < 1 {
		return nil, ErrTries
	}
	e := b.waiting(number, code, now)
	if e == nil {
		if code != "" {
			b.wrong.AllowN(now, 1)
			b.metrics.wrong.Inc()
		}
		return nil, ErrNone
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.r.State != Reserved { // another call was faster
		return nil, ErrNone
	}
	if err := b.move(ctx, e, Ringing, ""); err != nil {
		return nil, err
	}
	return &Call{Reservation: e.r, book: b, entry: e}, nil
}

// Withdrawn is closed when the maker withdraws the reservation.
func (c *Call) Withdrawn() <-chan struct{} { return c.entry.withdrawn }

// Connected says that the target has accepted; [ErrWithdrawn] where the maker did
// not want it any more.
func (c *Call) Connected(ctx context.Context) error {
	c.entry.mu.Lock()
	defer c.entry.mu.Unlock()
	if c.entry.r.State != Ringing {
		return ErrWithdrawn
	}
	c.book.happened(ctx, c.entry, Connected, "")
	return nil
}

// Over says that the call has ended, or why it did not come about. Later words
// about it change nothing.
func (c *Call) Over(ctx context.Context, reason consult.FailureReason) {
	c.entry.mu.Lock()
	defer c.entry.mu.Unlock()
	state := Ended
	if reason != "" {
		state = Failed
	}
	if !c.entry.r.State.Over() {
		c.book.happened(ctx, c.entry, state, reason)
	}
}

// storeLimit bounds how long a store that does not answer holds up a call.
const storeLimit = 2 * time.Second

// step is the reservation in another state; whatever comes, its code was used.
func (e *entry) step(state State, reason consult.FailureReason) Reservation {
	next := e.r
	next.State, next.Reason, next.Since, next.Code = state, reason, time.Now().UTC(), ""
	return next
}

// move stores a new state of an entry and then makes it true. The caller holds
// the entry's mutex.
func (b *Book) move(ctx context.Context, e *entry, state State, reason consult.FailureReason) error {
	next := e.step(state, reason)
	if err := b.put(ctx, next); err != nil {
		return err
	}
	b.moved(e, next)
	return nil
}

// happened is move for what telephones have done: it is true whatever the store
// says, and stored again until it is. The caller holds the entry's mutex.
func (b *Book) happened(ctx context.Context, e *entry, state State, reason consult.FailureReason) {
	next := e.step(state, reason)
	err := b.put(ctx, next)
	e.unsaved = err != nil
	b.moved(e, next)
	if err != nil {
		b.log.ErrorContext(ctx, "a reservation's state is not stored yet", slog.String("reservation", e.id), slog.Any("error", err))
		b.wake()
	}
}

func (b *Book) put(ctx context.Context, r Reservation) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeLimit)
	defer cancel()
	if err := b.deps.Store.PutReservation(ctx, r); err != nil {
		return storageError(err)
	}
	return nil
}

// moved makes a state true that is stored, or will be.
func (b *Book) moved(e *entry, next Reservation) {
	before := e.r.State
	e.r = next
	b.mu.Lock()
	e.waits = false
	if e.holds && next.State != Ringing {
		e.holds = false
		b.freed[e.dial] = next.Since
	}
	if next.State.Over() && !e.unsaved {
		delete(b.live, e.id)
	}
	b.mu.Unlock()
	b.metrics.moved(before, next.State, string(next.Reason))
	switch {
	case next.State == Connected:
		b.audit(next, audit.Event{Action: "reservation-connected", Outcome: audit.Done})
	case next.State == Failed:
		b.audit(next, audit.Event{Action: "reservation-failed", Outcome: audit.Failed, Reason: string(next.Reason)})
	case next.State.Over():
		b.audit(next, audit.Event{Action: "reservation-" + string(next.State), Outcome: audit.Done})
	}
}
