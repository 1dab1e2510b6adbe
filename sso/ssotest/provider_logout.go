package ssotest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	logoutEvent         = "http://schemas.openid.net/event/backchannel-logout"
	logoutTokenLifetime = 2 * time.Minute  // as OpenID Connect Back-Channel Logout 1.0, 2.4, recommends
	logoutCallWithin    = 30 * time.Second // for a client that hangs: a slow one is told all the same
)

// logoutClaims are those of a logout token (OpenID Connect Back-Channel Logout
// 1.0, 2.4) for a person's session; without one, for all of them.
func (p *Provider) logoutClaims(subject, session string) jwt.MapClaims {
	now := p.now()
	claims := jwt.MapClaims{
		"iss": p.Issuer(), "sub": subject, "aud": p.options.ClientID,
		"iat": now.Unix(), "exp": now.Add(logoutTokenLifetime).Unix(), "jti": random(),
		"events": map[string]any{logoutEvent: map[string]any{}},
	}
	if session != "" {
		claims["sid"] = session
	}
	return claims
}

// ForgeLogout makes a logout token for attack tables; ObjectID is the subject,
// and "sid" among the claims the session.
func (p *Provider) ForgeLogout(f Forgery) string {
	header := map[string]any{"typ": "logout+jwt"}
	for name, value := range f.Header {
		header[name] = value
	}
	f.Header = header
	return forge(p.keys, p.logoutClaims(f.ObjectID, ""), f)
}

// tellLogout tells the client that a session is over. That the client cannot be
// reached keeps nobody from signing out.
func (p *Provider) tellLogout(ctx context.Context, session browserSession) error {
	if p.options.BackchannelLogout == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, logoutCallWithin)
	defer cancel()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, p.logoutClaims(session.ObjectID, session.ID))
	key := p.keys.published()[0]
	token.Header["kid"], token.Header["typ"] = key.id, "logout+jwt"
	raw, err := token.SignedString(key.private)
	if err != nil {
		return err
	}
	form := url.Values{"logout_token": {raw}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.options.BackchannelLogout, strings.NewReader(form))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusNoContent {
		return fmt.Errorf("back-channel logout answered %d", resp.StatusCode)
	}
	return nil
}
