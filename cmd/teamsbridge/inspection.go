package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"teamsbridge/configs"
	"teamsbridge/graph"
	"teamsbridge/graph/budget"
	"teamsbridge/graph/msgraph"
	"teamsbridge/sso"
	"teamsbridge/sso/azcred"
)

// microsoft is what a look from outside asks Microsoft with. It is put together
// like the service's own, so that what works here works there.
type microsoft struct {
	access    graphAccess
	directory *msgraph.Client
	prober    prober
}

func newMicrosoft(cfg configs.Config, client *http.Client) (microsoft, error) {
	clock := watchClock(client, cfg.Credential.Authority, cfg.Graph.BaseURL)
	credentials, err := azcred.New(cfg.Credential, azcred.Deps{HTTPClient: client})
	if err != nil {
		return microsoft{}, fmt.Errorf("credential: %w", err)
	}
	access, err := newGraphAccess(cfg, credentials, client)
	if err != nil {
		return microsoft{}, err
	}
	limits, err := budget.New(cfg.Graph.Budget, nil)
	if err != nil {
		return microsoft{}, fmt.Errorf("graph: %w", err)
	}
	directory, err := msgraph.New(msgraph.Config{BaseURL: cfg.Graph.BaseURL, Cloud: cfg.Cloud}, msgraph.Deps{
		Credential: access.credential, HTTPClient: client, Attributes: cfg.Experts.Attributes(), Budget: limits,
	})
	if err != nil {
		return microsoft{}, fmt.Errorf("graph: %w", err)
	}
	return microsoft{access, directory, prober{credentials, directory, access.kind, clock}}, nil
}

// experts can be asked about one person; no directory is read.
func (m microsoft) experts(cfg configs.Config) (*graph.Experts, error) {
	return graph.NewExperts(cfg.ExpertsConfig(), graph.Deps{Directory: m.directory, Tenants: cfg.Tenants()})
}

// organizations asks about every organisation now, beside a service that does the
// same: what is found is kept by neither.
func (m microsoft) organizations(ctx context.Context, cfg configs.Config, kept sso.OrganizationStore) (*sso.Organizations, error) {
	return sso.NewOrganizations(ctx, organizationsDeps(cfg, unwritten{kept}, m.prober, slog.New(slog.DiscardHandler)))
}

// unwritten reads the organisations of a store, or none where there is no store,
// and forgets what is put.
type unwritten struct{ kept sso.OrganizationStore }

func (u unwritten) Organization(ctx context.Context, tenant string) (sso.Organization, bool, error) {
	if u.kept == nil {
		return sso.Organization{}, false, nil
	}
	return u.kept.Organization(ctx, tenant)
}

func (unwritten) PutOrganization(context.Context, sso.Organization) error { return nil }

// agentsOf is the agent table as a service would fill it: rows of the
// configuration and, where there is a store, those that administrators keep.
func agentsOf(ctx context.Context, cfg configs.Config, kept sso.AgentStore) (*sso.Agents, error) {
	if kept == nil {
		return sso.NewAgents(cfg.Agents)
	}
	roster, err := sso.NewRoster(ctx, cfg.Agents, kept, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	return roster.Agents(), nil
}

// signedIn looks for a browser session; Teams' have none, so that "no" is no answer.
func signedIn(store sso.SessionStore, cfg configs.Config) func(context.Context, sso.Agent) (bool, bool) {
	return func(ctx context.Context, a sso.Agent) (signedIn, known bool) {
		sessions, err := store.SessionsOf(ctx, a.Tenant)
		if err != nil {
			return false, false
		}
		now := time.Now()
		for _, s := range sessions {
			same := a.EntraID != "" && s.EntraID == a.EntraID || a.Subject != "" && s.Subject == a.Subject
			if same && now.Before(s.ExpiresAt) && now.Sub(s.SeenAt) < cfg.SSO.Session.Idle {
				return true, true
			}
		}
		return false, false
	}
}

// unindexed answers for a look from outside, which has no index that somebody
// could be missing from.
type unindexed struct{ *graph.Experts }

func (u unindexed) Why(ctx context.Context, tenant graph.TenantID, id graph.UserID) (graph.Expert, graph.Reason, bool, error) {
	expert, reason, _, err := u.Experts.Why(ctx, tenant, id)
	return expert, reason, true, err
}
