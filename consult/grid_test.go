package consult

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write golden files anew")

const gridFile = "../docs/states.md"

// The document is the table: every cell of phase × actor × input stands in it,
// so a changed rule changes this file and a reviewer sees it.
func TestTheDocumentIsTheTable(t *testing.T) {
	got := renderGrid()
	if *update {
		if err := os.WriteFile(gridFile, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(gridFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/states.md is not what the table says (go test ./consult -update writes it):\n%s", diff)
	}
}

// Every rule is reached: each phase can be entered from active.
func TestEveryPhaseCanBeReachedFromActive(t *testing.T) {
	reached := map[Phase]bool{PhaseActive: true}
	// Where a rule leaves the phase to its step, these are the phases it chooses.
	chosen := map[string][]Phase{
		answered.name:    {PhaseConsulting, PhaseConsultRequested},
		arranged.name:    nil, // enters what was pending: the rule that made it pending names it
		setUpFailed.name: {PhaseActive, PhaseHeld},
	}
	for range phases {
		for _, r := range rules {
			if !reached[r.phase] {
				continue
			}
			if r.to != "" {
				reached[r.to] = true
				continue
			}
			to, known := chosen[r.do.name]
			if !known {
				t.Errorf("rule %s %s %s names no phase", r.phase, r.actor, r.input)
			}
			for _, p := range to {
				reached[p] = true
			}
		}
	}
	reached[PhaseEnded] = reached[PhaseWrapUp] // the last wrap-up ends it (settle)
	for _, p := range phases {
		if !reached[p] {
			t.Errorf("phase %s cannot be reached", p)
		}
	}
}

// renderGrid writes every cell in words.
func renderGrid() string {
	var b strings.Builder
	b.WriteString(`# States of an interaction

Rendered from the table in ` + "`consult/table.go`" + ` by ` + "`go test ./consult -update`" + `; a test compares the two.

Agent 1 is the owner of the interaction, agent 2 the consulted contact-centre agent, former an owner of before.
A command that stands as *refused* answers 409 with the reason and changes nothing; an event that stands as *late*
is dropped. While a command is pending at the switch, every other command but a wrap-up is refused with ` + "`pending`" + `.

`)
	for _, p := range phases {
		fmt.Fprintf(&b, "## %s\n\n| command | agent 1 | agent 2 | former |\n|---|---|---|---|\n", p)
		for k := InputKind(0); k.command(); k++ {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", k, cell(p, ActorAgent1, k), cell(p, ActorAgent2, k), cell(p, ActorFormer, k))
		}
		b.WriteString("\n| event | customer | agent 1's telephone | switch, consulted leg | timer |\n|---|---|---|---|---|\n")
		for k := InHungUp; k < inputCount; k++ {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", k,
				cell(p, ActorCustomer, k), cell(p, ActorAgent1, k), cell(p, ActorSwitch, k), cell(p, ActorSystem, k))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func cell(p Phase, a Actor, k InputKind) string {
	r := cells[phaseIndex(p)][a][k]
	if r == nil {
		switch {
		case k.command() && !everAllowed[a][k]:
			return "refused: not-your-part"
		case k.command():
			why := refuse(&State{Phase: p}, nil, &Input{Kind: k, Actor: a})
			return "refused: " + string(why)
		case !everAllowed[a][k]:
			return ""
		}
		return "late"
	}
	to := "**" + string(r.to) + "**"
	if r.to == "" {
		to = "*decided by the step*"
	}
	if r.to == p && r.when == now {
		to = "stays"
	}
	out := to
	if r.when != now {
		out += " " + momentNames[r.when]
	}
	if r.do.name != "" {
		out += ": " + r.do.name
	}
	return out
}
