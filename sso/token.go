package sso

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	maxTokenSize = 16 << 10 // bytes; Entra's tokens are 1 to 4 kB
	clockLeeway  = 60 * time.Second
)

// token is a JWT, at first one whose signature has not been checked.
type token struct {
	jws *jose.JSONWebSignature // nil for one that was shown before
	// claimed is the issuer as the unverified body names it. It chooses who
	// checks the token, and must then be found again in what was verified.
	claimed  string
	verified *verified // nil until the signature was checked
}

// parseToken reads the three parts of a JWT signed with RS256. Anything else,
// "none" and the shared-key algorithms included, ends here. Of the body it reads
// the issuer only, and leniently: readClaims reads it again when it is verified.
func parseToken(raw string) (*token, error) {
	jws, err := parseSigned(raw)
	if err != nil {
		return nil, err
	}
	var body *struct {
		Issuer any `json:"iss"`
	}
	if json.Unmarshal(jws.UnsafePayloadWithoutVerification(), &body) != nil || body == nil {
		return nil, &TokenError{Reason: ReasonMalformed}
	}
	claimed, _ := body.Issuer.(string)
	return &token{jws: jws, claimed: claimed}, nil
}

// parseSigned is parseToken without a look at the body.
func parseSigned(raw string) (*jose.JSONWebSignature, error) {
	if len(raw) > maxTokenSize || !isCanonical(raw) {
		return nil, &TokenError{Reason: ReasonMalformed}
	}
	jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.RS256})
	if _, other := errors.AsType[*jose.ErrUnexpectedSignatureAlgorithm](err); other {
		return nil, &TokenError{Reason: ReasonAlgorithm}
	}
	if err != nil {
		return nil, &TokenError{Reason: ReasonMalformed}
	}
	// An extension that must be understood (RFC 7515, 4.1.11) is not understood
	// here; that goes for b64 too, which the library would follow and RFC 7797
	// (7) keeps out of JWTs.
	for _, extension := range []jose.HeaderKey{"crit", "b64"} {
		if _, there := jws.Signatures[0].Protected.ExtraHeaders[extension]; there {
			return nil, &TokenError{Reason: ReasonMalformed}
		}
	}
	return jws, nil
}

// isCanonical reports whether there is no other way to write the same token: the
// decoder would skip line breaks and ignore the bits that a part's last
// character has to spare, so that one signature had sixteen spellings.
func isCanonical(raw string) bool {
	if strings.ContainsAny(raw, "\r\n") {
		return false
	}
	for part := range strings.SplitSeq(raw, ".") {
		if _, err := base64.RawURLEncoding.Strict().DecodeString(part[len(part)&^3:]); err != nil {
			return false
		}
	}
	return true
}

// accessTokens are the types (RFC 7519, 5.1; RFC 9068, 2.1) under which access
// tokens come, Entra's as "JWT". Explicit typing (RFC 8725, 3.11) keeps out what
// the same key signs for other ends: sign-out tokens, events, proofs.
var accessTokens = []string{"", "jwt", "at+jwt", "application/at+jwt"}

// isAccess reports whether the token calls itself an access token or nothing.
func (t *token) isAccess() bool {
	kind, there := t.jws.Signatures[0].Protected.ExtraHeaders[jose.HeaderType]
	name, text := kind.(string)
	return !there || text && slices.Contains(accessTokens, strings.ToLower(name))
}

// errKeyGone says that the key of a token that was shown before no longer signs.
var errKeyGone = errors.New("sso: key no longer published")

// claims verifies the token with the keys that admits lets sign for it, and
// reads what it says. errKeyGone: it has to be parsed and verified anew.
func (t *token) claims(ctx context.Context, keys *keySet, admits func(issuer string) bool) (claims, error) {
	if p := t.verified; p != nil {
		if !keys.publishes(ctx, p.keyID, p.key, admits) {
			return claims{}, errKeyGone
		}
		return p.claims, nil
	}
	payload, key, err := keys.verify(ctx, t.jws, admits)
	if err != nil {
		return claims{}, err
	}
	c, err := readClaims(payload)
	switch {
	case err != nil:
		return claims{}, err
	case c.issuer != t.claimed:
		return claims{}, &TokenError{Reason: ReasonIssuer}
	case !t.isAccess():
		return claims{}, &TokenError{Reason: ReasonType}
	}
	t.verified = &verified{keyID: t.jws.Signatures[0].Protected.KeyID, key: key, claims: c}
	return c, nil
}
