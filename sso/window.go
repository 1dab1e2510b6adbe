package sso

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A tab in Teams cannot show Entra's pages: they refuse to be framed. Where Teams
// alone cannot get what Microsoft wants - consent, another factor - the person
// signs in in a window that Teams opens, and the tab gets a one-time code of it:
//
//	tab ──► Teams' window ──► Begin … Complete ──► HandOver ──code──► tab ──► TakeOver
//
// The window's cookies are none of the tab's, and a token must not pass through
// the host.

const (
	windowCode = "window:code" // what a transaction is for, beside the providers' names
	codeLife   = 2 * time.Minute
)

// windowKey names what a window's sign-in brought, for whoever shows Teams' token.
func windowKey(who person) string { return "window " + who.tenant + "/" + who.objectID }

// HandOver gives the one-time code for the session that a window has just begun;
// redeeming it ends the session. It returns ErrTransactionNotFound for whoever has
// no session with a sign-in at Entra.
func (v *Verifier) HandOver(ctx context.Context, p Principal) (code string, err error) {
	if !p.proof.session || p.who.objectID == "" {
		return "", ErrTransactionNotFound
	}
	code = newSecret()
	t := Transaction{
		Key: digest(code), Provider: windowCode, Tenant: p.tenant, Session: p.proof.key, ExpiresAt: v.deps.now().Add(codeLife),
	}
	if err := v.deps.Sessions.PutTransaction(ctx, t); err != nil {
		return "", fmt.Errorf("keep window code: %w", err)
	}
	return code, nil
}

// TakeOver redeems the code for the person in the tab: what their window's sign-in
// brought is used with the tokens that they show from now on. Errors:
// ErrTransactionNotFound, also when somebody else signed in in the window.
func (v *Verifier) TakeOver(ctx context.Context, p Principal, code string) error {
	if !p.Valid() || code == "" || v.deps.Sessions == nil {
		return ErrTransactionNotFound
	}
	t, err := v.deps.Sessions.TakeTransaction(ctx, digest(code))
	if err != nil {
		return err
	}
	if t.Provider != windowCode || !v.deps.now().Before(t.ExpiresAt) {
		return ErrTransactionNotFound
	}
	s, err := v.deps.Sessions.Session(ctx, t.Session)
	if errors.Is(err, ErrSessionNotFound) {
		return ErrTransactionNotFound
	}
	if err != nil {
		return fmt.Errorf("find the window's session: %w", err)
	}
	if same := s.Tenant == p.tenant && s.EntraID == p.who.objectID; same {
		_, _ = v.recall(s) // the service may have been started anew in between
		v.kept.drop(windowKey(p.who))
		v.kept.carry(s.Key, windowKey(p.who))
	} else {
		err = ErrTransactionNotFound
	}
	return errors.Join(err, v.endSession(ctx, s.Key))
}
