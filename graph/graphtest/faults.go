package graphtest

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"

	"teamsbridge/sso/ssotest"
)

// InjectFault makes requests go wrong, with Graph's error envelope; each
// request of a batch meets the fault of its own path.
func (s *Server) InjectFault(f ssotest.Fault) { s.faults.Inject(f) }

// misbehave lets an injected fault happen.
func (s *Server) misbehave(r *http.Request) error {
	fault, happens := s.faults.Next(r.URL.Path)
	if !happens {
		return nil
	}
	if fault.Delay > 0 {
		timer := time.NewTimer(fault.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return r.Context().Err()
		}
	}
	if fault.Status == 0 {
		return nil
	}
	f := &failure{
		status: fault.Status, code: cmp.Or(fault.Name, faultCode(fault.Status)),
		message: "The simulated Graph was told to answer like this.", header: http.Header{},
	}
	if fault.RetryAfter > 0 {
		f.header.Set("Retry-After", strconv.Itoa(fault.RetryAfter))
	}
	if fault.Status == http.StatusUnauthorized {
		f.header.Set("WWW-Authenticate", challenge)
	}
	if fault.Name == InsufficientClaims {
		// Continuous access evaluation: the code stays the general one, what is
		// wanted of the next token stands in the header (claims challenges,
		// identity platform).
		f.code = "InvalidAuthenticationToken"
		f.header.Set("WWW-Authenticate", challenge+`, error="insufficient_claims", claims="`+wantedClaims+`"`)
	}
	return f
}

// InsufficientClaims is the [ssotest.Fault] name of a token that was revoked
// before its time: with status 401, the answer holds a claims challenge.
const InsufficientClaims = "insufficient_claims"

// challenge is how Graph asks for a token.
const challenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="` + ssotest.GraphAppID + `"`

// wantedClaims asks for a token that is younger than the revocation.
var wantedClaims = base64.StdEncoding.EncodeToString([]byte(`{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`))

// faultCode is the code that Graph most often sends with a status.
func faultCode(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "InvalidAuthenticationToken"
	case http.StatusForbidden:
		return "Authorization_RequestDenied"
	case http.StatusNotFound:
		return "Request_ResourceNotFound"
	case http.StatusConflict:
		return "conflict"
	case http.StatusGone:
		return "resyncRequired"
	case http.StatusTooManyRequests:
		return "TooManyRequests"
	case http.StatusServiceUnavailable:
		return "serviceNotAvailable"
	case http.StatusBadRequest:
		return "Request_BadRequest"
	default:
		return "generalException"
	}
}
