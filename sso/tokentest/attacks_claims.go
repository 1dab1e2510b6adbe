package tokentest

import (
	"strings"
	"testing"
	"time"

	"teamsbridge/sso"
)

// times are tokens of yesterday and tomorrow, and of no day at all.
var times = []Attack{
	{Name: "expired by more than the leeway", Token: claiming(Payload{"exp": In(-61 * time.Second)}), Want: signIn(sso.ReasonExpired)},
	{Name: "expired by exactly the leeway", Token: claiming(Payload{"exp": In(-60 * time.Second)}), Want: signIn(sso.ReasonExpired)},
	{Name: "expired last year", Token: claiming(Payload{"exp": In(-365 * 24 * time.Hour)}), Want: signIn(sso.ReasonExpired)},
	{Name: "expiry zero", Token: claiming(Payload{"exp": 0}), Want: signIn(sso.ReasonExpired)},
	{Name: "expiry of less than a second after 1970", Token: claiming(Payload{"exp": 0.5}), Want: signIn(sso.ReasonExpired)},
	{Name: "no expiry", Token: claiming(Payload{"exp": nil}), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry under a name in upper case", Token: saying(`{TIMELESS,"EXP":99999999999}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry that is text", Token: claiming(Payload{"exp": "tomorrow"}), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry that is a number as text", Token: claiming(Payload{"exp": "99999999999"}), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry that is null", Token: saying(`{TIMELESS,"exp":null}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry that is true", Token: claiming(Payload{"exp": true}), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry that is a list", Token: claiming(Payload{"exp": []int{1}}), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry that is an object", Token: claiming(Payload{"exp": map[string]int{}}), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry beyond any calendar", Token: claiming(Payload{"exp": 1e300}), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry beyond any number", Token: saying(`{TIMELESS,"exp":1e999}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry of five hundred digits", Token: saying(`{TIMELESS,"exp":` + strings.Repeat("9", 500) + `}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry just past the largest integer", Token: saying(`{TIMELESS,"exp":9223372036854775808}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry in milliseconds", Token: saying(`{TIMELESS,"exp":4102444800000}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry that is no number of JSON's", Token: saying(`{TIMELESS,"exp":0x7fffffff}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry with a leading zero", Token: saying(`{TIMELESS,"exp":04102444800}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry infinite", Token: saying(`{TIMELESS,"exp":Infinity}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "expiry before any calendar", Token: claiming(Payload{"exp": -1}), Want: signIn(sso.ReasonMalformed)},
	{Name: "not valid before two minutes from now", Token: claiming(Payload{"nbf": In(2 * time.Minute)}), Want: signIn(sso.ReasonNotYetValid)},
	{Name: "not-before that is text", Token: claiming(Payload{"nbf": "now"}), Want: signIn(sso.ReasonMalformed)},
	{Name: "not-before that is null", Token: saying(`{GOOD,"nbf":null}`), Want: signIn(sso.ReasonMalformed)},
	{Name: "not-before beyond any calendar", Token: claiming(Payload{"nbf": 1e300}), Want: signIn(sso.ReasonMalformed)},
	{Name: "issued two minutes from now", Token: claiming(Payload{"iat": In(2 * time.Minute)}), Want: signIn(sso.ReasonNotYetValid)},
	{Name: "issued next year", Token: claiming(Payload{"iat": In(365 * 24 * time.Hour)}), Want: signIn(sso.ReasonNotYetValid)},
	{Name: "issued-at that is text", Token: claiming(Payload{"iat": "now"}), Want: signIn(sso.ReasonMalformed)},
	{Name: "issued before any calendar", Token: claiming(Payload{"iat": -1}), Want: signIn(sso.ReasonMalformed)},
}

// issuers are tokens of nobody known here, and of one organisation in another's
// mouth.
var issuers = []Attack{
	{Name: "no issuer", Token: claiming(Payload{"iss": nil}), Want: signIn(sso.ReasonIssuer)},
	{Name: "an empty issuer", Token: claiming(Payload{"iss": ""}), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer that is a list", Token: issuedIn(func(issuer string) any { return []string{issuer} }), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer that is an object", Token: issuedIn(func(issuer string) any { return map[string]string{"iss": issuer} }), Want: signIn(sso.ReasonIssuer)},
	{Name: "the issuer under a name in upper case", Token: claiming(Payload{"iss": nil, "ISS": "x"}), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer of the forger's own", Token: issuedBy("https://evil.example/"+Home+"/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "the real Entra's issuer", Token: issuedBy("https://login.microsoftonline.com/"+Home+"/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "the real Entra's issuer of version 1", Token: issuedBy("https://sts.windows.net/"+Home+"/", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "the issuer of Bot Framework", Token: issuedBy("https://api.botframework.com", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "the template as issuer", Token: issuedBy("AUTHORITY/{tenantid}/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "the issuer of any organisation", Token: issuedBy("AUTHORITY/organizations/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "the issuer of anybody", Token: issuedBy("AUTHORITY/common/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a slash after it", Token: issuedBy("AUTHORITY/"+Home+"/v2.0/", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a slash too many", Token: issuedBy("AUTHORITY//"+Home+"/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a tenant in upper case", Token: issuedBy("AUTHORITY/"+strings.ToUpper(Home)+"/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a tenant in braces", Token: issuedBy("AUTHORITY/{"+Home+"}/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a tenant without hyphens", Token: issuedBy("AUTHORITY/"+strings.ReplaceAll(Home, "-", "")+"/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with two tenants", Token: issuedBy("AUTHORITY/"+Stranger+"/"+Home+"/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a way back in it", Token: issuedBy("AUTHORITY/"+Stranger+"/../"+Home+"/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with an escape in it", Token: issuedBy("AUTHORITY/"+Home+"%2Fv2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer that begins like the authority", Token: issuedBy("AUTHORITY.evil.example/"+Home+"/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with the authority as its user", Token: issuedBy("AUTHORITY@evil.example/"+Home+"/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a tenant that is no GUID", Token: issuedBy("AUTHORITY/home/v2.0", Payload{"tid": "home"}), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a letter of a GUID that only looks like one", Token: issuedBy("AUTHORITY/"+strings.Replace(Home, "a", "а", 1)+"/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a slash that only looks like one", Token: issuedBy("AUTHORITY∕"+Home+"/v2.0", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a space of no width", Token: issuedBy("AUTHORITY/"+Home+"/v2.0\u200b", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a NUL after it", Token: issuedBy("AUTHORITY/"+Home+"/v2.0\x00", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a line break after it", Token: issuedBy("AUTHORITY/"+Home+"/v2.0\n", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "an issuer with a query", Token: issuedBy("AUTHORITY/"+Home+"/v2.0?x", nil), Want: signIn(sso.ReasonIssuer)},
	{Name: "a tenant claim of another admitted organisation", Token: claiming(Payload{"tid": Partner}), Want: notAllowed(sso.ReasonTenant)},
	{Name: "an issuer of another admitted organisation", Token: issuedBy("AUTHORITY/"+Partner+"/v2.0", nil), Want: notAllowed(sso.ReasonTenant)},
	{Name: "a stranger's issuer with an admitted organisation's tenant", Token: issuedBy("AUTHORITY/"+Stranger+"/v2.0", nil), Want: notAllowed(sso.ReasonTenant)},
	{Name: "no tenant claim", Token: claiming(Payload{"tid": nil}), Want: notAllowed(sso.ReasonTenant)},
	{Name: "a tenant claim in upper case", Token: claiming(Payload{"tid": strings.ToUpper(Home)}), Want: notAllowed(sso.ReasonTenant)},
	{Name: "a tenant claim with a wildcard", Token: claiming(Payload{"tid": "*"}), Want: notAllowed(sso.ReasonTenant)},
	{Name: "a tenant claim that is a list", Token: claiming(Payload{"tid": []string{Home}}), Want: notAllowed(sso.ReasonTenant)},
	{Name: "a genuine token of an organisation that is not admitted", Token: ofStranger(nil), Want: notAdmitted},
	{Name: "the same with role Admin", Token: ofStranger(Payload{"roles": []string{"Admin"}}), Want: notAdmitted},
	{Name: "the same without the scope is still about the organisation", Token: ofStranger(Payload{"scp": nil}), Want: notAdmitted},
	{Name: "the same in version 1", Token: strangersV1, Want: notAdmitted},
	{Name: "a personal account", Token: issuedBy("AUTHORITY/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", Payload{"tid": "9188040d-6c67-4c5b-b112-36a304b66dad"}), Want: notAdmitted},
	{Name: "the organisation of all zeros", Token: issuedBy("AUTHORITY/00000000-0000-0000-0000-000000000000/v2.0", Payload{"tid": "00000000-0000-0000-0000-000000000000"}), Want: notAdmitted},
	{Name: "an organisation that is not admitted, expired: proves nothing", Token: ofStranger(Payload{"exp": In(-time.Hour)}), Want: signIn(sso.ReasonExpired)},
	{Name: "the same for another app: proves nothing", Token: ofStranger(Payload{"aud": OtherApp}), Want: signIn(sso.ReasonAudience)},
	{Name: "the same but forged: proves nothing", Token: forgedStranger, Want: signIn(sso.ReasonSignature)},
}

// audiences are tokens for somebody else, or not for us alone.
var audiences = []Attack{
	{Name: "another app's audience", Token: claiming(Payload{"aud": OtherApp}), Want: signIn(sso.ReasonAudience)},
	{Name: "Graph's audience", Token: claiming(Payload{"aud": "https://graph.microsoft.com"}), Want: signIn(sso.ReasonAudience)},
	{Name: "Graph's audience by its id", Token: claiming(Payload{"aud": "00000003-0000-0000-c000-000000000000"}), Want: signIn(sso.ReasonAudience)},
	{Name: "a whole token for Graph, as Teams might be asked for", Token: claimingV1(Payload{
		"aud": "https://graph.microsoft.com", "scp": "User.Read Presence.Read.All", "app_displayname": "Teams",
	}), Want: signIn(sso.ReasonAudience)},
	{Name: "no audience", Token: claiming(Payload{"aud": nil}), Want: signIn(sso.ReasonAudience)},
	{Name: "an empty audience", Token: claiming(Payload{"aud": ""}), Want: signIn(sso.ReasonAudience)},
	{Name: "an empty list of audiences", Token: claiming(Payload{"aud": []string{}}), Want: signIn(sso.ReasonAudience)},
	{Name: "the audience under a name in upper case", Token: claiming(Payload{"aud": nil, "AUD": ServiceID}), Want: signIn(sso.ReasonAudience)},
	{Name: "two audiences, ours first", Token: claiming(Payload{"aud": []string{ServiceID, OtherApp}}), Want: signIn(sso.ReasonAudience)},
	{Name: "two audiences, ours last", Token: claiming(Payload{"aud": []string{OtherApp, ServiceID}}), Want: signIn(sso.ReasonAudience)},
	{Name: "our audience twice", Token: claiming(Payload{"aud": []string{ServiceID, ServiceID}}), Want: signIn(sso.ReasonAudience)},
	{Name: "our audience and nothing", Token: claiming(Payload{"aud": []any{ServiceID, nil}}), Want: signIn(sso.ReasonAudience)},
	{Name: "our audience in a list in a list", Token: claiming(Payload{"aud": [][]string{{ServiceID}}}), Want: signIn(sso.ReasonAudience)},
	{Name: "our audience as the name of a member", Token: claiming(Payload{"aud": map[string]bool{ServiceID: true}}), Want: signIn(sso.ReasonAudience)},
	{Name: "an audience that is a number", Token: claiming(Payload{"aud": 11111111}), Want: signIn(sso.ReasonAudience)},
	{Name: "our audience in upper case", Token: claiming(Payload{"aud": strings.ToUpper(ServiceID)}), Want: signIn(sso.ReasonAudience)},
	{Name: "our audience in braces", Token: claiming(Payload{"aud": "{" + ServiceID + "}"}), Want: signIn(sso.ReasonAudience)},
	{Name: "our audience with a space after it", Token: claiming(Payload{"aud": ServiceID + " "}), Want: signIn(sso.ReasonAudience)},
	{Name: "our audience among others in one text", Token: claiming(Payload{"aud": OtherApp + " " + ServiceID}), Want: signIn(sso.ReasonAudience)},
	{Name: "our audience in digits that only look so", Token: claiming(Payload{"aud": strings.Replace(ServiceID, "1", "１", 1)}), Want: signIn(sso.ReasonAudience)},
	{Name: "the id URI in a version 2 token", Token: claiming(Payload{"aud": IDURI}), Want: signIn(sso.ReasonAudience)},
	{Name: "the scope as audience", Token: claiming(Payload{"aud": IDURI + "/access_as_user"}), Want: signIn(sso.ReasonAudience)},
	{Name: "a version 1 token for another app's URI", Token: claimingV1(Payload{"aud": "api://127.0.0.1/" + OtherApp}), Want: signIn(sso.ReasonAudience)},
	{Name: "a version 1 token for our id under another URI", Token: claimingV1(Payload{"aud": "api://" + ServiceID}), Want: signIn(sso.ReasonAudience)},
	{Name: "a version 1 token for our URI with a slash after it", Token: claimingV1(Payload{"aud": IDURI + "/"}), Want: signIn(sso.ReasonAudience)},
	{Name: "a version 1 token for our URI in upper case", Token: claimingV1(Payload{"aud": strings.ToUpper(IDURI)}), Want: signIn(sso.ReasonAudience)},
}

// versions are tokens whose issuer and content are of different versions.
var versions = []Attack{
	{Name: "a version 1 claim under a version 2 issuer", Token: claiming(Payload{"ver": "1.0"}), Want: notAllowed(sso.ReasonVersion)},
	{Name: "no version", Token: claiming(Payload{"ver": nil}), Want: notAllowed(sso.ReasonVersion)},
	{Name: "version 3", Token: claiming(Payload{"ver": "3.0"}), Want: notAllowed(sso.ReasonVersion)},
	{Name: "a version that is a number", Token: claiming(Payload{"ver": 2.0}), Want: notAllowed(sso.ReasonVersion)},
	{Name: "a version that is a list", Token: claiming(Payload{"ver": []string{"2.0"}}), Want: notAllowed(sso.ReasonVersion)},
	{Name: "a version 2 claim under a version 1 issuer", Token: claimingV1(Payload{"ver": "2.0"}), Want: notAllowed(sso.ReasonVersion)},
	{Name: "a version 1 token with its client in version 2's claim", Token: claimingV1(Payload{"appid": nil, "azp": TeamsWeb}), Want: notAllowed(sso.ReasonClient)},
	{Name: "a version 2 token with its client in version 1's claim", Token: claiming(Payload{"azp": nil, "appid": TeamsWeb}), Want: notAllowed(sso.ReasonClient)},
}

// ofStranger is a genuine token of an organisation that is not admitted.
func ofStranger(changes Payload) forger {
	return issuedBy("AUTHORITY/"+Stranger+"/v2.0", Payload{"tid": Stranger}.With(changes))
}

func strangersV1(t testing.TB, a *Authority) string {
	t.Helper()
	return a.Sign(t, a.Key(0), a.V1().With(Payload{"iss": a.URL + "/" + Stranger + "/", "tid": Stranger}))
}

func forgedStranger(t testing.TB, a *Authority) string {
	t.Helper()
	return a.Sign(t, a.Key(1), a.V2().With(Payload{"iss": a.URL + "/" + Stranger + "/v2.0", "tid": Stranger}))
}

// issuedIn says the good issuer in another kind of value.
func issuedIn(wrap func(issuer string) any) forger {
	return func(t testing.TB, a *Authority) string {
		return a.Sign(t, a.Key(0), a.V2().With(Payload{"iss": wrap(a.V2()["iss"].(string))}))
	}
}
