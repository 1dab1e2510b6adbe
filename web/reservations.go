package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

// Reservations are consult numbers for contact centres with an engine of their
// own; *reserve.Book keeps them.
type Reservations interface {
	Reserve(ctx context.Context, p sso.Principal, req reserve.Request) (reserve.Reservation, error)
	View(ctx context.Context, p sso.Principal, id string) (reserve.Reservation, error)
	Withdraw(ctx context.Context, p sso.Principal, id string) error
}

type reservation struct {
	ID        string           `json:"id"`
	State     reserve.State    `json:"state"`
	Reason    *string          `json:"reason" doc:"Why it failed: a reason of switch-failed, or lost: a line died, or the service did"`
	Since     string           `json:"since" format:"date-time" doc:"Of the state"`
	Dial      string           `json:"dial" doc:"The number to consult"`
	Code      *string          `json:"code" doc:"To be entered by keypad when the number has answered; null where none is asked, and once it was used"`
	ExpiresAt string           `json:"expiresAt" format:"date-time" doc:"Until when the call has to have come"`
	Target    consultTarget    `json:"target"`
	Expert    nullable[expert] `json:"expert" doc:"Whom the number reaches; null for a number that is no expert's"`
}

type reservationID struct {
	ID string `path:"id"`
}

type reserveRequest struct {
	KeyHeader
	Body struct {
		Target targetRequest `json:"target"`
	}
}

func (a *api) reservations() {
	s, tag := a.server, tagged("Reservations")
	op := operation(http.MethodPost, "/reservations", "reserve", "Reserve a number that another contact centre consults to reach somebody here", tag)
	op.DefaultStatus = http.StatusCreated
	op.Middlewares = huma.Middlewares{s.reserving}
	handle(a, op, s.reserve)
	handle(a, operation(http.MethodGet, "/reservations/{id}", "getReservation", "A reservation of the caller's, and what became of its call", tag), s.reservation)
	handle(a, operation(http.MethodDelete, "/reservations/{id}", "withdrawReservation", "Withdraw a reservation; ringing stops at once. One that is over already is no error", tag), s.withdraw)
}

// reserving refuses, before the body is looked at, who is no agent.
func (s *Server) reserving(ctx huma.Context, next func(huma.Context)) {
	var err error
	switch {
	case s.deps.Reservations == nil: // there are no consult numbers
		err = consult.ErrNotFound
	case !principalOf(ctx.Context()).Has(sso.RoleAgent):
		err = &consult.RoleError{Role: string(sso.RoleAgent)}
	}
	if err != nil {
		r, w := humago.Unwrap(ctx)
		s.fail(w, r, err)
		return
	}
	next(ctx)
}

func (s *Server) reserve(ctx context.Context, p sso.Principal, in *reserveRequest) (*body[reservation], error) {
	req := reserve.Request{Target: in.Body.Target.request(), Key: in.IdempotencyKey}
	if req.Key != "" {
		var err error
		if req.BodyHash, err = hashOf(in.Body); err != nil {
			return nil, err
		}
	}
	made, err := s.deps.Reservations.Reserve(ctx, p, req)
	if err != nil {
		return nil, err
	}
	s.remember(ctx, p, consult.Command{Target: req.Target})
	return answerWith(s.reservationOf(ctx, p, made)), nil
}

func (s *Server) reservation(ctx context.Context, p sso.Principal, in *reservationID) (*body[reservation], error) {
	if s.deps.Reservations == nil {
		return nil, consult.ErrNotFound
	}
	kept, err := s.deps.Reservations.View(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return answerWith(s.reservationOf(ctx, p, kept)), nil
}

func (s *Server) withdraw(ctx context.Context, p sso.Principal, in *reservationID) (*struct{}, error) {
	if s.deps.Reservations == nil {
		return nil, consult.ErrNotFound
	}
	return nil, s.deps.Reservations.Withdraw(ctx, p, in.ID)
}

// reservationOf shows a reservation with the expert as the directory and
// presence have them now.
func (s *Server) reservationOf(ctx context.Context, p sso.Principal, r reserve.Reservation) reservation {
	out := reservation{
		ID: r.ID, State: r.State, Reason: orNull(string(r.Reason)), Since: formatTime(r.Since),
		Dial: r.Dial, Code: orNull(r.Code), ExpiresAt: formatTime(r.ExpiresAt),
		Target: consultTarget{
			Kind: r.Target.Kind, ID: orNull(r.Target.ID), Name: orNull(r.Target.Name), Number: orNull(r.Target.Number),
			NumberChanged: r.Target.NumberChanged,
		},
	}
	if r.Target.Expert == "" {
		return out
	}
	tenant := graph.TenantID(p.Tenant())
	known, err := s.deps.Experts.Expert(tenant, r.Target.Expert)
	if err != nil { // left the directory meanwhile
		known = graph.Expert{ID: r.Target.Expert, Name: r.Target.Name, Number: r.Target.Number}
	}
	shown := s.withPresence(ctx, tenant, []graph.Expert{known})[0]
	out.Expert = orNullObject(&shown)
	return out
}
