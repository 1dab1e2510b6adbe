package onbehalf

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"time"

	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"

	"teamsbridge/graph"
	"teamsbridge/sso"
)

// The reasons of an Error.
const (
	ReasonNobody      = "nobody-present"       // nobody is signed in, or not freshly enough
	ReasonConsent     = "consent-required"     // nobody agreed that the service may act for people
	ReasonInteraction = "interaction-required" // Microsoft wants the person: another factor, a policy
	ReasonEnded       = "sign-in-ended"        // the token has ended or was revoked
)

// Error says why nobody could be acted for. It matches graph.ErrSignInRequired
// and, for whoever asked themself, *sso.RequiredError.
type Error struct {
	Reason string
	// Claims is what the next sign-in has to ask for, in Microsoft's JSON; empty
	// when nothing in particular. It goes back to Entra as it is.
	Claims    string
	Code      string // AADSTS code; empty when nobody was asked
	RequestID string // Microsoft's, of the refusal

	ended *sso.EndedError // nil where the person has not lost access
}

func (e *Error) Error() string {
	text := "onbehalf: " + e.Reason
	if e.Code != "" {
		text += " (" + e.Code + ")"
	}
	return text
}

// Is reports that somebody has to sign in.
func (e *Error) Is(target error) bool { return target == graph.ErrSignInRequired }

// As makes the error the refusal that the HTTP contract has for it: one with a
// challenge where the next sign-in has to bring more than the last.
func (e *Error) As(target any) bool {
	state := sso.StateSignInRequired
	if e.Reason == ReasonConsent {
		state = sso.StateConsentRequired
	}
	status := sso.Required(state).Status
	switch target := target.(type) {
	case **sso.RequiredError:
		*target = &sso.RequiredError{Status: status}
	case **sso.ChallengeError:
		if e.Claims == "" {
			return false
		}
		*target = &sso.ChallengeError{Status: status, Claims: e.Claims}
	default:
		return false
	}
	return true
}

// refusal is Entra's answer to a token request that it does not grant.
type refusal struct {
	Error       string `json:"error"`
	Suberror    string `json:"suberror"`
	Description string `json:"error_description"`
	Claims      string `json:"claims"`
	TraceID     string `json:"trace_id"`
}

var aadsts = regexp.MustCompile(`AADSTS\d{5,7}`)

const (
	maxRefusal = 64 << 10 // bytes
	maxClaims  = 4 << 10
)

// refused reads what a failed exchange means. What is neither a refusal of the
// person nor of the service's own credential is graph.ErrUnavailable.
func refused(err error) error {
	answered, ok := errors.AsType[msal.CallErr](err)
	if !ok || answered.Resp == nil || answered.Resp.Body == nil {
		return &unavailableError{}
	}
	body, readErr := io.ReadAll(io.LimitReader(answered.Resp.Body, maxRefusal))
	var told refusal
	if readErr != nil || json.Unmarshal(bytes.TrimSpace(body), &told) != nil {
		return busy(answered.Resp.Header)
	}
	e := &Error{Claims: told.Claims, Code: aadsts.FindString(told.Description), RequestID: requestID(told.TraceID)}
	if len(e.Claims) > maxClaims || !json.Valid([]byte(e.Claims)) {
		e.Claims = ""
	}
	switch {
	case told.Suberror == "consent_required", told.Error == "consent_required", e.Code == "AADSTS65001":
		e.Reason = ReasonConsent
	case told.Error == "interaction_required", e.Claims != "", told.Suberror == "basic_action", told.Suberror == "additional_action":
		e.Reason = ReasonInteraction
	case told.Error == "invalid_grant":
		e.Reason = ReasonEnded
		e.ended = sso.Ending(told.Description, "")
	case answered.Resp.StatusCode >= 500 || answered.Resp.StatusCode == 429 || e.Code == "":
		return busy(answered.Resp.Header)
	default: // the service itself: disabled, not installed, its secret wrong
		return &graph.DeniedError{Code: e.Code, RequestID: e.RequestID}
	}
	return e
}

// unavailableError: no token, and Entra said nothing about the person.
type unavailableError struct{ retryAfter time.Duration }

func (*unavailableError) Error() string { return "onbehalf: no token from Entra" }

// Is reports that Microsoft is not there now.
func (*unavailableError) Is(target error) bool { return target == graph.ErrUnavailable }

// busy is for as long as the answer asks for.
func busy(header http.Header) error { return &unavailableError{sso.RetryAfter(header)} }

var guid = regexp.MustCompile(`^[0-9a-fA-F-]{36}$`)

func requestID(text string) string {
	if guid.MatchString(text) {
		return text
	}
	return ""
}
