package sso

import "encoding/json"

// EndedError: the sign-in was good and is over, because Entra says so: continuous
// access evaluation. It matches ErrSignInRequired.
type EndedError struct {
	Reason EndedReason
	// Claims is what the next sign-in has to ask for, in Microsoft's JSON; empty
	// when nothing in particular.
	Claims string
}

func (e *EndedError) Error() string { return "sso: sign-in ended: " + string(e.Reason) }

// Is reports that signing in again is the way on.
func (e *EndedError) Is(target error) bool { return target == ErrSignInRequired }

// EndedReason says why a sign-in is over.
type EndedReason string

// The reasons of an EndedError.
const (
	EndedRevoked     EndedReason = "revoked"              // an admin or the person ended all sign-ins, or the password changed
	EndedAccount     EndedReason = "account-disabled"     // disabled or deleted
	EndedUnassigned  EndedReason = "not-assigned"         // no longer among those who may use the app
	EndedInteraction EndedReason = "interaction-required" // a policy wants the person: another factor, another place
)

// endedBy are Entra's numbers that say that a sign-in is over (Microsoft Learn,
// "Microsoft Entra authentication and authorization error codes"). What is not
// among them says nothing about the person.
var endedBy = map[string]EndedReason{
	"AADSTS50132":   EndedRevoked, // password expired or changed
	"AADSTS50133":   EndedRevoked, // the session was revoked
	"AADSTS50173":   EndedRevoked, // the grant was revoked
	"AADSTS70008":   EndedRevoked, // the refresh token expired or was revoked
	"AADSTS700082":  EndedRevoked, // it was not used for too long
	"AADSTS50034":   EndedAccount, // no such account
	"AADSTS50057":   EndedAccount, // disabled
	"AADSTS51004":   EndedAccount, // not in the directory
	"AADSTS500341":  EndedAccount, // deleted
	CodeNotAssigned: EndedUnassigned,
	"AADSTS50076":   EndedInteraction, // another factor, by policy
	"AADSTS50079":   EndedInteraction, // another factor has to be registered
	"AADSTS50158":   EndedInteraction, // a challenge elsewhere
	"AADSTS53003":   EndedInteraction, // blocked by a policy
	"AADSTS70043":   EndedInteraction, // the policy's sign-in frequency
}

// Ending reads a refusal of Entra's: the AADSTS number in its description, and
// the claims challenge beside it. It is nil when the refusal does not say that
// the person's sign-in is over.
func Ending(description, claims string) *EndedError {
	reason, ok := endedBy[aadsts.FindString(description)]
	if !ok {
		return nil
	}
	if len(claims) > maxClaims || !json.Valid([]byte(claims)) {
		claims = ""
	}
	return &EndedError{Reason: reason, Claims: claims}
}

const maxClaims = 4 << 10 // bytes
