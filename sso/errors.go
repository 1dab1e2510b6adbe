package sso

import (
	"errors"
	"slices"
)

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

// Reason says why a token was refused: a word from a closed set, for answers,
// metrics and the audit. It tells nothing of what the token held.
type Reason string

// The reasons of a TokenError, in the order in which a token meets them.
const (
	ReasonMalformed   Reason = "malformed"     // not a JWT of one signature, or claims that make no sense
	ReasonAlgorithm   Reason = "algorithm"     // not RS256
	ReasonIssuer      Reason = "issuer"        // of nobody known here
	ReasonSignature   Reason = "signature"     // of no key that may sign for this issuer
	ReasonType        Reason = "type"          // genuine, but an ID token or another kind
	ReasonExpired     Reason = "expired"       //
	ReasonNotYetValid Reason = "not-yet-valid" // before nbf or iat
	ReasonAudience    Reason = "audience"      // for somebody else, or not for us alone
	ReasonTenant      Reason = "tenant"        // tid is not the issuer's
	ReasonVersion     Reason = "version"       // ver is not the issuer's
	ReasonAppOnly     Reason = "app-only"      // an application's own, not admitted by client and role
	ReasonScope       Reason = "scope"         // without access_as_user
	ReasonClient      Reason = "client"        // asked for by a client that is not admitted
	ReasonNoPerson    Reason = "no-person"     // names nobody
)

// healing are the reasons that a new sign-in, or a token of the right issuer,
// would heal. Nothing of such a token has been proven.
var healing = []Reason{
	ReasonMalformed, ReasonAlgorithm, ReasonIssuer, ReasonSignature, ReasonExpired, ReasonNotYetValid, ReasonAudience,
}

// TokenError is a token that is not accepted. It matches ErrSignInRequired for
// what a new sign-in would heal (malformed, algorithm, issuer, signature,
// expired, not-yet-valid, audience); the others are 403 token-not-allowed.
type TokenError struct{ Reason Reason }

func (e *TokenError) Error() string { return "sso: token not accepted: " + string(e.Reason) }

// Is reports whether a new sign-in would heal it.
func (e *TokenError) Is(target error) bool {
	return target == ErrSignInRequired && slices.Contains(healing, e.Reason)
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
