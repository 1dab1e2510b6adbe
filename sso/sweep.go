package sso

import (
	"context"
	"log/slog"
	"time"
)

// sweepEvery is how long what has ended may stay in the store. Nothing depends
// on it: limits are checked at every use.
const sweepEvery = 10 * time.Minute

// Run removes sessions and transactions that have ended, at start and then
// regularly, until ctx ends. It returns nil.
func (s *SignIn) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.deps.Sessions.DeleteExpired(ctx, s.deps.now()); err != nil && ctx.Err() == nil {
			s.deps.Logger.WarnContext(ctx, "ended sessions not removed", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
