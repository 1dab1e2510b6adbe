package main

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"teamsbridge/configs"
	"teamsbridge/consult/explain"
	"teamsbridge/consult/sip/ua"
)

// trunkOf is the telephone line of the service on this machine, by what its
// readiness says.
func trunkOf(cfg configs.Config, client *http.Client) func(context.Context) explain.Trunk {
	return func(ctx context.Context) explain.Trunk {
		r, err := askReadiness(ctx, client, localAddress(cfg.Web)+"/readyz")
		line := explain.Trunk{Known: err == nil, Ready: err == nil && r.Ready, Simulated: cfg.Switch.Kind == configs.SwitchSimulated}
		if line.Simulated {
			return line
		}
		trunk := cfg.SIP.ExpertsTrunk()
		line.Peers = len(trunk.Peers)
		line.Well = line.Peers
		for _, note := range r.Notes {
			if strings.HasPrefix(note, silentPeer(ua.PeerStatus{Trunk: trunk.Name})) {
				line.Well--
			}
		}
		if slices.Contains(r.Missing, missingTrunks) {
			line.Ready = true // it waits for nothing else than what Well says
		}
		return line
	}
}

// trunk is the telephone line of this very service.
func (a *app) trunk(context.Context) explain.Trunk {
	line := explain.Trunk{Known: true, Ready: a.Ready() || a.trunksDown(), Simulated: a.cfg.Switch.Kind == configs.SwitchSimulated}
	if a.calls == nil {
		return line
	}
	name := a.cfg.SIP.ExpertsTrunk().Name
	for _, p := range a.calls.Peers() {
		if p.Trunk == name {
			line.Peers++
			if p.Well {
				line.Well++
			}
		}
	}
	return line
}

// missingTrunks is what readiness waits for when no peer answers.
const missingTrunks = "trunks"

// silentPeer is the note of readiness about a peer; without a peer, its beginning.
func silentPeer(p ua.PeerStatus) string {
	return "a peer of trunk " + p.Trunk + " does not answer: " + p.Peer
}

// trunkNotes tells of peers of trunks that do not answer.
func (a *app) trunkNotes() []string {
	if a.calls == nil {
		return nil
	}
	var notes []string
	for _, p := range a.calls.Peers() {
		if !p.Well {
			notes = append(notes, silentPeer(p))
		}
	}
	return notes
}

// trunksDown reports whether there are peers and none of them answers: nobody
// can be rung then.
func (a *app) trunksDown() bool {
	if a.calls == nil {
		return false
	}
	peers := a.calls.Peers()
	return len(peers) > 0 && !slices.ContainsFunc(peers, func(p ua.PeerStatus) bool { return p.Well })
}
