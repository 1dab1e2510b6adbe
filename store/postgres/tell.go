package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"teamsbridge/consult"
)

const (
	// tellEvery is how far apart tellings are at least: what is committed in
	// between shares the next one.
	tellEvery = 5 * time.Millisecond
	// mostNamed is how many interactions a telling names at most; beyond them it
	// says to look everywhere.
	mostNamed = 1000
)

// teller says, after the commit, which interactions have moved on. Nobody waits
// for it. What it had no time to say when its process ended, the next one that
// opens the database makes up for.
type teller struct {
	notify   func(ctx context.Context, payloads []string) error
	patience time.Duration // that a telling has
	logger   *slog.Logger

	mu   sync.Mutex
	news news
	wake chan struct{} // holds one when there may be news

	stop    context.CancelFunc
	stopped chan struct{} // closed when the last word is said
}

func newTeller(notify func(ctx context.Context, payloads []string) error, patience time.Duration, logger *slog.Logger) *teller {
	ctx, stop := context.WithCancel(context.Background())
	t := &teller{notify: notify, patience: patience, logger: logger, wake: make(chan struct{}, 1), stop: stop, stopped: make(chan struct{})}
	go t.run(ctx)
	return t
}

// close says what is left to say.
func (t *teller) close() {
	t.stop()
	<-t.stopped
}

// add is for a step that is on disk.
func (t *teller) add(tenant string, id consult.InteractionID, version uint64) {
	t.change(func(n *news) { n.add(tenant, id, version) })
}

// everywhere is for when it is not known what has moved on.
func (t *teller) everywhere() {
	t.change(func(n *news) { *n = news{everywhere: true} })
}

func (t *teller) change(do func(*news)) {
	t.mu.Lock()
	do(&t.news)
	t.mu.Unlock()
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

func (t *teller) run(ctx context.Context) {
	defer close(t.stopped)
	unhurried := context.WithoutCancel(ctx) // what is begun is said, the last word too
	pause := tellEvery
	for ctx.Err() == nil {
		select {
		case <-t.wake:
			pause = t.judge(unhurried, pause, t.tell(unhurried))
			await(ctx, pause)
		case <-ctx.Done():
		}
	}
	if err := t.tell(unhurried); err != nil {
		t.logger.WarnContext(unhurried, "database's followers not told of the last steps", slog.Any("error", err))
	}
}

// judge logs where failing begins and ends, and says how long to wait after the
// last pause.
func (t *teller) judge(ctx context.Context, pause time.Duration, err error) time.Duration {
	failed := pause > tellEvery
	switch {
	case err != nil && !failed:
		t.logger.WarnContext(ctx, "database's followers cannot be told", slog.Any("error", err))
	case err == nil && failed:
		t.logger.InfoContext(ctx, "database's followers are told again")
	}
	if err != nil {
		return min(2*pause, lastPause)
	}
	return tellEvery
}

// tell says what there is to say. What it could not say becomes "everywhere".
func (t *teller) tell(ctx context.Context) error {
	t.mu.Lock()
	payloads := t.news.payloads()
	t.news = news{}
	t.mu.Unlock()
	if len(payloads) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, t.patience)
	defer cancel()
	err := t.notify(ctx, payloads)
	if err != nil {
		t.everywhere()
	}
	return err
}

// notify sends payloads to all who follow. Their commit need not reach the
// disk: who listened when the server crashed has lost its connection.
func (s *Store) notify(ctx context.Context, payloads []string) error {
	_, err := s.pool.Exec(ctx, `SELECT set_config('synchronous_commit', 'off', true), pg_notify(`+channel+`, payload)
		FROM unnest($1::text[]) AS payload`, payloads)
	if err != nil {
		return fmt.Errorf("postgres: notify: %w", err)
	}
	return nil
}
