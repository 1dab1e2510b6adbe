package sso_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"teamsbridge/internal/seal"
	"teamsbridge/sso"
)

func sealer(t testing.TB, text string) *seal.Keys {
	t.Helper()
	keys, err := seal.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// sha is the key of a secret's session.
func sha(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func TestASignInOutlivesARestartAndIsReviewedAfterIt(t *testing.T) {
	first, second := seal.NewKey(), seal.NewKey()
	for name, tt := range map[string]struct {
		before, after string // keys; empty: none
		happens       func(t *testing.T, w *world, key string)
		reason        sso.EndedReason
		over          bool // without a reason: signed out
	}{
		"nothing happens":             {first, first, nil, "", false},
		"revoked meanwhile":           {first, first, func(_ *testing.T, w *world, _ string) { w.Entra.RevokeSessions(home, anja) }, sso.EndedRevoked, false},
		"disabled meanwhile":          {first, first, func(_ *testing.T, w *world, _ string) { disable(w, anja) }, sso.EndedAccount, false},
		"a new key was put before it": {first, second + "\n" + first, nil, "", false},
		"revoked, with a new key":     {first, second + "\n" + first, func(_ *testing.T, w *world, _ string) { w.Entra.RevokeSessions(home, anja) }, sso.EndedRevoked, false},
		"the key is lost":             {first, second, nil, "", true},
		"no key before":               {"", first, nil, "", true},
		"no key after":                {first, "", nil, "", true},
		"no key at all":               {"", "", nil, "", true},
		"somebody else's token in its place": {first, first, func(t *testing.T, w *world, key string) {
			other, err := w.Store.Session(t.Context(), sha(signInWithBrowser(t, w, "sofia@nordlicht.example", "")))
			if err != nil || w.Store.KeepRefresh(t.Context(), key, other.Refresh) != nil {
				t.Fatal(err)
			}
		}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.startWith(t, tt.before)
			secret := signInWithBrowser(t, w, "anja@nordlicht.example", "")
			if tt.happens != nil {
				tt.happens(t, w, sha(secret))
			}
			w.startWith(t, tt.after)
			p, err := w.FromSession(t.Context(), secret)
			ended, taken := errors.AsType[*sso.EndedError](err)
			switch {
			case tt.over:
				if _, err := w.Store.Session(t.Context(), sha(secret)); !errors.Is(err, sso.ErrSessionNotFound) {
					t.Errorf("what is left in the store: %v", err)
				}
				if !errors.Is(err, sso.ErrSessionNotFound) || p.Valid() {
					t.Errorf("still in: %v", err)
				}
			case tt.reason != "":
				if !taken || ended.Reason != tt.reason {
					t.Errorf("%v, want it ended: %s", err, tt.reason)
				}
			case err != nil || p.Agent().EntraID != anja:
				t.Errorf("%v", err)
			}
		})
	}
}

// startWith is a restart of the service on the same store.
func (w *world) startWith(t *testing.T, keys string) {
	t.Helper()
	w.Sealer = nil
	if keys != "" {
		w.Sealer = sealer(t, keys)
	}
	w.build(t)
}

func TestTheContactCentresOwnSessionsNeedNoReviewAfterARestart(t *testing.T) {
	d := newDesk(t)
	done := d.mustSignIn(t, "contact-centre", "", nil)
	restarted, err := sso.NewVerifier(d.config(), sso.WithClock(sso.Deps{Agents: d.Agents, Sessions: d.Store}, d.Clock.Now))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := restarted.FromSession(t.Context(), done.Secret); err != nil {
		t.Error(err)
	}
}

func TestARefreshTokenIsNowhereToBeReadInTheStore(t *testing.T) {
	w := newWorld(t)
	opened := &openSealer{}
	w.Sealer = opened
	w.build(t)
	key := sha(signInWithBrowser(t, w, "anja@nordlicht.example", ""))
	if len(opened.secrets) != 1 || opened.secrets[0] == "" || opened.names[0] != key {
		t.Fatalf("sealed %d secrets, under %q", len(opened.secrets), opened.names)
	}
	s, err := w.Store.Session(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	told, err := json.Marshal(s)
	if err != nil || strings.Contains(string(told), opened.secrets[0]) || bytes.Contains(told, []byte("Refresh")) {
		t.Errorf("a session tells its refresh token: %v", err)
	}
	if !bytes.Equal(s.Refresh, []byte("sealed")) {
		t.Errorf("the store holds %q", s.Refresh)
	}
}

// openSealer keeps what it is told to seal.
type openSealer struct{ secrets, names []string }

func (o *openSealer) Seal(secret, name string) []byte {
	o.secrets, o.names = append(o.secrets, secret), append(o.names, name)
	return []byte("sealed")
}

func (*openSealer) Open([]byte, string) (string, error) { return "", seal.ErrSealed }

func TestANewerRefreshTokenTakesTheStoredOnesPlaceNowAndThen(t *testing.T) {
	w, clock := newWorld(t), newClock(time.Now())
	opened := &openSealer{}
	w.Sealer = opened
	w.buildAt(t, clock.Now)
	secret := signInWithBrowser(t, w, "anja@nordlicht.example", "")
	for _, step := range []struct {
		after  time.Duration
		stored int
	}{{0, 1}, {5 * time.Minute, 1}, {5 * time.Minute, 2}, {time.Minute, 2}, {9 * time.Minute, 3}} {
		clock.Advance(step.after)
		if _, err := w.FromSession(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		if len(opened.secrets) != step.stored {
			t.Errorf("%v later: stored %d times, want %d", step.after, len(opened.secrets), step.stored)
		}
	}
	if opened.secrets[0] == opened.secrets[2] {
		t.Error("the stored one is still the first")
	}
}

func TestAJointSessionIsReviewedAfterARestart(t *testing.T) {
	w := newWorld(t)
	w.startWith(t, seal.NewKey())
	keys := w.Sealer
	entra := signInWithBrowser(t, w, "anja@nordlicht.example", "")
	both := signInAt(t, w, "contact-centre", "anja", entra)
	w.Sealer = keys
	w.build(t)
	p, err := w.FromSession(t.Context(), both)
	if err != nil || p.Identity() != sso.IdentityEntra {
		t.Fatalf("%v", err)
	}
	w.Entra.RevokeSessions(home, anja)
	w.build(t)
	if _, err := w.FromSession(t.Context(), both); !errors.Is(err, sso.ErrSignInRequired) {
		t.Errorf("the joint session goes on: %v", err)
	}
}
