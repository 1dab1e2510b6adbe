package graph

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// ErrSignInRequired: Graph is asked on behalf of people only, and there is nobody
// whose sign-in would do: none that is fresh, or one from which Microsoft wants
// more. The error that matches it may say which.
var ErrSignInRequired = errors.New("graph: nobody is signed in on whose behalf to ask")

// Caller is somebody on whose behalf Graph is asked.
type Caller struct {
	Tenant TenantID
	ID     UserID
	// Assertion is the access token for this service with which they called it: a
	// secret. Expires is when it ends.
	Assertion string
	Expires   time.Time
}

// LogValue keeps the token and the person out of logs.
func (c Caller) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String keeps them out of every other text.
func (c Caller) String() string { return "[redacted]" }

// GoString is String for %#v.
func (c Caller) GoString() string { return c.String() }

type callerKey struct{}

// OnBehalf says on whose behalf Graph is asked with the returned context, where
// the service has no permissions of its own. It changes nothing where it has.
func OnBehalf(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf finds on whose behalf a context asks; false when nobody was named.
func CallerOf(ctx context.Context) (Caller, bool) {
	c, ok := ctx.Value(callerKey{}).(Caller)
	return c, ok
}
