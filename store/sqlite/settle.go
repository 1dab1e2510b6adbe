package sqlite

import (
	"context"
	"errors"
)

// sorted is a write, or an urgent one, to tables that hold every step. Nobody
// waits long for it: all but the latest steps are swept before it begins.
func (w *writer) sorted(write writing) writing {
	return func(ctx context.Context, do func(t *tx) (refused, err error)) error {
		if err := w.settle(ctx); err != nil && !errors.Is(err, ErrFull) { // a full disk is write's to judge
			return err
		}
		return write(ctx, func(t *tx) (refused, err error) {
			if err := t.sort(); err != nil {
				return nil, err
			}
			return do(t)
		})
	}
}

// settle has what arrived swept, a portion with each commit, until little is
// left. A second sweep takes what came during the first.
func (w *writer) settle(ctx context.Context) error {
	for range 2 {
		if len(w.recent.Load().steps) <= 10*w.pace.portion {
			return nil
		}
		if err := w.sweepOnce(ctx); err != nil {
			return err
		}
	}
	return nil
}

// sweepOnce waits for the end of the sweep that is under way, or of a new one.
func (w *writer) sweepOnce(ctx context.Context) error {
	over := false
	for begun := false; !over; begun = true {
		err := w.write(ctx, func(t *tx) (refused, err error) {
			switch {
			case t.sweep.upTo > 0:
				over = t.sweep.swept
			case begun: // another commit ended it
				over = true
			default:
				t.sweep = newSweep(t.arrived, t.last, t.known)
			}
			return nil, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
