package consult

import (
	"flag"
	"fmt"
	"os"
	"slices"
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
		declined.name:    {PhaseHeld, PhaseConsultRequested},
		unreached.name:   {PhaseHeld, PhaseConsultRequested, PhaseWrapUp},
		ownerHungUp.name: {PhaseWrapUp},
		stayedLost.name:  {PhaseWrapUp, PhaseTransferred, PhaseConsultRequested},
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
is dropped. While a command is pending at the switch, every other command but a wrap-up is refused with ` + "`pending`" + `,
unless it is ` + "`not-your-part`" + ` anyway.

`)
	for _, p := range phases {
		fmt.Fprintf(&b, "## %s\n\n| command | agent 1 | agent 2 | former |\n|---|---|---|---|\n", p)
		for k := InputKind(0); k.command(); k++ {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", k, cellText(p, ActorAgent1, k), cellText(p, ActorAgent2, k), cellText(p, ActorFormer, k))
		}
		b.WriteString("\n| event | customer | agent 1's telephone | switch, consulted leg | timer |\n|---|---|---|---|---|\n")
		for k := InHungUp; k < inputCount; k++ {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", k,
				cellText(p, ActorCustomer, k), cellText(p, ActorAgent1, k), cellText(p, ActorSwitch, k), cellText(p, ActorSystem, k))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func cellText(p Phase, a Actor, k InputKind) string {
	c := cells[phaseIndex(p)][a][k]
	r := c.rule
	switch {
	case k.command() && r == nil:
		return "refused: " + string(c.why)
	case r == nil && stranger(a, k):
		return ""
	case r == nil:
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

func stranger(a Actor, k InputKind) bool {
	for _, s := range strangers {
		if s.actor == a && slices.Contains(s.inputs, k) {
			return true
		}
	}
	return false
}

// Nothing is decided by leaving it out, and nothing twice.
func TestEveryCellIsDecidedOnce(t *testing.T) {
	var named [phaseCount][actorCount][inputCount]int
	for _, r := range rules {
		named[phaseIndex(r.phase)][r.actor][r.input]++
	}
	for _, s := range strangers {
		for p := range named {
			for _, in := range s.inputs {
				named[p][s.actor][in]++
			}
		}
	}
	for _, r := range refusals {
		for _, in := range r.inputs {
			if !in.command() {
				t.Errorf("refusals name the event %s", in)
			}
			named[phaseIndex(r.phase)][r.actor][in]++
		}
	}
	for _, l := range lates {
		for _, in := range l.inputs {
			if in.command() {
				t.Errorf("lates name the command %s", in)
			}
			named[phaseIndex(l.phase)][l.actor][in]++
		}
	}
	for p := range named {
		for a := range named[p] {
			for k, n := range named[p][a] {
				if n != 1 {
					t.Errorf("%s × %s × %s is decided %d times", phases[p], Actor(a), InputKind(k), n)
				}
				if c := cells[p][a][k]; !c.decided() {
					t.Errorf("%s × %s × %s is not decided", phases[p], Actor(a), InputKind(k))
				}
			}
		}
	}
}
