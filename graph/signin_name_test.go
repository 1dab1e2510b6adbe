package graph_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"teamsbridge/graph"
)

// naming is a directory that knows sign-in names.
type naming struct {
	fakeDirectory
	names map[graph.UserID]string
	asked int
}

func (d *naming) SignInName(_ context.Context, _ graph.TenantID, id graph.UserID) (string, error) {
	d.asked++
	name, ok := d.names[id]
	if !ok {
		return "", graph.ErrNotFound
	}
	return name, nil
}

func TestSignInNamesAreThoseOfExpertsAndAskedForEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		anna := graph.Person{ID: "anna", Name: "Anna", Phones: []string{"030 1234567"}, Enabled: true, Type: "Member"}
		left := graph.Person{ID: "left", Name: "Lars", Phones: []string{"030 1234568"}, Enabled: true, Type: "Member"}
		guest := graph.Person{ID: "guest", Name: "Gast", Phones: []string{"030 1234569"}, Enabled: true, Type: "Guest"}
		d := &naming{names: map[graph.UserID]string{"anna": "anna@example.com", "guest": "gast@example.com"}}
		d.delta = func(context.Context, graph.TenantID, string) (graph.DeltaPage, error) {
			return page("", "d", anna, left, guest), nil
		}
		experts := ready(t, d, "DE")
		for range 2 {
			if name, err := experts.SignInName(t.Context(), tenant, "anna"); err != nil || name != "anna@example.com" {
				t.Errorf("%q, %v", name, err)
			}
		}
		if d.asked != 2 {
			t.Errorf("asked %d times", d.asked)
		}
		if _, err := experts.SignInName(t.Context(), tenant, "left"); !errors.Is(err, graph.ErrNotFound) {
			t.Errorf("somebody who has just left: %v", err)
		}
		if e, ok := errors.AsType[*graph.NotListedError](func() error { _, err := experts.SignInName(t.Context(), tenant, "guest"); return err }()); !ok || e.Reason != graph.ReasonGuest {
			t.Errorf("a guest: %v", e)
		}
		if d.asked != 3 {
			t.Error("Graph was asked for somebody who is no expert")
		}
	})
}

func TestADirectoryWithoutSignInNamesSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		anna := graph.Person{ID: "anna", Name: "Anna", Phones: []string{"030 1234567"}, Enabled: true, Type: "Member"}
		experts := ready(t, &fakeDirectory{delta: func(context.Context, graph.TenantID, string) (graph.DeltaPage, error) {
			return page("", "d", anna), nil
		}}, "DE")
		if _, err := experts.SignInName(t.Context(), tenant, "anna"); !errors.Is(err, graph.ErrUnavailable) {
			t.Error(err)
		}
	})
}
