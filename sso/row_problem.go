package sso

import "fmt"

// RowProblem is what is wrong with a row of an agent table, as a word of a closed set.
type RowProblem string

// The problems.
const (
	RowIDMalformed       RowProblem = "id-malformed"
	RowTenantMalformed   RowProblem = "tenant-malformed"
	RowObjectIDMalformed RowProblem = "object-id-malformed"
	RowSubjectMalformed  RowProblem = "subject-malformed"
	RowTextMalformed     RowProblem = "text-malformed"
	RowNumberMalformed   RowProblem = "number-malformed"
	RowCountryUnknown    RowProblem = "country-unknown"
	RowTimeZoneUnknown   RowProblem = "time-zone-unknown"
	RowRoleUnknown       RowProblem = "role-unknown"
	RowEmpty             RowProblem = "empty"
	RowNoIdentity        RowProblem = "no-identity" // nobody could sign in
	RowNamedTwice        RowProblem = "named-twice" // within the row
	RowFormula           RowProblem = "formula"     // a spreadsheet would take it for one
	RowTaken             RowProblem = "taken"       // another row has the same value
	RowTakenAsID         RowProblem = "taken-as-id" // it is another row's id
	RowTakenAsObjectID   RowProblem = "taken-as-object-id"
)

// RowProblems lists every problem.
var RowProblems = [...]RowProblem{
	RowIDMalformed, RowTenantMalformed, RowObjectIDMalformed, RowSubjectMalformed, RowTextMalformed, RowNumberMalformed,
	RowCountryUnknown, RowTimeZoneUnknown, RowRoleUnknown, RowEmpty, RowNoIdentity, RowNamedTwice, RowFormula,
	RowTaken, RowTakenAsID, RowTakenAsObjectID,
}

// rowMessages say of each problem what is expected; %d stands for its limit.
var rowMessages = map[RowProblem]string{
	RowIDMalformed:       "must be 1 to %d bytes without spaces and slashes",
	RowTenantMalformed:   "must be the organisation's tenant id, a GUID",
	RowObjectIDMalformed: "must be an object id, a GUID",
	RowSubjectMalformed:  "must be at most %d bytes without control characters",
	RowTextMalformed:     "must be at most %d characters, none of them a control character",
	RowNumberMalformed:   "must be a telephone number such as +49301001",
	RowCountryUnknown:    "must be a two-letter country such as DE",
	RowTimeZoneUnknown:   "must be a time zone such as Europe/Berlin",
	RowRoleUnknown:       fmt.Sprintf("must be one of %s, %s, %s", Roles[0], Roles[1], Roles[2]),
	RowEmpty:             "must not be empty",
	RowNoIdentity:        "needs entra_id or subject, else nobody can sign in as this agent",
	RowNamedTwice:        "named twice",
	RowFormula:           "must not begin with =, +, - or @, which spreadsheets take for a formula",
	RowTaken:             "the same as another agent's",
	RowTakenAsID:         "is another agent's id",
	RowTakenAsObjectID:   "is another agent's object id",
}

// Limit is how much there may be of a value, 0 where that is not the matter:
// bytes of ids and subjects, characters of texts.
func (p RowProblem) Limit() int {
	switch p {
	case RowIDMalformed, RowSubjectMalformed:
		return maxIDLength
	case RowTextMalformed:
		return maxTextLength
	default:
		return 0
	}
}

// Message says what is expected, in English and in the configuration's spelling
// of the fields; it holds nothing of the row.
func (p RowProblem) Message() string {
	if limit := p.Limit(); limit > 0 {
		return fmt.Sprintf(rowMessages[p], limit)
	}
	return rowMessages[p]
}

// RowError is one thing that is wrong with a row of an agent table.
type RowError struct {
	Row     int    // index among the rows that were checked
	Field   string // as the configuration spells it, such as "entra_id" or "queues[0]"; empty for the row as a whole
	Problem RowProblem
	Other   int // the row that has the same value already; -1 when that is not the matter
}

// Error begins with the path of the value, such as "agents[2].number".
func (e *RowError) Error() string {
	path := fmt.Sprintf("agents[%d]", e.Row)
	if e.Field != "" {
		path += "." + e.Field
	}
	if e.Other >= 0 {
		return fmt.Sprintf("%s: %s (agents[%d])", path, e.Problem.Message(), e.Other)
	}
	return path + ": " + e.Problem.Message()
}

// RowErrors finds every *RowError in err, in order.
func RowErrors(err error) []*RowError {
	if row, ok := err.(*RowError); ok { //nolint:errorlint // the tree is walked here
		return []*RowError{row}
	}
	var all []*RowError
	if joined, ok := err.(interface{ Unwrap() []error }); ok { // as errors.Join makes it
		for _, e := range joined.Unwrap() {
			all = append(all, RowErrors(e)...)
		}
	}
	return all
}
