package graph

import (
	"errors"
	"fmt"
	"time"
)

// TenantID is the Entra tenant (directory) id of an organisation: a GUID in lower case.
type TenantID string

// UserID is the Entra object id of a person within their tenant: a GUID in lower case.
type UserID string

// Person is what the directory says of somebody, listed as an expert or not.
type Person struct {
	ID         UserID
	Name       string // displayName
	GivenName  string
	Surname    string
	Role       string // jobTitle
	Department string
	Phones     []string // businessPhones as the directory spells them: free text, at most one today
	Enabled    bool     // accountEnabled
	Type       string   // userType: "Member", "Guest"; empty counts as a member
	Removed    bool     // a delta's @removed, of either reason
	// Attributes are the further properties that a [Filter] asks about, by
	// their names; one that was never set is absent.
	Attributes map[string]string
}

// Expert is a listed person: an enabled member with a business phone number.
type Expert struct {
	ID         UserID
	Name       string
	GivenName  string
	Surname    string
	Role       string
	Department string
	// Number is the business number in E.164 where it can be read as one
	// (with the organisation's country for national spellings), else the
	// directory's own spelling without blanks and punctuation. An extension
	// is part of it: "+14255550100;ext=12".
	Number string
}

// Reason says why a person is not listed as an expert.
type Reason string

// The reasons, in the words of the HTTP contract.
const (
	ReasonNoBusinessPhone Reason = "no-business-phone"
	ReasonDisabled        Reason = "disabled"
	ReasonGuest           Reason = "guest"
	ReasonUnknown         Reason = "unknown"
	// Only an administrator hears these, as the answer to "why is somebody missing".
	ReasonOtherType    Reason = "other-type"     // neither member nor guest
	ReasonFiltered     Reason = "filtered"       // by Config.Include or Config.Exclude
	ReasonNotYetSynced Reason = "not-yet-synced" // an expert whom the index does not have yet
)

// Reasons lists every reason.
var Reasons = [...]Reason{
	ReasonNoBusinessPhone, ReasonDisabled, ReasonGuest, ReasonUnknown, ReasonOtherType, ReasonFiltered, ReasonNotYetSynced,
}

// forCaller is the reason as somebody hears it who wants to call the person:
// that the configuration hides somebody is not theirs to know.
func (r Reason) forCaller() Reason {
	switch r {
	case ReasonOtherType, ReasonFiltered:
		return ReasonUnknown
	default:
		return r
	}
}

// NotListedError refuses somebody who is not, or no longer, an expert.
type NotListedError struct{ Reason Reason }

func (e *NotListedError) Error() string { return "graph: not listed as an expert: " + string(e.Reason) }

// ThrottledError says that Microsoft asked to wait.
type ThrottledError struct{ RetryAfter time.Duration }

func (e *ThrottledError) Error() string {
	return fmt.Sprintf("graph: throttled, retry after %s", e.RetryAfter)
}

// DeniedError says that a permission is missing (HTTP 401 or 403 of Graph,
// or a credential that Entra refuses). Code is Graph's or Entra's own code.
type DeniedError struct {
	Code      string
	RequestID string
}

func (e *DeniedError) Error() string { return "graph: denied: " + e.Code }

var (
	// ErrNotFound: the directory knows no such person.
	ErrNotFound = errors.New("graph: not found")
	// ErrUnavailable: Graph cannot be reached, answers too late or with 5xx.
	ErrUnavailable = errors.New("graph: unavailable")
	// ErrResyncRequired: the delta link is no longer honoured; read everything anew.
	ErrResyncRequired = errors.New("graph: resync required")
	// ErrPhoneIncomplete: the query is a phone number that is not complete.
	ErrPhoneIncomplete = errors.New("graph: phone number incomplete")
	// ErrNotReady: the first directory sync of this organisation has not finished.
	ErrNotReady = errors.New("graph: directory not yet read")
)

// Query is a search for experts.
type Query struct {
	Text       string
	Department string // exact, case and accents ignored
	Role       string // exact, case and accents ignored
	Country    string // ISO 3166 region of the asking agent's site, for national phone numbers
	Limit      int    // 1..200; more means 200, less 25
	Cursor     string // Result.Next of the page before
}

// Result is one page of a search, best match first.
type Result struct {
	Experts []Expert
	Next    string // empty on the last page
	Total   int    // -1 where it is not known
	// ReadAt is when a live answer was read at Graph; zero for the index's.
	ReadAt time.Time
	// CannotFind says what a live search may miss; empty for the index's.
	CannotFind []Blindness
}

// Missing explains why a person does not appear among the experts.
type Missing struct {
	ID     UserID
	Name   string
	Reason Reason // empty when the person is in fact listed
}

// Confirmation is an expert read live just before a call.
type Confirmation struct {
	Expert        Expert
	Live          bool // false: Graph did not answer in time, the index did
	NumberChanged bool // the live number differs from the index; Expert has the live one
}
