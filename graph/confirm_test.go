package graph_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
)

func TestConfirmAsksLiveAndFallsBackToTheIndex(t *testing.T) {
	listed := graph.Person{ID: "anna", Name: "Anna", Phones: []string{"030 1234567"}, Enabled: true, Type: "Member"}
	with := func(change func(*graph.Person)) graph.Person {
		p := listed
		change(&p)
		return p
	}
	indexed := graph.Expert{ID: "anna", Name: "Anna", Number: "+49301234567"}
	moved := graph.Expert{ID: "anna", Name: "Anna", Number: "+49307654321"}
	hang := errors.New("the directory hangs") // stands for an answer that never comes
	for _, c := range []struct {
		name    string
		id      graph.UserID
		live    graph.Person
		err     error
		want    graph.Confirmation
		refused graph.Reason
	}{
		{"as the index has it", "anna", listed, nil, graph.Confirmation{Expert: indexed, Live: true}, ""},
		{"another spelling of the same number", "anna",
			with(func(p *graph.Person) { p.Phones = []string{"+49 (30) 1234-567"} }), nil, graph.Confirmation{Expert: indexed, Live: true}, ""},
		{"a new number", "anna", with(func(p *graph.Person) { p.Phones = []string{"+49 30 7654321"} }), nil,
			graph.Confirmation{Expert: moved, Live: true, NumberChanged: true}, ""},
		{"somebody not yet in the index", "new", with(func(p *graph.Person) { p.ID = "new" }), nil,
			graph.Confirmation{Expert: graph.Expert{ID: "new", Name: "Anna", Number: "+49301234567"}, Live: true}, ""},
		{"disabled", "anna", with(func(p *graph.Person) { p.Enabled = false }), nil, graph.Confirmation{}, graph.ReasonDisabled},
		{"a guest", "anna", with(func(p *graph.Person) { p.Type = "Guest" }), nil, graph.Confirmation{}, graph.ReasonGuest},
		{"neither member nor guest, which is an administrator's to know", "anna", with(func(p *graph.Person) { p.Type = "Service" }), nil, graph.Confirmation{}, graph.ReasonUnknown},
		{"no telephone any more", "anna", with(func(p *graph.Person) { p.Phones = nil }), nil, graph.Confirmation{}, graph.ReasonNoBusinessPhone},
		{"a telephone that is a remark", "anna", with(func(p *graph.Person) { p.Phones = []string{"n/a"} }), nil, graph.Confirmation{}, graph.ReasonNoBusinessPhone},
		{"gone", "anna", graph.Person{}, graph.ErrNotFound, graph.Confirmation{}, graph.ReasonUnknown},
		{"Graph away", "anna", graph.Person{}, graph.ErrUnavailable, graph.Confirmation{Expert: indexed}, ""},
		{"throttled", "anna", graph.Person{}, &graph.ThrottledError{}, graph.Confirmation{Expert: indexed}, ""},
		{"consent withdrawn", "anna", graph.Person{}, &graph.DeniedError{}, graph.Confirmation{Expert: indexed}, ""},
		{"no answer in time", "anna", graph.Person{}, hang, graph.Confirmation{Expert: indexed}, ""},
		{"Graph away and nobody the index knows", "new", graph.Person{}, graph.ErrUnavailable, graph.Confirmation{}, graph.ReasonUnknown},
		{"no answer in time and nobody the index knows", "new", graph.Person{}, hang, graph.Confirmation{}, graph.ReasonUnknown},
		{"Graph away and the index knows why not", "guest", graph.Person{}, graph.ErrUnavailable, graph.Confirmation{}, graph.ReasonGuest},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				guest := with(func(p *graph.Person) { p.ID, p.Type = "guest", "Guest" })
				asked := 0
				experts := ready(t, &fakeDirectory{
					delta: func(context.Context, graph.TenantID, string) (graph.DeltaPage, error) {
						return page("", "d", listed, guest), nil
					},
					person: func(ctx context.Context, id graph.UserID) (graph.Person, error) {
						asked++
						if id != c.id {
							t.Errorf("asked for %s", id)
						}
						if errors.Is(c.err, hang) {
							<-ctx.Done()
							return graph.Person{}, ctx.Err()
						}
						return c.live, c.err
					},
				}, "DE")
				began := time.Now()
				got, err := experts.Confirm(t.Context(), tenant, c.id)
				if took := time.Since(began); took > graph.DefaultConfirmTimeout {
					t.Errorf("took %s", took)
				}
				if asked != 1 {
					t.Errorf("asked %d times", asked)
				}
				if c.refused != "" {
					if refused, ok := errors.AsType[*graph.NotListedError](err); !ok || refused.Reason != c.refused {
						t.Errorf("Confirm: %v, want refusal %s", err, c.refused)
					}
					return
				}
				if err != nil {
					t.Fatalf("Confirm: %v", err)
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("Confirm (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestConfirmOutsideTheUsualCase(t *testing.T) {
	directory := &fakeDirectory{person: func(ctx context.Context, id graph.UserID) (graph.Person, error) {
		if id == "anna" {
			return expert("anna", "Anna"), nil
		}
		if err := ctx.Err(); err != nil {
			return graph.Person{}, err
		}
		return graph.Person{}, graph.ErrUnavailable
	}}
	experts, err := graph.NewExperts(graph.Config{}, graph.Deps{Directory: directory, Tenants: []graph.Tenant{{ID: tenant}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Run("before the first sync Graph can still confirm", func(t *testing.T) {
		got, err := experts.Confirm(t.Context(), tenant, "anna")
		if err != nil || !got.Live || got.NumberChanged {
			t.Errorf("Confirm: %+v, %v", got, err)
		}
	})
	t.Run("before the first sync and with Graph away nobody can", func(t *testing.T) {
		if _, err := experts.Confirm(t.Context(), tenant, "ben"); !errors.Is(err, graph.ErrNotReady) {
			t.Errorf("Confirm: %v, want ErrNotReady", err)
		}
	})
	t.Run("an ended context is no answer of the index", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := experts.Confirm(ctx, tenant, "ben"); !errors.Is(err, context.Canceled) {
			t.Errorf("Confirm: %v, want the context's error", err)
		}
	})
	t.Run("another organisation is not asked for", func(t *testing.T) {
		if _, err := experts.Confirm(t.Context(), "nobody's", "anna"); err == nil {
			t.Error("confirmed in an organisation that is not mirrored")
		}
	})
}

func TestMissingTellsTheReason(t *testing.T) {
	person := func(id graph.UserID, change func(*graph.Person)) graph.Person {
		p := expert(string(id), "Name of "+string(id))
		change(&p)
		return p
	}
	all := []graph.Person{
		person("listed", func(*graph.Person) {}),
		person("new", func(*graph.Person) {}),
		person("guest", func(p *graph.Person) { p.Type = "guest" }),
		person("disabled", func(p *graph.Person) { p.Enabled = false }),
		person("phoneless", func(p *graph.Person) { p.Phones = []string{" "} }),
		person("robot", func(p *graph.Person) { p.Type = "Service" }),
	}
	experts := ready(t, &fakeDirectory{
		delta: func(context.Context, graph.TenantID, string) (graph.DeltaPage, error) {
			return page("", "d", all[0]), nil
		},
		found: all,
	}, "DE")
	got, err := experts.Missing(t.Context(), tenant, "name")
	if err != nil {
		t.Fatal(err)
	}
	want := []graph.Missing{
		{ID: "listed", Name: "Name of listed"},
		{ID: "new", Name: "Name of new", Reason: graph.ReasonNotYetSynced},
		{ID: "guest", Name: "Name of guest", Reason: graph.ReasonGuest},
		{ID: "disabled", Name: "Name of disabled", Reason: graph.ReasonDisabled},
		{ID: "phoneless", Name: "Name of phoneless", Reason: graph.ReasonNoBusinessPhone},
		{ID: "robot", Name: "Name of robot", Reason: graph.ReasonOtherType},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Missing (-want +got):\n%s", diff)
	}
	if got, err := experts.Missing(t.Context(), tenant, " "); err != nil || len(got) != 0 {
		t.Errorf("Missing of a blank text: %v, %v", got, err)
	}
	if _, err := experts.Missing(t.Context(), "nobody's", "name"); !errors.Is(err, graph.ErrNotReady) {
		t.Errorf("Missing elsewhere: %v", err)
	}
}

// asked is a directory that keeps what it was asked to find.
type asked struct {
	fakeDirectory
	texts []string
}

func (d *asked) FindPeople(_ context.Context, _ graph.TenantID, text string, _ int) ([]graph.Person, error) {
	d.texts = append(d.texts, text)
	return nil, nil
}

func TestMissingAsksGraphForTextThatANameCanHold(t *testing.T) {
	d := &asked{}
	experts, err := graph.NewExperts(graph.Config{}, graph.Deps{Directory: d, Tenants: []graph.Tenant{{ID: tenant}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"O'Brien", " Jürgen \t Müller\r\n", "a\x00b\x1b", "j\xff\xfea", "\u0085\u00a0", "\x00", "') or true"} {
		if _, err := experts.Missing(t.Context(), tenant, text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	if diff := cmp.Diff([]string{"O'Brien", "Jürgen Müller", "a b", "ja", "') or true"}, d.texts); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}
