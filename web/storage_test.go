package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/sso/ssotest"
)

// troubled is a store of sessions that can be away.
type troubled struct {
	*sessiontest.Memory
	away atomic.Bool
}

func (s *troubled) trouble() error {
	if s.away.Load() {
		return errors.New("the disk is away")
	}
	return nil
}

func (s *troubled) Session(ctx context.Context, key string) (sso.Session, error) {
	if err := s.trouble(); err != nil {
		return sso.Session{}, err
	}
	return s.Memory.Session(ctx, key)
}

func (s *troubled) SessionsOf(ctx context.Context, tenant string) ([]sso.Session, error) {
	if err := s.trouble(); err != nil {
		return nil, err
	}
	return s.Memory.SessionsOf(ctx, tenant)
}

func (s *troubled) PutTransaction(ctx context.Context, t sso.Transaction) error {
	return errors.Join(s.trouble(), s.Memory.PutTransaction(ctx, t))
}

func (s *troubled) TakeTransaction(ctx context.Context, key string) (sso.Transaction, error) {
	if err := s.trouble(); err != nil {
		return sso.Transaction{}, err
	}
	return s.Memory.TakeTransaction(ctx, key)
}

func TestAStoreInTroubleIsSaidToBe(t *testing.T) {
	store := &troubled{}
	r := &raid{}
	r.world = newWorld(t, func(cfg *Config, w *world) {
		store.Memory, w.identity.deps.Sessions = w.sessions, store
		r.addProvider(cfg, w)
	})
	r.victim, r.evil = r.browser(), r.browser()
	secret := r.signedIn(r.victim, "anja")
	back := r.comesBack(r.evil, "entra", "ben", "")
	logout := url.Values{"logout_token": {r.provider.ForgeLogout(ssotest.Forgery{ObjectID: "cc|anja"})}}.Encode()
	store.away.Store(true)
	for name, ask := range map[string]func() answered{
		"a session is looked up": func() answered { return r.as(secret) },
		"a sign-in begins":       func() answered { return r.evil.step(http.MethodGet, r.url+"/auth/login", nil) },
		"a sign-in comes back":   func() answered { return r.evil.step(http.MethodGet, back.String(), nil) },
		"a provider ends one": func() answered {
			return r.ask("", http.MethodPost, backchannelPath, logout, "Content-Type", "application/x-www-form-urlencoded")
		},
		"somebody signs out": func() answered {
			session, _ := r.cookieNames()
			return r.ask("", http.MethodPost, "/auth/logout", "", "Cookie", session+"="+secret)
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := strings.Count(r.logs.String(), "the disk is away")
			a := ask()
			if a.status != http.StatusServiceUnavailable || a.problem() != "storage-unavailable" || strings.Contains(a.body, "disk") {
				t.Errorf("%d %s", a.status, a.body)
			}
			if told := strings.Count(r.logs.String(), "the disk is away") - before; told != 1 {
				t.Errorf("logged %d times", told)
			}
		})
	}
	store.away.Store(false)
	if a := r.as(secret); a.status != http.StatusOK {
		t.Errorf("afterwards: %d %s", a.status, a.body)
	}
}

func TestWhyACommandCannotBeKeptIsLogged(t *testing.T) {
	w := newWorld(t)
	token, id := w.token(home, anja), w.call("anja")
	w.store.Fail(func(op string) error {
		if op == "Append" {
			return errors.New("the disk is away")
		}
		return nil
	})
	a := w.ask(token, http.MethodPost, "/api/v1/interactions/"+id+"/hold", "")
	w.store.Fail(nil)
	if a.problem() != "storage-unavailable" || strings.Contains(a.body, "disk") {
		t.Errorf("%d %s", a.status, a.body)
	}
	request := a.header.Get("X-Request-Id")
	logged := false
	for line := range strings.Lines(w.logs.String()) {
		logged = logged || strings.Contains(line, "the disk is away") && strings.Contains(line, request)
	}
	if !logged {
		t.Errorf("nothing says why %s was refused", request)
	}
}
