package sso

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/oauth2"
)

// renewBefore its end a kept access token is replaced by the refresh that comes
// along; earlier, every refresh would make Microsoft exchange another one.
const renewBefore = 10 * time.Minute

// refresh redeems the refresh token of a sign-in: Entra refuses when the person
// has lost access, and otherwise gives the next one and a new access token. It
// returns *EndedError in the first case, and both in the other.
func (v *Verifier) refresh(ctx context.Context, who person, k kept) (next kept, err error) {
	config, err := v.entraWay.oauth(ctx, "", who.tenant)
	if err != nil {
		return k, err
	}
	ctx, err = v.entraWay.askingTokens(ctx, v.deps.HTTPClient, config.Endpoint.TokenURL)
	if err != nil {
		return k, err
	}
	tokens, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: k.refresh}).Token()
	if err != nil {
		return k, refreshRefused(err)
	}
	next = k
	if tokens.RefreshToken != "" {
		next.refresh = tokens.RefreshToken
	}
	if v.cfg.Entra.KeepAssertions && v.deps.now().Add(renewBefore).After(k.Expires) {
		if a, ok := v.assertionOf(ctx, who, tokens.AccessToken); ok {
			next.Assertion = a
		}
	}
	return next, nil
}

// refreshRefused tells the end of a sign-in from all that may go wrong besides.
// The answer's text goes no further: it may quote what was sent.
func refreshRefused(err error) error {
	refused, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		return unavailable(err)
	}
	if status := statusOfRefusal(refused); status == http.StatusTooManyRequests || status >= http.StatusInternalServerError {
		busy := &BusyError{}
		if refused.Response != nil {
			busy.RetryAfter = RetryAfter(refused.Response.Header)
		}
		return busy
	}
	if aadsts.FindString(refused.ErrorDescription) == codeLoop {
		return errLoop
	}
	var more struct {
		Claims string `json:"claims"`
	}
	_ = json.Unmarshal(refused.Body, &more) // without it there is no challenge
	if ended := Ending(refused.ErrorDescription, more.Claims); ended != nil {
		return ended
	}
	return fmt.Errorf("sso: refresh token refused: %s", aadsts.FindString(refused.ErrorDescription))
}

// codeLoop refuses whoever asks for a person's tokens too often.
const codeLoop = "AADSTS50196"

// statusOfRefusal is 502 where a token endpoint's refusal has no status.
func statusOfRefusal(refused *oauth2.RetrieveError) int {
	if refused.Response == nil {
		return http.StatusBadGateway
	}
	return refused.Response.StatusCode
}

// RetryAfter reads the header of that name (RFC 9110, 10.2.3) in seconds, as
// Microsoft sends it; 0 without one, and five minutes at most.
func RetryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, int(mostAsked.Seconds()))) * time.Second
}
