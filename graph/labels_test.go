package graph_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
)

func worker(id, department, role string) graph.Person {
	p := expert(id, "Muster "+id)
	p.Department, p.Role = department, role
	return p
}

func TestLabelsCountExpertsAndAreOrderedByName(t *testing.T) {
	unlisted := worker("x", "Vorstand", "Vorständin")
	unlisted.Phones = nil
	experts := mirrored(t, "DE", []graph.Person{
		worker("a", "Öffentlichkeit", "Referent"), worker("b", "Finanzen", "Referent"), worker("c", "finanzen", "Referent"),
		worker("d", "Personal", ""), worker("e", "", "Leiterin"), unlisted,
	})
	got, err := experts.Labels(tenant, 10)
	if err != nil {
		t.Fatal(err)
	}
	want := graph.Labels{
		Departments: []graph.Label{{Name: "Finanzen", Experts: 2}, {Name: "Öffentlichkeit", Experts: 1}, {Name: "Personal", Experts: 1}},
		Roles:       []graph.Label{{Name: "Leiterin", Experts: 1}, {Name: "Referent", Experts: 3}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, label := range got.Departments {
		found, err := experts.Search(t.Context(), tenant, graph.Query{Department: label.Name})
		if err != nil || found.Total != label.Experts {
			t.Errorf("searching %q: %d, %v", label.Name, found.Total, err)
		}
	}
}

func TestOfTooManyLabelsTheMostFrequentAreNamed(t *testing.T) {
	experts := mirrored(t, "DE", []graph.Person{
		worker("a", "Zoll", ""), worker("b", "Zoll", ""), worker("c", "Archiv", ""), worker("d", "Technik", ""), worker("e", "Technik", ""),
	})
	got, err := experts.Labels(tenant, 2)
	if err != nil {
		t.Fatal(err)
	}
	want := []graph.Label{{Name: "Technik", Experts: 2}, {Name: "Zoll", Experts: 2}}
	if diff := cmp.Diff(want, got.Departments); diff != "" {
		t.Error(diff)
	}
}

func TestLabelsFollowTheDirectory(t *testing.T) {
	pages := make(chan graph.DeltaPage, 2)
	moved := worker("a", "Technik", "")
	pages <- graph.DeltaPage{People: []graph.Person{worker("a", "Zoll", ""), worker("b", "Zoll", "")}, Next: "2"}
	pages <- graph.DeltaPage{People: []graph.Person{moved}, Delta: "end"}
	experts := ready(t, &fakeDirectory{delta: func(context.Context, graph.TenantID, string) (graph.DeltaPage, error) {
		return <-pages, nil
	}}, "DE")
	got, err := experts.Labels(tenant, 10)
	want := []graph.Label{{Name: "Technik", Experts: 1}, {Name: "Zoll", Experts: 1}}
	if diff := cmp.Diff(want, got.Departments); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestLabelsBeforeTheFirstReadingAndOfAnotherOrganisation(t *testing.T) {
	experts, err := graph.NewExperts(graph.Config{}, graph.Deps{Directory: &fakeDirectory{}, Tenants: []graph.Tenant{{ID: tenant}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []graph.TenantID{tenant, "another"} {
		if _, err := experts.Labels(of, 10); !errors.Is(err, graph.ErrNotReady) {
			t.Errorf("%s: %v", of, err)
		}
	}
}
