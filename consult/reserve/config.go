package reserve

import (
	"errors"
	"time"
)

// Config is the section reservations of the configuration.
type Config struct {
	// Expire is how long a reservation waits for its call.
	Expire time.Duration `koanf:"expire"`
	// PerAgent is how many reservations one agent may have whose call has not been
	// connected yet; 0 means 3. Whatever it is, the last number that is free goes to
	// an agent who has none.
	PerAgent int `koanf:"per_agent"`
}

const (
	// The default of Config.Expire, and the longest: a number is blocked for so long.
	defaultExpire = 2 * time.Minute
	longestExpire = time.Hour
	// The default of Config.PerAgent: one consult that rings, the next that is
	// prepared, and one that a desktop has forgotten.
	defaultPerAgent = 3
)

func (c Config) withDefaults() Config {
	if c.Expire == 0 {
		c.Expire = defaultExpire
	}
	if c.PerAgent == 0 {
		c.PerAgent = defaultPerAgent
	}
	return c
}

// Validate reports everything that is wrong, each with its path.
func (c Config) Validate() error {
	var faults []error
	if c.Expire < 0 || c.Expire > longestExpire {
		faults = append(faults, errors.New("reservations.expire: must be between 0 and 1h"))
	}
	if c.PerAgent < 0 {
		faults = append(faults, errors.New("reservations.per_agent: must not be negative"))
	}
	return errors.Join(faults...)
}
