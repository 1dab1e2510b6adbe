package sso

import (
	"fmt"
	"regexp"
	"strings"
)

// base64url is what providers make opaque subjects of; such a subject may begin
// with a hyphen.
var base64url = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// plainRows refuses what a spreadsheet would take for a formula (OWASP, "CSV
// Injection"): administrators bring rows from spreadsheets and take them there.
// Rows of the configuration do not travel so.
func plainRows(rows []Agent) []error {
	var problems []error
	for i, row := range rows {
		values := []struct{ field, value string }{
			{"id", string(row.ID)}, {"subject", row.Subject}, {"name", row.Name}, {"team", row.Team},
		}
		for j, queue := range row.Queues {
			values = append(values, struct{ field, value string }{fmt.Sprintf("queues[%d]", j), queue})
		}
		for _, v := range values {
			if looksLikeFormula(strings.TrimSpace(v.value)) && (v.field != "subject" || !base64url.MatchString(v.value)) {
				problems = append(problems, &RowError{Row: i, Field: v.field, Problem: RowFormula, Other: -1})
			}
		}
	}
	return problems
}

func looksLikeFormula(s string) bool { return s != "" && strings.IndexByte("=+-@", s[0]) >= 0 }
