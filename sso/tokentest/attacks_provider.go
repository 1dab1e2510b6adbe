package tokentest

import (
	"testing"
	"time"

	"teamsbridge/sso"
)

// providers are tokens of the contact centre's own providers.
var providers = []Attack{
	{Name: "contact centre: another audience", Token: claimingCC(Payload{"aud": "elsewhere"}), Want: signIn(sso.ReasonAudience)},
	{Name: "contact centre: our audience in another case", Token: claimingCC(Payload{"aud": "Desktop"}), Want: signIn(sso.ReasonAudience)},
	{Name: "contact centre: an audience that is a number", Token: claimingCC(Payload{"aud": 1}), Want: signIn(sso.ReasonAudience)},
	{Name: "contact centre: no audience", Token: claimingCC(Payload{"aud": nil}), Want: signIn(sso.ReasonAudience)},
	{Name: "contact centre: another provider's audience", Token: claimingCC(Payload{"aud": "spa"}), Want: signIn(sso.ReasonAudience)},
	{Name: "contact centre: an ID token of the sign-in", Token: claimingCC(Payload{"aud": "teamsbridge"}), Want: signIn(sso.ReasonAudience)},
	{Name: "contact centre: Entra's claims in the body", Token: claimingCC(Payload{"aud": ServiceID, "tid": Home, "oid": Anja, "scp": "access_as_user"}), Want: signIn(sso.ReasonAudience)},
	{Name: "contact centre: expired", Token: claimingCC(Payload{"exp": In(-2 * time.Minute)}), Want: signIn(sso.ReasonExpired)},
	{Name: "contact centre: no expiry", Token: claimingCC(Payload{"exp": nil}), Want: signIn(sso.ReasonMalformed)},
	{Name: "contact centre: not yet valid", Token: claimingCC(Payload{"nbf": In(2 * time.Minute)}), Want: signIn(sso.ReasonNotYetValid)},
	{Name: "contact centre: issued in the future", Token: claimingCC(Payload{"iat": In(2 * time.Minute)}), Want: signIn(sso.ReasonNotYetValid)},
	{Name: "contact centre: an issuer with a slash after it", Token: func(t testing.TB, a *Authority) string {
		return a.Sign(t, a.Key(0), a.ContactCentre().With(Payload{"iss": a.URL + "/contact-centre/"}))
	}, Want: signIn(sso.ReasonIssuer)},
	{Name: "contact centre: an issuer that only begins so", Token: func(t testing.TB, a *Authority) string {
		return a.Sign(t, a.Key(0), a.ContactCentre().With(Payload{"iss": a.URL + "/contact-centre-2"}))
	}, Want: signIn(sso.ReasonIssuer)},
	{Name: "contact centre: a realm that is not configured", Token: func(t testing.TB, a *Authority) string {
		return a.Sign(t, a.Key(0), a.ContactCentre().With(Payload{"iss": a.URL + "/third"}))
	}, Want: signIn(sso.ReasonIssuer)},
	{Name: "contact centre: an unpublished key", Token: func(t testing.TB, a *Authority) string { return a.Sign(t, a.Key(1), a.ContactCentre()) }, Want: signIn(sso.ReasonSignature)},
	{Name: "contact centre: algorithm none", Token: func(t testing.TB, a *Authority) string {
		return encode(`{"alg":"none"}`) + "." + encode(`{"iss":"`+a.URL+`/contact-centre","aud":"desktop","sub":"cc|anja","exp":99999999999}`) + "."
	}, Want: signIn(sso.ReasonAlgorithm)},
	{Name: "contact centre: a sign-out token", Token: func(t testing.TB, a *Authority) string {
		return a.SignWith(t, RS256(a.Key(0)), Header{"kid": "a", "typ": "logout+jwt"}, a.ContactCentre())
	}, Want: notAllowed(sso.ReasonType)},
	{Name: "contact centre: an ID token, known by the access token's digest", Token: claimingSecond(Payload{"at_hash": "x"}), Want: notAllowed(sso.ReasonType)},
	{Name: "contact centre: an ID token, known by the code's digest", Token: claimingSecond(Payload{"c_hash": "x"}), Want: notAllowed(sso.ReasonType)},
	{Name: "contact centre: an ID token, as Keycloak names it", Token: claimingSecond(Payload{"typ": "ID"}), Want: notAllowed(sso.ReasonType)},
	{Name: "contact centre: an ID token, as Cognito names it", Token: claimingSecond(Payload{"token_use": "id"}), Want: notAllowed(sso.ReasonType)},
	{Name: "contact centre: no subject", Token: claimingCC(Payload{"sub": nil}), Want: notAllowed(sso.ReasonNoPerson)},
	{Name: "contact centre: an empty subject", Token: claimingCC(Payload{"sub": ""}), Want: notAllowed(sso.ReasonNoPerson)},
	{Name: "contact centre: a subject that is a number", Token: claimingCC(Payload{"sub": 7}), Want: notAllowed(sso.ReasonNoPerson)},
	{Name: "contact centre: a subject that is a list", Token: claimingCC(Payload{"sub": []string{"cc|anja"}}), Want: notAllowed(sso.ReasonNoPerson)},
	{Name: "contact centre: a subject that is nobody's", Token: claimingCC(Payload{"sub": "cc|nobody"}), Want: unknownAgent},
	{Name: "contact centre: a subject in another case", Token: claimingCC(Payload{"sub": "CC|ANJA"}), Want: unknownAgent},
	{Name: "contact centre: a subject with a space after it", Token: claimingCC(Payload{"sub": "cc|anja "}), Want: unknownAgent},
	{Name: "contact centre: a subject in letters that only look so", Token: claimingCC(Payload{"sub": "сс|anja"}), Want: unknownAgent},
	{Name: "contact centre: a subject that is an Entra object id", Token: claimingCC(Payload{"sub": Anja}), Want: unknownAgent},
	{Name: "contact centre: a mail address in place of the subject", Token: claimingCC(Payload{"sub": "cc|nobody", "email": "cc|anja"}), Want: unknownAgent},
	{Name: "contact centre: an admin who is nobody's agent", Token: claimingCC(Payload{"sub": "cc|boss", "roles": []string{"Admin"}}), Want: unknownAgent},
	{Name: "contact centre: another provider's agent", Token: claimingSecond(Payload{"sub": "cc|carl"}), Want: unknownAgent},
	{Name: "contact centre: another organisation's agent, with its tenant named", Token: claimingSecond(Payload{"sub": "cc|carl", "tid": Home, "tenant": Home}), Want: unknownAgent},
}
