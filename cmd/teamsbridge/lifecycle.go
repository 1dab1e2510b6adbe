package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"
)

// httpTimeout is how long requests may take to end once calls are drained. It
// is longer than the six seconds at most for which net/http waits for the first
// request of a connection that was opened ahead of it, as browsers do.
const httpTimeout = 10 * time.Second

func (a *app) atEnd(name string, run func() error) {
	a.cleanups = append(a.cleanups, cleanup{name: name, run: run})
}

func (a *app) inBackground(name string, run func(context.Context) error) {
	a.background = append(a.background, task{name: name, run: run})
}

// errorLog is where net/http complains about its clients.
func (a *app) errorLog() *log.Logger { return slog.NewLogLogger(a.logger.Handler(), slog.LevelDebug) }

func (a *app) serve(name string, listener net.Listener, server *http.Server) {
	a.servers = append(a.servers, server)
	a.inBackground(name+" listener", func(context.Context) error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
}

// Start runs everything and returns at once.
func (a *app) Start() {
	for _, t := range a.background {
		a.running.Go(func() {
			err := t.run(a.ctx)
			if a.ctx.Err() != nil || err == nil || errors.Is(err, context.Canceled) {
				return
			}
			select {
			case a.failed <- fmt.Errorf("%s: %w", t.name, err):
			default: // one failure is enough to stop for
			}
		})
	}
}

// Stop ends the service without dropping a command that is under way:
// no new calls are taken and those whose audio this process carries come to
// their end, readiness answers 503, new consults are refused, what is pending gets until
// the drain timeout (or until skip is closed), then requests end, then
// everything behind them, last made first. That ctx has ended is why one stops,
// and shortens nothing.
func (a *app) Stop(ctx context.Context, skip <-chan struct{}) error {
	ctx = context.WithoutCancel(ctx)
	a.drainCalls(ctx, skip)
	drainCtx, cancel := context.WithTimeout(ctx, a.cfg.DrainTimeout)
	defer cancel()
	go func() {
		select {
		case <-skip:
			cancel()
		case <-drainCtx.Done():
		}
	}()
	a.web.Drain(drainCtx)
	if err := a.engine.Drain(drainCtx); err != nil {
		a.logger.WarnContext(ctx, "stopped before every command had ended", "error", err)
	}

	problems := shutDown(ctx, a.servers)
	a.cancel()
	a.running.Wait()
	return errors.Join(append(problems, a.cleanUp())...)
}

// shutDown lets requests end.
func shutDown(ctx context.Context, servers []*http.Server) (problems []error) {
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	for _, server := range servers {
		if err := server.Shutdown(ctx); err != nil {
			problems = append(problems, fmt.Errorf("stop listener: %w", err), server.Close())
		}
	}
	return problems
}

func (a *app) cleanUp() error {
	var problems []error
	for _, c := range slices.Backward(a.cleanups) {
		if err := c.run(); err != nil && !errors.Is(err, net.ErrClosed) {
			problems = append(problems, fmt.Errorf("close %s: %w", c.name, err))
		}
	}
	return errors.Join(problems...)
}
