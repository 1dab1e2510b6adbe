package main

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/configs"
	"teamsbridge/consult"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/ua"
	"teamsbridge/internal/tlsfiles"
	"teamsbridge/sso"
)

// callsDeps are what real calls need of the service.
type callsDeps struct {
	Agents     *sso.Agents
	Lines      consult.Lines
	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

// openCalls makes the switch that carries real calls; it takes none before its
// Start. Its certificate and the authorities that it trusts are renewed in the
// background.
func (a *app) openCalls(cfg configs.Config, deps callsDeps) (*sip.Switch, error) {
	certificate, err := cfg.SIP.Certificate(tlsfiles.Deps{Logger: deps.Logger, Registerer: deps.Registerer, Name: "sip_tls"})
	if err != nil {
		return nil, err
	}
	made := sip.Deps{
		Agent: func(named string) (sip.Agent, bool) { return agentNamed(cfg, deps.Agents, named) },
		Lines: deps.Lines, Logger: deps.Logger, Registerer: deps.Registerer,
	}
	authorities, err := cfg.SIP.Authorities(tlsfiles.Deps{Logger: deps.Logger, Registerer: deps.Registerer, Name: "sip_tls_ca"})
	if err != nil {
		return nil, err
	}
	if certificate != nil {
		made.TLS = cfg.SIP.TLSConfig(certificate)
		a.inBackground("SIP certificate", certificate.Run)
	}
	if certificate != nil && authorities != nil {
		made.Authorities = authorities.Pool
		a.inBackground("SIP certificate authorities", authorities.Run)
	}
	calls, err := sip.New(cfg.SIP, made)
	if err != nil {
		return nil, err
	}
	a.atEnd("calls", calls.Close)
	return calls, nil
}

// agentNamed finds the agent of a customer's call by id or number, in the first
// organisation that has them.
func agentNamed(cfg configs.Config, agents *sso.Agents, named string) (sip.Agent, bool) {
	for _, tenant := range cfg.SSO.Entra.Tenants {
		for _, find := range []func(string) (sso.Agent, bool){
			func(n string) (sso.Agent, bool) { return agents.ByID(tenant, sso.AgentID(n)) },
			func(n string) (sso.Agent, bool) { return agents.ByNumber(tenant, n) },
		} {
			if agent, ok := find(named); ok && agent.Number != "" {
				return sip.Agent{Tenant: agent.Tenant, ID: string(agent.ID), Number: agent.Number}, true
			}
		}
	}
	return sip.Agent{}, false
}

// drainCalls takes no new calls and lets those that run come to their end, as
// long as the configuration says or until skip is closed.
func (a *app) drainCalls(ctx context.Context, skip <-chan struct{}) {
	if a.calls == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, a.cfg.Switch.Drain)
	defer cancel()
	go func() {
		select {
		case <-skip:
			cancel()
		case <-ctx.Done():
		}
	}()
	a.logger.InfoContext(ctx, "stopping: no new calls are taken", "drain", a.cfg.Switch.Drain)
	if left := a.calls.Drain(ctx); left > 0 {
		a.logger.WarnContext(ctx, "stopped before every call had ended", "calls", left)
	}
}

// callsAddrs are where calls are taken, by transport; empty where telephones are simulated.
func (a *app) callsAddrs() map[ua.Transport]string {
	taken := map[ua.Transport]string{}
	if a.calls == nil {
		return taken
	}
	for _, transport := range []ua.Transport{ua.UDP, ua.TCP, ua.TLS} {
		if at := a.calls.Addr(transport); at != nil {
			taken[transport] = at.String()
		}
	}
	return taken
}
