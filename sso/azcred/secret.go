package azcred

import (
	"fmt"
	"time"
)

// secret is a client secret and its day of expiry, zero when nobody said.
type secret struct {
	text string
	ends time.Time
}

// SetClientSecret takes over a renewed client secret, with its end, of a
// configuration that was read anew; all else of it is left, and where the
// credential is of another kind nothing happens. Unlike a certificate it is not
// tried first: one that was made a moment ago may be refused for a while, and
// nobody would try it again.
func (c *Credentials) SetClientSecret(cfg Config) error {
	old := c.secret.Load()
	if old == nil || cfg.Kind() != KindClientSecret {
		return nil
	}
	ends, err := cfg.secretEnds()
	if err != nil {
		return fmt.Errorf("client_secret_ends: %w", err)
	}
	c.secret.Store(&secret{cfg.ClientSecret, ends})
	if old.text == cfg.ClientSecret {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for tenant, known := range c.tenants {
		next, err := c.fresh(tenant, nil)
		if err != nil {
			return fmt.Errorf("credential for tenant %s: %w", tenant, err)
		}
		known.current.Store(&next)
	}
	c.renewals.WithLabelValues(renewed).Inc()
	return nil
}
