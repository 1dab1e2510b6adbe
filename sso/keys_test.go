package sso_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"teamsbridge/sso"
)

// offline is a client that reaches nobody.
func offline() *http.Client {
	return &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("offline")
	})}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func wantGood(t *testing.T, v *sso.Verifier, token string) {
	t.Helper()
	if _, err := v.Verify(t.Context(), token); err != nil {
		t.Fatalf("a good token is refused: %v", err)
	}
}

func TestManyGoodTokensCostOneFetchOfKeys(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t)
	var all sync.WaitGroup
	for range 50 {
		token := sign(t, a.Key(0), a.V2())
		all.Go(func() {
			if _, err := v.Verify(t.Context(), token); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := a.Fetches.Load(); got != 1 {
		t.Errorf("%d fetches, want 1", got)
	}
}

func TestBadTokensCauseABoundedNumberOfFetches(t *testing.T) {
	const bad = 10_000
	for _, test := range []struct {
		name string
		key  func(*authority, int) key
		most int32 // in each cool-down
	}{
		{"bad signatures under a known key id cost none", func(a *authority, _ int) key {
			k := a.Key(0)
			k.Private = a.Key(1).Private
			return k
		}, 0},
		{"ever new key ids cost one", func(a *authority, i int) key {
			k := a.Key(1)
			k.ID = fmt.Sprint("made-up-", i)
			return k
		}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := newAuthority(t)
			v := a.verifier(t)
			good := sign(t, a.Key(0), a.V2())
			wantGood(t, v, good)
			for range 3 { // cool-downs
				before := a.Fetches.Load()
				for i := range bad / 500 { // signing is slow; the same token many times is as bad
					token := sign(t, test.key(a, i), a.V2())
					for range 500 {
						if _, err := v.Verify(t.Context(), token); !errors.Is(err, sso.ErrSignInRequired) {
							t.Fatalf("bad token: %v", err)
						}
					}
				}
				if got := a.Fetches.Load() - before; got != test.most {
					t.Errorf("%d bad tokens caused %d fetches, want %d", bad, got, test.most)
				}
				wantGood(t, v, good)
				a.Clock.Advance(30 * time.Second)
			}
		})
	}
}

func TestANewKeyWorksAtOnceAndAnotherAfterTheCoolDown(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t)
	wantGood(t, v, sign(t, a.Key(0), a.V2()))
	a.Publish(a.Key(0), a.Key(1))
	wantGood(t, v, sign(t, a.Key(1), a.V2()))
	a.Publish(a.Key(1), a.Key(2))
	a.Clock.Advance(30 * time.Second)
	wantGood(t, v, sign(t, a.Key(2), a.V2()))
}

// TestNobodyIsRefusedWhileAnotherFetchesTheirKey: of many who come with a new
// key at once, those who come too late for the fetch use what it brought.
func TestNobodyIsRefusedWhileAnotherFetchesTheirKey(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t)
	wantGood(t, v, sign(t, a.Key(0), a.V2()))
	a.Publish(a.Key(0), a.Key(1))
	token := sign(t, a.Key(1), a.V2())
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := v.Verify(t.Context(), token); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := a.Fetches.Load(); got != 2 {
		t.Errorf("%d fetches, want 2", got)
	}
}

func TestKeysAreReadAnewEveryHour(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t)
	token := sign(t, a.Key(0), a.V2().with(payload{"exp": at(5 * time.Hour)}))
	for hour := range int32(4) {
		for range 10 {
			wantGood(t, v, token)
		}
		if got := a.Fetches.Load(); got != hour+1 {
			t.Errorf("in hour %d: %d fetches, want %d", hour, got, hour+1)
		}
		a.Clock.Advance(time.Hour - time.Second)
		wantGood(t, v, token)
		a.Clock.Advance(time.Second)
	}
}

func TestARemovedKeyStopsBeingTrustedWithinTheHour(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t)
	old := sign(t, a.Key(0), a.V2().with(payload{"exp": at(3 * time.Hour)}))
	wantGood(t, v, old)
	a.Publish(a.Key(1))
	a.Clock.Advance(time.Hour)
	_, err := v.Verify(t.Context(), old)
	if refused, ok := errors.AsType[*sso.TokenError](err); !ok || refused.Reason != "signature" {
		t.Errorf("a token of a removed key: %v, want its signature refused", err)
	}
}

func TestKnownKeysOutliveAnAuthorityThatIsAway(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t)
	token := sign(t, a.Key(0), a.V2().with(payload{"exp": at(100 * time.Hour)}))
	wantGood(t, v, token)
	a.Away.Store(true)
	for range 23 {
		a.Clock.Advance(time.Hour)
		wantGood(t, v, token)
	}
	a.Clock.Advance(time.Hour)
	if _, err := v.Verify(t.Context(), token); !errors.Is(err, sso.ErrProviderUnavailable) {
		t.Errorf("after a day without keys: %v, want ErrProviderUnavailable", err)
	}
	a.Away.Store(false)
	a.Clock.Advance(30 * time.Second)
	wantGood(t, v, token)
}

func TestWithoutAnyKeysNothingIsJudged(t *testing.T) {
	for name, body := range map[string]string{
		"away":                   "",
		"no JSON":                "<html>",
		"no keys":                `{"keys":[]}`,
		"only keys of no use":    `{"keys":[{"kty":"oct","kid":"a","k":"c2VjcmV0"},17]}`,
		"an answer of two MiB":   `{"keys":[],"x":"` + strings.Repeat("x", 2<<20) + `"}`,
		"a key that is too weak": `{"keys":[{"kty":"RSA","kid":"a","e":"AQAB","n":"` + strings.Repeat("A", 100) + `"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			v := a.verifier(t)
			a.Away.Store(body == "")
			a.Body.Store(&body)
			token := sign(t, a.Key(0), a.V2())
			for range 50 {
				if _, err := v.Verify(t.Context(), token); !errors.Is(err, sso.ErrProviderUnavailable) || errors.Is(err, sso.ErrSignInRequired) {
					t.Fatalf("Verify: %v, want ErrProviderUnavailable", err)
				}
			}
			if got := a.Fetches.Load(); got > 3 {
				t.Errorf("%d fetches of keys that cannot be had, want at most 3", got)
			}
			a.Away.Store(false)
			a.Body.Store(nil)
			a.Clock.Advance(30 * time.Second)
			wantGood(t, v, token)
		})
	}
}

func TestAProviderThatIsAwayIsAskedAgain(t *testing.T) {
	a := newAuthority(t)
	v := a.verifier(t)
	a.Away.Store(true)
	token := sign(t, a.Key(0), a.ContactCentre())
	if _, err := v.Verify(t.Context(), token); !errors.Is(err, sso.ErrProviderUnavailable) {
		t.Fatalf("Verify: %v, want ErrProviderUnavailable", err)
	}
	a.Away.Store(false)
	wantGood(t, v, token)
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	a := newAuthority(t)
	asked := 0
	v := a.verifier(t, func(_ *sso.Config, deps *sso.Deps) {
		deps.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			asked++
			return &http.Response{
				StatusCode: http.StatusFound, Body: http.NoBody, Request: r,
				Header: http.Header{"Location": {"https://evil.example/keys"}},
			}, nil
		})}
	})
	if _, err := v.Verify(t.Context(), sign(t, a.Key(0), a.V2())); !errors.Is(err, sso.ErrProviderUnavailable) || asked != 1 {
		t.Errorf("Verify: %v after %d requests, want ErrProviderUnavailable after 1", err, asked)
	}
}
