package teamsapp

import "strings"

// schema is the manifest's version: the newest in Microsoft's package
// @microsoft/app-manifest 1.1.2, against whose schema the page's tests hold it.
const schema = "1.30"

const (
	germanFile  = "de.json"
	accentColor = "#3d4f9f" // the icon's background
	tabID       = "desktop" // deep links name it
)

// manifest is the part of Teams' app manifest that is used, in the words of its
// schema ("App manifest reference" in Microsoft's Teams documentation).
type manifest struct {
	Schema            string            `json:"$schema"`
	ManifestVersion   string            `json:"manifestVersion"`
	Version           string            `json:"version"`
	ID                string            `json:"id"`
	Developer         developer         `json:"developer"`
	LocalizationInfo  localization      `json:"localizationInfo"`
	Name              name              `json:"name"`
	Description       description       `json:"description"`
	Icons             map[string]string `json:"icons"`
	AccentColor       string            `json:"accentColor"`
	StaticTabs        []tab             `json:"staticTabs"`
	Permissions       []string          `json:"permissions"`
	ValidDomains      []string          `json:"validDomains"`
	WebApplication    webApplication    `json:"webApplicationInfo"`
	LoadingIndicator  bool              `json:"showLoadingIndicator"`
	DefaultInstallFor string            `json:"defaultInstallScope"`
}

type developer struct {
	Name       string `json:"name"`
	Website    string `json:"websiteUrl"`
	Privacy    string `json:"privacyUrl"`
	TermsOfUse string `json:"termsOfUseUrl"`
}

type localization struct {
	DefaultLanguage string     `json:"defaultLanguageTag"`
	More            []language `json:"additionalLanguages"`
}

type language struct {
	Tag  string `json:"languageTag"`
	File string `json:"file"`
}

type name struct {
	Short string `json:"short"`
	Full  string `json:"full"`
}

type description struct {
	Short string `json:"short"`
	Full  string `json:"full"`
}

type tab struct {
	EntityID   string   `json:"entityId"`
	Name       string   `json:"name"`
	ContentURL string   `json:"contentUrl"`
	WebsiteURL string   `json:"websiteUrl"`
	Scopes     []string `json:"scopes"`
}

// webApplication is the app registration that single sign-on asks a token for.
type webApplication struct {
	ID       string `json:"id"`
	Resource string `json:"resource"`
}

func manifestOf(a App) manifest {
	return manifest{
		Schema:          "https://developer.microsoft.com/json-schemas/teams/v" + schema + "/MicrosoftTeams.schema.json",
		ManifestVersion: schema,
		Version:         a.Version,
		ID:              a.id(),
		Developer:       developer{Name: a.Organization, Website: a.address(), Privacy: a.PrivacyURL, TermsOfUse: a.TermsURL},
		LocalizationInfo: localization{
			DefaultLanguage: "en",
			More:            []language{{Tag: "de", File: germanFile}},
		},
		Name: name{Short: "Expert Bridge", Full: "Expert Bridge for contact centres"},
		Description: description{
			Short: "Bring an expert into a customer call",
			Full: "For agents of a contact centre who are on a call and need somebody who knows. Find experts of the organisation with their " +
				"presence, consult them while the customer waits on hold, bring everybody together, or hand the call over.",
		},
		Icons:       map[string]string{"color": "color.png", "outline": "outline.png"},
		AccentColor: accentColor,
		StaticTabs: []tab{{
			EntityID: tabID, Name: "Calls", ContentURL: a.address(), WebsiteURL: a.address(), Scopes: []string{"personal"},
		}},
		Permissions:       []string{"identity"},
		ValidDomains:      []string{a.domain()},
		WebApplication:    webApplication{ID: strings.ToLower(a.ClientID), Resource: "api://" + a.domain() + "/" + strings.ToLower(a.ClientID)},
		LoadingIndicator:  true,
		DefaultInstallFor: "personal",
	}
}

// german are the manifest's words in German, by their place in it.
var german = map[string]string{
	"$schema":            "https://developer.microsoft.com/json-schemas/teams/v" + schema + "/MicrosoftTeams.Localization.schema.json",
	"name.short":         "Expertenbrücke",
	"name.full":          "Expertenbrücke für Contact Center",
	"description.short":  "Eine Fachexpertin oder einen Fachexperten ins Kundengespräch holen",
	"staticTabs[0].name": "Gespräche",
	"description.full": "Für Agenten im Contact Center, die mitten im Gespräch jemanden mit Fachwissen brauchen: Experten der eigenen Organisation mit " +
		"ihrem Status finden, Rücksprache halten, während der Kunde in der Warteschleife ist, alle zusammenschalten oder das Gespräch übergeben.",
}
