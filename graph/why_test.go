package graph_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
)

func TestWhySaysOfOnePersonWhatAnAdministratorMayHear(t *testing.T) {
	anna := expert("anna", "Anna")
	anna.Department = "Finanzen"
	people := map[graph.UserID]graph.Person{"anna": anna, "ben": expert("ben", "Ben"), "carl": {ID: "carl", Name: "Carl", Enabled: true}}
	directory := &fakeDirectory{person: func(_ context.Context, id graph.UserID) (graph.Person, error) {
		p, ok := people[id]
		if !ok {
			return p, graph.ErrNotFound
		}
		return p, nil
	}}
	experts, err := graph.NewExperts(graph.Config{Include: graph.Filter{Departments: []string{"finanzen"}}},
		graph.Deps{Directory: directory, Tenants: []graph.Tenant{{ID: tenant}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		id   graph.UserID
		want graph.Reason
	}{
		{"listed", "anna", ""},
		{"hidden by the configuration", "ben", graph.ReasonFiltered},
		{"without a telephone", "carl", graph.ReasonNoBusinessPhone},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, reason, indexed, err := experts.Why(t.Context(), tenant, row.id)
			if err != nil || reason != row.want || indexed {
				t.Errorf("%+v, %s, indexed %v, %v", got, reason, indexed, err)
			}
			if (got.Number != "") != (row.want == "") {
				t.Errorf("number %q", got.Number)
			}
		})
	}
	t.Run("nobody of this id", func(t *testing.T) {
		if _, _, _, err := experts.Why(t.Context(), tenant, "dora"); !errors.Is(err, graph.ErrNotFound) {
			t.Error(err)
		}
	})
	t.Run("another organisation", func(t *testing.T) {
		if _, _, _, err := experts.Why(t.Context(), "nobody's", "anna"); !errors.Is(err, graph.ErrNotReady) {
			t.Error(err)
		}
	})
}

func TestWhyTellsThatASearchFindsThem(t *testing.T) {
	anna := expert("anna", "Anna")
	directory := &fakeDirectory{
		delta: func(context.Context, graph.TenantID, string) (graph.DeltaPage, error) {
			return graph.DeltaPage{People: []graph.Person{anna}, Delta: "end"}, nil
		},
		person: func(context.Context, graph.UserID) (graph.Person, error) { return anna, nil },
	}
	got, reason, indexed, err := ready(t, directory, "DE").Why(t.Context(), tenant, "anna")
	if err != nil || reason != "" || !indexed {
		t.Fatalf("%s, indexed %v, %v", reason, indexed, err)
	}
	if diff := cmp.Diff("Anna", got.Name); diff != "" {
		t.Error(diff)
	}
}
