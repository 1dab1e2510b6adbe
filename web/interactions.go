package web

import (
	"context"
	"net/http"
	"strconv"

	"teamsbridge/consult"
	"teamsbridge/sso"
)

type interactionID struct {
	ID string `path:"id"`
}

type interactionAnswer struct {
	ETag string `header:"ETag" doc:"The version, for If-Match"`
	Body interaction
}

func answerView(v consult.View) *interactionAnswer {
	return &interactionAnswer{ETag: etagOf(v.Version), Body: interactionOf(v)}
}

func etagOf(version uint64) string { return strconv.Quote(strconv.FormatUint(version, 10)) }

type interactionList struct {
	Interactions []interaction `json:"interactions"`
}

type historyAnswer struct {
	Entries []historyEntry `json:"entries"`
}

func (a *api) interactions() {
	s := a.server
	tag := tagged("Interactions")
	handle(a, operation(http.MethodGet, "/interactions", "listInteractions", "The caller's interactions, live ones first", tag),
		func(ctx context.Context, p sso.Principal, _ *struct{}) (*body[interactionList], error) {
			views, err := s.deps.Engine.List(ctx, p)
			if err != nil {
				return nil, err
			}
			return answerWith(interactionList{Interactions: mapped(views, interactionOf)}), nil
		})
	handle(a, operation(http.MethodGet, "/interactions/{id}", "getInteraction", "One interaction as the caller may see it", tag),
		func(ctx context.Context, p sso.Principal, in *interactionID) (*interactionAnswer, error) {
			view, err := s.deps.Engine.View(ctx, p, consult.InteractionID(in.ID))
			if err != nil {
				return nil, err
			}
			return answerView(view), nil
		})
	handle(a, operation(http.MethodGet, "/interactions/{id}/history", "getHistory", "Every command and event, in order", tag),
		func(ctx context.Context, p sso.Principal, in *interactionID) (*body[historyAnswer], error) {
			entries, err := s.deps.Engine.History(ctx, p, consult.InteractionID(in.ID))
			if err != nil {
				return nil, err
			}
			return answerWith(historyAnswer{Entries: mapped(entries, historyEntryOf)}), nil
		})
}
