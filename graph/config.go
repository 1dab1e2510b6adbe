package graph

import (
	"errors"
	"fmt"
	"time"
)

// The values that a zero Config stands for.
const (
	DefaultSyncInterval   = time.Minute
	DefaultConfirmTimeout = time.Second
	DefaultSearchTimeout  = 5 * time.Second
	DefaultGroupsInterval = 10 * time.Minute
)

// The values of Config.Mode.
const (
	ModeIndex = "index" // the directory is mirrored into a local index
	ModeLive  = "live"  // nothing is mirrored; each search asks Graph
)

// Modes lists every mode.
var Modes = [...]string{ModeIndex, ModeLive}

// Config is the directory part of the configuration. The zero value is usable:
// what is zero has its default.
type Config struct {
	SyncInterval   time.Duration `koanf:"sync_interval"`   // between delta rounds
	ConfirmTimeout time.Duration `koanf:"confirm_timeout"` // for the live look-up before a call
	SearchTimeout  time.Duration `koanf:"search_timeout"`  // for one search, or one person, that ModeLive asks Graph for
	GroupsInterval time.Duration `koanf:"groups_interval"` // between two looks at the members of the filters' groups
	Include        Filter        `koanf:"include"`         // only these people are experts; empty: everybody
	Exclude        Filter        `koanf:"exclude"`         // these people are none, whatever Include says
	// The section "directory" of the configuration file has these two.
	Mode    string `koanf:"mode"`    // ModeIndex, also when empty, or ModeLive
	Persist bool   `koanf:"persist"` // keep what was read in Deps.Store, for the next start
}

// WithDefaults returns the configuration with every zero value replaced.
func (c Config) WithDefaults() Config {
	if c.SyncInterval == 0 {
		c.SyncInterval = DefaultSyncInterval
	}
	if c.ConfirmTimeout == 0 {
		c.ConfirmTimeout = DefaultConfirmTimeout
	}
	if c.SearchTimeout == 0 {
		c.SearchTimeout = DefaultSearchTimeout
	}
	if c.GroupsInterval == 0 {
		c.GroupsInterval = DefaultGroupsInterval
	}
	if c.Mode == "" {
		c.Mode = ModeIndex
	}
	return c
}

// Validate reports every problem at once, each beginning with the field's key.
func (c Config) Validate() error {
	var errs []error
	for _, d := range []struct {
		key   string
		value time.Duration
	}{
		{"sync_interval", c.SyncInterval}, {"confirm_timeout", c.ConfirmTimeout}, {"search_timeout", c.SearchTimeout},
		{"groups_interval", c.GroupsInterval},
	} {
		if d.value < 0 {
			errs = append(errs, fmt.Errorf("%s: %s is negative", d.key, d.value))
		}
	}
	if c.Mode != "" && c.Mode != ModeIndex && c.Mode != ModeLive {
		errs = append(errs, fmt.Errorf("mode: must be %s or %s", ModeIndex, ModeLive))
	}
	errs = append(errs, c.Include.problems("include"), c.Exclude.problems("exclude"))
	return errors.Join(errs...)
}
