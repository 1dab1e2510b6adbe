package sso

import (
	"fmt"
	"time"
)

// words are a sentence in the languages that the product speaks.
type words struct{ en, de string }

func (w words) in(language string) string {
	if language == german {
		return w.de
	}
	return w.en
}

// german is the language's tag; whatever is not German is answered in English.
const german = "de"

// checkTitles name the checks.
var checkTitles = map[CheckName]words{
	CheckSwitch:     {"Switched on here", "Hier eingeschaltet"},
	CheckReachable:  {"Microsoft can be reached", "Microsoft ist erreichbar"},
	CheckClock:      {"Clock of this service", "Uhr dieses Dienstes"},
	CheckCredential: {"Credential of this service", "Zugangsdaten dieses Dienstes"},
	CheckAppKnown:   {"Application is in the organisation", "Anwendung ist in der Organisation bekannt"},
	CheckAppEnabled: {"Application is enabled", "Anwendung ist aktiviert"},
	CheckAssignment: {"Agents are assigned where required", "Agenten sind zugewiesen, wo es verlangt ist"},
	CheckPermission: {"Permission", "Berechtigung"},
	CheckExcess:     {"Nothing granted beyond what is needed", "Nichts über das Nötige hinaus erteilt"},
	CheckInspection: {"Looked at with your sign-in", "Mit Ihrer Anmeldung geprüft"},
}

// checkWords say what to do, or that there is nothing to do.
var checkWords = map[CheckName]map[CheckResult]words{
	CheckSwitch: {
		CheckOK:     {"Single sign-on is switched on.", "Die einmalige Anmeldung ist eingeschaltet."},
		CheckFailed: {"Single sign-on is switched off. Switch it on when everything else is in place.", "Die einmalige Anmeldung ist ausgeschaltet. Schalten Sie sie ein, wenn alles andere in Ordnung ist."},
	},
	CheckReachable: {
		CheckOK:      {"Microsoft Entra and Microsoft Graph answer.", "Microsoft Entra und Microsoft Graph antworten."},
		CheckFailed:  {"Microsoft does not answer. What was known before holds for a while; if this lasts, look at this service's network, proxy and trusted certificate authorities.", "Microsoft antwortet nicht. Was vorher bekannt war, gilt noch eine Weile; wenn es anhält, prüfen Sie Netzwerk, Proxy und vertraute Zertifizierungsstellen dieses Dienstes."},
		CheckUnknown: {"Nobody has asked Microsoft yet.", "Microsoft wurde noch nicht gefragt."},
	},
	CheckClock: {
		CheckOK:      {"The clock agrees with Microsoft's.", "Die Uhr stimmt mit der von Microsoft überein."},
		CheckFailed:  {"The clock is %s. Tokens are refused because of it: set up time synchronization on the machine of this service.", "Die Uhr geht %s. Token werden deshalb abgelehnt: Richten Sie auf dem Rechner dieses Dienstes die Zeitsynchronisierung ein."},
		CheckUnknown: {"Microsoft has not told its time yet.", "Microsoft hat seine Uhrzeit noch nicht genannt."},
	},
	CheckCredential: {
		CheckOK:      {"Microsoft accepts this service's credential.", "Microsoft akzeptiert die Zugangsdaten dieses Dienstes."},
		CheckWarning: {"The credential ends on %s. Register a new one with the application in Microsoft Entra, then give it to this service.", "Die Zugangsdaten laufen am %s ab. Hinterlegen Sie neue bei der Anwendung in Microsoft Entra und dann bei diesem Dienst."},
		CheckFailed:  {"Microsoft refuses this service. Compare the client id, certificate or secret in its configuration with the app registration in Microsoft Entra.", "Microsoft weist diesen Dienst ab. Vergleichen Sie Client-ID, Zertifikat oder Geheimnis in seinen Einstellungen mit der App-Registrierung in Microsoft Entra."},
		CheckUnknown: {"Not known: Microsoft refused before it looked at the credential, or was not asked.", "Nicht bekannt: Microsoft hat schon vorher abgelehnt oder wurde nicht gefragt."},
	},
	CheckAppKnown: {
		CheckOK:      {"The application is known in the organisation.", "Die Anwendung ist in der Organisation bekannt."},
		CheckFailed:  {"The application is not in the organisation. Giving admin consent adds it.", "Die Anwendung gibt es in der Organisation nicht. Mit der Administratorzustimmung wird sie hinzugefügt."},
		CheckUnknown: {"Could not be seen.", "Konnte nicht festgestellt werden."},
	},
	CheckAppEnabled: {
		CheckOK:      {"People may sign in to the application.", "Die Anmeldung bei der Anwendung ist erlaubt."},
		CheckFailed:  {"The application is disabled. Open it in the Microsoft Entra admin center under Enterprise applications, Properties, and set Enabled for users to sign in to Yes.", "Die Anwendung ist deaktiviert. Öffnen Sie sie im Microsoft Entra Admin Center unter Unternehmensanwendungen, Eigenschaften, und stellen Sie „Für die Benutzeranmeldung aktiviert“ auf Ja."},
		CheckUnknown: {"Could not be seen.", "Konnte nicht festgestellt werden."},
	},
	CheckAssignment: {
		CheckOK:      {"Nobody was refused within the last hour for not being assigned. Whether assignment is required is shown to an administrator only: check with your sign-in.", "In der letzten Stunde wurde niemand wegen fehlender Zuweisung abgewiesen. Ob Zuweisung verlangt ist, zeigt Microsoft nur der Administration: Prüfen Sie mit Ihrer Anmeldung."},
		CheckWarning: {"Refused within the last hour because they are not assigned to the application: %d. Assign them, or a group of theirs, under Enterprise applications, Users and groups.", "In der letzten Stunde abgewiesen, weil der Anwendung nicht zugewiesen: %d. Weisen Sie sie oder ihre Gruppe unter Unternehmensanwendungen, Benutzer und Gruppen zu."},
		CheckFailed:  {"The application is for assigned principals only, and is not assigned. Assign it under Enterprise applications, or set Assignment required to No in its properties.", "Die Anwendung steht nur Zugewiesenen offen und ist nicht zugewiesen. Weisen Sie sie unter Unternehmensanwendungen zu oder stellen Sie in den Eigenschaften „Zuweisung erforderlich“ auf Nein."},
		CheckUnknown: {"Could not be seen.", "Konnte nicht festgestellt werden."},
	},
	CheckPermission: {
		CheckOK:      {"Granted.", "Erteilt."},
		CheckFailed:  {"Not granted. An administrator of the organisation has to consent.", "Nicht erteilt. Eine Administratorin oder ein Administrator der Organisation muss zustimmen."},
		CheckUnknown: {"Could not be seen.", "Konnte nicht festgestellt werden."},
	},
	CheckExcess: {
		CheckOK: {"Nothing is granted that this service does not need.", "Es ist nichts erteilt, was dieser Dienst nicht braucht."},
	},
	CheckInspection: {
		CheckOK:      {"Looked at with your sign-in.", "Mit Ihrer Anmeldung geprüft."},
		CheckUnknown: {"Microsoft does not answer. Check again later.", "Microsoft antwortet nicht. Prüfen Sie später erneut."},
	},
}

var (
	aheadWords  = words{"%s ahead", "%s vor"}
	behindWords = words{"%s behind", "%s nach"}
)

// Title names the check in a language: "de", or English.
func (c Check) Title(language string) string {
	title := checkTitles[c.Name].in(language)
	if c.Permission.Name != "" {
		title += " " + c.Permission.Name
	}
	return title
}

// Detail says in one or two sentences how it stands and what to do, in a
// language: "de", or English.
func (c Check) Detail(language string) string {
	if c.facts.said != (words{}) {
		return c.facts.said.in(language)
	}
	text := checkWords[c.Name][c.Result].in(language)
	switch {
	case c.Name == CheckClock && c.Result == CheckFailed:
		side := aheadWords
		if c.facts.ahead < 0 {
			side = behindWords
		}
		return fmt.Sprintf(text, fmt.Sprintf(side.in(language), c.facts.ahead.Abs().Round(time.Second)))
	case c.Name == CheckCredential && c.Result == CheckWarning:
		return fmt.Sprintf(text, c.facts.ends.UTC().Format(time.DateOnly))
	case c.Name == CheckAssignment && c.Result == CheckWarning:
		return fmt.Sprintf(text, c.facts.unassigned)
	}
	return text
}
