package main

import (
	"context"
	"log/slog"

	"golang.org/x/sync/errgroup"

	"teamsbridge/configs"
	"teamsbridge/graph"
	"teamsbridge/internal/cloud"
	"teamsbridge/sso"
)

// denied is what graph.Status says while Graph refuses this service.
const denied = "denied"

// doubtOnDenial has an organisation checked when Graph begins to refuse reading
// its directory: a permission may have been taken back.
func doubtOnDenial(ctx context.Context, experts *graph.Experts, orgs *sso.Organizations, tenants []string) error {
	var all errgroup.Group
	for _, tenant := range tenants {
		all.Go(func() error {
			changes, stop := experts.Subscribe(graph.TenantID(tenant))
			defer stop()
			for before := ""; ; {
				select {
				case <-ctx.Done():
					return nil
				case status, open := <-changes:
					if !open {
						return nil
					}
					if status.LastError == denied && before != denied {
						orgs.Refused(tenant, "", denied)
					}
					before = status.LastError
				}
			}
		})
	}
	return all.Wait()
}

// organizationsDeps are what knows whether single sign-on works in each organisation.
func organizationsDeps(cfg configs.Config, store sso.OrganizationStore, p sso.Prober, logger *slog.Logger) sso.OrganizationsDeps {
	own, _ := cloud.Named(cfg.Cloud) // the configuration has been checked
	return sso.OrganizationsDeps{
		Store: store, Prober: p, Tenants: cfg.SSO.Entra.Tenants, Logger: logger,
		CheckEvery: cfg.SSO.CheckEvery, HoldFor: cfg.SSO.HoldLastState, ClientID: cfg.SSO.Entra.ClientID, Portal: own.Portal(),
	}
}
