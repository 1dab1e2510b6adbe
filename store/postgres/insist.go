package postgres

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Pauses between tries while the server is away, doubled from try to try.
const (
	firstPause = 20 * time.Millisecond
	lastPause  = 500 * time.Millisecond
)

// insist does something again while the server is away, as long as patience
// lasts; so it must be something that may be done twice.
func (s *Store) insist(ctx context.Context, do func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		err := do(ctx)
		if !away(err) || !await(ctx, pause) {
			return err
		}
	}
}

// await lets time pass; false when ctx ended before.
func await(ctx context.Context, pause time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pause):
		return true
	}
}

// away reports whether an error means that the server was not there, or not
// any more, or too busy, rather than that it refused.
func away(err error) bool {
	if answered, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch answered.Code {
		case "57P01", "57P02", "57P03", "57P05": // shuts down, crashed, starts up, idle for too long
			return true
		case "53300": // too many connections
			return true
		case "55P03": // somebody holds a row longer than others should wait for it
			return true
		case "25006": // read only: a standby that is not the leader yet, or not any more
			return true
		}
		// 08: the connection failed; 40: rolled back to let another one through
		return strings.HasPrefix(answered.Code, "08") || strings.HasPrefix(answered.Code, "40")
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.SafeToRetry(err)
}

// write is insist for what changes something: once begun it is finished,
// whoever gives up waiting for it.
func (s *Store) write(ctx context.Context, do func(ctx context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.insist(context.WithoutCancel(ctx), do)
}
