package web

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// findings are the answers to every attack on every route.
type findings struct {
	routes  []route
	status  map[string]int   // by route and attack
	answers map[int][]string // by the attack: "401 `sign-in-required`"
}

func newFindings(routes []route) *findings {
	return &findings{routes: routes, status: map[string]int{}, answers: map[int][]string{}}
}

func cell(attack int, r route) string { return strconv.Itoa(attack) + " " + r.String() }

func (f *findings) note(attack int, r route, got answered) {
	answer := strconv.Itoa(got.status)
	if slug := got.problem(); slug != "" {
		answer += " `" + slug + "`"
	}
	f.status[cell(attack, r)] = got.status
	if !slices.Contains(f.answers[attack], answer) {
		f.answers[attack] = append(f.answers[attack], answer)
		slices.Sort(f.answers[attack])
	}
}

// compare holds docs/attacks.md against what was found; -update writes it.
func (f *findings) compare(t *testing.T) {
	t.Helper()
	const file = "../docs/attacks.md"
	got := f.render()
	if update := flag.Lookup("update"); update != nil && update.Value.String() == "true" {
		fatal(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	fatal(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/attacks.md is not what was found (go test ./web -update writes it):\n%s", diff)
	}
}

func (f *findings) render() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Attacks

Every route of the interface under every attack that can be tried on it: %d attempts. After each, the journal, the
calls at the switch, the agent table, the organisations, the sessions and the favourites were as before, and the
answer held nothing that the attacker had sent, no token, nothing of another organisation and nothing about the inside.

This file is rendered by `+"`TestEveryRouteWithstandsEveryAttack`"+` in `+"`web/attack_test.go`"+`, which reads the
routes from the OpenAPI description: a new route meets all of them. Attacks on tokens and on sign-in in detail, and
on what is no route of the interface, have tables of their own; [security.md](security.md) names them.

## The attacks

| no. | attack | what is sent | answer |
|---|---|---|---|
`, len(f.status))
	for n, a := range attacks {
		fmt.Fprintf(&b, "| %d | %s | %s | %s |\n", n+1, a.name, a.sent, strings.Join(f.answers[n], ", "))
	}
	b.WriteString(`
A ` + strconv.Itoa(http.StatusOK) + ` or ` + strconv.Itoa(http.StatusNoContent) + ` is an answer to something harmless in the end: a list
shows what the asker may see, a text is searched for as it is, deleting what is not there changes nothing.

## The answers

` + "`·`" + ` is an attack that the route has no place for, such as a body where none belongs.

`)
	f.grid(&b)
	return b.String()
}

// grid writes the table of routes and attacks.
func (f *findings) grid(b *strings.Builder) {
	width := 0
	for _, r := range f.routes {
		width = max(width, len(r.String())+2)
	}
	row := func(first string, each func(n int) string) {
		fmt.Fprintf(b, "| %-*s |", width, first)
		for n := range attacks {
			fmt.Fprintf(b, " %3s |", each(n))
		}
		b.WriteString("\n")
	}
	row("route", func(n int) string { return strconv.Itoa(n + 1) })
	row("---", func(int) string { return "---" })
	for _, r := range f.routes {
		row("`"+r.String()+"`", func(n int) string {
			if status, tried := f.status[cell(n, r)]; tried {
				return strconv.Itoa(status)
			}
			return "·"
		})
	}
}
