package graphtest

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limit is one row of Microsoft's throttling tables. The zero Limit is none.
type Limit struct {
	Amount int           // requests or resource units
	Window time.Duration // in any window of this length
}

// Limits are how much Graph lets itself be asked. The zero value lets
// everything pass.
type Limits struct {
	Presences Limit                  // requests about presences, per application and tenant
	Units     func(people int) Limit // resource units of the directory, per application and tenant of that size; nil means none
	AllUnits  Limit                  // resource units of the directory, per application over all tenants
}

// MicrosoftLimits are those of the reference (throttling limits, June 2024, and
// the page of getPresencesByUserId, which is the stricter of two documents).
func MicrosoftLimits() Limits {
	const window = 10 * time.Second
	return Limits{
		Presences: Limit{1500, 30 * time.Second},
		Units: func(people int) Limit {
			switch {
			case people < 50:
				return Limit{3500, window}
			case people <= 500:
				return Limit{5000, window}
			}
			return Limit{8000, window}
		},
		AllUnits: Limit{150_000, 20 * time.Second},
	}
}

// spend counts a request against the limits and refuses it when there is
// nothing left. What is refused counts too, as at Graph.
func (s *Server) spend(c *call, e endpoint) error {
	app, tenant := c.token.AppID, c.directory.tenant
	if e.units == communications {
		if c.r.URL.Path == batchPath {
			return nil // each of its requests is counted by itself
		}
		used := s.usage.add("presence/"+app+"/"+tenant, s.limits.Presences, 1, s.clock())
		if used.over(priorityOf(c.r)) {
			return throttled(used, "")
		}
		return nil
	}
	units := unitsOf(c.r, e.units)
	c.header.Set("x-ms-resource-unit", strconv.Itoa(units))
	var own Limit
	if s.limits.Units != nil {
		s.mu.RLock()
		own = s.limits.Units(len(c.directory.people))
		s.mu.RUnlock()
	}
	for _, one := range []struct {
		scope string
		limit Limit
	}{
		{"Tenant_Application/ReadWrite/" + app + "/" + tenant, own},
		{"Application/ReadWrite/" + app + "/" + app, s.limits.AllUnits},
	} {
		used := s.usage.add(one.scope, one.limit, units, s.clock())
		if share := used.share(); share > 0.8 {
			c.header.Set("x-ms-throttle-limit-percentage", strconv.FormatFloat(math.Min(share, 1.8), 'f', 2, 64))
		}
		if used.over(priorityOf(c.r)) {
			return throttled(used, one.scope)
		}
	}
	return nil
}

// unitsOf is what a request costs: the endpoint's units and what the query
// makes of them, never less than one.
func unitsOf(r *http.Request, units int) int {
	for name, values := range r.URL.Query() {
		switch strings.TrimPrefix(strings.ToLower(name), "$") {
		case "select":
			units--
		case "expand":
			units++
		case "top":
			if n, err := strconv.Atoi(values[0]); err == nil && n < 20 {
				units--
			}
		}
	}
	return max(units, 1)
}

// priorityOf is the share of a limit at which a request is refused: low
// priority is throttled first, high last.
func priorityOf(r *http.Request) float64 {
	switch strings.ToLower(r.Header.Get("x-ms-throttle-priority")) {
	case "low":
		return 0.9
	case "high":
		return 1.1
	}
	return 1
}

// throttled is the refusal of a request that is one too many. Only the
// directory tells its scope.
func throttled(u used, scope string) *failure {
	f := &failure{
		status: http.StatusTooManyRequests, code: "TooManyRequests", message: "Too many requests.",
		header: http.Header{"Retry-After": {strconv.Itoa(u.retryAfter())}},
	}
	if scope != "" {
		f.header.Set("x-ms-throttle-scope", scope)
		f.header.Set("x-ms-throttle-information", "ResourceUnitLimitExceeded")
	}
	return f
}
