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

func (c *rowChecks) problem(field string, p RowProblem) {
	c.problems = append(c.problems, &RowError{Row: c.row, Field: field, Problem: p, Other: -1})
}

// unique refuses a value that another row of the tenant has.
func (c *rowChecks) unique(field, tenant, value string) {
	if value == "" {
		return
	}
	key := [3]string{field, tenant, value}
	if first, ok := c.taken[key]; ok {
		c.problems = append(c.problems, &RowError{Row: c.row, Field: field, Problem: RowTaken, Other: first})
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
		c.problem("tenant", RowTenantMalformed)
	}
	if row.EntraID == "" && row.Subject == "" {
		c.problem("", RowNoIdentity)
	}
	if row.EntraID != "" && !isGUID(row.EntraID) {
		c.problem("entra_id", RowObjectIDMalformed)
	}
	c.unique("entra_id", row.Tenant, row.EntraID)
	if len(row.Subject) > maxIDLength || strings.ContainsFunc(row.Subject, unicode.IsControl) {
		c.problem("subject", RowSubjectMalformed)
	}
	c.unique("subject", row.Tenant, row.Subject)
	if row.Name == "" {
		c.problem("name", RowEmpty)
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
		c.problem("id", RowIDMalformed)
	}
}

// text bounds what is shown to people.
func (c *rowChecks) text(field, text string) {
	if utf8.RuneCountInString(text) > maxTextLength || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		c.problem(field, RowTextMalformed)
	}
}

func (c *rowChecks) number(tenant, number string) string {
	if number == "" {
		return ""
	}
	canonical, ok := canonicalNumber(number)
	if !ok {
		c.problem("number", RowNumberMalformed)
		return number
	}
	c.unique("number", tenant, canonical)
	return canonical
}

func (c *rowChecks) site(row Agent) {
	if row.Country != "" {
		region, err := language.ParseRegion(row.Country)
		if len(row.Country) != 2 || err != nil || !region.IsCountry() {
			c.problem("country", RowCountryUnknown)
		}
	}
	if row.TimeZone != "" && !c.zone(row.TimeZone) {
		c.problem("time_zone", RowTimeZoneUnknown)
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
			c.problem(field, RowEmpty)
		case slices.Contains(queues[:i], queue):
			c.problem(field, RowNamedTwice)
		default:
			c.text(field, queue)
		}
	}
}

func (c *rowChecks) roles(roles []Role) []Role {
	for i, role := range roles {
		if !slices.Contains(Roles[:], role) {
			c.problem(fmt.Sprintf("roles[%d]", i), RowRoleUnknown)
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
			c.problems = append(c.problems, &RowError{Row: i, Field: "id", Problem: RowTakenAsObjectID, Other: owner})
		}
	}
}
