package sso

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"
)

// maxIDLength bounds ids and subjects; they travel in addresses and journals.
const maxIDLength = 128

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

// rowChecks collects the problems of one table, each with its path.
type rowChecks struct {
	problems []error
	taken    map[string]string // kind, tenant and value to the path that has it
}

func (c *rowChecks) problem(path, format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
}

// unique refuses a value that another row of the tenant has.
func (c *rowChecks) unique(path, kind, tenant, value string) {
	if value == "" {
		return
	}
	key := kind + "\x00" + tenant + "\x00" + value
	if first, ok := c.taken[key]; ok {
		c.problem(path, "the same as %s", first)
		return
	}
	c.taken[key] = path
}

// checkAgents gives the rows in canonical spelling, or every problem joined.
func checkAgents(rows []Agent) ([]Agent, error) {
	c := &rowChecks{taken: make(map[string]string)}
	clean := make([]Agent, len(rows))
	for i, row := range rows {
		clean[i] = c.row(fmt.Sprintf("agents[%d]", i), row)
	}
	c.foreignIDs(clean)
	if err := errors.Join(c.problems...); err != nil {
		return nil, err
	}
	return clean, nil
}

func (c *rowChecks) row(path string, row Agent) Agent {
	row = row.clone()
	row.Tenant = strings.ToLower(strings.TrimSpace(row.Tenant))
	row.EntraID = strings.ToLower(strings.TrimSpace(row.EntraID))
	row.Name = strings.TrimSpace(row.Name)
	row.Country = strings.ToUpper(strings.TrimSpace(row.Country))

	c.id(path+".id", string(row.ID))
	c.unique(path+".id", "id", row.Tenant, string(row.ID))
	if !isGUID(row.Tenant) {
		c.problem(path+".tenant", "must be the organisation's tenant id, a GUID")
	}
	if row.EntraID == "" && row.Subject == "" {
		c.problem(path, "needs entra_id or subject, else nobody can sign in as this agent")
	}
	if row.EntraID != "" && !isGUID(row.EntraID) {
		c.problem(path+".entra_id", "must be an object id, a GUID")
	}
	c.unique(path+".entra_id", "entra", row.Tenant, row.EntraID)
	if len(row.Subject) > maxIDLength || strings.ContainsFunc(row.Subject, unicode.IsControl) {
		c.problem(path+".subject", "must be at most %d bytes without control characters", maxIDLength)
	}
	c.unique(path+".subject", "subject", row.Tenant, row.Subject)
	if row.Name == "" {
		c.problem(path+".name", "must not be empty")
	}
	row.Number = c.number(path+".number", row.Tenant, row.Number)
	c.site(path, row)
	c.queues(path, row.Queues)
	row.Roles = c.roles(path, row.Roles)
	return row
}

func (c *rowChecks) id(path, id string) {
	bad := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == '/' }
	if id == "" || len(id) > maxIDLength || strings.ContainsFunc(id, bad) {
		c.problem(path, "must be 1 to %d bytes without spaces and slashes", maxIDLength)
	}
}

func (c *rowChecks) number(path, tenant, number string) string {
	if number == "" {
		return ""
	}
	canonical, ok := canonicalNumber(number)
	if !ok {
		c.problem(path, "must be a telephone number such as +49301001")
		return number
	}
	c.unique(path, "number", tenant, canonical)
	return canonical
}

func (c *rowChecks) site(path string, row Agent) {
	if row.Country != "" {
		region, err := language.ParseRegion(row.Country)
		if len(row.Country) != 2 || err != nil || !region.IsCountry() {
			c.problem(path+".country", "must be a two-letter country such as DE")
		}
	}
	if row.TimeZone != "" {
		if _, err := time.LoadLocation(row.TimeZone); err != nil || row.TimeZone == "Local" {
			c.problem(path+".time_zone", "must be a time zone such as Europe/Berlin")
		}
	}
}

func (c *rowChecks) queues(path string, queues []string) {
	for i, queue := range queues {
		switch {
		case strings.TrimSpace(queue) == "":
			c.problem(fmt.Sprintf("%s.queues[%d]", path, i), "must not be empty")
		case slices.Contains(queues[:i], queue):
			c.problem(fmt.Sprintf("%s.queues[%d]", path, i), "named twice")
		}
	}
}

func (c *rowChecks) roles(path string, roles []Role) []Role {
	for i, role := range roles {
		if !slices.Contains(allRoles, role) {
			c.problem(fmt.Sprintf("%s.roles[%d]", path, i), "must be one of %s, %s, %s", allRoles[0], allRoles[1], allRoles[2])
		}
	}
	return knownRoles(roles)
}

// foreignIDs refuses an id that is another row's Entra object id: an admin
// without a row goes by their object id, which must not be somebody's agent id.
func (c *rowChecks) foreignIDs(rows []Agent) {
	for i, row := range rows {
		owner, ok := c.taken["entra\x00"+row.Tenant+"\x00"+strings.ToLower(string(row.ID))]
		if own := fmt.Sprintf("agents[%d].entra_id", i); ok && owner != own {
			c.problem(fmt.Sprintf("agents[%d].id", i), "is another agent's object id (%s)", owner)
		}
	}
}
