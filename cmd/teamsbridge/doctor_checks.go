package main

import (
	"context"
	"errors"
	"fmt"
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
	d.telephones()
	d.service(ctx)
}

// address looks at where browsers and Teams are told to go.
func (d *doctor) address() {
	const title = "Public address"
	switch address := d.cfg.Web.PublicURL; {
	case address == "":
		d.note(findingAddress, title, explain.Yellow, "web.public_url is not set: only browsers on this machine come back from Microsoft's sign-in.")
	case !strings.HasPrefix(address, "https://"):
		d.note(findingAddress, title, explain.Yellow, "web.public_url is not https: Teams and Microsoft's sign-in take nothing else, except on this machine.")
	default:
		d.note(findingAddress, title, explain.Green, address)
	}
}

func (d *doctor) openStore(ctx context.Context) {
	const title = "Store"
	kept, err := openExisting(ctx, d.cfg.Store)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.note(findingStore, title, explain.Yellow, "There is no store yet; the first start of the service makes it.")
	case err != nil:
		d.note(findingStore, title, explain.Red, err.Error())
	default:
		d.store = kept
		d.note(findingStore, title, explain.Green, d.cfg.Store.Kind+", can be read.")
	}
}

// readAgents fills the table from the configuration and the store.
func (d *doctor) readAgents(ctx context.Context) {
	const title = "Agent table"
	var kept sso.AgentStore
	if d.store != nil {
		kept = d.store
	}
	agents, err := agentsOf(ctx, d.cfg, kept)
	if err != nil {
		d.note(findingAgents, title, explain.Red, err.Error())
		return
	}
	d.agents = agents
	n := 0
	for _, tenant := range d.cfg.SSO.Entra.Tenants {
		n += len(agents.List(tenant))
	}
	if n == 0 {
		d.note(findingAgents, title, explain.Yellow, "Nobody is in the agent table: add agents in the configuration or on the administration page.")
		return
	}
	d.note(findingAgents, title, explain.Green, fmt.Sprintf("agents: %d", n))
}

// askMicrosoft makes package sso's checks of every organisation, and asks for one presence.
func (d *doctor) askMicrosoft(ctx context.Context) {
	const title = "Microsoft"
	broken := func(err error) { d.note(findingMicrosoft, title, explain.Red, err.Error()) }
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
			d.findings = append(d.findings, finding{Tenant: new(d.tenant), StepView: step.View("en")})
		}
		d.presence(ctx, m)
	}
}

// presence asks for one person's, and does not say what it is.
func (d *doctor) presence(ctx context.Context, m microsoft) {
	const title = "Presence of one person"
	id := d.somebody()
	if id == "" {
		d.note(findingPresence, title, explain.Unknown, "Nobody to ask about: no agent has an object id, and --user names nobody.")
		return
	}
	seen, err := m.directory.Presences(ctx, graph.TenantID(d.tenant), []graph.UserID{id})
	denied, refused := errors.AsType[*graph.DeniedError](err)
	switch {
	case errors.Is(err, graph.ErrNotOffered):
		d.note(findingPresence, title, explain.Green, "This cloud tells no presence; experts are shown without.")
	case errors.Is(err, graph.ErrSignInRequired):
		d.note(findingPresence, title, explain.Unknown, "Presence is asked on behalf of agents, of whom none is signed in here.")
	case refused:
		f := d.note(findingPresence, title, explain.Red, "Microsoft Graph refuses: the permission Presence.Read.All is missing.")
		f.Actor, f.Code, f.RequestID = new(explain.ActorAdmin), &denied.Code, &denied.RequestID
	case err != nil:
		d.note(findingPresence, title, explain.Yellow, "Microsoft Graph did not tell it: "+err.Error())
	case len(seen) == 0:
		d.note(findingPresence, title, explain.Yellow, "Microsoft Graph knows none of them: do they have a licence with Teams (docs/licensing.md)?").Actor = new(explain.ActorAdmin)
	default:
		d.note(findingPresence, title, explain.Green, "Microsoft Graph tells it.")
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

func (d *doctor) telephones() {
	const title = "Telephones"
	if d.cfg.Switch.Kind == configs.SwitchSimulated {
		d.note(findingSwitch, title, explain.Yellow, "switch.kind is simulated: no real telephone rings.")
		return
	}
	d.note(findingSwitch, title, explain.Green, d.cfg.Switch.Kind)
}

// service asks the one on this machine.
func (d *doctor) service(ctx context.Context) {
	const title = "Service on this machine"
	if d.client == nil {
		return
	}
	address := localAddress(d.cfg.Web)
	r, err := askReadiness(ctx, d.client, address+"/readyz")
	switch {
	case err != nil:
		d.note(findingService, title, explain.Yellow, "Nothing answers at "+address+": the service does not run here, or is not to be reached from here.")
	case !r.Ready:
		d.note(findingService, title, explain.Red, "It is not ready and waits for: "+strings.Join(r.Missing, ", "))
	case len(r.Notes) > 0:
		d.note(findingService, title, explain.Yellow, "It is ready, and notes: "+strings.Join(r.Notes, "; "))
	default:
		d.note(findingService, title, explain.Green, "It is ready.")
	}
}
