package web

import (
	"net/http"

	"teamsbridge/consult"
	"teamsbridge/sso"
)

// slug names a kind of problem; it is the last part of the problem's type.
type slug string

// The slugs of the HTTP contract.
const (
	slugMalformed            slug = "malformed"
	slugMethodNotAllowed     slug = "method-not-allowed"
	slugTooLarge             slug = "too-large"
	slugUnsupportedMediaType slug = "unsupported-media-type"
	slugSignInRequired       slug = "sign-in-required"
	slugLogoutTokenInvalid   slug = "logout-token-invalid"
	slugNotAdmitted          slug = "organization-not-admitted"
	slugTokenNotAllowed      slug = "token-not-allowed"
	slugAgentUnknown         slug = "agent-unknown"
	slugSSORequired          slug = "sso-required"
	slugRoleRequired         slug = "role-required"
	slugNotFound             slug = "not-found"
	slugWrongPhase           slug = "wrong-phase"
	slugInteractionDamaged   slug = "interaction-damaged"
	slugVersionConflict      slug = "version-conflict"
	slugRequestInvalid       slug = "request-invalid"
	slugDialNumberInvalid    slug = "dial-number-invalid"
	slugExpertNotListed      slug = "expert-not-listed"
	slugPhoneIncomplete      slug = "phone-incomplete"
	slugTooManyRequests      slug = "too-many-requests"
	slugTooManyReservations  slug = "too-many-reservations"
	slugDialNotAllowed       slug = "dial-not-allowed"
	slugSSOIncomplete        slug = "sso-incomplete"
	slugSwitchFailed         slug = "switch-failed"
	slugDirectoryUnavailable slug = "directory-unavailable"
	slugProviderUnavailable  slug = "identity-provider-unavailable"
	slugConsultNumbersTaken  slug = "consult-numbers-taken"
	slugDraining             slug = "draining"
	slugStorageUnavailable   slug = "storage-unavailable"
	slugInternal             slug = "internal"
	slugOutcomeUnknown       slug = "outcome-unknown"
	slugTimedOut             slug = "timed-out"
)

// kind is a row of the table of problems. Detail says what the caller can do
// next; it is the same for every occurrence, so that nothing can leak into it.
type kind struct {
	slug    slug
	status  int
	title   string
	detail  string
	members string // beyond those that every problem has
}

// kinds is the one table of problems; docs/problems.md is compared with it.
var kinds = [...]kind{
	{slugMalformed, http.StatusBadRequest, "Malformed request",
		"The request cannot be read. Send well-formed JSON and headers as the interface describes them.", ""},
	{slugMethodNotAllowed, http.StatusMethodNotAllowed, "Method not allowed",
		"Use one of the methods that the Allow header names.", "`Allow` header"},
	{slugTooLarge, http.StatusRequestEntityTooLarge, "Request too large",
		"Send a smaller body.", ""},
	{slugUnsupportedMediaType, http.StatusUnsupportedMediaType, "Unsupported media type",
		"Send the body as application/json, a file of agents as text/csv in UTF-8, a logout token as application/x-www-form-urlencoded.", ""},
	{slugSignInRequired, http.StatusUnauthorized, "Sign-in required",
		"Sign in, or send a valid token of one of the known issuers.", "`WWW-Authenticate` header; `reason` where one is known; `claims` where Microsoft wants more of the next sign-in"},
	{slugLogoutTokenInvalid, http.StatusBadRequest, "Logout token not accepted",
		"The identity provider's message does not prove that a sign-in is over. Nothing was ended.", "`reason`"},
	{slugNotAdmitted, http.StatusForbidden, "Organisation not admitted",
		"Your organisation does not use this service yet. Ask the operator of the service to admit it.", "`reason`"},
	{slugTokenNotAllowed, http.StatusForbidden, "Token not allowed",
		"The token is genuine but not meant for this. Ask for a token of this service's own scope, by an admitted client, for a person.", "`reason`: what the token lacks, or `cross-origin`"},
	{slugAgentUnknown, http.StatusForbidden, "Not set up here",
		"You are signed in, but not set up as an agent. Ask the contact that reason names.", "`reason`: whom to ask"},
	{slugSSORequired, http.StatusForbidden, "Microsoft sign-on required",
		"Reaching a Teams user needs Microsoft sign-on. The member sso says what is missing and who can do it.", "`sso`: as in `GET /api/v1/session`"},
	{slugRoleRequired, http.StatusForbidden, "Role required",
		"This needs the role that the member role names. Ask an administrator for it.", "`role`"},
	{slugNotFound, http.StatusNotFound, "Not found",
		"There is nothing here for you. Check the address; what belongs to others is not shown.", ""},
	{slugWrongPhase, http.StatusConflict, "Not possible in this phase",
		"Read the interaction again; the member allowed names what is possible now.", "`phase`, `allowed`, `reason`: `wrong-phase`, `pending`, `not-your-part` or `none-to-transfer-to`"},
	// A conflict with the resource's state and no 5xx: trying again helps
	// nobody, and the operator is told by readiness, log and metric.
	{slugInteractionDamaged, http.StatusConflict, "Interaction damaged",
		"The record of this interaction cannot be read: it takes no commands and nothing was done. Go on by telephone and give the operator the interaction's id. Other interactions are not affected.", ""},
	{slugVersionConflict, http.StatusPreconditionFailed, "Changed meanwhile",
		"It has another version by now. Read it again and decide anew.", "`version` of an interaction"},
	{slugRequestInvalid, http.StatusUnprocessableEntity, "Request invalid",
		"Correct what the member errors names and send the request again.", "`errors`: [{`location`, `message`}], of agents with `code` and `values` too"},
	{slugDialNumberInvalid, http.StatusUnprocessableEntity, "Dial number invalid",
		"This cannot be dialled as it stands. The member check says what was found; a dial number has 3 to 18 digits.", "`check`: as in `POST /api/v1/dial-number/check`"},
	{slugExpertNotListed, http.StatusUnprocessableEntity, "Not listed as an expert",
		"This person cannot be called as an expert; the member reason says why. Choose somebody else.", "`reason`: `no-business-phone`, `disabled`, `guest` or `unknown`"},
	{slugPhoneIncomplete, http.StatusUnprocessableEntity, "Telephone number incomplete",
		"Enter the complete telephone number.", ""},
	{slugTooManyRequests, http.StatusTooManyRequests, "Too many requests",
		"Wait as long as the Retry-After header says, then try again.", "`Retry-After` header"},
	{slugTooManyReservations, http.StatusTooManyRequests, "Too many reservations of yours",
		"You have reserved as many consult numbers as one agent may; the others are for colleagues. Call one of yours or withdraw it, or try again after the time in Retry-After.", "`Retry-After` header"},
	{slugDialNotAllowed, http.StatusUnprocessableEntity, "Destination not allowed",
		"Your contact centre does not allow calls to this destination, or wants them confirmed.", ""},
	{slugSSOIncomplete, http.StatusConflict, "Single sign-on incomplete",
		"Single sign-on cannot be switched on before what the member missing names is in place.", "`missing`"},
	{slugSwitchFailed, http.StatusBadGateway, "The telephone system did not do it",
		"Nothing has changed and nobody was dropped; the member reason says why. Try again or choose another way.", "`reason`: `busy`, `declined`, `no-answer`, `unreachable`, `rejected`, `voicemail`, `no-acceptance`, `withdrawn` or `failed`"},
	{slugDirectoryUnavailable, http.StatusServiceUnavailable, "Directory unavailable",
		"The organisation's directory cannot be asked at the moment. Try again after the time in Retry-After.", "`since`, `Retry-After` header"},
	{slugProviderUnavailable, http.StatusServiceUnavailable, "Identity provider unavailable",
		"The sign-in cannot be checked at the moment. Try again after the time in Retry-After.", "`since`, `Retry-After` header"},
	{slugConsultNumbersTaken, http.StatusServiceUnavailable, "Every consult number is taken",
		"Try again after the time in Retry-After. The operator can configure more numbers.", "`Retry-After` header"},
	{slugDraining, http.StatusServiceUnavailable, "Stopping",
		"This instance is stopping and takes nothing new. Try again; another instance or a restart will answer.", ""},
	{slugStorageUnavailable, http.StatusServiceUnavailable, "Storage unavailable",
		"The action could not be recorded, so nothing was done. Try again in a moment.", ""},
	{slugInternal, http.StatusInternalServerError, "Internal error",
		"Something went wrong here. Give the operator the request id that the member instance holds.", ""},
	{slugOutcomeUnknown, http.StatusGatewayTimeout, "Outcome unknown",
		"The telephone system has not answered yet; the action may still happen. Read the interaction.", ""},
	{slugTimedOut, http.StatusGatewayTimeout, "Not answered in time",
		"It took too long and was given up. Look whether it happened before you ask again.", ""},
}

// kindOf finds a row; an unknown slug is a mistake of this package.
func kindOf(s slug) kind {
	for _, k := range kinds {
		if k.slug == s {
			return k
		}
	}
	panic("web: no such problem: " + string(s))
}

// problemBase is the path below which each problem has its page.
const problemBase = "/problems/"

// Problem is the document that every refusal is answered with (RFC 9457),
// with the members that some kinds add.
type Problem struct {
	Type     string `json:"type" doc:"Which problem: /problems/<slug>, where it is explained"`
	Title    string `json:"title" doc:"The problem in a few words"`
	Status   int    `json:"status" doc:"HTTP status"`
	Detail   string `json:"detail" doc:"What to do next"`
	Instance string `json:"instance" doc:"Id of this request, also in the X-Request-Id header"`

	Errors  []FieldError     `json:"errors,omitempty" doc:"request-invalid: what is wrong, and where"`
	Reason  string           `json:"reason,omitempty" doc:"Why, as a word from a closed set"`
	Role    sso.Role         `json:"role,omitempty" doc:"role-required: the role that is needed"`
	SSO     *ssoStatus       `json:"sso,omitempty" doc:"sso-required: what is missing and who can do it"`
	Phase   problemPhase     `json:"phase,omitempty" doc:"wrong-phase: the phase now; of a reservation: connected"`
	Allowed []consult.Action `json:"allowed,omitzero" doc:"wrong-phase: the actions that are possible now" nullable:"false"`
	Version uint64           `json:"version,omitempty" doc:"version-conflict: the interaction's version now"`
	Check   *numberCheck     `json:"check,omitempty" doc:"dial-number-invalid: what was found"`
	Missing []string         `json:"missing,omitempty" doc:"sso-incomplete: what is not in place"`
	Claims  string           `json:"claims,omitempty" doc:"sign-in-required: a claims challenge of Microsoft's for the next token"`
	Since   string           `json:"since,omitempty" format:"date-time" doc:"Since when it has been unavailable"`

	header http.Header
}

// FieldError is one thing wrong with a request.
type FieldError struct {
	Location string `json:"location" doc:"Where: a path such as body.target.id, query.limit or header.If-Match"`
	Message  string `json:"message" doc:"What is expected there"`
	// What agents' rows and files of them are refused with, so that a page can say it in its language.
	Code   problemCode    `json:"code,omitempty" doc:"Of agents: what is wrong, as a word from a closed set"`
	Values map[string]int `json:"values,omitempty" doc:"The numbers in the message"`
}

// newProblem makes the document of a kind.
func newProblem(s slug) *Problem {
	k := kindOf(s)
	return &Problem{
		Type:   problemBase + string(k.slug),
		Title:  k.title,
		Status: k.status,
		Detail: k.detail,
	}
}

// invalid is a request-invalid with one error.
func invalid(location, message string) *Problem {
	p := newProblem(slugRequestInvalid)
	p.Errors = []FieldError{{Location: location, Message: message}}
	return p
}

// Error names the problem; a Problem may be returned by any handler.
func (p *Problem) Error() string { return "web: " + p.Type }

// GetStatus is the HTTP status; huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are the headers beside the document; huma asks for them.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType is application/problem+json; huma asks for it.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// with adds a header and gives the problem back.
func (p *Problem) with(name, value string) *Problem {
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header.Set(name, value)
	return p
}

// because adds the reason and gives the problem back.
func (p *Problem) because(reason string) *Problem {
	p.Reason = reason
	return p
}
