package cloud

import (
	"net/url"
	"slices"
	"strings"
)

// Cloud is one of Microsoft's.
type Cloud struct {
	Name string // as the configuration's key cloud says it
	// Authority is where people and services sign in; version 2 tokens name it as
	// issuer. Aliases lead to the same place.
	Authority string
	Aliases   []string
	IssuerV1  string // what version 1 tokens name before the tenant, with a slash at its end
	Graph     string // address of Graph without version, also what its tokens are for
	Presence  bool   // whether Graph tells presences
	// TeamsClients are the application ids with which Teams asks for tokens.
	// Microsoft documents the same ones for all clouds.
	TeamsClients []string
	// Exchange is the audience of tokens of another issuer, or of a managed identity,
	// that prove who a service is here.
	Exchange string
	// Frames are the sources, in the words of Content Security Policy, that may
	// show a tab.
	Frames []string
	Teams  string // address of Teams itself, with which links into it begin
}

// The names of the clouds. GCC is part of the worldwide one.
const (
	Global  = "global"
	GCCHigh = "gcc-high"
	DoD     = "dod"
	China   = "china"
)

var teamsClients = []string{
	"1fec8e78-bce4-4aaf-ab1b-5451cc387264", // desktop and mobile
	"5e3ce6c0-2b1f-4285-8d4b-75ee78787346", // web
}

// clouds is the table; the first is what holds when none is named.
var clouds = []Cloud{
	{
		Name:      Global,
		Authority: "https://login.microsoftonline.com",
		Aliases:   []string{"https://login.windows.net", "https://login.microsoft.com"},
		IssuerV1:  "https://sts.windows.net/",
		Graph:     "https://graph.microsoft.com",
		Exchange:  "api://AzureADTokenExchange",
		Presence:  true, TeamsClients: teamsClients,
		Frames: []string{
			"https://*.cloud.microsoft",
			"https://teams.microsoft.com", "https://*.teams.microsoft.com",
			"https://*.microsoft365.com", "https://*.office.com",
			"https://outlook.office.com", "https://outlook.office365.com",
			"https://outlook-sdf.office.com", "https://outlook-sdf.office365.com",
		},
		Teams: "https://teams.microsoft.com",
	},
	{
		Name:      GCCHigh,
		Authority: "https://login.microsoftonline.us",
		IssuerV1:  "https://sts.windows.net/",
		Graph:     "https://graph.microsoft.us",
		Exchange:  "api://AzureADTokenExchangeUSGov",
		Presence:  true, TeamsClients: teamsClients,
		Frames: []string{"https://gov.teams.microsoft.us", "https://*.gov.teams.microsoft.us"},
		Teams:  "https://gov.teams.microsoft.us",
	},
	{
		Name:      DoD,
		Authority: "https://login.microsoftonline.us",
		IssuerV1:  "https://sts.windows.net/",
		Graph:     "https://dod-graph.microsoft.us",
		Exchange:  "api://AzureADTokenExchangeUSGov",
		Presence:  true, TeamsClients: teamsClients,
		Frames: []string{"https://dod.teams.microsoft.us", "https://*.dod.teams.microsoft.us"},
		Teams:  "https://dod.teams.microsoft.us",
	},
	{
		Name:      China,
		Authority: "https://login.partner.microsoftonline.cn",
		Aliases:   []string{"https://login.chinacloudapi.cn"},
		IssuerV1:  "https://sts.chinacloudapi.cn/",
		Graph:     "https://microsoftgraph.chinacloudapi.cn",
		Exchange:  "api://AzureADTokenExchangeChina",
		Presence:  false, TeamsClients: teamsClients,
		Frames: []string{"https://teams.microsoftonline.cn", "https://*.teams.microsoftonline.cn"},
		Teams:  "https://teams.microsoftonline.cn",
	},
}

// Names are those that Named knows.
func Names() []string {
	names := make([]string, len(clouds))
	for i, c := range clouds {
		names[i] = c.Name
	}
	return names
}

// Named finds a cloud; an empty name is the worldwide one.
func Named(name string) (Cloud, bool) {
	if name == "" {
		return clouds[0], true
	}
	i := slices.IndexFunc(clouds, func(c Cloud) bool { return c.Name == name })
	if i < 0 {
		return Cloud{}, false
	}
	return clouds[i], true
}

// SignsInAt reports whether the address is this cloud's for signing in.
func (c Cloud) SignsInAt(authority string) bool {
	host := hostOf(authority)
	return host == hostOf(c.Authority) || slices.ContainsFunc(c.Aliases, func(a string) bool { return host == hostOf(a) })
}

// Scope is what a service's own token for Graph is asked for: everything that
// was granted.
func (c Cloud) Scope() string { return c.Graph + "/.default" }

// OfAuthority finds the clouds that sign in at an address: none for one that is
// not Microsoft's, two for the American ones.
func OfAuthority(address string) []Cloud {
	return where(func(c Cloud) bool { return c.SignsInAt(address) })
}

// OfGraph finds the cloud whose Graph has the address.
func OfGraph(address string) (Cloud, bool) {
	host := hostOf(address)
	found := where(func(c Cloud) bool { return host == hostOf(c.Graph) })
	if len(found) == 0 {
		return Cloud{}, false
	}
	return found[0], true
}

func where(is func(Cloud) bool) []Cloud {
	var found []Cloud
	for _, c := range clouds {
		if is(c) {
			found = append(found, c)
		}
	}
	return found
}

// hostOf is empty for what is no address, which no cloud has.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
