package web

import (
	"context"
	"errors"

	"teamsbridge/consult"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

// The names of the events of the HTTP contract.
const (
	eventHello           = "hello"
	eventInteraction     = "interaction"
	eventInteractionGone = "interaction-gone"
	eventPresence        = "presence"
	eventTargets         = "targets"
	eventSession         = "session"
	eventDirectory       = "directory"
	eventResync          = "resync"
)

type helloEvent struct {
	Stream string `json:"stream" doc:"Names this stream for /events/{stream}/watch"`
}

// presenceEvent is what presenceTexts writes piece by piece.
type presenceEvent struct {
	Presences []personPresence `json:"presences"`
}

type goneEvent struct {
	ID     string     `json:"id"`
	Reason goneReason `json:"reason"`
}

// sessionEvent is the part of the session that changes.
type sessionEvent struct {
	State   agentState    `json:"state"`
	SSO     ssoStatus     `json:"sso"`
	Targets usableTargets `json:"targets"`
}

type expiredEvent struct {
	Expired bool            `json:"expired"`
	Reason  sso.EndedReason `json:"reason,omitempty" doc:"Why Entra ended the sign-in; left out where it ended by itself or was signed out"`
}

type directoryEvent struct {
	DirectoryAge
	Ready   bool                       `json:"ready"`
	People  int                        `json:"people"`
	Experts int                        `json:"experts"`
	Reading nullable[directoryReading] `json:"reading"`
}

// followCaller turns what the domains tell p into events of f, until stopped.
func (s *Server) followCaller(p sso.Principal, f *feed) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	// Subscribed before this returns: what happens from now on is in the feed.
	src := s.sources(p)
	go func() {
		for s.follow(ctx, p, f, src) {
			src = s.sources(p)
			f.restart() // what came between the two subscriptions is lost
		}
	}()
	return cancel
}

// sources are the subscriptions behind one feed, and what was so when they began:
// whoever follows them may come to it after the first change.
type sources struct {
	calls         <-chan consult.Change
	directory     <-chan graph.Status
	organizations <-chan string
	agents        <-chan string
	close         []func()
	sso           sso.Status
}

func (s *Server) sources(p sso.Principal) sources {
	var src sources
	var stop [4]func()
	src.calls, stop[0] = s.deps.Engine.Subscribe(p)
	src.directory, stop[1] = s.deps.Experts.Subscribe(graph.TenantID(p.Tenant()))
	src.organizations, stop[2] = s.deps.Organizations.Watch()
	src.agents, stop[3] = s.deps.Roster.Watch()
	src.close = stop[:]
	src.sso = s.deps.Gate.Status(p)
	return src
}

// follow publishes until ctx ends (false), or a source has cut us off because
// we were too slow (true: begin anew).
func (s *Server) follow(ctx context.Context, p sso.Principal, f *feed, src sources) (again bool) {
	defer func() {
		for _, stop := range src.close {
			stop()
		}
	}()
	p = s.renew(p, f) // the table may have changed before there was a subscription
	status := src.sso
	for {
		select {
		case <-ctx.Done():
			return false
		case change, open := <-src.calls:
			if !open {
				return ctx.Err() == nil
			}
			s.publishChange(p, f, change)
		case st, open := <-src.directory:
			if !open {
				return ctx.Err() == nil
			}
			f.publish(eventDirectory, s.directoryEventOf(st), true)
		case tenant, open := <-src.organizations:
			if !open {
				return ctx.Err() == nil
			}
			if now := s.deps.Gate.Status(p); tenant == p.Tenant() && now != status {
				status = now
				f.publish(eventSession, s.sessionEventOf(p), true)
			}
		case tenant, open := <-src.agents:
			if !open {
				return ctx.Err() == nil
			}
			if tenant == p.Tenant() {
				p = s.renew(p, f)
			}
		}
	}
}

// renew asks the agent table about the reader of f anew. A reader who is no
// longer in it, or sees other things from now on, loses their streams: coming
// back they are refused, or get a feed of their own.
func (s *Server) renew(p sso.Principal, f *feed) sso.Principal {
	renewed, err := s.deps.Verifier.Renew(p)
	if err == nil && feedKeyOf(renewed) == f.key {
		return renewed
	}
	_, unknown := errors.AsType[*sso.AgentUnknownError](err)
	f.endStreams(unknown)
	return p
}

func (s *Server) publishChange(p sso.Principal, f *feed, c consult.Change) {
	switch {
	case c.View != nil:
		f.publish(eventInteraction, interactionOf(*c.View), false)
	case c.Gone != nil:
		f.publish(eventInteractionGone, goneEvent{ID: string(c.Gone.ID), Reason: goneReason(c.Gone.Reason)}, false)
	case c.State != nil:
		event := s.sessionEventOf(p)
		event.State = agentStateOf(*c.State)
		f.publish(eventSession, event, true)
	case c.Targets:
		f.publish(eventTargets, struct{}{}, true)
	}
}

func (s *Server) sessionEventOf(p sso.Principal) sessionEvent {
	return sessionEvent{
		State:   agentStateOf(s.deps.Engine.State(p)),
		SSO:     translated(s.deps.Gate.Status(p), locale("", p.Agent().Country)), // whoever's stream it is
		Targets: s.usableTargets(p),
	}
}

func (s *Server) directoryEventOf(st graph.Status) directoryEvent {
	return directoryEvent{
		DirectoryAge: directoryAgeOf(st, s.now()),
		Ready:        st.Ready,
		People:       st.People,
		Experts:      st.Experts,
		Reading:      readingOf(st.Reading),
	}
}
