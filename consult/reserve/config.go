package reserve

import (
	"errors"
	"time"
)

// Config is the section reservations of the configuration.
type Config struct {
	// Expire is how long a reservation waits for its call.
	Expire time.Duration `koanf:"expire"`
}

// The default of Config.Expire, and the longest: a number is blocked for so long.
const (
	defaultExpire = 2 * time.Minute
	longestExpire = time.Hour
)

func (c Config) withDefaults() Config {
	if c.Expire == 0 {
		c.Expire = defaultExpire
	}
	return c
}

// Validate reports what is wrong, with its path.
func (c Config) Validate() error {
	if c.Expire < 0 || c.Expire > longestExpire {
		return errors.New("reservations.expire: must be between 0 and 1h")
	}
	return nil
}
