package tokentest

import (
	"strings"
	"testing"
	"time"

	"teamsbridge/sso"
)

// people are genuine tokens of our authority that do not speak for an agent.
var people = []Attack{
	{Name: "an ID token of the browser's sign-in", Token: claiming(Payload{"scp": nil, "azp": nil, "azpacr": nil, "nonce": "n"}), Want: notAllowed(sso.ReasonScope)},
	{Name: "another scope", Token: claiming(Payload{"scp": "User.Read"}), Want: notAllowed(sso.ReasonScope)},
	{Name: "a scope that only begins so", Token: claiming(Payload{"scp": "access_as_user_readonly"}), Want: notAllowed(sso.ReasonScope)},
	{Name: "a scope that only ends so", Token: claiming(Payload{"scp": "no_access_as_user"}), Want: notAllowed(sso.ReasonScope)},
	{Name: "scopes joined by a comma", Token: claiming(Payload{"scp": "openid,access_as_user"}), Want: notAllowed(sso.ReasonScope)},
	{Name: "the scope in another case", Token: claiming(Payload{"scp": "Access_As_User"}), Want: notAllowed(sso.ReasonScope)},
	{Name: "the scope with its URI", Token: claiming(Payload{"scp": IDURI + "/access_as_user"}), Want: notAllowed(sso.ReasonScope)},
	{Name: "the scope in a letter that only looks so", Token: claiming(Payload{"scp": "аccess_as_user"}), Want: notAllowed(sso.ReasonScope)},
	{Name: "the scope under its name elsewhere", Token: claiming(Payload{"scp": "openid", "scope": "access_as_user"}), Want: notAllowed(sso.ReasonScope)},
	{Name: "a client nobody admitted", Token: claiming(Payload{"azp": OtherApp}), Want: notAllowed(sso.ReasonClient)},
	{Name: "no client", Token: claiming(Payload{"azp": nil}), Want: notAllowed(sso.ReasonClient)},
	{Name: "an empty client", Token: claiming(Payload{"azp": ""}), Want: notAllowed(sso.ReasonClient)},
	{Name: "a client in upper case", Token: claiming(Payload{"azp": strings.ToUpper(TeamsWeb)}), Want: notAllowed(sso.ReasonClient)},
	{Name: "a client that is a list", Token: claiming(Payload{"azp": []string{TeamsWeb}}), Want: notAllowed(sso.ReasonClient)},
	{Name: "a client that may come by itself, with a person", Token: claiming(Payload{"azp": SyncApp}), Want: notAllowed(sso.ReasonClient)},
	{Name: "a version 1 token of a client nobody admitted", Token: claimingV1(Payload{"appid": OtherApp}), Want: notAllowed(sso.ReasonClient)},
	{Name: "no object id", Token: claiming(Payload{"oid": nil}), Want: notAllowed(sso.ReasonNoPerson)},
	{Name: "an object id that is a mail address", Token: claiming(Payload{"oid": "anja@nordlicht.example"}), Want: notAllowed(sso.ReasonNoPerson)},
	{Name: "an object id that is a list", Token: claiming(Payload{"oid": []string{Anja}}), Want: notAllowed(sso.ReasonNoPerson)},
	{Name: "an object id in braces", Token: claiming(Payload{"oid": "{" + Anja + "}"}), Want: notAllowed(sso.ReasonNoPerson)},
	{Name: "an object id with a space before it", Token: claiming(Payload{"oid": " " + Anja}), Want: notAllowed(sso.ReasonNoPerson)},
	{Name: "an object id in digits that only look so", Token: claiming(Payload{"oid": strings.Replace(Anja, "0", "０", 1)}), Want: notAllowed(sso.ReasonNoPerson)},
	{Name: "the object id as subject only", Token: claiming(Payload{"oid": nil, "sub": Anja}), Want: notAllowed(sso.ReasonNoPerson)},
	{Name: "somebody who is not in the agent table", Token: claiming(Payload{"oid": Nina}), Want: unknownAgent},
	{Name: "the same with role Agent", Token: claiming(Payload{"oid": Nina, "roles": []string{"Agent"}}), Want: unknownAgent},
	{Name: "the same with a role unknown here", Token: claiming(Payload{"oid": Nina, "roles": []string{"Owner"}}), Want: unknownAgent},
	{Name: "the same with a role in another case", Token: claiming(Payload{"oid": Nina, "roles": []string{"admin"}}), Want: unknownAgent},
	{Name: "the same with two roles in one text", Token: claiming(Payload{"oid": Nina, "roles": "Agent Admin"}), Want: unknownAgent},
	{Name: "the same with roles in an object", Token: claiming(Payload{"oid": Nina, "roles": map[string]bool{"Admin": true}}), Want: unknownAgent},
	{Name: "the same with a directory role", Token: claiming(Payload{"oid": Nina, "roles": nil, "wids": []string{"62e90394-69f5-4237-9190-012177145e10"}}), Want: unknownAgent},
	{Name: "the same with a scope for a role", Token: claiming(Payload{"oid": Nina, "roles": nil, "scp": "access_as_user Admin"}), Want: unknownAgent},
	{Name: "somebody with an agent's mail address", Token: claiming(Payload{"oid": Nina, "email": "anja@nordlicht.example", "preferred_username": "anja@nordlicht.example", "upn": "anja@nordlicht.example"}), Want: unknownAgent},
	{Name: "somebody with an agent's name", Token: claiming(Payload{"oid": Nina, "name": "Anja Weber"}), Want: unknownAgent},
	{Name: "somebody with an agent's subject at the contact centre", Token: claiming(Payload{"oid": Nina, "sub": "cc|anja"}), Want: unknownAgent},
	{Name: "another organisation's agent by object id", Token: claiming(Payload{"oid": Bert, "roles": nil}), Want: unknownAgent},
	{Name: "our agent's object id in another organisation's mouth", Token: issuedBy("AUTHORITY/"+Partner+"/v2.0", Payload{"tid": Partner, "roles": nil}), Want: unknownAgent},
	{Name: "a guest who is nobody's agent here", Token: claiming(Payload{"oid": Nina, "idp": "https://sts.windows.net/" + Partner + "/"}), Want: unknownAgent},
	{Name: "a guest by their object id at home", Token: claiming(Payload{"oid": Bert, "idp": "https://sts.windows.net/" + Partner + "/"}), Want: unknownAgent},
}

// applications are tokens without a person, of applications that were not both
// admitted here and given a role there.
var applications = []Attack{
	{Name: "an application nobody admitted", Token: claimingApp(Payload{"azp": OtherApp, "roles": nil}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an application nobody admitted, with role Admin", Token: claimingApp(Payload{"azp": OtherApp}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an application nobody admitted that says what it is", Token: claimingApp(Payload{"azp": OtherApp, "idtyp": "app"}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "this service's own token", Token: claimingApp(Payload{"azp": ServiceID}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "Teams' client without a person", Token: claimingApp(Payload{"azp": TeamsWeb}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "a client through which people come, without one", Token: claimingApp(Payload{"azp": CLIApp}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application without a role", Token: claimingApp(Payload{"roles": nil}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application with a role it was not admitted for", Token: claimingApp(Payload{"roles": []string{"Supervisor"}}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application as an agent", Token: claimingApp(Payload{"roles": []string{"Agent"}}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application with the role in another case", Token: claimingApp(Payload{"roles": []string{"ADMIN"}}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application with every role", Token: claimingApp(Payload{"roles": []string{"*"}}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application that proved nothing", Token: claimingApp(Payload{"azpacr": "0"}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application that does not say how it proved itself", Token: claimingApp(Payload{"azpacr": nil}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application's token about somebody else", Token: claimingApp(Payload{"oid": Anja}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application's token about nobody", Token: claimingApp(Payload{"oid": nil, "sub": nil}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application that is said to be a person", Token: claimingApp(Payload{"idtyp": "user"}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application of a kind that is a list", Token: claimingApp(Payload{"idtyp": []string{"app"}}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application with a scope", Token: claimingApp(Payload{"idtyp": "app", "scp": "access_as_user"}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application with an empty scope", Token: claimingApp(Payload{"scp": ""}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "a person's token that says it is an application's", Token: claiming(Payload{"idtyp": "app"}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "a person's token without a scope", Token: claiming(Payload{"scp": nil}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "a person's token with a scope that is a list", Token: claiming(Payload{"scp": []string{"access_as_user"}}), Want: notAllowed(sso.ReasonAppOnly)},
	{Name: "an admitted application in another tenant's name", Token: claimingApp(Payload{"tid": Partner}), Want: notAllowed(sso.ReasonTenant)},
	{Name: "an admitted application for another app", Token: claimingApp(Payload{"aud": OtherApp}), Want: signIn(sso.ReasonAudience)},
	{Name: "an admitted application, expired", Token: claimingApp(Payload{"exp": In(-2 * time.Minute)}), Want: signIn(sso.ReasonExpired)},
	{Name: "an admitted application of an organisation that is not", Token: func(t testing.TB, a *Authority) string {
		return a.Sign(t, a.Key(0), a.Application().With(Payload{"iss": a.URL + "/" + Stranger + "/v2.0", "tid": Stranger}))
	}, Want: notAdmitted},
	{Name: "a version 1 application in version 2's claim", Token: claimingV1(Payload{"appid": nil, "azp": SyncApp, "oid": Sync, "sub": Sync, "scp": nil, "appidacr": "2", "roles": []string{"Admin"}}), Want: notAllowed(sso.ReasonScope)},
}
