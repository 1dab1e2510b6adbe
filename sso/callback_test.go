package sso_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"teamsbridge/sso"
)

func TestCallbacksThatAreNotThisBrowsersAreRefused(t *testing.T) {
	type call struct{ state, code, problem, browser string }
	for _, test := range []struct {
		name string
		call func(testing.TB, *desk, call) call
	}{
		{"no state", func(_ testing.TB, _ *desk, c call) call { c.state = ""; return c }},
		{"a made-up state", func(_ testing.TB, _ *desk, c call) call { c.state = "made-up"; return c }},
		{"a state with a character more", func(_ testing.TB, _ *desk, c call) call { c.state += "A"; return c }},
		{"no cookie of this browser", func(_ testing.TB, _ *desk, c call) call { c.browser = ""; return c }},
		{"another browser's cookie", func(t testing.TB, d *desk, c call) call {
			other, _ := d.begin(t, "entra", "")
			c.browser = other.Browser
			return c
		}},
		{"the state as the cookie", func(_ testing.TB, _ *desk, c call) call { c.browser = c.state; return c }},
		{"ten minutes late", func(_ testing.TB, d *desk, c call) call { d.Clock.Advance(10 * time.Minute); return c }},
		{"a second time", func(t testing.TB, d *desk, c call) call {
			if _, err := d.Complete(t.Context(), sso.Callback{State: c.state, Code: c.code, Error: c.problem, Browser: c.browser}); err != nil {
				t.Fatal(err)
			}
			return c
		}},
		{"after somebody else tried it", func(t testing.TB, d *desk, c call) call {
			if _, err := d.Complete(t.Context(), sso.Callback{State: c.state, Code: c.code, Error: c.problem, Browser: "stolen"}); err == nil {
				t.Fatal("a stolen state was taken")
			}
			return c
		}},
		{"after it was refused by the person", func(t testing.TB, d *desk, c call) call {
			if _, err := d.Complete(t.Context(), sso.Callback{State: c.state, Error: "access_denied", Browser: c.browser}); err == nil {
				t.Fatal("a refusal signed somebody in")
			}
			return c
		}},
		{"a refusal under a made-up state", func(_ testing.TB, _ *desk, c call) call {
			return call{state: "made-up", problem: "access_denied", browser: c.browser}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			begun, query := d.begin(t, "entra", "")
			d.answers(t, d.Key(0), d.entraID(query.Get("nonce")))
			c := test.call(t, d, call{state: query.Get("state"), code: "the-code", browser: begun.Browser})
			done, err := d.Complete(t.Context(), sso.Callback{State: c.state, Code: c.code, Error: c.problem, Browser: c.browser})
			if !errors.Is(err, sso.ErrTransactionNotFound) || done.Secret != "" {
				t.Errorf("Complete = %+v, %v, want ErrTransactionNotFound", done, err)
			}
		})
	}
}

func TestIDTokensThatProveNothingSignNobodyIn(t *testing.T) {
	for _, test := range []struct {
		name    string
		changes func(*desk) payload
		want    func(error) bool
	}{
		{"another sign-in's nonce", claims(payload{"nonce": "another"}), signIn("nonce")},
		{"no nonce", claims(payload{"nonce": nil}), signIn("nonce")},
		{"another client's audience", claims(payload{"aud": otherApp}), signIn("rejected")},
		{"two audiences without our party", claims(payload{"aud": []string{serviceID, otherApp}}), signIn("rejected")},
		{"two audiences with another party", claims(payload{"aud": []string{serviceID, otherApp}, "azp": otherApp}), signIn("rejected")},
		{"expired", claims(payload{"exp": at(-time.Hour)}), signIn("rejected")},
		{"no expiry", claims(payload{"exp": nil}), signIn("rejected")},
		{"not valid for hours", claims(payload{"nbf": at(5 * time.Hour)}), signIn("rejected")},
		{"no issuer", claims(payload{"iss": nil}), signIn("rejected")},
		{"the contact centre's issuer", func(d *desk) payload { return payload{"iss": d.URL + "/contact-centre"} }, signIn("rejected")},
		{"version 1's issuer", func(d *desk) payload { return payload{"iss": d.URL + "/" + home + "/"} }, signIn("rejected")},
		{"an issuer that is not the tenant's", claims(payload{"tid": partner}), signIn("rejected")},
		{"no tenant", claims(payload{"tid": nil}), signIn("rejected")},
		{"an organisation that is not admitted", func(d *desk) payload {
			return payload{"iss": d.URL + "/" + stranger + "/v2.0", "tid": stranger}
		}, as[*sso.NotAdmittedError]},
		{"nobody's object id", claims(payload{"oid": nina}), as[*sso.AgentUnknownError]},
		{"no object id", claims(payload{"oid": nil}), as[*sso.TokenError]},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			done, err := d.signIn(t, "entra", "", test.changes(d))
			if !test.want(err) || done.Secret != "" || d.Store.Sessions() != 0 {
				t.Errorf("Complete = %+v, %v with %d sessions", done, err, d.Store.Sessions())
			}
		})
	}
}

func claims(changes payload) func(*desk) payload { return func(*desk) payload { return changes } }

func signIn(reason string) func(error) bool {
	return func(err error) bool {
		refused, ok := errors.AsType[*sso.SignInError](err)
		return ok && refused.Reason == reason && errors.Is(err, sso.ErrSignInRequired)
	}
}

func needs(state sso.State) func(error) bool {
	return func(err error) bool {
		required, ok := errors.AsType[*sso.RequiredError](err)
		return ok && required.Status.State == state && required.Status.Detail != ""
	}
}

func TestIDTokensUnderAWrongKeySignNobodyIn(t *testing.T) {
	for _, provider := range []string{"entra", "contact-centre"} {
		d := newDesk(t)
		begun, query := d.begin(t, provider, "")
		token := d.entraID(query.Get("nonce"))
		if provider != "entra" {
			token = d.contactCentreID(query.Get("nonce"))
		}
		d.answers(t, d.Key(1), token)
		if _, err := d.Complete(t.Context(), sso.Callback{State: query.Get("state"), Code: "the-code", Browser: begun.Browser}); !signIn("rejected")(err) {
			t.Errorf("%s: %v", provider, err)
		}
	}
}

func TestAProvidersRefusalSaysWhatToDo(t *testing.T) {
	for _, test := range []struct {
		name, problem string
		want          func(error) bool
	}{
		{"the person pressed cancel", "access_denied", signIn("cancelled")},
		{"the person declined consent", "access_denied AADSTS65004: User declined to consent", signIn("cancelled")},
		{"the person declined consent, by another name", "consent_required AADSTS65004: User declined to consent", signIn("cancelled")},
		{"the person is not assigned", "access_denied AADSTS50105: Your administrator has configured …", needs(sso.StateNotAssigned)},
		{"nobody consented", "consent_required", needs(sso.StateConsentRequired)},
		{"nobody consented, in Entra's words", "invalid_grant AADSTS65001: The user or administrator has not consented", needs(sso.StateConsentRequired)},
		{"an admin has to consent", "access_denied AADSTS90094: needs permission", needs(sso.StateConsentRequired)},
		{"the app is not in the organisation", "unauthorized_client AADSTS700016: Application not found", needs(sso.StateConsentRequired)},
		{"the app is disabled", "unauthorized_client AADSTS7000112: disabled", needs(sso.StateAppDisabled)},
		{"a second factor is needed", "interaction_required AADSTS50076", signIn("interaction-required")},
		{"a sign-in is needed", "login_required", signIn("interaction-required")},
		{"the provider has trouble", "server_error", is(sso.ErrProviderUnavailable)},
		{"the provider is busy", "temporarily_unavailable", is(sso.ErrProviderUnavailable)},
		{"something else", "invalid_request <script>", signIn("rejected")},
		{"a number that only begins like one", "x AADSTS501", signIn("rejected")},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			begun, query := d.begin(t, "entra", "")
			done, err := d.Complete(t.Context(), sso.Callback{State: query.Get("state"), Error: test.problem, Browser: begun.Browser})
			if !test.want(err) {
				t.Errorf("Complete: %v", err)
			}
			if done != (sso.Completed{Return: "/calls"}) {
				t.Errorf("of the sign-in is known that it would have led to %q", done.Return)
			}
		})
	}
}

func TestARefusedRedemptionSaysWhatToDo(t *testing.T) {
	internal := func(err error) bool {
		return err != nil && !errors.Is(err, sso.ErrSignInRequired) && !errors.Is(err, sso.ErrProviderUnavailable)
	}
	for _, test := range []struct {
		name   string
		status int
		answer map[string]string
		want   func(error) bool
	}{
		{"the code was used", 400, map[string]string{"error": "invalid_grant", "error_description": "AADSTS54005: already redeemed"}, signIn("rejected")},
		{"the person is not assigned", 400, map[string]string{"error": "invalid_grant", "error_description": "AADSTS50105: not assigned"}, needs(sso.StateNotAssigned)},
		{"our own secret is wrong", 401, map[string]string{"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret"}, internal},
		{"our app is disabled", 401, map[string]string{"error": "invalid_client", "error_description": "AADSTS7000112: disabled"}, needs(sso.StateAppDisabled)},
		{"the endpoint has trouble", 503, map[string]string{"error": "temporarily_unavailable"}, is(sso.ErrProviderUnavailable)},
		{"the endpoint throttles", 429, map[string]string{"error": "x"}, is(sso.ErrProviderUnavailable)},
		{"no ID token", 200, map[string]string{"access_token": "opaque", "token_type": "Bearer"}, signIn("rejected")},
		{"an ID token that is none", 200, map[string]string{"access_token": "opaque", "token_type": "Bearer", "id_token": "none"}, signIn("rejected")},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			begun, query := d.begin(t, "entra", "")
			redemptions := 0
			d.Redeem = func(url.Values) (int, map[string]string) {
				redemptions++
				return test.status, test.answer
			}
			if _, err := d.Complete(t.Context(), sso.Callback{State: query.Get("state"), Code: "the-code", Browser: begun.Browser}); !test.want(err) {
				t.Errorf("Complete: %v", err)
			}
			if redemptions != 1 {
				t.Errorf("the code was sent %d times, want once", redemptions)
			}
		})
	}
}

func TestACallbackWithoutACodeSignsNobodyIn(t *testing.T) {
	d := newDesk(t)
	d.Redeem = func(url.Values) (int, map[string]string) {
		t.Error("an empty code was sent")
		return http.StatusBadRequest, nil
	}
	begun, query := d.begin(t, "entra", "")
	if _, err := d.Complete(t.Context(), sso.Callback{State: query.Get("state"), Browser: begun.Browser}); !signIn("rejected")(err) {
		t.Errorf("Complete: %v", err)
	}
}
