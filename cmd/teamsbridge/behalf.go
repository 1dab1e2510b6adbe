package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"teamsbridge/configs"
	"teamsbridge/graph"
	"teamsbridge/internal/cloud"
	"teamsbridge/sso"
	"teamsbridge/sso/azcred"
	"teamsbridge/sso/onbehalf"
)

// graphAccess is in whose name Graph is asked: the service's own, or that of the
// agents who look.
type graphAccess struct {
	credential func(tenant string) (azcore.TokenCredential, error)
	kind       string                                              // of the permissions, as sso.Permission names it
	people     *onbehalf.Credentials                               // nil in the service's own name
	callers    func(tenant string) (azcore.TokenCredential, error) // always for the caller, who asked for it
	exchange   *onbehalf.Credentials                               // on behalf of people, whether Graph is asked so or not
	reviewer   sso.Reviewer                                        // asks Entra whether agents' tokens still hold
	arrivals   chan graph.TenantID                                 // organisations that have somebody again
	refusals   chan refusal                                        // of organisations
}

// refusal is what Entra answered whoever acted for an agent.
type refusal struct {
	tenant graph.TenantID
	code   string
}

// mostRefusals may wait to be heard: they come in storms, and one is enough.
const mostRefusals = 16

func newGraphAccess(cfg configs.Config, own *azcred.Credentials, client *http.Client) (graphAccess, error) {
	proof, err := own.Confidential()
	if err != nil {
		return graphAccess{}, fmt.Errorf("credential: %w", err)
	}
	a := graphAccess{
		kind: configs.PermissionsDelegated, arrivals: make(chan graph.TenantID, len(cfg.SSO.Entra.Tenants)),
		refusals: make(chan refusal, mostRefusals),
	}
	people, err := onbehalf.New(onbehalf.Config{
		Authority: own.Authority(), ClientID: cfg.Credential.ClientID, DisableInstanceDiscovery: cfg.Credential.DisableInstanceDiscovery,
	}, onbehalf.Deps{Proof: proof, HTTPClient: client, Arrived: func(tenant graph.TenantID) {
		select {
		case a.arrivals <- tenant:
		default: // enough are waiting; the hourly check comes too
		}
	}, Refused: func(tenant graph.TenantID, code string) {
		select {
		case a.refusals <- refusal{tenant, code}:
		default:
		}
	}})
	if err != nil {
		return graphAccess{}, fmt.Errorf("credential: %w", err)
	}
	scope, err := graphScope(cfg)
	if err != nil {
		return graphAccess{}, err
	}
	a.exchange, a.reviewer, a.callers = people, people.Reviewer(scope), people.ForCaller
	if cfg.Graph.Permissions != configs.PermissionsDelegated {
		a.credential, a.kind = own.For, configs.PermissionsApplication
		return a, nil
	}
	a.credential, a.people = people.For, people
	return a, nil
}

// graphScope is everything at the cloud's Graph that was consented to.
func graphScope(cfg configs.Config) (string, error) {
	own, ok := cloud.Named(cfg.Cloud)
	if !ok {
		return "", errors.New("cloud: not one of Microsoft's")
	}
	return own.Scope(), nil
}

// present is package web's; nil where nobody has to be.
func (a graphAccess) present() func(graph.Caller) (leave func()) {
	if a.people == nil {
		return nil
	}
	return a.people.Present
}

// recheckAfter spares Microsoft a check whenever an office opens.
const recheckAfter = time.Hour

// checkOnArrival asks whether single sign-on works as soon as there is somebody on
// whose behalf that can be found out.
func (a graphAccess) checkOnArrival(orgs *sso.Organizations) func(context.Context) error {
	return func(ctx context.Context) error {
		for {
			select {
			case <-ctx.Done():
				return nil
			case r := <-a.refusals:
				orgs.Refused(string(r.tenant), "", r.code)
			case tenant := <-a.arrivals:
				org, ok := orgs.Get(string(tenant))
				if ok && org.LastError == "" && time.Since(org.CheckedAt) < recheckAfter {
					continue
				}
				// What it finds, also that it finds nothing out, is kept and logged there.
				_, _ = orgs.Check(ctx, string(tenant))
			}
		}
	}
}
