package explain

import "teamsbridge/graph"

// words are a sentence in the languages that the product speaks.
type words struct{ en, de string }

func (w words) in(language string) string {
	if language == "de" {
		return w.de
	}
	return w.en
}

var notJudged = words{"Cannot be judged before the steps above are in order.", "Lässt sich erst beurteilen, wenn die Schritte davor in Ordnung sind."}

var titles = map[Name]words{
	StepOrganization: {"Organisation is admitted", "Organisation ist zugelassen"},
	StepAgent:        {"Agent is set up", "Agent ist eingerichtet"},
	StepIdentity:     {"Agent can sign in with Microsoft", "Agent kann sich bei Microsoft anmelden"},
	StepTelephone:    {"Agent has a telephone", "Agent hat ein Telefon"},
	StepSignedIn:     {"Agent is signed in", "Agent ist angemeldet"},
	StepExpert:       {"Expert is listed", "Fachexperte ist gelistet"},
	StepNumber:       {"Expert's number can be dialled", "Nummer des Fachexperten ist wählbar"},
	StepPolicy:       {"Destination is allowed", "Ziel ist erlaubt"},
	StepTrunk:        {"Telephone line", "Telefonanschluss"},
}

// outcomes are all that can be said of a step of this package.
var outcomes = map[Name]map[string]words{
	StepOrganization: {
		"yes": {"The configuration admits the organisation.", "Die Einstellungen lassen die Organisation zu."},
		"no":  {"The configuration does not admit the organisation: add its tenant id to sso.entra.tenants.", "Die Einstellungen lassen die Organisation nicht zu: Tragen Sie ihre Mandanten-ID in sso.entra.tenants ein."},
	},
	StepAgent: {
		"yes": {"The agent table has a row for them.", "Die Agententabelle hat einen Eintrag."},
		"no":  {"The agent table of this organisation has no such id and no such object id at Entra: add the agent.", "Die Agententabelle dieser Organisation kennt weder diese Kennung noch diese Objekt-ID bei Entra: Legen Sie den Agenten an."},
	},
	StepIdentity: {
		"yes":          {"The row names their object id at Entra.", "Der Eintrag nennt die Objekt-ID bei Entra."},
		"no":           {"The row has no object id at Entra: add it, else nobody who signs in with Microsoft is this agent.", "Der Eintrag hat keine Objekt-ID bei Entra: Tragen Sie sie ein, sonst ist niemand nach der Anmeldung bei Microsoft dieser Agent."},
		"not-assigned": {"Microsoft refused them within the last hour: the application is for assigned people, and neither they nor a group that names them is assigned. Assign them under Enterprise applications, Users and groups.", "Microsoft hat die Anmeldung in der letzten Stunde abgewiesen: Die Anwendung steht nur Zugewiesenen offen, und weder die Person noch eine Gruppe, in der sie direkt steht, ist zugewiesen. Weisen Sie sie unter Unternehmensanwendungen, Benutzer und Gruppen zu."},
		"browser-only": {"The row has no object id at Entra. In the browser that is enough here; inside Teams it is not.", "Der Eintrag hat keine Objekt-ID bei Entra. Im Browser reicht das hier, in Teams nicht."},
	},
	StepTelephone: {
		"yes": {"The row names their number.", "Der Eintrag nennt die Nummer."},
		"no":  {"The row has no telephone number: nobody can offer this agent a call.", "Der Eintrag hat keine Telefonnummer: Diesem Agenten kann niemand einen Anruf anbieten."},
	},
	StepSignedIn: {
		"yes":     {"They are signed in now.", "Die Anmeldung besteht."},
		"no":      {"They are not signed in now: open the desktop and sign in with Microsoft.", "Zurzeit nicht angemeldet: Arbeitsplatz öffnen und bei Microsoft anmelden."},
		"unknown": {"From here it cannot be seen whether they are signed in.", "Von hier aus ist nicht zu sehen, ob eine Anmeldung besteht."},
	},
	StepExpert: {
		"yes":                               {"The directory, asked just now, has them with a business number.", "Das gerade befragte Verzeichnis kennt die Person mit geschäftlicher Nummer."},
		"not-indexed":                       {"They are an expert, but searches do not find them yet; that takes as long as a round through the directory.", "Die Person ist Fachexperte, die Suche findet sie aber noch nicht; das dauert bis zum nächsten Abgleich des Verzeichnisses."},
		"not-found":                         {"The directory of this organisation has nobody with this object id.", "Im Verzeichnis dieser Organisation gibt es niemanden mit dieser Objekt-ID."},
		"denied":                            {"Microsoft Graph refuses to show people: consent is missing or was withdrawn.", "Microsoft Graph zeigt keine Personen: Die Zustimmung fehlt oder wurde zurückgezogen."},
		"unavailable":                       {"Microsoft Graph did not answer; try again in a moment.", "Microsoft Graph hat nicht geantwortet; versuchen Sie es gleich noch einmal."},
		"sign-in-required":                  {"Graph is asked on behalf of agents here, and nobody is signed in on whose behalf to ask.", "Graph wird hier im Namen von Agenten befragt, und niemand ist angemeldet, in dessen Namen gefragt werden könnte."},
		string(graph.ReasonNoBusinessPhone): {"They have no business phone number in Entra that can be read as one: enter it there.", "In Entra steht keine lesbare geschäftliche Telefonnummer: Tragen Sie sie dort ein."},
		string(graph.ReasonDisabled):        {"Their account is disabled in Entra.", "Das Konto ist in Entra deaktiviert."},
		string(graph.ReasonGuest):           {"They are a guest of the organisation; only members are experts.", "Die Person ist Gast der Organisation; nur Mitglieder sind Fachexperten."},
		string(graph.ReasonOtherType):       {"Their account is neither a member's nor a guest's.", "Das Konto ist weder das eines Mitglieds noch das eines Gastes."},
		string(graph.ReasonFiltered):        {"The configuration hides them: experts.include or experts.exclude.", "Die Einstellungen blenden die Person aus: experts.include oder experts.exclude."},
		string(graph.ReasonUnknown):         {"The account was removed.", "Das Konto wurde entfernt."},
	},
	StepNumber: {
		"yes": {"It is dialled as it stands.", "Sie wird so gewählt, wie sie dasteht."},
		"no":  {"The number in Entra has too few or too many digits, or more than one meaning: enter it as +, country and number.", "Die Nummer in Entra hat zu wenige oder zu viele Ziffern oder mehrere Lesarten: Tragen Sie sie als +, Land und Nummer ein."},
	},
	StepPolicy: {
		"yes":                 {"No rule forbids it.", "Keine Regel verbietet es."},
		"denied":              {"A rule of dial.policy forbids this number for the agent's roles.", "Eine Regel in dial.policy verbietet diese Nummer für die Rollen des Agenten."},
		"emergency-refused":   {"It is an emergency number, and these are refused here (dial.emergency).", "Es ist eine Notrufnummer, und solche sind hier gesperrt (dial.emergency)."},
		"emergency-confirmed": {"It is an emergency number: the agent has to confirm it.", "Es ist eine Notrufnummer: Der Agent muss sie bestätigen."},
		"own-number":          {"It is the agent's own number.", "Es ist die eigene Nummer des Agenten."},
	},
	StepTrunk: {
		"yes":       {"The service makes calls.", "Der Dienst telefoniert."},
		"simulated": {"The service is ready, but telephones are simulated: no real one rings (switch.kind).", "Der Dienst ist bereit, die Telefone sind aber simuliert: Kein echtes klingelt (switch.kind)."},
		"down":      {"Nobody answers on the trunk that leads to experts (sip.routes.experts): look at the session border controller and the way to it.", "Auf der Leitung zu den Fachexperten (sip.routes.experts) antwortet niemand: Prüfen Sie den Session Border Controller und den Weg dorthin."},
		"partly":    {"The trunk that leads to experts works, but not every peer of it answers: /readyz says which.", "Die Leitung zu den Fachexperten funktioniert, es antwortet aber nicht jede Gegenstelle: /readyz sagt, welche."},
		"no":        {"The service is not ready to make calls: /readyz says what it waits for.", "Der Dienst kann noch nicht telefonieren: /readyz sagt, worauf er wartet."},
		"unknown":   {"No running service answered.", "Kein laufender Dienst hat geantwortet."},
	},
}
