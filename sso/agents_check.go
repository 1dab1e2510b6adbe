package sso

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// maxIDLength bounds ids and subjects; they travel in addresses and journals.
const maxIDLength = 128

// maxTextLength bounds names, teams and queues, in characters.
const maxTextLength = 200

var (
	guidPattern   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	numberPattern = regexp.MustCompile(`^\+?[0-9]{2,18}$`)

	// punctuation is what people write between the digits of a number.
	punctuation = strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "(", "", ")", "", ".", "", "/", "")
)

// isGUID reports whether s is a lower-case GUID string.
func isGUID(s string) bool { return guidPattern.MatchString(s) }

// canonicalNumber gives the form in which numbers are compared and dialled.
func canonicalNumber(s string) (string, bool) {
	s = punctuation.Replace(strings.TrimSpace(s))
	return s, numberPattern.MatchString(s)
}

// RowError is one thing that is wrong with a row of an agent table.
type RowError struct {
	Row     int    // index among the rows that were checked
	Field   string // as the configuration spells it, such as "entra_id" or "queues[0]"; empty for the row as a whole
	Message string // what is expected there; holds nothing of the row
	Other   int    // the row that has the same value already; -1 when that is not the matter
}

// Error begins with the path of the value, such as "agents[2].number".
func (e *RowError) Error() string {
	path := fmt.Sprintf("agents[%d]", e.Row)
	if e.Field != "" {
		path += "." + e.Field
	}
	if e.Other >= 0 {
		return fmt.Sprintf("%s: %s (agents[%d])", path, e.Message, e.Other)
	}
	return path + ": " + e.Message
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

// rowChecks collects the problems of one table.
type rowChecks struct {
	row      int // the one that is being checked
	problems []error
	taken    map[[3]string]int // kind, tenant and value to the row that has it
	zones    map[string]bool   // time zones that were looked up, which reads a file
}

func newRowChecks() *rowChecks {
	return &rowChecks{taken: make(map[[3]string]int), zones: make(map[string]bool)}
}

func (c *rowChecks) problem(field, format string, args ...any) {
	c.problems = append(c.problems, &RowError{Row: c.row, Field: field, Message: fmt.Sprintf(format, args...), Other: -1})
}

// unique refuses a value that another row of the tenant has.
func (c *rowChecks) unique(field, tenant, value string) {
	if value == "" {
		return
	}
	key := [3]string{field, tenant, value}
	if first, ok := c.taken[key]; ok {
		c.problems = append(c.problems, &RowError{Row: c.row, Field: field, Message: "the same as another agent's", Other: first})
		return
	}
	c.taken[key] = c.row
}

// checkAgents gives the rows in canonical spelling, or every problem joined,
// each a *RowError.
func checkAgents(rows []Agent) ([]Agent, error) {
	clean, problems := checkRows(rows)
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return clean, nil
}

// checkRows gives the rows in canonical spelling, and every problem as a *RowError.
func checkRows(rows []Agent) (clean []Agent, problems []error) {
	c := newRowChecks()
	clean = make([]Agent, len(rows))
	for i, row := range rows {
		c.row = i
		clean[i] = c.check(row)
	}
	c.foreignIDs(clean)
	return clean, c.problems
}

func (c *rowChecks) check(row Agent) Agent {
	row = row.clone()
	row.Tenant = strings.ToLower(strings.TrimSpace(row.Tenant))
	row.EntraID = strings.ToLower(strings.TrimSpace(row.EntraID))
	row.Name = strings.TrimSpace(row.Name)
	row.Country = strings.ToUpper(strings.TrimSpace(row.Country))

	c.id(string(row.ID))
	c.unique("id", row.Tenant, string(row.ID))
	if !isGUID(row.Tenant) {
		c.problem("tenant", "must be the organisation's tenant id, a GUID")
	}
	if row.EntraID == "" && row.Subject == "" {
		c.problem("", "needs entra_id or subject, else nobody can sign in as this agent")
	}
	if row.EntraID != "" && !isGUID(row.EntraID) {
		c.problem("entra_id", "must be an object id, a GUID")
	}
	c.unique("entra_id", row.Tenant, row.EntraID)
	if len(row.Subject) > maxIDLength || strings.ContainsFunc(row.Subject, unicode.IsControl) {
		c.problem("subject", "must be at most %d bytes without control characters", maxIDLength)
	}
	c.unique("subject", row.Tenant, row.Subject)
	if row.Name == "" {
		c.problem("name", "must not be empty")
	}
	c.text("name", row.Name)
	c.text("team", row.Team)
	row.Number = c.number(row.Tenant, row.Number)
	c.site(row)
	c.queues(row.Queues)
	row.Roles = c.roles(row.Roles)
	return row
}

func (c *rowChecks) id(id string) {
	bad := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == '/' }
	if id == "" || len(id) > maxIDLength || strings.ContainsFunc(id, bad) {
		c.problem("id", "must be 1 to %d bytes without spaces and slashes", maxIDLength)
	}
}

// text bounds what is shown to people.
func (c *rowChecks) text(field, text string) {
	if utf8.RuneCountInString(text) > maxTextLength || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		c.problem(field, "must be at most %d characters, none of them a control character", maxTextLength)
	}
}

func (c *rowChecks) number(tenant, number string) string {
	if number == "" {
		return ""
	}
	canonical, ok := canonicalNumber(number)
	if !ok {
		c.problem("number", "must be a telephone number such as +49301001")
		return number
	}
	c.unique("number", tenant, canonical)
	return canonical
}

func (c *rowChecks) site(row Agent) {
	if row.Country != "" {
		region, err := language.ParseRegion(row.Country)
		if len(row.Country) != 2 || err != nil || !region.IsCountry() {
			c.problem("country", "must be a two-letter country such as DE")
		}
	}
	if row.TimeZone != "" && !c.zone(row.TimeZone) {
		c.problem("time_zone", "must be a time zone such as Europe/Berlin")
	}
}

// zone reports whether a time zone is known everywhere.
func (c *rowChecks) zone(name string) bool {
	known, looked := c.zones[name]
	if !looked {
		_, err := time.LoadLocation(name)
		known = err == nil && name != "Local"
		c.zones[name] = known
	}
	return known
}

func (c *rowChecks) queues(queues []string) {
	for i, queue := range queues {
		field := fmt.Sprintf("queues[%d]", i)
		switch {
		case strings.TrimSpace(queue) == "":
			c.problem(field, "must not be empty")
		case slices.Contains(queues[:i], queue):
			c.problem(field, "named twice")
		default:
			c.text(field, queue)
		}
	}
}

func (c *rowChecks) roles(roles []Role) []Role {
	for i, role := range roles {
		if !slices.Contains(Roles[:], role) {
			c.problem(fmt.Sprintf("roles[%d]", i), "must be one of %s, %s, %s", Roles[0], Roles[1], Roles[2])
		}
	}
	return knownRoles(roles)
}

// foreignIDs refuses an id that is another row's Entra object id: an admin
// without a row goes by their object id, which must not be somebody's agent id.
func (c *rowChecks) foreignIDs(rows []Agent) {
	for i, row := range rows {
		owner, ok := c.taken[[3]string{"entra_id", row.Tenant, strings.ToLower(string(row.ID))}]
		if ok && owner != i {
			c.problems = append(c.problems, &RowError{Row: i, Field: "id", Message: "is another agent's object id", Other: owner})
		}
	}
}
