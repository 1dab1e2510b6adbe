package sso

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"golang.org/x/oauth2"
)

// redeemed is what a code was worth.
type redeemed struct{ idToken, accessToken, refreshToken string }

// redeem exchanges the code for tokens.
func (s *SignIn) redeem(ctx context.Context, w *way, t Transaction, code string) (redeemed, error) {
	config, err := w.oauth(ctx, s.public+callbackPath, t.Tenant)
	if err != nil {
		return redeemed{}, err
	}
	ctx, err = w.askingTokens(ctx, s.deps.HTTPClient, config.Endpoint.TokenURL)
	if err != nil {
		return redeemed{}, err
	}
	tokens, err := config.Exchange(ctx, code, oauth2.VerifierOption(t.Verifier))
	if err != nil {
		return redeemed{}, redemptionError(err)
	}
	idToken, ok := tokens.Extra("id_token").(string)
	if !ok || len(idToken) > maxTokenSize {
		return redeemed{}, &SignInError{Reason: reasonRejected}
	}
	return redeemed{idToken, tokens.AccessToken, tokens.RefreshToken}, nil
}

// redemptionError sorts a token endpoint's refusal. The answer's text is left
// out: it may quote what was sent.
func redemptionError(err error) error {
	refused, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		return unavailable(err)
	}
	status := statusOfRefusal(refused)
	switch {
	case status >= http.StatusInternalServerError || status == http.StatusTooManyRequests:
		return fmt.Errorf("%w: token endpoint answered %d", ErrProviderUnavailable, status)
	case refused.ErrorCode == "invalid_client" && !knownRefusal(refused.ErrorDescription):
		return fmt.Errorf("sso: token endpoint refuses this service's own credential: %s", strings.Join(aadsts.FindAllString(refused.ErrorDescription, 3), " "))
	}
	return providerRefusal(refused.ErrorCode + " " + refused.ErrorDescription)
}

// aadsts finds Entra's error numbers in its texts.
var aadsts = regexp.MustCompile(`AADSTS\d{5,7}`)

// CodeNotAssigned refuses a person who is not assigned to the app.
const CodeNotAssigned = "AADSTS50105"

// entraRefusals are the numbers that say what an admin has to do first
// (Microsoft Learn, "Microsoft Entra authentication and authorization error codes").
var entraRefusals = map[string]State{
	CodeNotAssigned: StateNotAssigned,
	"AADSTS501051":  StateNotAssigned,     // the app's own service principal is not
	"AADSTS65001":   StateConsentRequired, // no consent
	"AADSTS90094":   StateConsentRequired, // an admin has to consent
	"AADSTS90095":   StateConsentRequired, // consent has been asked of an admin
	"AADSTS650052":  StateConsentRequired, // the organisation has no service principal for the resource
	"AADSTS700016":  StateConsentRequired, // the app is not in the organisation
	"AADSTS7000229": StateConsentRequired, // nor is its service principal
	"AADSTS7000112": StateAppDisabled,     // the app is disabled
}

// codeDeclined is the person's own no to what the app asks for. Entra has called
// it access_denied and consent_required.
const codeDeclined = "AADSTS65004"

func knownRefusal(text string) bool {
	_, ok := entraRefusals[aadsts.FindString(text)]
	return ok
}

// providerRefusal reads the error of an authorization or token answer: OAuth's
// code, and after it possibly a description with Entra's number.
func providerRefusal(text string) error {
	for _, number := range aadsts.FindAllString(text, 3) {
		if state, ok := entraRefusals[number]; ok {
			return &RequiredError{Status: statusOf(state).told(number)}
		}
		if number == codeDeclined {
			return &SignInError{Reason: reasonCancelled}
		}
	}
	code, _, _ := strings.Cut(text, " ")
	switch code {
	case "access_denied":
		return &SignInError{Reason: reasonCancelled}
	case "consent_required":
		return &RequiredError{Status: statusOf(StateConsentRequired)}
	case "interaction_required", "login_required", "account_selection_required":
		return &SignInError{Reason: reasonInteractionRequired}
	case "server_error", "temporarily_unavailable":
		return ErrProviderUnavailable
	}
	return &SignInError{Reason: reasonRejected}
}
