package main

// doctorTitles name what the doctor looks at, beside package sso's checks.
var doctorTitles = map[string]words{
	findingConfig:    {"Configuration", "Einstellungen"},
	findingAddress:   {"Public address", "Öffentliche Adresse"},
	findingStore:     {"Store", "Speicher"},
	findingAgents:    {"Agent table", "Agententabelle"},
	findingMicrosoft: {"Microsoft", "Microsoft"},
	findingPresence:  {"Presence of one person", "Präsenz einer Person"},
	findingSwitch:    {"Telephones", "Telefone"},
	findingPeers:     {"Peers of trunks", "Gegenstellen der Leitungen"},
	findingService:   {"Service on this machine", "Dienst auf diesem Rechner"},

	findingCallsCertificate: {"Certificate for calls", "Zertifikat für Anrufe"},
}

// What the doctor says of them: how it stands and what to do. Errors stand in the
// words of where they arose, which are English.
var (
	configFine   = words{"%s has no problems.", "%s ist in Ordnung."}
	configBroken = words{"%s\nCorrect it; teamsbridge config check FILE says the same.", "%s\nBerichtigen Sie das; teamsbridge config check DATEI sagt dasselbe."}

	addressMissing = words{
		"web.public_url is not set: only browsers on this machine come back from Microsoft's sign-in. Set it to the address that people open.",
		"web.public_url fehlt: Nur Browser auf diesem Rechner kommen von der Anmeldung bei Microsoft zurück. Tragen Sie die Adresse ein, die aufgerufen wird.",
	}
	addressPlain = words{
		"web.public_url is not https: Teams and Microsoft's sign-in take nothing else, except on this machine.",
		"web.public_url ist nicht https: Teams und die Anmeldung bei Microsoft nehmen nichts anderes, außer auf diesem Rechner.",
	}

	storeMissing = words{"There is no store yet; the first start of the service makes it.", "Es gibt noch keinen Speicher; der erste Start des Dienstes legt ihn an."}
	storeBroken  = words{
		"%s\nLook at store in the configuration: is it the right file or database, and may this user read it? docs/backup.md says how to restore one.",
		"%s\nPrüfen Sie store in den Einstellungen: Ist es die richtige Datei oder Datenbank, und darf dieser Benutzer sie lesen? Wie man sie wiederherstellt, steht in docs/backup.md.",
	}
	storeFine = words{"%s, can be read.", "%s, ist lesbar."}

	agentsBroken  = words{"%s\nCorrect the row, in the configuration or on the administration page.", "%s\nBerichtigen Sie die Zeile, in den Einstellungen oder auf der Verwaltungsseite."}
	agentsNobody  = words{"Nobody is in the agent table: add agents in the configuration or on the administration page.", "Die Agententabelle ist leer: Legen Sie Agenten in den Einstellungen oder auf der Verwaltungsseite an."}
	agentsCounted = words{"agents: %d", "Agenten: %d"}

	microsoftBroken = words{
		"%s\nMicrosoft cannot be asked with this: correct credential, graph or outbound in the configuration.",
		"%s\nDamit lässt sich Microsoft nicht fragen: Berichtigen Sie credential, graph oder outbound in den Einstellungen.",
	}

	presenceNobody     = words{"Nobody to ask about: no agent has an object id, and --user names nobody.", "Niemand, nach dem sich fragen ließe: Kein Agent hat eine Objekt-ID, und --user nennt niemanden."}
	presenceNotOffered = words{"This cloud tells no presence; experts are shown without.", "Diese Cloud nennt keine Präsenz; Fachexperten werden ohne gezeigt."}
	presenceOnBehalf   = words{"Presence is asked on behalf of agents, of whom none is signed in here.", "Präsenz wird im Namen von Agenten abgefragt, von denen hier keiner angemeldet ist."}
	presenceRefused    = words{
		"Microsoft Graph refuses: the permission Presence.Read.All is missing. An administrator of the organisation has to consent.",
		"Microsoft Graph lehnt ab: Die Berechtigung Presence.Read.All fehlt. Die Administration der Organisation muss zustimmen.",
	}
	presenceFailed  = words{"Microsoft Graph did not tell it: %s", "Microsoft Graph hat sie nicht genannt: %s"}
	presenceUnknown = words{
		"Microsoft Graph knows none of them: do they have a licence with Teams (docs/licensing.md)?",
		"Microsoft Graph kennt keine: Hat die Person eine Lizenz mit Teams (docs/licensing.md)?",
	}
	presenceFine = words{"Microsoft Graph tells it.", "Microsoft Graph nennt sie."}

	switchSimulated = words{"switch.kind is simulated: no real telephone rings.", "switch.kind ist simulated: Es klingelt kein echtes Telefon."}

	switchHeld = words{
		"The service runs here, has its addresses and asks its trunks itself; what it says stands below.",
		"Der Dienst läuft hier, hat seine Adressen und fragt seine Leitungen selbst; was er sagt, steht unten.",
	}
	switchTaken = words{
		"%s (%s) is taken, and not by this service: stop what has it, or change sip.listen.",
		"%s (%s) ist belegt, und nicht von diesem Dienst: Beenden Sie, was dort läuft, oder ändern Sie sip.listen.",
	}
	switchNoAddress = words{
		"%s (%s) cannot be listened on: %s\nIs it an address of this machine? (sip.listen)",
		"Unter %s (%s) lässt sich nichts annehmen: %s\nIst es eine Adresse dieses Rechners? (sip.listen)",
	}
	switchFree      = words{"Real calls; every address of sip.listen is free.", "Echte Anrufe; alle Adressen von sip.listen sind frei."}
	certificateEnds = words{"It ends on %s, days left: %d.", "Es endet am %s, noch Tage: %d."}
	peersNone       = words{"No trunk has a peer to ask; calls come in only.", "Keine Leitung hat eine Gegenstelle, die zu fragen wäre; Anrufe kommen nur herein."}
	peersFine       = words{"All answer OPTIONS: %d.", "Alle antworten auf OPTIONS: %d."}
	peersSilent     = words{
		"%s\nAre host, port and transport right, is the way open, and does the other side know this address? One that takes questions only from the service's own port answers the service, not this check.",
		"%s\nStimmen host, port und transport, ist der Weg offen, und kennt die Gegenstelle diese Adresse? Eine, die Fragen nur vom Port des Dienstes annimmt, antwortet dem Dienst und nicht dieser Prüfung.",
	}

	serviceAway    = words{"Nothing answers at %s: the service does not run here, or is not to be reached from here.", "Unter %s antwortet nichts: Der Dienst läuft hier nicht oder ist von hier nicht erreichbar."}
	serviceUnready = words{"It is not ready and waits for: %s. Its log says why.", "Er ist nicht bereit und wartet auf: %s. Warum, steht in seinem Log."}
	serviceNotes   = words{"It is ready, and notes: %s", "Er ist bereit und merkt an: %s"}
	serviceFine    = words{"It is ready.", "Er ist bereit."}
)
