package sso

import "errors"

var (
	// ErrSignInRequired: no token, or one that proves nothing.
	ErrSignInRequired = errors.New("sso: sign-in required")
	// ErrProviderUnavailable: the issuer's keys or token endpoint cannot be reached.
	ErrProviderUnavailable = errors.New("sso: identity provider unavailable")
	// ErrSessionNotFound: no such session, or it has ended.
	ErrSessionNotFound = errors.New("sso: session not found")
	// ErrProviderUnknown: nothing of that name to sign in with.
	ErrProviderUnknown = errors.New("sso: no such identity provider")
	// ErrTransactionNotFound: the sign-in was not begun here, was used or is too old.
	ErrTransactionNotFound = errors.New("sso: sign-in transaction not found")
)

// TokenError is a token that is genuine or not, but not accepted. Reason is from
// a closed set: "malformed", "signature", "expired", "not-yet-valid", "issuer",
// "audience", "algorithm", "version", "tenant", "scope", "client", "app-only", "no-person".
// It matches ErrSignInRequired for what a new sign-in would heal (malformed,
// signature, expired, not-yet-valid, issuer, algorithm, audience); the others are 403
// token-not-allowed.
type TokenError struct{ Reason string }

func (e *TokenError) Error() string { return "sso: token not accepted: " + e.Reason }

// The reasons of a TokenError.
const (
	reasonMalformed   = "malformed"
	reasonSignature   = "signature"
	reasonExpired     = "expired"
	reasonNotYetValid = "not-yet-valid"
	reasonIssuer      = "issuer"
	reasonAudience    = "audience"
	reasonAlgorithm   = "algorithm"
	reasonVersion     = "version"
	reasonTenant      = "tenant"
	reasonScope       = "scope"
	reasonClient      = "client"
	reasonAppOnly     = "app-only"
	reasonNoPerson    = "no-person"
)

// Is reports whether a new sign-in would heal it.
func (e *TokenError) Is(target error) bool {
	if target != ErrSignInRequired {
		return false
	}
	switch e.Reason {
	case reasonMalformed, reasonSignature, reasonExpired, reasonNotYetValid,
		reasonIssuer, reasonAlgorithm, reasonAudience:
		return true
	}
	return false
}

// SignInError is a browser sign-in that ended without somebody signed in.
// Reason is from a closed set: "cancelled", "interaction-required", "nonce",
// "rejected". It matches ErrSignInRequired: trying again is the way on.
type SignInError struct{ Reason string }

func (e *SignInError) Error() string { return "sso: sign-in not completed: " + e.Reason }

// The reasons of a SignInError.
const (
	reasonCancelled           = "cancelled"
	reasonInteractionRequired = "interaction-required"
	reasonNonce               = "nonce"
	reasonRejected            = "rejected"
)

// Is reports that signing in again is the way on.
func (e *SignInError) Is(target error) bool { return target == ErrSignInRequired }

// NotAdmittedError: the organisation is not on the list of admitted ones (403
// organization-not-admitted). Reason is "not-on-the-list".
type NotAdmittedError struct{ Reason string }

const reasonNotOnList = "not-on-the-list"

func (e *NotAdmittedError) Error() string { return "sso: organisation not admitted" }

// AgentUnknownError: signed in, but not in the agent table (403 agent-unknown).
type AgentUnknownError struct {
	Name    string // as the token says it; for the page's greeting only
	Contact string // whom to ask, from the configuration
}

func (e *AgentUnknownError) Error() string { return "sso: not in the agent table" }

// RequiredError refuses an action that needs Entra sign-on (403 sso-required).
type RequiredError struct{ Status Status }

func (e *RequiredError) Error() string { return "sso: sign-on required: " + string(e.Status.State) }

// IncompleteError refuses to switch SSO on (409 sso-incomplete).
type IncompleteError struct{ Missing []string }

func (e *IncompleteError) Error() string { return "sso: organisation not ready" }
