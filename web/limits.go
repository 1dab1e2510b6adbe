package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"teamsbridge/sso"
)

// LimitsConfig says how much one caller may ask for. The zero value limits nothing.
type LimitsConfig struct {
	// PerAgent counts the requests of one signed-in agent, wherever they come from.
	PerAgent RateConfig `koanf:"per_agent"`
	// PerAddress counts the requests of one address that are nobody's who is signed
	// in: pages, sign-ins, tokens that are refused. An office full of agents behind
	// one address does not count.
	PerAddress RateConfig `koanf:"per_address"`
	// Connections and ConnectionsPerAddress are open at once; 0 means no limit.
	// Those of trusted proxies count for all together only.
	Connections           int `koanf:"connections"`
	ConnectionsPerAddress int `koanf:"connections_per_address"`
}

// Validate reports every problem at once, each with the name of its setting.
func (c LimitsConfig) Validate() error {
	var problems []error
	for _, one := range []struct {
		setting string
		rate    RateConfig
	}{{"per_agent", c.PerAgent}, {"per_address", c.PerAddress}} {
		if one.rate.Rate < 0 || one.rate.Rate > maxRate {
			problems = append(problems, fmt.Errorf("limits.%s.rate: must be 0, which means no limit, to %d requests a second", one.setting, maxRate))
		}
		if one.rate.Burst < 0 || (one.rate.Rate > 0 && one.rate.Burst == 0) {
			problems = append(problems, fmt.Errorf("limits.%s.burst: must be at least 1", one.setting))
		}
	}
	for _, one := range []struct {
		setting string
		most    int
	}{{"connections", c.Connections}, {"connections_per_address", c.ConnectionsPerAddress}} {
		if one.most < 0 {
			problems = append(problems, fmt.Errorf("limits.%s: must be 0, which means no limit, or more", one.setting))
		}
	}
	return errors.Join(problems...)
}

const (
	maxRate = 1_000_000

	// maxAgents and maxAddresses bound the memory of limits: some 200 bytes each.
	maxAgents    = 50_000
	maxAddresses = 50_000
)

// limits are the buckets of all callers.
type limits struct {
	agents    *buckets[agentKey]
	addresses *buckets[netip.Prefix]
}

func newLimits(cfg LimitsConfig) limits {
	return limits{
		agents:    newBuckets[agentKey](cfg.PerAgent, maxAgents),
		addresses: newBuckets[netip.Prefix](cfg.PerAddress, maxAddresses),
	}
}

// The names of limits in metrics.
const (
	limitAgent       = "agent"
	limitAddress     = "address"
	limitConnections = "connections"
)

// limitAddresses refuses an address that has asked for too much without anybody
// signed in. What vouches for itself - a request of the interface that brings a
// sign-in, a provider's logout token - is only counted when that turns out to be
// nothing (see refused). Health is never refused: who asks for it decides whether
// anybody gets here.
func (s *Server) limitAddresses(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == healthPath || r.URL.Path == readyPath {
			next.ServeHTTP(w, r)
			return
		}
		from, now := network(clientAddress(r.Context())), s.now()
		var wait time.Duration
		if s.vouchesForItself(r) {
			wait = s.limits.addresses.look(from, now)
		} else {
			wait = s.limits.addresses.take(from, now)
		}
		if wait > 0 {
			s.tooMany(w, r, limitAddress, wait)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// vouchesForItself reports whether a request brings what will prove it. Providers
// tell of many sign-ins at once that are over, all from one address.
func (s *Server) vouchesForItself(r *http.Request) bool {
	if r.URL.Path == backchannelPath {
		return r.Method == http.MethodPost
	}
	return below(r.URL.Path, "/api") && (r.Header.Get("Authorization") != "" || s.sessionSecret(r) != "")
}

// refused counts what proved nothing. That it could not be checked is not the
// fault of whoever brought it.
func (s *Server) refused(r *http.Request, p *Problem) {
	if p.Status < http.StatusInternalServerError && s.vouchesForItself(r) {
		s.limits.addresses.take(network(clientAddress(r.Context())), s.now())
	}
}

// limitAgent reports whether the agent may go on, and answers if not.
func (s *Server) limitAgent(w http.ResponseWriter, r *http.Request, p sso.Principal) bool {
	wait := s.limits.agents.take(agentKey{p.Tenant(), p.Agent().ID}, s.now())
	if wait > 0 {
		s.tooMany(w, r, limitAgent, wait)
	}
	return wait == 0
}

func (s *Server) tooMany(w http.ResponseWriter, r *http.Request, limit string, wait time.Duration) {
	s.metrics.limited.WithLabelValues(limit).Inc()
	problem := newProblem(slugTooManyRequests).with("Retry-After", retryAfter(wait))
	if below(r.URL.Path, "/api") {
		s.fail(w, r, problem)
		return
	}
	s.failPage(w, r, problem)
}
