package web

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// TestTheTableOfSignInAttacksIsWrittenDown holds docs/signin-attacks.md against
// the tables; -update writes it.
func TestTheTableOfSignInAttacksIsWrittenDown(t *testing.T) {
	var page strings.Builder
	fmt.Fprintf(&page, "# Attacks on the sign-in\n\n%d attacks on a browser's sign-in, its way back, its cookies and the provider's sign-out, and %d addresses to\n"+
		"which nobody may be sent afterwards. No session is opened or left, no cookie set, no secret told in an answer or a log. Rendered by\n"+
		"`TestTheTableOfSignInAttacksIsWrittenDown`; `TestTheSignInWithstandsEveryAttack` and `TestNobodyIsSentElsewhereAfterSigningIn` try them all,\n"+
		"each with the real handler and the simulated providers.\n\n| no. | attack | answer | reason |\n|---|---|---|---|\n", len(signInAttacks), len(elsewhere))
	for i, a := range signInAttacks {
		fmt.Fprintf(&page, "| %d | %s | %s | %s |\n", i+1, a.name, strings.TrimSpace(fmt.Sprint(a.status, " ", coded(a.slug))), coded(a.reason))
	}
	page.WriteString("\n## Where a sign-in may not lead\nEach asked for as `return`; the sign-in succeeds and leads to `/`.\n\n")
	for i, path := range elsewhere {
		if len(path) > 100 {
			path = path[:20] + "… (" + strconv.Itoa(len(path)) + " bytes)"
		}
		fmt.Fprintf(&page, "%d. `%s`\n", i+1, strconv.QuoteToASCII(path))
	}
	wantWritten(t, "signin-attacks.md", page.String())
}

// coded is a word as code, nothing for none.
func coded(word string) string {
	if word == "" {
		return ""
	}
	return "`" + word + "`"
}
