package sso

import (
	"net/url"
	"sync"
	"time"
)

// ChallengeError refuses what needs Entra sign-on because Microsoft wants more of
// the person than their sign-in has: it is answered like a RequiredError.
type ChallengeError struct {
	Status Status
	Claims string // what the next token has to be asked for with, in Microsoft's JSON
}

func (e *ChallengeError) Error() string { return "sso: sign-on required: " + string(e.Status.State) }

const (
	challengeLife = 10 * time.Minute
	maxChallenges = 10_000
)

// challenges keeps them under one-time codes, so that none of it is ever taken
// from an address that somebody was sent. It is in memory: at another node, or
// after a restart, the sign-in goes without, and Microsoft challenges again.
type challenges struct {
	mu  sync.Mutex
	all map[string]challenge // by the code's digest
}

type challenge struct {
	claims string
	until  time.Time
}

// put gives the code; it is empty when too many wait.
func (c *challenges) put(claims string, now time.Time) (code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.all) >= maxChallenges {
		for key, old := range c.all {
			if !now.Before(old.until) {
				delete(c.all, key)
			}
		}
	}
	if len(c.all) >= maxChallenges {
		return ""
	}
	if c.all == nil {
		c.all = make(map[string]challenge)
	}
	code = newSecret()
	c.all[digest(code)] = challenge{claims, now.Add(challengeLife)}
	return code
}

// take is empty for a code that is unknown, used or old.
func (c *challenges) take(code string, now time.Time) (claims string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := digest(code)
	found := c.all[key]
	delete(c.all, key)
	if !now.Before(found.until) {
		return ""
	}
	return found.claims
}

// Challenged keeps a claims challenge, in Microsoft's JSON, and gives the local
// address at which a sign-in answers it, once, within ten minutes.
func (s *SignIn) Challenged(claims string) (address string) {
	query := url.Values{"provider": {ProviderEntra}}
	if code := s.challenges.put(claims, s.deps.now()); code != "" {
		query.Set("challenge", code)
	}
	return loginPath + "?" + query.Encode()
}

const loginPath = "/auth/login"

// Answer has the sign-in that has begun answer the challenge of the code. A code
// that is unknown, used or old changes nothing.
func (s *SignIn) Answer(b Begun, code string) Begun {
	claims := s.challenges.take(code, s.deps.now())
	address, err := url.Parse(b.URL)
	if claims == "" || err != nil {
		return b
	}
	query := address.Query()
	query.Set("claims", claims) // OpenID Connect Core 1.0, 5.5
	address.RawQuery = query.Encode()
	b.URL = address.String()
	return b
}
