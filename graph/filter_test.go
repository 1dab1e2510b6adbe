package graph_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
)

const (
	insiders = "11111111-aaaa-4aaa-8aaa-111111111111"
	hidden   = "22222222-bbbb-4bbb-8bbb-222222222222"
)

// groupDirectory is a fakeDirectory that knows groups, too.
type groupDirectory struct {
	fakeDirectory
	mu     sync.Mutex
	groups map[string][]graph.UserID
	away   error
}

func (d *groupDirectory) GroupMembers(_ context.Context, _ graph.TenantID, group string) ([]graph.UserID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	members, ok := d.groups[group]
	switch {
	case d.away != nil:
		return nil, d.away
	case !ok:
		return nil, graph.ErrNotFound
	}
	return slices.Clone(members), nil
}

func (d *groupDirectory) set(group string, members ...graph.UserID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.groups == nil {
		d.groups = map[string][]graph.UserID{}
	}
	d.groups[group] = members
}

func TestFiltersNarrowWhoIsAnExpert(t *testing.T) {
	people := []graph.Person{
		{ID: "anna", Department: "Finanzen", Role: "Leiterin"},
		{ID: "ben", Department: "Müller-Abteilung", Attributes: map[string]string{"extensionAttribute3": "Expert"}},
		{ID: "carl", Attributes: map[string]string{"companyName": "Contoso"}},
	}
	for i := range people {
		people[i].Name, people[i].Enabled, people[i].Phones = string(people[i].ID), true, []string{"4711"}
	}
	for _, c := range []struct {
		name             string
		include, exclude graph.Filter
		want             []string
	}{
		{"no filter lists everybody", graph.Filter{}, graph.Filter{}, []string{"anna", "ben", "carl"}},
		{"a department, whatever its case", graph.Filter{Departments: []string{"FINANZEN"}}, graph.Filter{}, []string{"anna"}},
		{"a department, whatever its umlauts", graph.Filter{Departments: []string{"mueller-abteilung"}}, graph.Filter{}, []string{"ben"}},
		{"a department is whole", graph.Filter{Departments: []string{"Finanz"}}, graph.Filter{}, nil},
		{"an attribute of the organisation's own", graph.Filter{Attributes: map[string][]string{"extensionAttribute3": {"expert", "guru"}}}, graph.Filter{}, []string{"ben"}},
		{"a role", graph.Filter{Attributes: map[string][]string{"jobTitle": {"leiterin"}}}, graph.Filter{}, []string{"anna"}},
		{"any condition is enough", graph.Filter{Departments: []string{"Finanzen"}, Attributes: map[string][]string{"companyName": {"Contoso"}}}, graph.Filter{}, []string{"anna", "carl"}},
		{"a group", graph.Filter{Groups: []string{strings.ToUpper(insiders)}}, graph.Filter{}, []string{"anna", "ben"}},
		{"everybody but a group", graph.Filter{}, graph.Filter{Groups: []string{hidden}}, []string{"anna", "carl"}},
		{"exclude wins over include", graph.Filter{Groups: []string{insiders}}, graph.Filter{Groups: []string{hidden}}, []string{"anna"}},
		{"everybody but a department", graph.Filter{}, graph.Filter{Departments: []string{"finanzen"}}, []string{"ben", "carl"}},
		{"a group that does not exist has no members", graph.Filter{Groups: []string{"33333333-cccc-4ccc-8ccc-333333333333"}}, graph.Filter{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &groupDirectory{}
				d.delta = func(context.Context, graph.TenantID, string) (graph.DeltaPage, error) {
					return page("", "d", people...), nil
				}
				d.person = func(_ context.Context, id graph.UserID) (graph.Person, error) {
					return people[slices.IndexFunc(people, func(p graph.Person) bool { return p.ID == id })], nil
				}
				d.found = people
				d.set(insiders, "anna", "BEN")
				d.set(hidden, "ben", "nobody")
				experts, err := graph.NewExperts(graph.Config{Include: c.include, Exclude: c.exclude}, graph.Deps{
					Directory: d, Tenants: []graph.Tenant{{ID: tenant, Country: "DE"}},
				})
				if err != nil {
					t.Fatal(err)
				}
				running(t, experts)
				synctest.Wait()
				listed(t, experts, c.want...)

				// Whoever is hidden cannot be called either, and only an administrator hears why.
				missing, err := experts.Missing(t.Context(), tenant, "a")
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range missing {
					in := slices.Contains(c.want, string(m.ID))
					if (m.Reason == "") != in || !in && m.Reason != graph.ReasonFiltered {
						t.Errorf("Missing: %+v", m)
					}
					_, err := experts.Confirm(t.Context(), tenant, m.ID)
					refused, ok := errors.AsType[*graph.NotListedError](err)
					if in != (err == nil) || !in && (!ok || refused.Reason != graph.ReasonUnknown) {
						t.Errorf("Confirm(%s): %v", m.ID, err)
					}
					if !in {
						reason(t, experts, m.ID, graph.ReasonUnknown)
					}
				}
			})
		})
	}
}

func TestChangesOfAGroupAreFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		people := map[graph.UserID]graph.Person{"anna": expert("anna", "Anna"), "ben": expert("ben", "Ben"), "carl": expert("carl", "Carl")}
		fullReads := 0
		d := &groupDirectory{}
		d.delta = func(_ context.Context, _ graph.TenantID, link string) (graph.DeltaPage, error) {
			if link != "" {
				return page("", "d"), nil
			}
			fullReads++
			return page("", "d", people["anna"], people["ben"], people["carl"]), nil
		}
		d.person = func(_ context.Context, id graph.UserID) (graph.Person, error) {
			if p, ok := people[id]; ok {
				return p, nil
			}
			return graph.Person{}, graph.ErrNotFound
		}
		d.set(insiders, "anna", "ben")
		s := newShelf()
		inGroup := func(c *graph.Config) { c.Include.Groups = []string{insiders} }
		experts, stop := s.process(t, d, inGroup)
		synctest.Wait()
		listed(t, experts, "anna", "ben")

		d.set(insiders, "ben", "carl", "a device")
		time.Sleep(graph.DefaultGroupsInterval * 11 / 10)
		listed(t, experts, "ben", "carl")
		if fullReads != 1 {
			t.Errorf("%d full reads for a change of three", fullReads)
		}
		if diff := cmp.Diff([]string{"ben", "carl"}, s.everybody(tenant)); diff != "" {
			t.Errorf("kept (-want +got):\n%s", diff)
		}

		d.mu.Lock()
		d.away = graph.ErrUnavailable
		d.mu.Unlock()
		time.Sleep(graph.DefaultGroupsInterval * 11 / 10)
		listed(t, experts, "ben", "carl") // those known still count

		stop() // and the group changes while nobody looks
		d.mu.Lock()
		d.away = nil
		d.mu.Unlock()
		d.set(insiders, "anna", "carl")
		experts, stop = s.process(t, d, inGroup)
		defer stop()
		synctest.Wait()
		listed(t, experts, "anna", "carl")
		if fullReads != 2 {
			t.Errorf("%d full reads, want a second one", fullReads)
		}
	})
}

func TestWhoLeftAGroupIsHiddenBeforeTheDirectoryIsReadAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &groupDirectory{}
		gate := make(chan struct{})
		first := true
		d.delta = func(_ context.Context, _ graph.TenantID, link string) (graph.DeltaPage, error) {
			if link != "" {
				return page("", "d"), nil
			}
			if !first {
				<-gate
			}
			first = false
			return page("", "d", expert("anna", "Anna"), expert("ben", "Ben")), nil
		}
		d.set(hidden)
		s := newShelf()
		without := func(c *graph.Config) { c.Exclude.Groups = []string{hidden} }
		_, stop := s.process(t, d, without)
		synctest.Wait()
		stop()
		d.set(hidden, "ben")
		experts, stop := s.process(t, d, without)
		defer stop()
		synctest.Wait()
		listed(t, experts, "anna")
		close(gate)
		synctest.Wait()
		listed(t, experts, "anna")
	})
}

func TestWithoutItsGroupsADirectoryIsNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &groupDirectory{away: &graph.DeniedError{Code: "Authorization_RequestDenied", RequestID: "r-1"}}
		d.delta = func(context.Context, graph.TenantID, string) (graph.DeltaPage, error) {
			t.Error("read people whom nobody can judge")
			return graph.DeltaPage{}, graph.ErrUnavailable
		}
		d.person = func(context.Context, graph.UserID) (graph.Person, error) { return expert("anna", "Anna"), nil }
		experts, err := graph.NewExperts(graph.Config{Include: graph.Filter{Groups: []string{insiders}}}, graph.Deps{
			Directory: d, Tenants: []graph.Tenant{{ID: tenant}},
		})
		if err != nil {
			t.Fatal(err)
		}
		running(t, experts)
		synctest.Wait()
		if got := experts.Status(tenant); got.LastError != "denied" || got.RequestID != "r-1" || got.Ready {
			t.Errorf("Status %+v", got)
		}
		if _, err := experts.Confirm(t.Context(), tenant, "anna"); !errors.Is(err, graph.ErrNotReady) {
			t.Errorf("Confirm: %v, want ErrNotReady", err)
		}
	})
}

func TestWhyAndMissingAskForGroupsThatAreNotKnownYet(t *testing.T) {
	d := &groupDirectory{}
	d.set(insiders, "anna")
	d.found = []graph.Person{expert("anna", "Anna"), expert("ben", "Ben")}
	d.person = func(context.Context, graph.UserID) (graph.Person, error) { return expert("anna", "Anna"), nil }
	experts, err := graph.NewExperts(graph.Config{Include: graph.Filter{Groups: []string{insiders}}}, graph.Deps{
		Directory: d, Tenants: []graph.Tenant{{ID: tenant}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := experts.Missing(t.Context(), tenant, "n")
	if err != nil {
		t.Fatal(err)
	}
	want := []graph.Missing{
		{ID: "anna", Name: "Anna", Reason: graph.ReasonNotYetSynced},
		{ID: "ben", Name: "Ben", Reason: graph.ReasonFiltered},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Missing (-want +got):\n%s", diff)
	}
	if _, reason, _, err := experts.Why(t.Context(), tenant, "anna"); err != nil || reason != "" {
		t.Errorf("Why: %s, %v; she is in the group", reason, err)
	}

	d.mu.Lock()
	d.away = graph.ErrUnavailable
	d.mu.Unlock()
	if got, err := experts.Missing(t.Context(), tenant, "n"); !errors.Is(err, graph.ErrUnavailable) {
		t.Errorf("Missing: %v, %v; a guess is no reason", got, err)
	}
}

func TestWrongFiltersAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  graph.Config
		want string
	}{
		"a group by its name":        {graph.Config{Include: graph.Filter{Groups: []string{"Experts"}}}, "include.groups[0]"},
		"a blank department":         {graph.Config{Exclude: graph.Filter{Departments: []string{"a", " "}}}, "exclude.departments[1]"},
		"an attribute that is none":  {graph.Config{Include: graph.Filter{Attributes: map[string][]string{"shoeSize": {"44"}}}}, "include.attributes.shoeSize"},
		"an attribute without value": {graph.Config{Include: graph.Filter{Attributes: map[string][]string{"city": nil}}}, "include.attributes.city"},
		"a mode that is none":        {graph.Config{Mode: "dead"}, "mode"},
		"a negative interval":        {graph.Config{GroupsInterval: -1}, "groups_interval"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.cfg.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Validate: %v, want it to name %s", err, c.want)
			}
		})
	}
	for name, cfg := range map[string]graph.Config{
		"groups of a directory without groups": {Include: graph.Filter{Groups: []string{insiders}}},
		"live search of one without search":    {Mode: graph.ModeLive},
	} {
		if _, err := graph.NewExperts(cfg, graph.Deps{Directory: &fakeDirectory{}}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
