package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Search text is words to be found, whatever it looks like. The world has 60
// people called Erika Muster.., all "Steuerberaterin" in "Finanzen".
func TestSearchTextOfAnyKindIsSearchedLiterallyOrRefused(t *testing.T) {
	w := newWorld(t)
	token := w.token(home, anja)
	const nobody, everybody = 0.0, 60.0
	for _, c := range []struct {
		name, text string
		total      float64 // -1: request-invalid, -2: phone-incomplete
	}{
		{"nothing", "", everybody},
		{"blanks of all kinds", " \t\u00a0\u2003\n", everybody},
		{"a word", "erika", everybody},
		{"a word in quotes", `"erika"`, everybody},
		{"a word in single quotes", `'erika'`, everybody},
		{"a quote that stays open", `"erika`, everybody},
		{"an operator of $filter as a word", "erika or muster", nobody},
		{"an operator of $search as a word", "erika AND muster", nobody},
		{"a negation", "NOT erika", nobody},
		{"a condition of $filter", `x') or startswith(displayName,'e`, nobody},
		{"a condition that is always true", `erika' or '1' eq '1`, nobody},
		{"a field of $search", `"displayName:erika"`, nobody},
		{"SQL", `erika'; DROP TABLE interactions; --`, nobody},
		{"a parameter of OData", "erika&$top=999&$select=id", nobody},
		{"a wildcard", "erik*", everybody},
		{"wildcards of SQL", "erik%", everybody},
		{"a regular expression", "er.ka", nobody},
		{"a path", "../../etc/passwd", nobody},
		{"markup", "<script>alert(1)</script>", nobody},
		{"a template", "{{erika}}", everybody},
		{"control characters", "\x00\x01\x1b[2J", nobody},
		{"a control character inside a word", "eri\x00ka", nobody},
		{"letters with combining marks", "e\u0301rika", everybody},
		{"text that turns its direction", "\u202eerika", everybody},
		{"letters of no width", "\u200berika\u200d", everybody},
		{"full-width letters", "ｅｒｉｋａ", everybody},
		{"emoji", "👩‍💼 erika", everybody},
		{"bytes that are no UTF-8", "erika\xff", everybody},
		{"a surrogate in UTF-8", "\xed\xa0\x80erika", everybody},
		{"256 characters", strings.Repeat("ä", 256), nobody},
		{"257 characters", strings.Repeat("ä", 257), -1},
		{"10,000 characters", strings.Repeat("erika ", 1666) + "erik", -1},
		{"a hundred words", strings.Repeat("e ", 100), everybody},
		{"a part of a listed number", "+49 30 1234", -2},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, available := range []string{"", "&available=true"} {
				a := w.ask(token, http.MethodGet, "/api/v1/experts?q="+url.QueryEscape(c.text)+available, "")
				switch {
				case c.total == -1:
					if a.problem() != "request-invalid" || !strings.Contains(a.body, `"query.q"`) || len(a.body) > 1000 {
						t.Errorf("%d %.500s", a.status, a.body)
					}
				case c.total == -2:
					if a.problem() != "phone-incomplete" {
						t.Errorf("%d %.500s", a.status, a.body)
					}
				case a.status != http.StatusOK:
					t.Errorf("%d %.500s", a.status, a.body)
				case available == "" && a.decode(t)["total"] != c.total:
					t.Errorf("found %v, want %v", a.decode(t)["total"], c.total)
				}
			}
		})
	}
}
