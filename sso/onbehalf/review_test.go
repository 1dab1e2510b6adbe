package onbehalf_test

import (
	"errors"
	"testing"

	"teamsbridge/graph"
	"teamsbridge/sso"
	"teamsbridge/sso/onbehalf"
	"teamsbridge/sso/ssotest"
)

func TestAReviewEndsOnlyWhatEntraSaysIsOver(t *testing.T) {
	fault := func(status, code int) func(*world) {
		return func(w *world) {
			w.entra.InjectFault(ssotest.Fault{Route: "/" + tenant + "/oauth2/v2.0/token", Status: status, Code: code, Count: 10})
		}
	}
	for name, tt := range map[string]struct {
		happens func(*world)
		reason  sso.EndedReason // empty: the sign-in goes on
		unknown bool            // and nothing was found out
	}{
		"nothing":                             {func(*world) {}, "", false},
		"the account is disabled":             {func(w *world) { w.disable("anja") }, sso.EndedAccount, false},
		"the account is deleted":              {func(w *world) { w.entra.RemoveAccount(tenant, people["anja"]) }, sso.EndedAccount, false},
		"all sign-ins are revoked":            {fault(400, 50173), sso.EndedRevoked, false},
		"nobody consented":                    {func(w *world) { w.entra.Consent(tenant, clientID, nil) }, "", false},
		"a policy of the resource wants more": {fault(400, 50076), "", false},
		"Entra is away":                       {fault(503, 0), "", true},
		"the service is disabled":             {func(w *world) { off := false; w.entra.SetApp(tenant, clientID, &off, nil) }, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			anja := w.caller(t, "anja")
			// A token in the client's cache must not be the answer.
			if _, err := w.token(graph.OnBehalf(t.Context(), anja), tenant, wanted); err != nil {
				t.Fatal(err)
			}
			tt.happens(w)
			err := w.Reviewer(wanted.Scopes[0]).Review(t.Context(), tenant, sso.Assertion{Token: anja.Assertion, Expires: anja.Expires})
			ended, over := errors.AsType[*sso.EndedError](err)
			if tt.unknown && name == "Entra is away" && !errors.Is(err, sso.ErrProviderUnavailable) {
				t.Errorf("no reason to leave Entra alone for a while: %v", err)
			}
			if over != (tt.reason != "") || over && ended.Reason != tt.reason || (err != nil && !over) != tt.unknown {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestARefusalWithAChallengeIsOneToAnswer(t *testing.T) {
	w := newWorld(t)
	ctx := graph.OnBehalf(t.Context(), w.caller(t, "anja"))
	w.entra.InjectFault(ssotest.Fault{Route: "/" + tenant + "/oauth2/v2.0/token", Status: 400, Code: 50076, Count: 1})
	_, err := w.token(ctx, tenant, wanted)
	challenge, ok := errors.AsType[*sso.ChallengeError](err)
	if refused, _ := errors.AsType[*onbehalf.Error](err); !ok || challenge.Claims != refused.Claims || challenge.Status.State != sso.StateSignInRequired {
		t.Errorf("%+v, %v", challenge, err)
	}
	w.entra.Consent(tenant, clientID, nil)
	_, err = w.token(graph.OnBehalf(t.Context(), w.caller(t, "bert")), tenant, wanted)
	if _, ok := errors.AsType[*sso.ChallengeError](err); ok || err == nil {
		t.Errorf("consent is no challenge: %v", err)
	}
}

func (w *world) disable(name string) {
	w.entra.AddAccount(ssotest.Account{Tenant: tenant, ObjectID: people[name], Username: name + "@example", Name: name, Password: password, Disabled: true})
}
