package sso

import (
	"fmt"
	"strconv"
	"strings"
)

// The sentences of an inspection that depend on more than a check's result.
var (
	inspectedInPart = words{
		"Looked at with your sign-in. Delegated permissions are not shown to it: that takes Directory.Read.All as well.",
		"Mit Ihrer Anmeldung geprüft. Delegierte Berechtigungen zeigt Microsoft ihr nicht: Dafür braucht es zusätzlich Directory.Read.All.",
	}
	inspectionConsent = words{
		"Looking closer takes the delegated permission Application.Read.All, which nobody has consented to. The service asks for it here only. Consent to it, then check again.",
		"Für den genaueren Blick braucht es die delegierte Berechtigung Application.Read.All, der noch niemand zugestimmt hat. Der Dienst verlangt sie nur hier. Stimmen Sie zu und prüfen Sie dann erneut.",
	}
	inspectionDenied = words{
		"Microsoft does not show the organisation's applications to you. Somebody with the role Cloud Application Administrator or Global Reader in Microsoft Entra can look.",
		"Microsoft zeigt Ihnen die Anwendungen der Organisation nicht. Wer in Microsoft Entra die Rolle Cloudanwendungsadministrator oder Globaler Leser hat, kann nachsehen.",
	}
	inspectionUnsupported = words{
		"This service cannot look with your sign-in: people sign in to another registration than the one it asks Microsoft as. That takes the same registration for both.",
		"Dieser Dienst kann nicht mit Ihrer Anmeldung nachsehen: Die Anmeldung läuft über eine andere App-Registrierung als seine Anfragen bei Microsoft. Dafür muss es dieselbe sein.",
	}
	inspectionElsewhere = words{
		"This browser's sign-in brings no token to look with: the service keeps none. Open this page in Teams and check there.",
		"Die Anmeldung in diesem Browser bringt kein Token zum Nachsehen mit: Der Dienst bewahrt keines auf. Öffnen Sie diese Seite in Teams und prüfen Sie dort.",
	}
	assignmentNotRequired = words{"Assignment is not required: whoever is in the organisation may sign in.", "Zuweisung ist nicht verlangt: Alle in der Organisation dürfen sich anmelden."}
	assignmentOfNobody    = words{
		"Assignment is required, and nobody is assigned. Assign the agents, or a group of theirs, under Users and groups.",
		"Zuweisung ist verlangt, und niemand ist zugewiesen. Weisen Sie die Agenten oder ihre Gruppe unter Benutzer und Gruppen zu.",
	}
	assignedCounted = words{"Assignment is required. Assigned: people %s, groups %s.", "Zuweisung ist verlangt. Zugewiesen: Personen %s, Gruppen %s."}
	agentsAssigned  = words{"Every agent of the table is among them.", "Alle Agenten der Tabelle sind darunter."}
	agentsMissing   = words{
		"Agents of the table whom Microsoft refuses because they are not among them: %s. Assign them, or a group that names them; groups inside groups do not count.",
		"Agenten der Tabelle, die Microsoft abweist, weil sie nicht darunter sind: %s. Weisen Sie sie zu oder eine Gruppe, in der sie direkt stehen; Gruppen in Gruppen zählen nicht.",
	}
	agentsUnseen = words{
		"Who is in the groups is not shown to your sign-in: that takes GroupMember.Read.All as well. Whoever is in none of them is refused when they sign in, and then told of here.",
		"Wer in den Gruppen ist, zeigt Microsoft Ihrer Anmeldung nicht: Dafür braucht es zusätzlich GroupMember.Read.All. Wer in keiner ist, wird bei der Anmeldung abgewiesen und dann hier gemeldet.",
	}
	excessive = words{
		"Granted beyond what this service needs: %s. Take it back under Permissions.",
		"Über das hinaus erteilt, was dieser Dienst braucht: %s. Entziehen Sie es unter Berechtigungen.",
	}
)

// callerWords say how whoever asks is assigned.
var callerWords = map[Assignment]words{
	AssignedDirectly: {"You are.", "Sie sind es."},
	AssignedByGroup:  {"You are, by a group.", "Sie sind es durch eine Gruppe."},
	AssignedNestedOnly: {
		"You are only in a group inside an assigned one, which Microsoft does not count: assign that group itself.",
		"Sie sind nur in einer Gruppe innerhalb einer zugewiesenen, was Microsoft nicht zählt: Weisen Sie diese Gruppe selbst zu.",
	},
	AssignedNot:    {"You are not.", "Sie sind es nicht."},
	AssignedUnseen: {"Whether you are by a group is not shown.", "Ob Sie es durch eine Gruppe sind, zeigt Microsoft nicht."},
}

// mostNames of agents stand in a sentence.
const mostNames = 5

func (a Assigned) words() words {
	number := func(n int) string {
		if a.More {
			return "≥ " + strconv.Itoa(n)
		}
		return strconv.Itoa(n)
	}
	said := assignedCounted.of(number(a.People), number(a.Groups)).and(callerWords[a.Caller])
	switch {
	case !a.AgentsSeen:
		return said.and(agentsUnseen)
	case len(a.Unassigned) == 0:
		return said.and(agentsAssigned)
	}
	names := strings.Join(a.Unassigned[:min(len(a.Unassigned), mostNames)], ", ")
	if more := len(a.Unassigned) - mostNames; more > 0 {
		names += fmt.Sprintf(", + %d", more)
	}
	return said.and(agentsMissing.of(names))
}

// and lets another sentence follow.
func (w words) and(next words) words { return words{w.en + " " + next.en, w.de + " " + next.de} }

// of fills in what the sentence leaves open.
func (w words) of(values ...string) words {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return words{fmt.Sprintf(w.en, all...), fmt.Sprintf(w.de, all...)}
}
