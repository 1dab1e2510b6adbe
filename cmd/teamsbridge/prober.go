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
	findings := sso.Findings{
		ServicePrincipal: servicePrincipal(attempt), Consent: ungranted(), CredentialEnds: credentials.Ends(),
	}
	if !attempt.OK {
		findings.LastError, findings.RequestID = attempt.Code, attempt.RequestID
		if attempt.Meaning == "unreachable" {
			return findings, fmt.Errorf("probe: %w", sso.ErrProviderUnavailable)
		}
		return findings, nil
	}
	reader, err := msgraph.New(msgraph.Config{BaseURL: p.cfg.Graph.BaseURL}, msgraph.Deps{
		Credential: credentials.For, HTTPClient: p.client,
	})
	if err != nil {
		return findings, fmt.Errorf("probe: %w", err)
	}
	findings.Consent = findings.Consent[:0]
	for _, check := range reader.CheckPermissions(ctx, graph.TenantID(tenant)) {
		findings.Consent = append(findings.Consent, sso.Permission{Name: check.Permission, Kind: "application", Granted: check.Granted})
		if check.Err == nil {
			continue
		}
		findings.LastError = "unavailable"
		if denied, ok := errors.AsType[*graph.DeniedError](check.Err); ok {
			findings.LastError, findings.RequestID = denied.Code, denied.RequestID
		}
	}
	return findings, nil
}

// ungranted is what is known of the permissions when no token can be had.
func ungranted() []sso.Permission {
	return []sso.Permission{
		{Name: "User.Read.All", Kind: "application"},
		{Name: "Presence.Read.All", Kind: "application"},
	}
}

func servicePrincipal(a azcred.Attempt) string {
	switch {
	case a.OK:
		return "enabled"
	case a.Meaning == "app-disabled":
		return "disabled"
	case a.Meaning == "app-missing":
		return "missing"
	default:
		return "unknown"
	}
}
