package sso

import "fmt"

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
		"Microsoft does not show the organization's applications to you. Somebody with the role Cloud Application Administrator or Global Reader in Microsoft Entra can look.",
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
	assignmentNotRequired = words{"Assignment is not required: whoever is in the organization may sign in.", "Zuweisung ist nicht verlangt: Alle in der Organisation dürfen sich anmelden."}
	assignmentOfNobody    = words{
		"Assignment is required, and nobody is assigned. Assign the agents, or a group of theirs, under Users and groups.",
		"Zuweisung ist verlangt, und niemand ist zugewiesen. Weisen Sie die Agenten oder ihre Gruppe unter Benutzer und Gruppen zu.",
	}
	assignedWith = words{
		"Assignment is required. Assigned directly: people %s, groups %s; you are among the people.",
		"Zuweisung ist verlangt. Direkt zugewiesen: Personen %s, Gruppen %s; Sie sind darunter.",
	}
	assignedWithout = words{
		"Assignment is required. Assigned directly: people %s, groups %s; you are not among the people. Whoever is neither assigned nor in an assigned group is refused.",
		"Zuweisung ist verlangt. Direkt zugewiesen: Personen %s, Gruppen %s; Sie selbst nicht. Wer weder zugewiesen noch in einer zugewiesenen Gruppe ist, wird abgewiesen.",
	}
	excessive = words{
		"Granted beyond what this service needs: %s. Take it back under Permissions.",
		"Über das hinaus erteilt, was dieser Dienst braucht: %s. Entziehen Sie es unter Berechtigungen.",
	}
)

// of fills in what the sentence leaves open.
func (w words) of(values ...string) words {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return words{fmt.Sprintf(w.en, all...), fmt.Sprintf(w.de, all...)}
}
