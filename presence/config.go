package presence

import (
	"errors"
	"fmt"
	"time"
)

// The values that a zero Config stands for.
const (
	DefaultPollInterval   = 5 * time.Second
	DefaultStaleAfter     = 30 * time.Second
	DefaultCollectWindow  = 5 * time.Millisecond
	DefaultFetchTimeout   = 2 * time.Second
	DefaultRequestTimeout = 5 * time.Second
)

// Config is the presence part of the configuration. The zero value is usable:
// what is zero has its default.
type Config struct {
	PollInterval   time.Duration `koanf:"poll_interval"`   // of what somebody looks at
	StaleAfter     time.Duration `koanf:"stale_after"`     // age from which a presence is marked old
	CollectWindow  time.Duration `koanf:"collect_window"`  // ids are gathered this long into one request
	FetchTimeout   time.Duration `koanf:"fetch_timeout"`   // Fetch answers with what is known after this long
	RequestTimeout time.Duration `koanf:"request_timeout"` // for one batch at Graph, its division included
}

// WithDefaults returns the configuration with every zero value replaced.
func (c Config) WithDefaults() Config {
	for _, f := range c.fields() {
		if *f.value == 0 {
			*f.value = f.standard
		}
	}
	return c
}

// Validate reports every problem at once, each beginning with the field's key.
func (c Config) Validate() error {
	var errs []error
	for _, f := range c.fields() {
		if *f.value < 0 {
			errs = append(errs, fmt.Errorf("%s: %s is negative", f.key, *f.value))
		}
	}
	return errors.Join(errs...)
}

type durationField struct {
	key      string
	value    *time.Duration
	standard time.Duration
}

func (c *Config) fields() []durationField {
	return []durationField{
		{"poll_interval", &c.PollInterval, DefaultPollInterval},
		{"stale_after", &c.StaleAfter, DefaultStaleAfter},
		{"collect_window", &c.CollectWindow, DefaultCollectWindow},
		{"fetch_timeout", &c.FetchTimeout, DefaultFetchTimeout},
		{"request_timeout", &c.RequestTimeout, DefaultRequestTimeout},
	}
}
