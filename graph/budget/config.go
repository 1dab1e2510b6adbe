package budget

import (
	"errors"
	"fmt"
)

// Config is what an operator may know better than the documents: a limit that
// Microsoft has raised, or a share of it where the registration serves others too.
// The zero value keeps to the documents.
type Config struct {
	PresenceRequests int `koanf:"presence_requests"` // per tenant in 30 s; 0: DefaultPresenceRequests
	DirectoryUnits   int `koanf:"directory_units"`   // resource units per tenant in 10 s; 0: by the tenant's size
}

// smallest is less than which no class would have room left above the others' reserves.
const smallest = 50

// Validate reports every problem at once, each beginning with the field's key.
func (c Config) Validate() error {
	var errs []error
	for _, f := range []struct {
		key   string
		value int
	}{{"presence_requests", c.PresenceRequests}, {"directory_units", c.DirectoryUnits}} {
		if f.value != 0 && f.value < smallest {
			errs = append(errs, fmt.Errorf("%s: must be at least %d, or 0 for what Microsoft documents", f.key, smallest))
		}
	}
	return errors.Join(errs...)
}

func (c Config) limitOf(w Workload) limit {
	if w == Presence {
		return limit{orElse(c.PresenceRequests, DefaultPresenceRequests), presenceWindow}
	}
	return limit{orElse(c.DirectoryUnits, smallTenant), directoryWindow}
}

func orElse(n, standard int) int {
	if n == 0 {
		return standard
	}
	return n
}
