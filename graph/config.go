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
)

// Config is the directory part of the configuration. The zero value is usable:
// what is zero has its default.
type Config struct {
	SyncInterval   time.Duration `koanf:"sync_interval"`   // between delta rounds
	ConfirmTimeout time.Duration `koanf:"confirm_timeout"` // for the live look-up before a call
}

// WithDefaults returns the configuration with every zero value replaced.
func (c Config) WithDefaults() Config {
	if c.SyncInterval == 0 {
		c.SyncInterval = DefaultSyncInterval
	}
	if c.ConfirmTimeout == 0 {
		c.ConfirmTimeout = DefaultConfirmTimeout
	}
	return c
}

// Validate reports every problem at once, each beginning with the field's key.
func (c Config) Validate() error {
	var errs []error
	if c.SyncInterval < 0 {
		errs = append(errs, fmt.Errorf("sync_interval: %s is negative", c.SyncInterval))
	}
	if c.ConfirmTimeout < 0 {
		errs = append(errs, fmt.Errorf("confirm_timeout: %s is negative", c.ConfirmTimeout))
	}
	return errors.Join(errs...)
}
