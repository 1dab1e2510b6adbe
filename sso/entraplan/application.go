package entraplan

// application is the part of Microsoft Graph's resource type of the same name
// that a registration of this service needs.
type application struct {
	DisplayName            string             `json:"displayName"`
	Description            string             `json:"description"`
	SignInAudience         string             `json:"signInAudience"`
	API                    apiApplication     `json:"api"`
	AppRoles               []appRole          `json:"appRoles"`
	Web                    webApplication     `json:"web"`
	RequiredResourceAccess []requiredResource `json:"requiredResourceAccess"`
	OptionalClaims         optionalClaims     `json:"optionalClaims"`
	KeyCredentials         []keyCredential    `json:"keyCredentials,omitempty"`
}

type apiApplication struct {
	RequestedAccessTokenVersion int               `json:"requestedAccessTokenVersion,omitempty"`
	Scopes                      []permissionScope `json:"oauth2PermissionScopes,omitempty"`
	PreAuthorized               []preAuthorized   `json:"preAuthorizedApplications,omitempty"`
}

type permissionScope struct {
	ID                      string `json:"id"`
	Value                   string `json:"value"`
	Type                    string `json:"type"`
	IsEnabled               bool   `json:"isEnabled"`
	AdminConsentDisplayName string `json:"adminConsentDisplayName"`
	AdminConsentDescription string `json:"adminConsentDescription"`
	UserConsentDisplayName  string `json:"userConsentDisplayName"`
	UserConsentDescription  string `json:"userConsentDescription"`
}

// preAuthorized spells its list as Graph does; the portal's own manifest says
// permissionIds (microsoftgraph/microsoft-graph-docs#16069).
type preAuthorized struct {
	AppID                  string   `json:"appId"`
	DelegatedPermissionIDs []string `json:"delegatedPermissionIds"`
}

type appRole struct {
	ID                 string   `json:"id"`
	Value              string   `json:"value"`
	DisplayName        string   `json:"displayName"`
	Description        string   `json:"description"`
	AllowedMemberTypes []string `json:"allowedMemberTypes"`
	IsEnabled          bool     `json:"isEnabled"`
}

type webApplication struct {
	HomePageURL  string        `json:"homePageUrl"`
	RedirectURIs []string      `json:"redirectUris"`
	Implicit     implicitGrant `json:"implicitGrantSettings"`
}

type implicitGrant struct {
	IDToken     bool `json:"enableIdTokenIssuance"`
	AccessToken bool `json:"enableAccessTokenIssuance"`
}

type requiredResource struct {
	ResourceAppID  string           `json:"resourceAppId"`
	ResourceAccess []resourceAccess `json:"resourceAccess"`
}

type resourceAccess struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

type optionalClaims struct {
	AccessToken []optionalClaim `json:"accessToken"`
}

type optionalClaim struct {
	Name      string `json:"name"`
	Essential bool   `json:"essential"`
}

// What this service offers: one scope for people. It never changes, nor do the
// ids: organisations consent to them and assign them.
const (
	ScopeName = "access_as_user"
	scopeID   = "f2e4fb1d-5a3a-4c8b-9a50-6c1d8f3b7a01"
)

var scope = permissionScope{
	ID: scopeID, Value: ScopeName, Type: "User", IsEnabled: true,
	AdminConsentDisplayName: "Use the agent desktop as the signed-in user",
	AdminConsentDescription: "Lets Teams and the browser open the agent desktop for the signed-in user. It gives access to nothing at Microsoft.",
	UserConsentDisplayName:  "Use the agent desktop as you",
	UserConsentDescription:  "Lets Teams and the browser open the agent desktop for you. It gives access to nothing at Microsoft.",
}

// Whom a role can be given to: people and their groups, or service principals of
// other applications too.
var (
	people                = []string{"User"}
	peopleAndApplications = []string{"User", "Application"}
)

// An application that sso.entra.applications admits has to be given the role here
// too; it is never an agent.
var roles = []appRole{
	role("3f0c9a52-7b1e-4d0f-8d7c-2e6a1b9c5d11", "Agent", people, "Consults experts, transfers calls and wraps up. Needs a row in the agent table too."),
	role("8a6d2c34-1f95-4b7e-a2c0-5d3f7e8b9c22", "Supervisor", peopleAndApplications, "Reads the calls of the organisation's agents."),
	role("c51b7e86-94d3-4a28-b6f1-7e0a2d4c6f33", "Admin", peopleAndApplications, "Sees what is set up, switches single sign-on and keeps the agent table."),
}

func role(id, value string, members []string, description string) appRole {
	return appRole{ID: id, Value: value, DisplayName: value, Description: description, AllowedMemberTypes: members, IsEnabled: true}
}

// claims make Entra say of a token without a person that it is one.
var claims = optionalClaims{AccessToken: []optionalClaim{{Name: "idtyp"}}}

func (p *Plan) origin() string { return "https://" + p.o.Host }

// redirects are where sign-in, consent and sign-out come back to.
func (p *Plan) redirects() []string {
	return []string{p.origin() + "/auth/callback", p.origin() + "/auth/consent", p.origin() + "/"}
}

func (p *Plan) audience() string {
	if p.o.SeveralOrganisations {
		return "AzureADMultipleOrgs"
	}
	return "AzureADMyOrg"
}

const description = "Agents of the contact centre consult experts who use Microsoft Teams."

// application is the body of POST /applications.
func (p *Plan) application() application {
	a := application{
		DisplayName: p.o.Name, Description: description, SignInAudience: p.audience(),
		API:                    apiApplication{RequestedAccessTokenVersion: 2, Scopes: []permissionScope{scope}},
		AppRoles:               roles,
		Web:                    webApplication{HomePageURL: p.origin() + "/", RedirectURIs: p.redirects()},
		RequiredResourceAccess: []requiredResource{{ResourceAppID: graphResource}},
		OptionalClaims:         claims,
	}
	access := &a.RequiredResourceAccess[0].ResourceAccess
	for _, permission := range p.permissions {
		*access = append(*access, resourceAccess{ID: permission.id, Type: permission.accessType()})
	}
	if p.certificate != nil {
		a.KeyCredentials = []keyCredential{p.certificate.credential()}
	}
	return a
}

// preAuthorized is the body of the PATCH that follows: Teams may ask for a token
// for this service without asking the person.
func (p *Plan) preAuthorized() any {
	var body struct {
		API apiApplication `json:"api"`
	}
	for _, client := range p.cloud.TeamsClients {
		body.API.PreAuthorized = append(body.API.PreAuthorized, preAuthorized{AppID: client, DelegatedPermissionIDs: []string{scopeID}})
	}
	return body
}
