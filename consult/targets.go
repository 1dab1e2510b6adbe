package consult

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"teamsbridge/consult/dial"
	"teamsbridge/sso"
)

// TargetEntry is a line of a list of targets.
type TargetEntry struct {
	Kind   TargetKind
	ID     string
	Name   string
	Number string
	State  AgentState // agents only
}

// Targets lists what the caller may choose of a kind (agent, queue,
// entryPoint, dialNumber), filtered by q (start of any word, case and accents
// ignored). The caller themself is left out of agents.
func (e *Engine) Targets(p sso.Principal, kind TargetKind, q string) []TargetEntry {
	list, now := []TargetEntry{}, e.lists.Load()
	add := func(t TargetEntry) {
		if matches(t.Name, q) {
			list = append(list, t)
		}
	}
	switch kind {
	case TargetAgent:
		for _, a := range e.deps.Agents.List(p.Tenant()) {
			if a.ID != p.Agent().ID && takesCalls(a) {
				state := e.agents.state(agentKey{p.Tenant(), a.ID})
				add(TargetEntry{Kind: kind, ID: string(a.ID), Name: a.Name, Number: a.Number, State: state.Name})
			}
		}
	case TargetQueue:
		for _, x := range now.queues {
			if x.Tenant == p.Tenant() {
				add(TargetEntry{Kind: kind, ID: x.ID, Name: x.Name})
			}
		}
	case TargetEntryPoint, TargetDialNumber:
		numbers := now.entryPoints
		if kind == TargetDialNumber {
			numbers = now.dialNumbers
		}
		for _, x := range numbers {
			if x.Tenant == p.Tenant() {
				add(TargetEntry{Kind: kind, ID: x.ID, Name: x.Name, Number: x.Number})
			}
		}
	case TargetOrganization: // experts are searched, not listed
	}
	return list
}

// takesCalls reports whether somebody of the agent table can be consulted as an
// agent: supervisors and admins are in it too.
func takesCalls(a sso.Agent) bool {
	return len(a.Roles) == 0 || slices.Contains(a.Roles, sso.RoleAgent)
}

// CheckNumber reads a dial number as the caller would dial it.
func (e *Engine) CheckNumber(p sso.Principal, input string) dial.Check {
	return dial.Read(input, p.Agent().Country)
}

// matches says whether every word of q begins a word of name.
func matches(name, q string) bool {
	words := strings.FieldsFunc(fold(name), separates)
	for _, want := range strings.FieldsFunc(fold(q), separates) {
		found := false
		for _, w := range words {
			found = found || strings.HasPrefix(w, want)
		}
		if !found {
			return false
		}
	}
	return true
}

func separates(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

// fold drops case and accents.
func fold(s string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	folded, _, err := transform.String(t, strings.ToLower(s))
	if err != nil {
		return strings.ToLower(s)
	}
	return folded
}
