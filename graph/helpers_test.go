package graph_test

import (
	"context"
	"fmt"
	"testing"

	"teamsbridge/graph"
)

// fakeDirectory is a directory in memory: a list of scripted delta answers,
// people for the live look-ups.
type fakeDirectory struct {
	delta  func(ctx context.Context, tenant graph.TenantID, link string) (graph.DeltaPage, error)
	person func(ctx context.Context, id graph.UserID) (graph.Person, error)
	found  []graph.Person
}

func (d *fakeDirectory) DeltaPage(ctx context.Context, tenant graph.TenantID, link string) (graph.DeltaPage, error) {
	return d.delta(ctx, tenant, link)
}

func (d *fakeDirectory) Person(ctx context.Context, _ graph.TenantID, id graph.UserID) (graph.Person, error) {
	return d.person(ctx, id)
}

func (d *fakeDirectory) FindPeople(context.Context, graph.TenantID, string, int) ([]graph.Person, error) {
	return d.found, nil
}

// mirrored returns experts whose index holds the people.
func mirrored(t testing.TB, country string, people []graph.Person) *graph.Experts {
	t.Helper()
	directory := &fakeDirectory{delta: func(context.Context, graph.TenantID, string) (graph.DeltaPage, error) {
		return graph.DeltaPage{People: people, Delta: "end"}, nil
	}}
	return ready(t, directory, country)
}

// ready runs the mirror until its first full read is done, then stops it.
func ready(t testing.TB, directory graph.Directory, country string) *graph.Experts {
	t.Helper()
	experts, err := graph.NewExperts(graph.Config{}, graph.Deps{
		Directory: directory, Tenants: []graph.Tenant{{ID: tenant, Country: country}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	statuses, stop := experts.Subscribe(tenant)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- experts.Run(ctx) }()
	for status := range statuses {
		if status.LastError != "" {
			t.Fatalf("mirror: %+v", status)
		}
		if status.Ready {
			break
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return experts
}

// expert is a listed person with a number of their own.
func expert(id, name string) graph.Person {
	return graph.Person{ID: graph.UserID(id), Name: name, Phones: []string{"+49 30 " + fmt.Sprint(100000+len(id)*7919)}, Enabled: true}
}

func ids(r graph.Result) []string {
	var ids []string
	for _, e := range r.Experts {
		ids = append(ids, string(e.ID))
	}
	return ids
}

func nonNil(s []string) []string { return append([]string{}, s...) }
