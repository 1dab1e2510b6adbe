package reserve

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrNone: no reservation waits for this call.
	ErrNone = errors.New("reserve: no reservation for this call")
	// ErrTries: too many wrong codes came lately; none is looked at now.
	ErrTries = errors.New("reserve: too many wrong codes")
	// ErrWithdrawn: the reservation was withdrawn while its call was set up.
	ErrWithdrawn = errors.New("reserve: withdrawn")
)

// ExhaustedError: every number of the pool waits for a call (503).
type ExhaustedError struct{ RetryAfter time.Duration }

func (e *ExhaustedError) Error() string {
	return fmt.Sprintf("reserve: every number is taken, the next is free in %v at the latest", e.RetryAfter)
}

// TooManyError: the agent has as many reservations as one agent may have at a
// time; the numbers that are left are for others (429).
type TooManyError struct{ RetryAfter time.Duration }

func (e *TooManyError) Error() string {
	return fmt.Sprintf("reserve: the agent has enough reservations, the next of them ends in %v at the latest", e.RetryAfter)
}
