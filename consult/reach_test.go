package consult_test

import (
	"context"
	"errors"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/sso"
)

func TestReachFollowsTheRulesOfAConsult(t *testing.T) {
	w := newWorld(t, func(c *consult.Config) {
		c.Acceptance = "key"
		c.EntryPoints = []consult.NumberConfig{{ID: "e1", Tenant: tenant, Name: "Zentrale", Number: "+49305000"}}
	})
	for _, c := range []struct {
		name       string
		req        consult.TargetRequest
		number     string
		acceptance bool
	}{
		{"an expert, who presses a key", consult.TargetRequest{Kind: consult.TargetOrganization, ID: expertID}, expertNo, true},
		{"an expert's number is the expert's", consult.TargetRequest{Kind: consult.TargetDialNumber, Number: expertNo}, expertNo, true},
		{"any other number", consult.TargetRequest{Kind: consult.TargetDialNumber, Number: "+49305019"}, "+49305019", false},
		{"an entry point", consult.TargetRequest{Kind: consult.TargetEntryPoint, ID: "e1"}, "+49305000", false},
		{"an emergency number that is confirmed", consult.TargetRequest{Kind: consult.TargetDialNumber, Number: "112", Confirm: true}, "112", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := w.engine.Reach(t.Context(), w.who["anja"], c.req)
			if err != nil || got.Target.Number != c.number || got.Acceptance != c.acceptance || got.RingTimeout == 0 || got.AcceptTimeout == 0 {
				t.Errorf("Reach = %+v, %v", got, err)
			}
		})
	}
	as := func(target any) func(error) bool { return func(err error) bool { return errors.As(err, target) } }
	for _, c := range []struct {
		name string
		p    sso.Principal
		req  consult.TargetRequest
		want func(error) bool
	}{
		{"nobody", sso.Principal{}, consult.TargetRequest{Kind: consult.TargetOrganization, ID: expertID}, func(err error) bool { return errors.Is(err, consult.ErrUnauthenticated) }},
		{"an agent", w.who["anja"], consult.TargetRequest{Kind: consult.TargetAgent, ID: "bernd"}, as(new(*consult.InvalidError))},
		{"a queue", w.who["anja"], consult.TargetRequest{Kind: consult.TargetQueue, ID: "tax"}, as(new(*consult.InvalidError))},
		{"somebody who is not listed", w.who["anja"], consult.TargetRequest{Kind: consult.TargetOrganization, ID: "nobody"}, as(new(*consult.ExpertError))},
		{"no number", w.who["anja"], consult.TargetRequest{Kind: consult.TargetDialNumber, Number: "1"}, as(new(*consult.NumberError))},
		{"an emergency number", w.who["anja"], consult.TargetRequest{Kind: consult.TargetDialNumber, Number: "112"}, as(new(*consult.NotAllowedError))},
		{"the caller's own number", w.who["anja"], consult.TargetRequest{Kind: consult.TargetDialNumber, Number: "+49301001"}, as(new(*consult.NotAllowedError))},
	} {
		t.Run(c.name+" is refused", func(t *testing.T) {
			if got, err := w.engine.Reach(t.Context(), c.p, c.req); !c.want(err) {
				t.Errorf("Reach = %+v, %v", got, err)
			}
		})
	}
	if _, err := w.orgs.SetEnabled(t.Context(), tenant, false); err != nil {
		t.Fatal(err)
	}
	_, err := w.engine.Reach(t.Context(), w.who["anja"], consult.TargetRequest{Kind: consult.TargetDialNumber, Number: expertNo})
	if _, required := errors.AsType[*sso.RequiredError](err); !required {
		t.Errorf("an expert's number without sign-on: %v", err)
	}
	if err := w.engine.Drain(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	if _, err := w.engine.Reach(t.Context(), w.who["anja"], consult.TargetRequest{Kind: consult.TargetEntryPoint, ID: "e1"}); !errors.Is(err, consult.ErrDraining) {
		t.Errorf("while the engine drains: %v", err)
	}
}
