package ua

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// challenges lists where a challenge stands and where its answer goes (RFC 3261 22).
var challenges = map[int]struct{ challenge, credentials string }{
	sip.StatusUnauthorized:      {"WWW-Authenticate", "Authorization"},
	sip.StatusProxyAuthRequired: {"Proxy-Authenticate", "Proxy-Authorization"},
}

// authenticated sends a request of a trunk and answers one challenge, with the
// sequence number that next gives. sent is the request that res answers.
func (e *Endpoint) authenticated(ctx context.Context, t *trunk, req *sip.Request, next func() uint32) (sent *sip.Request, res *sip.Response, err error) {
	res, err = e.do(ctx, req)
	if err != nil || !t.canAnswer(res) {
		return req, res, err
	}
	proved, err := t.answerChallenge(req, res)
	if err != nil {
		return req, res, nil // the refusal stands
	}
	proved.CSeq().SeqNo = next()
	res, err = e.do(ctx, proved)
	return proved, res, err
}

func (t *trunk) canAnswer(res *sip.Response) bool {
	_, challenged := challenges[res.StatusCode]
	return challenged && t.Username != ""
}

var errNoChallenge = errors.New("no challenge that can be answered")

// answerChallenge makes a request with credentials of one that was challenged.
func (t *trunk) answerChallenge(req *sip.Request, res *sip.Response) (*sip.Request, error) {
	names := challenges[res.StatusCode]
	for _, h := range res.GetHeaders(names.challenge) {
		challenge, err := digest.ParseChallenge(h.Value())
		if err != nil || !digest.CanDigest(challenge) {
			continue // another scheme, or one for newer clients; the next may do
		}
		credentials, err := digest.Digest(challenge, digest.Options{
			Method: req.Method.String(), URI: req.Recipient.String(), Username: t.Username, Password: string(t.Password),
		})
		if err != nil {
			return nil, fmt.Errorf("digest: %w", err)
		}
		proved := afresh(req)
		proved.RemoveHeader(names.credentials)
		proved.AppendHeader(sip.NewHeader(names.credentials, credentials.String()))
		return proved, nil
	}
	return nil, errNoChallenge
}

// proves reports whether a request carries the credentials of a caller of the
// trunk. stale says that only the nonce was too old, or was used before: who knows
// the password shall try again with the next one.
func (e *Endpoint) proves(t *trunk, req *sip.Request) (ok, stale bool) {
	h := req.GetHeader("Authorization")
	if h == nil {
		return false, false
	}
	given, err := digest.ParseCredentials(h.Value())
	if err != nil || given.Userhash || given.Realm != e.config.Host || given.Nc < 1 {
		return false, false
	}
	password, known := t.Callers[given.Username]
	chal := &digest.Challenge{Realm: given.Realm, Nonce: given.Nonce, Opaque: given.Opaque, Algorithm: given.Algorithm, QOP: []string{"auth"}}
	if given.QOP != "auth" || !strings.EqualFold(given.Algorithm, "SHA-256") && !strings.EqualFold(given.Algorithm, "MD5") && given.Algorithm != "" {
		return false, false
	}
	want, err := digest.Digest(chal, digest.Options{
		Method: req.Method.String(), URI: given.URI, Username: given.Username, Password: string(password), Cnonce: given.Cnonce, Count: given.Nc,
	})
	if err != nil {
		return false, false
	}
	right := subtle.ConstantTimeCompare([]byte(want.Response), []byte(given.Response)) == 1
	if !known || !right || given.URI != req.Recipient.String() {
		return false, false
	}
	if !e.nonces.spend(given.Nonce, given.Nc, idOfIncoming(req), time.Now()) {
		return false, true
	}
	return true, false
}

// challenge asks for credentials: SHA-256 first (RFC 8760), MD5 for telephones
// that know nothing else.
func (e *Endpoint) challenge(req *sip.Request, stale bool) *sip.Response {
	res := answer(req, sip.StatusUnauthorized, "Unauthorized")
	for _, algorithm := range []string{"SHA-256", "MD5"} {
		value := fmt.Sprintf(`Digest realm=%q, nonce=%q, algorithm=%s, qop="auth"`, e.config.Host, e.nonces.make(time.Now()), algorithm)
		if stale {
			value += ", stale=true"
		}
		res.AppendHeader(sip.NewHeader("WWW-Authenticate", value))
	}
	return res
}
