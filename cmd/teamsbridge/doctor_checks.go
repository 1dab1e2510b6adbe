package main

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"teamsbridge/configs"
	"teamsbridge/consult/explain"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

// doctor looks at one part after the other. A part that cannot be looked at
// because an earlier one is broken is left out: that one says what to do.
type doctor struct {
	language string
	user     string // whose presence is asked for; empty: the first agent's
	cfg      configs.Config
	client   *http.Client
	store    keeper // nil when there is none
	agents   *sso.Agents
	tenant   string // looked at now; empty for the service
	findings []finding
}

func (d *doctor) close() error {
	if d.client != nil {
		d.client.CloseIdleConnections()
	}
	if d.store == nil {
		return nil
	}
	return d.store.Close()
}

func (d *doctor) examine(ctx context.Context, file string, getenv func(string) string) {
	if !d.load(file, getenv) {
		return
	}
	d.address()
	d.openStore(ctx)
	d.readAgents(ctx)
	d.askMicrosoft(ctx)
	d.tenant = ""
	d.telephones(ctx)
	d.service(ctx)
}

// address looks at where browsers and Teams are told to go.
func (d *doctor) address() {
	switch address := d.cfg.Web.PublicURL; {
	case address == "":
		d.note(findingAddress, explain.Yellow, addressMissing)
	case !strings.HasPrefix(address, "https://"):
		d.note(findingAddress, explain.Yellow, addressPlain)
	default:
		d.note(findingAddress, explain.Green, plain(address))
	}
}

func (d *doctor) openStore(ctx context.Context) {
	kept, err := openExisting(ctx, d.cfg.Store)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.note(findingStore, explain.Yellow, storeMissing)
	case err != nil:
		d.note(findingStore, explain.Red, storeBroken.with(err))
	default:
		d.store = kept
		d.note(findingStore, explain.Green, storeFine.with(d.cfg.Store.Kind))
	}
}

// readAgents fills the table from the configuration and the store.
func (d *doctor) readAgents(ctx context.Context) {
	var kept sso.AgentStore
	if d.store != nil {
		kept = d.store
	}
	agents, err := agentsOf(ctx, d.cfg, kept)
	if err != nil {
		d.note(findingAgents, explain.Red, agentsBroken.with(err))
		return
	}
	d.agents = agents
	n := 0
	for _, tenant := range d.cfg.SSO.Entra.Tenants {
		n += len(agents.List(tenant))
	}
	if n == 0 {
		d.note(findingAgents, explain.Yellow, agentsNobody)
		return
	}
	d.note(findingAgents, explain.Green, agentsCounted.with(n))
}

// askMicrosoft makes package sso's checks of every organisation, and asks for one presence.
func (d *doctor) askMicrosoft(ctx context.Context) {
	broken := func(err error) { d.note(findingMicrosoft, explain.Red, microsoftBroken.with(err)) }
	var err error
	if d.client, err = outboundClient(d.cfg.Outbound); err != nil {
		broken(err)
		return
	}
	m, err := newMicrosoft(d.cfg, d.client)
	if err != nil {
		broken(err)
		return
	}
	var kept sso.OrganizationStore
	if d.store != nil {
		kept = d.store
	}
	organizations, err := m.organizations(ctx, d.cfg, kept)
	if err != nil {
		broken(err)
		return
	}
	for _, d.tenant = range d.cfg.SSO.Entra.Tenants {
		_, _ = organizations.Check(ctx, d.tenant) // what it finds out, or that it cannot, stands in the checks
		checks, _ := organizations.Checks(d.tenant)
		for _, step := range explain.SingleSignOn(d.cfg.SSO.Require, checks) {
			d.findings = append(d.findings, finding{Tenant: new(d.tenant), StepView: step.View(d.language)})
		}
		d.presence(ctx, m)
	}
}

// presence asks for one person's, and does not say what it is.
func (d *doctor) presence(ctx context.Context, m microsoft) {
	id := d.somebody()
	if id == "" {
		d.note(findingPresence, explain.Unknown, presenceNobody)
		return
	}
	seen, err := m.directory.Presences(ctx, graph.TenantID(d.tenant), []graph.UserID{id})
	denied, refused := errors.AsType[*graph.DeniedError](err)
	switch {
	case errors.Is(err, graph.ErrNotOffered):
		d.note(findingPresence, explain.Green, presenceNotOffered)
	case errors.Is(err, graph.ErrSignInRequired):
		d.note(findingPresence, explain.Unknown, presenceOnBehalf)
	case refused:
		f := d.note(findingPresence, explain.Red, presenceRefused)
		f.Actor, f.Code, f.RequestID = new(explain.ActorAdmin), &denied.Code, &denied.RequestID
	case err != nil:
		d.note(findingPresence, explain.Yellow, presenceFailed.with(err))
	case len(seen) == 0:
		d.note(findingPresence, explain.Yellow, presenceUnknown).Actor = new(explain.ActorAdmin)
	default:
		d.note(findingPresence, explain.Green, presenceFine)
	}
}

// somebody is whose presence is asked for.
func (d *doctor) somebody() graph.UserID {
	if d.user != "" {
		return graph.UserID(d.user)
	}
	if d.agents == nil {
		return ""
	}
	rows := d.agents.List(d.tenant)
	i := slices.IndexFunc(rows, func(a sso.Agent) bool { return a.EntraID != "" })
	if i < 0 {
		return ""
	}
	return graph.UserID(rows[i].EntraID)
}

func (d *doctor) telephones(ctx context.Context) {
	if d.cfg.Switch.Kind == configs.SwitchSimulated {
		d.note(findingSwitch, explain.Yellow, switchSimulated)
		return
	}
	d.realCalls(ctx)
}

// service asks the one on this machine.
func (d *doctor) service(ctx context.Context) {
	if d.client == nil {
		return
	}
	address := localAddress(d.cfg.Web)
	r, err := askReadiness(ctx, d.client, address+"/readyz")
	switch {
	case err != nil:
		d.note(findingService, explain.Yellow, serviceAway.with(address))
	case !r.Ready:
		d.note(findingService, explain.Red, serviceUnready.with(strings.Join(r.Missing, ", ")))
	case len(r.Notes) > 0:
		d.note(findingService, explain.Yellow, serviceNotes.with(strings.Join(r.Notes, "; ")))
	default:
		d.note(findingService, explain.Green, serviceFine)
	}
}
