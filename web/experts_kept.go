package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"teamsbridge/consult"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

// FavouriteStore keeps whom agents have marked among the experts, by id only:
// names and numbers are the directory's, read anew each time.
type FavouriteStore interface {
	// Favourites are in the order of marking.
	Favourites(ctx context.Context, tenant, agent string) ([]graph.UserID, error)
	// AddFavourite is false, and changes nothing, when the agent has marked
	// most others; marking again is true and changes nothing either.
	AddFavourite(ctx context.Context, tenant, agent string, expert graph.UserID, at time.Time, most int) (marked bool, err error)
	// RemoveFavourite of somebody who is not marked is no error.
	RemoveFavourite(ctx context.Context, tenant, agent string, expert graph.UserID) error
}

// RecentStore keeps whom agents have consulted, by id only.
type RecentStore interface {
	// Recents are once each, the latest first.
	Recents(ctx context.Context, tenant, agent string) ([]graph.UserID, error)
	// AddRecent keeps the latest most of an agent's.
	AddRecent(ctx context.Context, tenant, agent string, expert graph.UserID, at time.Time, most int) error
}

const (
	// How many an agent keeps: more is a search, not a list.
	mostFavourites = 200
	mostRecents    = 50
	lookUpsAtOnce  = 8
)

type favouritesAnswer struct {
	Experts  []expert `json:"experts" doc:"In the order of marking"`
	Unlisted []string `json:"unlisted" doc:"Ids of favourites whom the directory does not list at present; they are kept until deleted here, because people come back"`
}

type recentsAnswer struct {
	Experts []expert `json:"experts" doc:"Whom the caller has consulted or transferred to in the last 30 days, the latest first, at most 50; who is not listed any more is left out"`
}

func (a *api) keptExperts() {
	s := a.server
	tag := tagged("Experts")
	handle(a, operation(http.MethodGet, "/experts/favourites", "getFavourites", "The caller's favourites with their presence", tag), s.favourites)
	handle(a, operation(http.MethodPut, "/experts/favourites/{id}", "putFavourite", "Mark an expert as a favourite; again changes nothing", tag), s.putFavourite)
	handle(a, operation(http.MethodDelete, "/experts/favourites/{id}", "deleteFavourite", "Take a favourite off the list; one that is not there is no error", tag), s.deleteFavourite)
	handle(a, operation(http.MethodGet, "/experts/recent", "getRecents", "Experts whom the caller has consulted, with their presence", tag), s.recents)
}

func (s *Server) favourites(ctx context.Context, p sso.Principal, _ *struct{}) (*body[favouritesAnswer], error) {
	if err := s.maySearch(p); err != nil {
		return nil, err
	}
	ids, err := s.deps.Favourites.Favourites(ctx, p.Tenant(), string(p.Agent().ID))
	if err != nil {
		return nil, storageError(err)
	}
	experts, unlisted, err := s.lookUp(ctx, p, ids)
	if err != nil {
		return nil, err
	}
	return answerWith(favouritesAnswer{Experts: experts, Unlisted: unlisted}), nil
}

func (s *Server) putFavourite(ctx context.Context, p sso.Principal, in *expertID) (*struct{}, error) {
	if err := s.maySearch(p); err != nil {
		return nil, err
	}
	found, err := s.deps.Experts.Find(ctx, graph.TenantID(p.Tenant()), graph.UserID(in.ID))
	if err != nil {
		return nil, readError(err)
	}
	marked, err := s.deps.Favourites.AddFavourite(ctx, p.Tenant(), string(p.Agent().ID), found.ID, s.now(), mostFavourites)
	switch {
	case err != nil:
		return nil, storageError(err)
	case !marked:
		return nil, invalid("path.id", "there are 200 favourites already; delete one first")
	}
	return nil, nil
}

// deleteFavourite asks neither the directory nor for single sign-on: ending
// something never needs them.
func (s *Server) deleteFavourite(ctx context.Context, p sso.Principal, in *expertID) (*struct{}, error) {
	if err := s.deps.Favourites.RemoveFavourite(ctx, p.Tenant(), string(p.Agent().ID), graph.UserID(in.ID)); err != nil {
		return nil, storageError(err)
	}
	return nil, nil
}

func (s *Server) recents(ctx context.Context, p sso.Principal, _ *struct{}) (*body[recentsAnswer], error) {
	if err := s.maySearch(p); err != nil {
		return nil, err
	}
	ids, err := s.deps.Recents.Recents(ctx, p.Tenant(), string(p.Agent().ID))
	if err != nil {
		return nil, storageError(err)
	}
	experts, _, err := s.lookUp(ctx, p, ids)
	if err != nil {
		return nil, err
	}
	return answerWith(recentsAnswer{Experts: experts}), nil
}

// lookUp reads kept ids from the directory, with presence and in their order;
// unlisted are those whom it does not list at present.
func (s *Server) lookUp(ctx context.Context, p sso.Principal, ids []graph.UserID) (experts []expert, unlisted []string, err error) {
	tenant := graph.TenantID(p.Tenant())
	found, reasons := make([]graph.Expert, len(ids)), make([]error, len(ids))
	var asking errgroup.Group
	asking.SetLimit(lookUpsAtOnce) // a directory that is not mirrored is asked for each
	for i, id := range ids {
		asking.Go(func() error {
			found[i], reasons[i] = s.deps.Experts.Find(ctx, tenant, id)
			if _, gone := errors.AsType[*graph.NotListedError](reasons[i]); gone {
				return nil
			}
			return reasons[i]
		})
	}
	if err := asking.Wait(); err != nil {
		return nil, nil, err
	}
	var listed []graph.Expert
	unlisted = []string{}
	for i, e := range found {
		if reasons[i] == nil {
			listed = append(listed, e)
		} else {
			unlisted = append(unlisted, string(ids[i]))
		}
	}
	return s.withPresence(ctx, tenant, listed), unlisted, nil
}

// remember keeps whom the agent consults. A consult that has begun is not
// refused because this could not be written.
func (s *Server) remember(ctx context.Context, p sso.Principal, cmd consult.Command) {
	if cmd.Target.Kind != consult.TargetOrganization {
		return
	}
	if err := s.deps.Recents.AddRecent(context.WithoutCancel(ctx), p.Tenant(), string(p.Agent().ID), graph.UserID(cmd.Target.ID), s.now(), mostRecents); err != nil {
		s.log.WarnContext(ctx, "consulted expert not remembered", slog.Any("error", err))
	}
}
