package sip

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Validate reports every problem at once, each with its path below sip.
func (c Config) Validate() error {
	c = c.withDefaults()
	found := &faults{}
	c.checkRoutes(found)
	c.checkTrunks(found)
	c.checkAnchor(found)
	c.checkLimits(found)
	if !slices.Contains([]string{ShowNone, ShowMasked, ShowFull}, c.ShowCustomer) {
		found.add("show_customer", "must be one of none, masked, full")
	}
	if !slices.Contains([]string{"de", "en"}, c.Language) {
		found.add("language", "must be de or en")
	}
	if _, err := c.media(); err != nil {
		found.errs = append(found.errs, err)
	}
	if len(found.errs) == 0 {
		checked := c.endpoint()
		if c.TLS.CertFile != "" {
			checked.TLS = &tls.Config{} // stands for the certificate, which CheckFiles opens
		}
		if err := checked.Validate(); err != nil {
			found.errs = append(found.errs, fmt.Errorf("sip.%w", err))
		}
	}
	return errors.Join(found.errs...)
}

// faults are the problems of a configuration.
type faults struct{ errs []error }

func (f *faults) add(path, format string, args ...any) {
	f.errs = append(f.errs, fmt.Errorf("sip.%s: %s", path, fmt.Sprintf(format, args...)))
}

// checkRoutes finds names of trunks that there are none of.
func (c Config) checkRoutes(found *faults) {
	names := make([]string, 0, len(c.Trunks))
	for _, t := range c.Trunks {
		names = append(names, t.Name)
	}
	if len(c.Trunks) == 0 {
		found.add("trunks", "at least one is needed")
	}
	for path, name := range map[string]string{"routes.agents": c.Routes.Agents, "routes.experts": c.Routes.Experts, "routes.numbers": c.Routes.Numbers} {
		if name != "" && !slices.Contains(names, name) {
			found.add(path, "there is no trunk %q", name)
		}
	}
	for i, name := range c.Inbound.Trunks {
		if !slices.Contains(names, name) {
			found.add(fmt.Sprintf("inbound.trunks[%d]", i), "there is no trunk %q", name)
		}
	}
}

// checkTrunks looks at what package ua does not know of.
func (c Config) checkTrunks(found *faults) {
	for i, t := range c.Trunks {
		path := fmt.Sprintf("trunks[%d]", i)
		if !slices.Contains([]string{"", "never", "offered", "required"}, t.Encryption) {
			found.add(path+".encryption", "must be one of never, offered, required")
		}
		for j, n := range t.Networks {
			if _, err := netip.ParsePrefix(n); err != nil {
				found.add(fmt.Sprintf("%s.networks[%d]", path, j), "%q is not a network such as 192.0.2.0/24", n)
			}
		}
		for j, caller := range t.Callers {
			if caller.User == "" || caller.Password == "" {
				found.add(fmt.Sprintf("%s.callers[%d]", path, j), "needs a user and a password")
			}
		}
	}
}

// checkAnchor looks at which calls are carried, and the numbers of reservations.
func (c Config) checkAnchor(found *faults) {
	if !slices.Contains([]string{"", AnchorAlways, AnchorConsult}, c.Anchor) {
		found.add("anchor", "must be always or consult")
	}
	if c.Anchor == AnchorConsult && len(c.ConsultNumbers) == 0 {
		found.add("consult_numbers", "at least one is needed where sip.anchor is consult")
	}
	for i, n := range c.ConsultNumbers {
		if n == "" || strings.Trim(n, "+0123456789") != "" || strings.LastIndexByte(n, '+') > 0 {
			found.add(fmt.Sprintf("consult_numbers[%d]", i), "%q is not a telephone number", n)
		}
		if slices.Contains(c.ConsultNumbers[:i], n) {
			found.add(fmt.Sprintf("consult_numbers[%d]", i), "is there twice")
		}
	}
}

func (c Config) checkLimits(found *faults) {
	for i, allowed := range c.Limits.Allowed {
		if strings.Trim(allowed, "+0123456789*#") != "" || allowed == "" {
			found.add(fmt.Sprintf("limits.allowed[%d]", i), "%q is not the beginning of a number", allowed)
		}
	}
	if c.Limits.Calls < 0 || c.Limits.PerSecond < 0 {
		found.add("limits", "must not be negative")
	}
}
