package audit

import (
	"context"
	"time"
)

// page is how many lines are read at once.
const page = 500

// Range is which lines of a chain are read; the zero Range is all of them.
type Range struct {
	After, Before uint64    // only lines between these sequence numbers; 0: no bound
	From, To      time.Time // both included; the zero time: no bound
}

// has reports whether a line's time is in the range.
func (r Range) has(l Line) bool {
	at := l.At()
	return !at.Before(r.From) && (r.To.IsZero() || !at.After(r.To))
}

// Each reads a chain's lines from a time to another, both included, in order;
// the zero times mean the beginning and the end. It ends with fn's error.
func Each(ctx context.Context, s Lines, tenant string, from, to time.Time, fn func(Line) error) error {
	return Forwards(ctx, s, tenant, Range{From: from, To: to}, fn)
}

// Forwards reads a chain's lines in order. It ends with fn's error.
func Forwards(ctx context.Context, s Lines, tenant string, r Range, fn func(Line) error) error {
	for after := r.After; ; {
		lines, err := s.AuditLines(ctx, tenant, after, page)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if r.Before > 0 && l.Sequence >= r.Before {
				return nil
			}
			after = l.Sequence
			if !r.has(l) {
				continue
			}
			if err := fn(l); err != nil {
				return err
			}
		}
		if len(lines) < page {
			return nil
		}
	}
}

// Backwards reads a chain's lines, the last one first. It ends with fn's error.
//
// Steps of the journal may come a little late, so that one line from before the
// range says nothing of those before it; a whole page of them does. Else a look
// at today would read the chain to its beginning.
func Backwards(ctx context.Context, s Lines, tenant string, r Range, fn func(Line) error) error {
	for before := r.Before; ; {
		lines, err := s.AuditLinesBefore(ctx, tenant, before, page)
		if err != nil {
			return err
		}
		old := 0
		for _, l := range lines {
			if l.Sequence <= r.After {
				return nil
			}
			before = l.Sequence
			if !r.has(l) {
				if l.At().Before(r.From) {
					old++
				}
				continue
			}
			if err := fn(l); err != nil {
				return err
			}
		}
		if len(lines) < page || old == page {
			return nil
		}
	}
}
