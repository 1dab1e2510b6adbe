package sso_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

func TestWhatHasEndedIsRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := sso.Config{Entra: sso.EntraConfig{ClientID: serviceID, Tenants: []string{home}}}
		store := new(sessiontest.Memory)
		deps := sso.Deps{Agents: agents(t), Sessions: store, PublicURL: public}
		v, err := sso.NewVerifier(cfg, deps)
		if err != nil {
			t.Fatal(err)
		}
		s, err := sso.NewSignIn(cfg, v, deps)
		if err != nil {
			t.Fatal(err)
		}
		for key, life := range map[string]time.Duration{"over": 0, "soon": 5 * time.Minute, "live": time.Hour} {
			if err := store.PutSession(t.Context(), sso.Session{Key: key, ExpiresAt: time.Now().Add(life)}); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		synctest.Wait()
		if got := store.Sessions(); got != 2 {
			t.Errorf("%d sessions after the start, want 2", got)
		}
		time.Sleep(11 * time.Minute) // the bubble's time
		synctest.Wait()
		if got := store.Sessions(); got != 1 {
			t.Errorf("%d sessions after ten minutes, want 1", got)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}
