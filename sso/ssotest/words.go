package ssotest

import (
	"net/http"

	"golang.org/x/text/language"
)

// words are the texts of the pages in one language.
type words struct {
	SignIn, SignedOut, SignedOutText   string
	Username, Password, Simulated      string
	PickAccount, OtherAccount          string
	Consent, WantsFor, SignedInAs      string
	Accept, Cancel, Continue           string
	NeedAdmin, Trouble                 string
	WrongPassword, Disabled, NotMember string
}

var english = words{
	SignIn: "Sign in", SignedOut: "Signed out", SignedOutText: "You are signed out. You may close this window.",
	Username: "User name", Password: "Password",
	Simulated:   "This is a simulated sign-in. Never type a real password here.",
	PickAccount: "Pick an account", OtherAccount: "Use another account",
	Consent: "Permissions requested for your organization", WantsFor: "asks for these permissions for everybody in", SignedInAs: "Signed in as",
	Accept: "Accept", Cancel: "Cancel", Continue: "Continue",
	NeedAdmin: "Only an administrator of the organization can grant these permissions.", Trouble: "Sorry, but we cannot sign you in",
	WrongPassword: "The user name or password is wrong.", Disabled: "This account is disabled.",
	NotMember: "This account does not belong to the organization.",
}

var german = words{
	SignIn: "Anmelden", SignedOut: "Abgemeldet", SignedOutText: "Sie sind abgemeldet. Sie können dieses Fenster schließen.",
	Username: "Benutzername", Password: "Kennwort",
	Simulated:   "Dies ist eine simulierte Anmeldung. Geben Sie hier nie ein echtes Kennwort ein.",
	PickAccount: "Konto auswählen", OtherAccount: "Anderes Konto verwenden",
	Consent: "Berechtigungen für Ihre Organisation", WantsFor: "erbittet diese Berechtigungen für alle in", SignedInAs: "Angemeldet als",
	Accept: "Akzeptieren", Cancel: "Abbrechen", Continue: "Weiter",
	NeedAdmin: "Nur ein Administrator der Organisation kann diese Berechtigungen erteilen.", Trouble: "Die Anmeldung ist leider nicht möglich",
	WrongPassword: "Benutzername oder Kennwort ist falsch.", Disabled: "Dieses Konto ist deaktiviert.",
	NotMember: "Dieses Konto gehört nicht zur Organisation.",
}

var languages = language.NewMatcher([]language.Tag{language.English, language.German})

// speak chooses the language: what the application asks for (ui_locales), else
// the browser's.
func speak(r *http.Request) (string, words) {
	_, index := language.MatchStrings(languages, r.FormValue("ui_locales"), r.Header.Get("Accept-Language"))
	if index == 1 {
		return "de", german
	}
	return "en", english
}

// explain says a sign-in error on the page; the code helps whoever supports.
func (w words) explain(r *refusal) string {
	switch r.code {
	case 50034, 50126:
		return w.WrongPassword + " (" + r.tag() + ")"
	case 50057:
		return w.Disabled + " (" + r.tag() + ")"
	case 50020:
		return w.NotMember + " (" + r.tag() + ")"
	}
	return r.Error()
}
