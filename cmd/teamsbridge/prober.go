package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"teamsbridge/configs"
	"teamsbridge/graph"
	"teamsbridge/graph/msgraph"
	"teamsbridge/sso"
	"teamsbridge/sso/azcred"
)

// prober is package sso's question to Microsoft, answered with the service's
// own credential and no more than the product's own permissions.
type prober struct {
	cfg    configs.Config
	client *http.Client
}

// Probe asks with credentials of its own: a cached token would tell of the
// consent of an hour ago.
func (p prober) Probe(ctx context.Context, tenant string) (sso.Findings, error) {
	credentials, err := azcred.New(p.cfg.Credential, p.client)
	if err != nil {
		return sso.Findings{}, fmt.Errorf("probe: %w", err)
	}
	attempt := credentials.Try(ctx, tenant)
	if !attempt.OK {
		return refusedFindings(attempt, credentials)
	}
	reader, err := msgraph.New(msgraph.Config{BaseURL: p.cfg.Graph.BaseURL}, msgraph.Deps{
		Credential: credentials.For, HTTPClient: p.client,
	})
	if err != nil {
		return sso.Findings{}, fmt.Errorf("probe: %w", err)
	}
	findings := sso.Findings{ServicePrincipal: sso.PrincipalEnabled, CredentialEnds: credentials.Ends()}
	for _, check := range reader.CheckPermissions(ctx, graph.TenantID(tenant)) {
		if check.Err != nil {
			denied, ok := errors.AsType[*graph.DeniedError](check.Err)
			if !ok { // not a refusal: nothing was learnt about the permission
				return findings, fmt.Errorf("probe %s: %w", check.Permission, check.Err)
			}
			findings.LastError, findings.RequestID = denied.Code, denied.RequestID
		}
		findings.Consent = append(findings.Consent, sso.Permission{Name: check.Permission, Kind: permissionKind, Granted: check.Granted})
	}
	return findings, nil
}

const permissionKind = "application"

// refusedFindings reads what it means that Entra gave no token.
func refusedFindings(a azcred.Attempt, credentials *azcred.Credentials) (sso.Findings, error) {
	findings := sso.Findings{
		ServicePrincipal: sso.PrincipalUnknown, LastError: a.Code, RequestID: a.RequestID, CredentialEnds: credentials.Ends(),
	}
	switch a.Meaning {
	case azcred.MeaningUnreachable:
		return findings, fmt.Errorf("probe: %w", sso.ErrProviderUnavailable)
	case azcred.MeaningAppDisabled:
		findings.ServicePrincipal = sso.PrincipalDisabled
	case azcred.MeaningAppMissing:
		findings.ServicePrincipal, findings.Consent = sso.PrincipalMissing, ungranted()
	case azcred.MeaningConsentRequired:
		findings.Consent = ungranted()
	}
	return findings, nil
}

// ungranted is every permission that the product needs, none granted.
func ungranted() []sso.Permission {
	return []sso.Permission{
		{Name: "User.Read.All", Kind: permissionKind},
		{Name: "Presence.Read.All", Kind: permissionKind},
	}
}
