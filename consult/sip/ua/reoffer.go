package ua

import (
	"context"
	"fmt"
)

// Reoffer sends a re-INVITE with the offer that the watcher gives when it is
// asked without one, and tells the watcher the answer. A refusal is an error,
// and what was agreed before goes on.
func (d *Dialog) Reoffer(ctx context.Context) error {
	res, err := d.reinvite(ctx, 0)
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("ua: the offer was not taken: %d %s", res.StatusCode, res.Reason)
	}
	return nil
}
