package reserve

import (
	"context"
	"log/slog"
	"time"
)

// again is the wait before something is stored that could not be.
const again = time.Second

// Run ends reservations whose time is up, until ctx ends. It returns nil.
func (b *Book) Run(ctx context.Context) error {
	for {
		timer := time.NewTimer(b.tidy(ctx))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-b.look:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// tidy does what is due, and says when to look again.
func (b *Book) tidy(ctx context.Context) time.Duration {
	next := time.Hour
	for _, e := range b.entries() {
		next = min(next, b.tidyOne(ctx, e))
	}
	return next
}

func (b *Book) tidyOne(ctx context.Context, e *entry) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.unsaved {
		return b.saveAgain(ctx, e)
	}
	if e.r.State != Reserved {
		return time.Hour
	}
	if left := time.Until(e.expires); left > 0 {
		return left
	}
	if err := b.move(ctx, e, Expired, ""); err != nil {
		b.log.ErrorContext(ctx, "a reservation's end is not stored yet", slog.String("reservation", e.id), slog.Any("error", err))
		return again
	}
	return time.Hour
}

// saveAgain stores what the store did not take. The caller holds the entry's mutex.
func (b *Book) saveAgain(ctx context.Context, e *entry) time.Duration {
	if err := b.put(ctx, e.r); err != nil {
		return again
	}
	e.unsaved = false
	if e.r.State.Over() {
		b.forget(e)
	}
	return time.Hour
}

func (b *Book) entries() []*entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]*entry, 0, len(b.live))
	for _, e := range b.live {
		all = append(all, e)
	}
	return all
}
