package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"teamsbridge/graph"
	"teamsbridge/graph/msgraph"
	"teamsbridge/sso"
	"teamsbridge/sso/azcred"
	"teamsbridge/sso/onbehalf"
)

// prober is package sso's question to Microsoft, answered with the service's
// own credential and no more than the product's own permissions.
type prober struct {
	credentials *azcred.Credentials
	directory   *msgraph.Client
	kind        string // of the permissions
	clock       *clockWatch
}

// Probe asks Entra past the credential's cache, because a cached token would
// tell of the consent of an hour ago; the directory sync goes on with what it gave.
func (p prober) Probe(ctx context.Context, tenant string) (sso.Findings, error) {
	began := time.Now()
	findings, err := p.ask(ctx, tenant)
	findings.Clock = p.clock.since(began)
	return findings, err
}

func (p prober) ask(ctx context.Context, tenant string) (sso.Findings, error) {
	attempt := p.credentials.Try(ctx, tenant)
	if !attempt.OK {
		return p.refused(attempt)
	}
	findings := sso.Findings{
		ServicePrincipal: sso.PrincipalEnabled, Credential: sso.CredentialWorking, CredentialEnds: p.credentials.Ends(),
	}
	for _, check := range p.directory.CheckPermissions(ctx, graph.TenantID(tenant)) {
		if withheld, ok := errors.AsType[*onbehalf.Error](check.Err); ok && withheld.Reason == onbehalf.ReasonConsent {
			findings.LastError, findings.RequestID = withheld.Code, withheld.RequestID
		} else if check.Err != nil {
			denied, ok := errors.AsType[*graph.DeniedError](check.Err)
			if !ok { // not a refusal: nothing was learnt about the permission
				return findings, fmt.Errorf("probe %s: %w", check.Permission, check.Err)
			}
			findings.LastError, findings.RequestID = denied.Code, denied.RequestID
		}
		findings.Consent = append(findings.Consent, sso.Permission{Name: check.Permission, Kind: p.kind, Granted: check.Granted})
	}
	return findings, nil
}

// refused reads what it means that Entra gave no token.
func (p prober) refused(a azcred.Attempt) (sso.Findings, error) {
	findings := sso.Findings{
		ServicePrincipal: sso.PrincipalUnknown, LastError: a.Code, RequestID: a.RequestID, CredentialEnds: p.credentials.Ends(),
	}
	switch a.Meaning {
	case azcred.MeaningUnreachable:
		return findings, fmt.Errorf("probe: %w", sso.ErrProviderUnavailable)
	case azcred.MeaningAppDisabled:
		findings.ServicePrincipal = sso.PrincipalDisabled
	case azcred.MeaningAppMissing:
		findings.ServicePrincipal, findings.Consent = sso.PrincipalMissing, p.ungranted()
	case azcred.MeaningConsentRequired:
		findings.Consent = p.ungranted()
	case azcred.MeaningCredential:
		findings.Credential = sso.CredentialRefused
	}
	return findings, nil
}

// ungranted is every permission that the product needs, none granted.
func (p prober) ungranted() []sso.Permission {
	var needed []sso.Permission
	for _, name := range p.directory.Permissions() {
		needed = append(needed, sso.Permission{Name: name, Kind: p.kind})
	}
	return needed
}
