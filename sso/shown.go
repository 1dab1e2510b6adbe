package sso

import (
	"crypto/rsa"

	lru "github.com/hashicorp/golang-lru/v2"
)

// maxShown is how many access tokens are remembered: one for each agent of a large
// contact centre and those that they have just replaced, at about 3 kB.
const maxShown = 8192

// shown remembers access tokens that were good, because an agent's comes with
// each of their requests for an hour: it is taken apart and its signature
// computed once. All that may change is asked each time: whether its key is
// still published, its times, its organisation, who its person is here. Nothing
// that was refused is remembered, so bad tokens drive no good one out. What is kept
// cannot be shown to anybody: there is no signature in it.
type shown struct {
	tokens *lru.Cache[string, *token] // by digest
}

// verified is what a token says whose signature was checked.
type verified struct {
	keyID  string // as the token names it, not the issuer
	key    *rsa.PublicKey
	claims claims
}

func newShown() *shown {
	tokens, err := lru.New[string, *token](maxShown)
	if err != nil { // of a size below one
		panic("sso: " + err.Error())
	}
	return &shown{tokens}
}

// find gives a token that was good when it was last shown; nil for any other.
func (s *shown) find(key string) *token {
	t, _ := s.tokens.Get(key)
	return t
}

// keep remembers a token that was found good.
func (s *shown) keep(key string, t *token) {
	s.tokens.Add(key, &token{claimed: t.claimed, verified: t.verified})
}

// forget is for a token that has to be looked at anew.
func (s *shown) forget(key string) { s.tokens.Remove(key) }
