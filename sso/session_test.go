package sso_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"teamsbridge/internal/seal"
	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

func TestASessionEndsAtItsLimits(t *testing.T) {
	for _, test := range []struct {
		name  string
		steps []time.Duration // between the uses
		lives bool            // after the last
	}{
		{"used within the hour", []time.Duration{59 * time.Minute}, true},
		{"idle for an hour", []time.Duration{time.Hour}, false},
		{"idle for an hour after much use", []time.Duration{50 * time.Minute, 50 * time.Minute, time.Hour}, false},
		{"kept in use for nearly twelve hours", repeat(50*time.Minute, 14), true},
		{"kept in use past twelve hours", repeat(50*time.Minute, 15), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			done := d.mustSignIn(t, "entra", "", nil)
			var err error
			for _, step := range test.steps {
				d.Clock.Advance(step)
				_, err = d.FromSession(t.Context(), done.Secret)
			}
			if test.lives && err != nil || !test.lives && !errors.Is(err, sso.ErrSessionNotFound) {
				t.Errorf("FromSession: %v", err)
			}
			if left := d.Store.Sessions(); (left == 1) != test.lives {
				t.Errorf("%d sessions are kept", left)
			}
		})
	}
}

func repeat(d time.Duration, n int) []time.Duration {
	all := make([]time.Duration, n)
	for i := range all {
		all[i] = d
	}
	return all
}

func TestASessionIsTouchedAtMostOnceAMinute(t *testing.T) {
	d := newDesk(t)
	done := d.mustSignIn(t, "entra", "", nil)
	for range 120 {
		d.Clock.Advance(time.Second)
		if _, err := d.FromSession(t.Context(), done.Secret); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.Store.Touches(); got != 2 {
		t.Errorf("touched %d times in two minutes, want 2", got)
	}
}

func TestASessionHoldsOnlyWhatStillHolds(t *testing.T) {
	others := []sso.Agent{{ID: "carl", Tenant: home, Subject: "cc|carl", Name: "Carl"}}
	for _, test := range []struct {
		name     string
		provider string
		agents   []sso.Agent
		config   func(*sso.Config)
		want     func(error) bool
	}{
		{"the agent was taken from the table", "entra", others, nil, as[*sso.AgentUnknownError]},
		{"the contact-centre agent was taken from the table", "contact-centre", others, nil, as[*sso.AgentUnknownError]},
		{"the organisation is no longer admitted", "entra", nil, func(cfg *sso.Config) { cfg.Entra.Tenants = []string{partner} }, as[*sso.NotAdmittedError]},
		{"Entra is no longer configured", "entra", nil, func(cfg *sso.Config) { cfg.Entra = sso.EntraConfig{} }, is(sso.ErrSessionNotFound)},
		{"the provider is no longer configured", "contact-centre", nil, func(cfg *sso.Config) { cfg.ContactCentre = nil }, is(sso.ErrSessionNotFound)},
		{"the provider belongs to another organisation now", "contact-centre", nil, func(cfg *sso.Config) { cfg.ContactCentre[0].Tenant = partner }, is(sso.ErrSessionNotFound)},
		{"nothing changed", "entra", nil, nil, func(err error) bool { return err == nil }},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			done := d.mustSignIn(t, test.provider, "", nil)
			if test.agents != nil {
				if err := d.Agents.Replace(test.agents); err != nil {
					t.Fatal(err)
				}
			}
			cfg := d.config()
			if test.config != nil {
				test.config(&cfg)
			}
			restarted, err := sso.NewVerifier(cfg, sso.WithClock(sso.Deps{Agents: d.Agents, Sessions: d.Store, Sealer: d.remember(t, done.Secret)}, d.Clock.Now))
			if err != nil {
				t.Fatal(err)
			}
			if p, err := restarted.FromSession(t.Context(), done.Secret); !test.want(err) || p.Valid() != (err == nil) {
				t.Errorf("FromSession: %v (valid %v)", err, p.Valid())
			}
		})
	}
}

// remember puts a refresh token into the session, so that the next start can
// review it, and gives what opens it.
func (d *desk) remember(t *testing.T, secret string) *seal.Keys {
	t.Helper()
	keys := sealer(t, seal.NewKey())
	if err := d.Store.KeepRefresh(t.Context(), sha(secret), keys.Seal("0.refresh", sha(secret))); err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestSecretsThatAreNoSessions(t *testing.T) {
	d := newDesk(t)
	done := d.mustSignIn(t, "entra", "", nil)
	for name, secret := range map[string]string{
		"empty": "", "made up": "AAAAAAAAAAAAAAAAAAAAAAAAAA", "one character more": done.Secret + "A",
		"in another case": strings.ToLower(done.Secret), "with a space": done.Secret + " ",
	} {
		if p, err := d.FromSession(t.Context(), secret); !errors.Is(err, sso.ErrSessionNotFound) || p.Valid() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// brokenStore fails where a test wants it to.
type brokenStore struct {
	*sessiontest.Memory
	read, touch error
}

func (b brokenStore) Session(ctx context.Context, key string) (sso.Session, error) {
	if b.read != nil {
		return sso.Session{}, b.read
	}
	return b.Memory.Session(ctx, key)
}

func (b brokenStore) TouchSession(context.Context, string, time.Time) error { return b.touch }

func TestAStoreInTroubleIsNotASignOut(t *testing.T) {
	trouble := errors.New("disk full")
	for _, test := range []struct {
		name        string
		read, touch error
		want        func(error) bool
	}{
		{"a session that cannot be read is the store's error", trouble, nil, is(trouble)},
		{"a session that cannot be touched still holds", nil, trouble, func(err error) bool { return err == nil }},
		{"a session that ended while it was touched is over", nil, sso.ErrSessionNotFound, is(sso.ErrSessionNotFound)},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			done := d.mustSignIn(t, "entra", "", nil)
			d.Clock.Advance(2 * time.Minute)
			v, err := sso.NewVerifier(d.config(), sso.WithClock(sso.Deps{
				Agents: d.Agents, Sessions: brokenStore{d.Store, test.read, test.touch}, Sealer: d.remember(t, done.Secret),
			}, d.Clock.Now))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := v.FromSession(t.Context(), done.Secret); !test.want(err) {
				t.Errorf("FromSession: %v", err)
			}
		})
	}
}

func TestLogsShowNoSecrets(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	logger.InfoContext(t.Context(), "everything",
		slog.Any("begun", sso.Begun{URL: "https://x/?state=SECRET", Browser: "SECRET"}),
		slog.Any("completed", sso.Completed{Secret: "SECRET"}),
		slog.Any("session", sso.Session{Key: "0123456789SECRET", IDToken: "SECRET", Name: "SECRET", EntraID: "SECRET"}),
		slog.Any("transaction", sso.Transaction{Key: "SECRET", Browser: "SECRET", Nonce: "SECRET", Verifier: "SECRET"}),
	)
	if strings.Contains(log.String(), "SECRET") {
		t.Errorf("a secret was logged: %s", log.String())
	}
}
