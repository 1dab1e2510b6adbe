package sso

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// logoutEvent is what a logout token is about (OpenID Connect Back-Channel
// Logout 1.0, 2.4).
const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// LogoutError is a logout token that is not accepted. Reason is one of a
// TokenError's or of those below.
type LogoutError struct{ Reason Reason }

func (e *LogoutError) Error() string { return "sso: logout token not accepted: " + string(e.Reason) }

// The reasons of a LogoutError beside those of a TokenError.
const (
	ReasonEvent    Reason = "event"    // not about a logout
	ReasonNonce    Reason = "nonce"    // has one: an ID token, which is no logout token
	ReasonReplayed Reason = "replayed" // came before
)

// Logout ends the sessions that a provider of the contact centre says are over:
// OpenID Connect Back-Channel Logout 1.0. Entra sends no such tokens. A token
// ends only what was signed in before it was made, by the provider's own clock,
// so that one which comes again can never end a later session. It goes on when ctx
// ends: a provider that does not wait for the answer has said it all the same. Errors:
// *LogoutError, ErrProviderUnavailable, and ErrStorage, after which the
// provider may send the token again.
func (s *SignIn) Logout(ctx context.Context, logoutToken string) error {
	t, err := parseToken(logoutToken)
	if err != nil {
		return logoutRefusal(err)
	}
	provider, ok := s.verifier.providers[t.claimed]
	if !ok || provider.cfg.ClientID == "" {
		return &LogoutError{Reason: ReasonIssuer}
	}
	ctx = context.WithoutCancel(ctx)
	out, err := provider.logout(ctx, t)
	if err != nil {
		return logoutRefusal(err)
	}
	s.logouts.note(out, s.deps.now())
	kept, err := s.deps.Sessions.SessionsOf(ctx, provider.cfg.Tenant)
	if err != nil {
		return fmt.Errorf("list sessions: %w", err)
	}
	for _, session := range kept {
		if !slices.ContainsFunc(session.Logins, out.ends) {
			continue
		}
		if err := s.verifier.endByProvider(ctx, session); err != nil {
			return err
		}
	}
	// Last, so that the repetition of one whose sessions could not be ended is not refused.
	err = s.deps.Sessions.UseOnce(ctx, digest("logout "+out.issuer+" "+out.id), out.until)
	if errors.Is(err, ErrUsed) {
		return &LogoutError{Reason: ReasonReplayed}
	}
	return err
}

// logoutRefusal keeps the reason of what refuses every token.
func logoutRefusal(err error) error {
	if refused, ok := errors.AsType[*TokenError](err); ok {
		return &LogoutError{Reason: refused.Reason}
	}
	return err
}

// logout is a logout token that holds.
type logout struct {
	issuer, id       string
	subject, session string // one of them may be empty
	at               time.Time
	until            time.Time // from when on it would be refused as expired
}

// ends reports whether the sign-in is one that the token is about. The session
// is compared where both sides name it, else the person.
func (l logout) ends(login Login) bool {
	if login.Issuer != l.issuer || login.IssuedAt.After(l.at) {
		return false
	}
	if l.subject != "" && login.Subject != l.subject {
		return false
	}
	if l.session != "" && login.ID != "" {
		return login.ID == l.session
	}
	return l.subject != ""
}

// logout checks a token in the order of the specification's 2.6.
func (p *contactCentre) logout(ctx context.Context, t *token) (logout, error) {
	payload, _, err := p.keys.verify(ctx, t.jws, anyKey)
	if err != nil {
		return logout{}, err
	}
	c, err := readClaims(payload)
	if err != nil {
		return logout{}, err
	}
	if err := c.checkTimes(p.now()); err != nil {
		return logout{}, err
	}
	out := logout{
		issuer: c.issuer, id: c.text("jti"), subject: c.text("sub"), session: c.text("sid"),
		at: c.issuedAt, until: c.expires.Add(clockLeeway),
	}
	switch {
	case !t.isLogout():
		return logout{}, &LogoutError{Reason: ReasonType}
	case c.issuer != p.cfg.Issuer:
		return logout{}, &LogoutError{Reason: ReasonIssuer}
	case !slices.Contains(c.audience, p.cfg.ClientID):
		return logout{}, &LogoutError{Reason: ReasonAudience}
	case out.id == "" || c.issuedAt.IsZero():
		return logout{}, &LogoutError{Reason: ReasonMalformed}
	case out.subject == "" && out.session == "":
		return logout{}, &LogoutError{Reason: ReasonNoPerson}
	case !c.isLogout():
		return logout{}, &LogoutError{Reason: ReasonEvent}
	case c.has("nonce"):
		return logout{}, &LogoutError{Reason: ReasonNonce}
	}
	return out, nil
}

// logoutTokens are the types under which logout tokens come: the specification
// asks for logout+jwt, and many providers say what they say of all tokens.
var logoutTokens = []string{"", "jwt", "logout+jwt", "application/logout+jwt"}

func (t *token) isLogout() bool {
	kind, there := t.jws.Signatures[0].Protected.ExtraHeaders[jose.HeaderType]
	name, text := kind.(string)
	return !there || text && slices.Contains(logoutTokens, strings.ToLower(name))
}

// isLogout reports whether events holds the one of a logout, an object.
func (c claims) isLogout() bool {
	events, err := readObject(c.all["events"])
	if err != nil {
		return false
	}
	_, err = readObject(events[logoutEvent])
	return err == nil
}
