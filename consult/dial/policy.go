package dial

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What happens to emergency numbers of the site's country.
const (
	EmergencyConfirm = "confirm" // dialled when the agent confirms; the default
	EmergencyRefuse  = "refuse"
	EmergencyAllow   = "allow"
)

// Config is the dial-number part of the configuration.
type Config struct {
	Emergency string `koanf:"emergency"` // "confirm" (also when empty), "refuse" or "allow"
	Policy    []Rule `koanf:"policy"`    // first match decides; no match allows
}

// Rule allows or denies destinations.
type Rule struct {
	Allow    bool     `koanf:"allow"`
	Pattern  string   `koanf:"pattern"` // digits with a leading + and * as wildcard at the end, or feature codes
	Roles    []string `koanf:"roles"`   // empty means everybody
	Describe string   `koanf:"describe"`
}

var pattern = regexp.MustCompile(`^(?:\*|\+?[0-9*#:]+\*?)$`)

// Validate names every problem of the configuration with its path.
func (c Config) Validate() error {
	var problems []error
	switch c.Emergency {
	case "", EmergencyConfirm, EmergencyRefuse, EmergencyAllow:
	default:
		problems = append(problems, errors.New("emergency: must be confirm, refuse or allow"))
	}
	for i, r := range c.Policy {
		if !pattern.MatchString(r.Pattern) {
			problems = append(problems, fmt.Errorf("policy[%d].pattern: must be digits, # * and :, with a leading + or a trailing * where wanted", i))
		}
	}
	return errors.Join(problems...)
}

// Allowed applies the destination policy to a dialable number (E.164 form
// too, where known) for somebody with the roles; why is the rule's description.
func (c Config) Allowed(check Check, roles []string) (ok bool, why string) {
	for _, r := range c.Policy {
		if r.concerns(roles) && (r.matches(check.Dialable) || r.matches(check.E164)) {
			return r.Allow, r.Describe
		}
	}
	return true, ""
}

// concerns reports whether the rule is about somebody with one of the roles.
func (r Rule) concerns(roles []string) bool {
	return len(r.Roles) == 0 || slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(r.Roles, role) })
}

// matches reports whether a number is the pattern, or begins with it when the
// pattern ends with *. The feature code *21* itself is thus matched by *21* too.
func (r Rule) matches(number string) bool {
	if number == "" {
		return false
	}
	if prefix, open := strings.CutSuffix(r.Pattern, "*"); open {
		return strings.HasPrefix(number, prefix)
	}
	return number == r.Pattern
}
