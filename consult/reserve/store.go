package reserve

import (
	"context"
	"errors"
	"time"
)

// ErrKeyTaken: the agent has used the idempotency key before; nothing was written.
var ErrKeyTaken = errors.New("reserve: idempotency key already taken")

// Store keeps reservations. Implementations pass storetest.RunReservations.
type Store interface {
	// AddReservation stores a new one, durably. ErrKeyTaken where the agent's key
	// was taken by one made at or after the time; an older one gives its key up.
	AddReservation(ctx context.Context, r Reservation, keysSince time.Time) error
	// PutReservation replaces one, durably; consult.ErrNotFound.
	PutReservation(ctx context.Context, r Reservation) error
	// Reservation reads one of an organisation; consult.ErrNotFound.
	Reservation(ctx context.Context, tenant, id string) (Reservation, error)
	// ReservationByKey reads the one that took an agent's key at or after the time;
	// consult.ErrNotFound.
	ReservationByKey(ctx context.Context, tenant, agent, key string, since time.Time) (Reservation, error)
	// LiveReservations reads all that are not over, of all tenants, in the order of
	// their ids.
	LiveReservations(ctx context.Context) ([]Reservation, error)
}
