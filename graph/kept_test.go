package graph_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/graph"
)

// shelf is a graph.Store in memory, which can be made to fail.
type shelf struct {
	mu      sync.Mutex
	kept    map[graph.TenantID]graph.Checkpoint
	people  map[graph.TenantID]map[int64]map[graph.UserID]graph.Expert
	pruned  int
	failing error // of writes
	unread  error // of reads
	batches int
}

func newShelf() *shelf {
	return &shelf{kept: map[graph.TenantID]graph.Checkpoint{}, people: map[graph.TenantID]map[int64]map[graph.UserID]graph.Expert{}}
}

func (s *shelf) Checkpoints(context.Context) (map[graph.TenantID]graph.Checkpoint, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.kept), s.unread
}

func (s *shelf) KeptExperts(_ context.Context, tenant graph.TenantID, generation int64, yield func(graph.Expert) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.people[tenant][generation] {
		if err := yield(e); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) KeepExperts(_ context.Context, tenant graph.TenantID, b graph.Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing != nil {
		return s.failing
	}
	s.batches++
	s.kept[tenant] = b.Checkpoint
	if s.people[tenant] == nil {
		s.people[tenant] = map[int64]map[graph.UserID]graph.Expert{}
	}
	of := s.people[tenant][b.Generation]
	if of == nil {
		of = map[graph.UserID]graph.Expert{}
		s.people[tenant][b.Generation] = of
	}
	for _, e := range b.Put {
		of[e.ID] = e
	}
	for _, id := range b.Delete {
		delete(of, id)
	}
	return nil
}

func (s *shelf) ForgetDirectory(_ context.Context, tenant graph.TenantID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, tenant)
	return nil
}

func (s *shelf) PruneExperts(_ context.Context, limit int) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for tenant, generations := range s.people {
		c := s.kept[tenant]
		for g, people := range generations {
			if g == c.Complete.Generation || g == c.Reading.Generation {
				continue
			}
			for id := range people {
				if n == limit {
					return n, nil
				}
				delete(people, id)
				n++
			}
			delete(generations, g)
		}
	}
	s.pruned += n
	return n, nil
}

// everybody kept of an organisation, in every generation.
func (s *shelf) everybody(tenant graph.TenantID) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []string{}
	for _, people := range s.people[tenant] {
		for id := range people {
			all = append(all, string(id))
		}
	}
	slices.Sort(all)
	return all
}

func (s *shelf) checkpoint() graph.Checkpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[tenant]
}

// process runs a mirror over the shelf as one process would; stop ends it.
func (s *shelf) process(t *testing.T, d graph.Directory, change ...func(*graph.Config)) (experts *graph.Experts, stop func()) {
	t.Helper()
	cfg := graph.Config{Persist: true}
	for _, c := range change {
		c(&cfg)
	}
	experts, err := graph.NewExperts(cfg, graph.Deps{Directory: d, Tenants: []graph.Tenant{{ID: tenant, Country: "DE"}}, Store: s})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- experts.Run(ctx) }()
	return experts, sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func scripted(t *testing.T, steps ...step) *fakeDirectory {
	return &fakeDirectory{delta: newScript(t, steps...).answer}
}

func TestARestartAnswersAtOnceAndGoesOnByDelta(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		guest := expert("guest", "Guest")
		guest.Type = "Guest"
		_, stop := s.process(t, scripted(t,
			step{"", page("p2", "", expert("anna", "Anna"), guest), nil},
			step{"p2", page("", "d1", expert("ben", "Ben")), nil},
			step{"d1", page("", "d2", expert("carl", "Carl"), graph.Person{ID: "ben", Removed: true}), nil},
		))
		time.Sleep(aRound)
		stop()
		if diff := cmp.Diff([]string{"anna", "carl"}, s.everybody(tenant)); diff != "" {
			t.Errorf("kept, only who is listed (-want +got):\n%s", diff)
		}
		synced := s.checkpoint().Complete.At

		time.Sleep(time.Hour)
		gate := make(chan struct{})
		experts, stop := s.process(t, &fakeDirectory{delta: func(_ context.Context, _ graph.TenantID, link string) (graph.DeltaPage, error) {
			if link != "d2" {
				t.Errorf("asked for %q, want the kept link", link)
			}
			<-gate
			return page("", "d3", expert("dora", "Dora")), nil
		}})
		defer stop()
		synctest.Wait() // Graph has not answered yet
		listed(t, experts, "anna", "carl")
		if got := experts.Status(tenant); !got.Ready || !got.SyncedAt.Equal(synced) || got.Experts != 2 || got.People != 3 {
			t.Errorf("Status: %+v, want what was kept at %s", got, synced)
		}
		close(gate)
		synctest.Wait()
		listed(t, experts, "anna", "carl", "dora")
	})
}

func TestAFullReadGoesOnWhereTheProcessStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		_, stop := s.process(t, &fakeDirectory{delta: func(ctx context.Context, _ graph.TenantID, link string) (graph.DeltaPage, error) {
			switch link {
			case "":
				return page("p2", "", expert("anna", "Anna"), graph.Person{ID: "off"}), nil
			case "p2":
				return page("p3", "", expert("ben", "Ben"), graph.Person{ID: "anna", Removed: true}), nil
			}
			<-ctx.Done()
			return graph.DeltaPage{}, ctx.Err()
		}})
		synctest.Wait()
		stop()

		experts, stop := s.process(t, scripted(t, step{"p3", page("", "d1", expert("carl", "Carl")), nil}))
		defer stop()
		synctest.Wait()
		listed(t, experts, "ben", "carl")
		if got := s.checkpoint(); got.Complete.Link != "d1" || got.Reading != (graph.Kept{}) {
			t.Errorf("checkpoint %+v", got)
		}
		if diff := cmp.Diff([]string{"ben", "carl"}, s.everybody(tenant)); diff != "" {
			t.Errorf("kept (-want +got):\n%s", diff)
		}
	})
}

func TestALinkThatExpiredWhileTheProcessWasDownStartsOverInTheBackground(t *testing.T) {
	for name, link := range map[string]string{"of a delta": "d1", "of a page of a full read": "p2"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShelf()
				_, stop := s.process(t, scripted(t, step{"", page("", "d1", expert("anna", "Anna"), expert("ben", "Ben")), nil}))
				synctest.Wait()
				stop()
				if link == "p2" {
					_, stop := s.process(t, &fakeDirectory{delta: func(ctx context.Context, _ graph.TenantID, link string) (graph.DeltaPage, error) {
						switch link {
						case "d1":
							return graph.DeltaPage{}, graph.ErrResyncRequired
						case "":
							return page("p2", "", expert("anna", "Anna")), nil
						}
						<-ctx.Done()
						return graph.DeltaPage{}, ctx.Err()
					}})
					synctest.Wait()
					stop()
				}
				gate := make(chan struct{})
				experts, stop := s.process(t, &fakeDirectory{delta: func(_ context.Context, _ graph.TenantID, asked string) (graph.DeltaPage, error) {
					if asked == link {
						return graph.DeltaPage{}, fmt.Errorf("too old: %w", graph.ErrResyncRequired)
					}
					<-gate
					return page("", "d2", expert("anna", "Anna"), expert("carl", "Carl")), nil
				}})
				defer stop()
				synctest.Wait()
				listed(t, experts, "anna", "ben") // the old index answers
				if got := experts.Status(tenant); got.LastError != "" {
					t.Errorf("Status: %+v, want no failure: that links end is the rule", got)
				}
				close(gate)
				synctest.Wait()
				listed(t, experts, "anna", "carl")
				if diff := cmp.Diff([]string{"anna", "carl"}, s.everybody(tenant)); diff != "" {
					t.Errorf("kept (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestAStoreThatFailsLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		experts, stop := s.process(t, scripted(t,
			step{"", page("", "d1", expert("anna", "Anna"), expert("ben", "Ben")), nil},
			step{"d1", page("", "d2", expert("carl", "Carl")), nil},
			step{"d2", page("", "d3", graph.Person{ID: "ben", Removed: true}), nil},
		))
		defer stop()
		synctest.Wait()
		s.mu.Lock()
		s.failing = errors.New("disk full")
		s.mu.Unlock()
		time.Sleep(aRound)
		listed(t, experts, "anna", "ben", "carl") // the index does not depend on the store
		if got := s.checkpoint().Complete.Link; got != "d1" {
			t.Errorf("kept link %q without what came before it", got)
		}
		s.mu.Lock()
		s.failing = nil
		s.mu.Unlock()
		time.Sleep(aRound)
		if diff := cmp.Diff([]string{"anna", "carl"}, s.everybody(tenant)); diff != "" || s.checkpoint().Complete.Link != "d3" {
			t.Errorf("kept up to %q (-want +got):\n%s", s.checkpoint().Complete.Link, diff)
		}
	})
}

func TestAStoreThatCannotBeReadIsDoneWithout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		s.unread = errors.New("no such table")
		experts, stop := s.process(t, scripted(t, step{"", page("", "d1", expert("anna", "Anna")), nil}))
		defer stop()
		synctest.Wait()
		listed(t, experts, "anna")
	})
}

func TestWhatIsKeptUnderOtherRulesIsNotShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		chief := expert("chief", "Chief")
		chief.Department = "Vorstand"
		_, stop := s.process(t, scripted(t, step{"", page("", "d1", expert("anna", "Anna"), chief), nil}))
		synctest.Wait()
		stop()
		gate := make(chan struct{})
		experts, stop := s.process(t, &fakeDirectory{delta: func(_ context.Context, _ graph.TenantID, link string) (graph.DeltaPage, error) {
			if link != "" {
				t.Errorf("asked for %q, want everybody", link)
			}
			<-gate
			return page("", "d2", expert("anna", "Anna"), chief), nil
		}}, func(c *graph.Config) { c.Exclude.Departments = []string{"vorstand"} })
		defer stop()
		synctest.Wait()
		if _, err := experts.Search(t.Context(), tenant, graph.Query{}); !errors.Is(err, graph.ErrNotReady) {
			t.Errorf("Search: %v, want ErrNotReady", err)
		}
		close(gate)
		synctest.Wait()
		listed(t, experts, "anna")
		if diff := cmp.Diff([]string{"anna"}, s.everybody(tenant)); diff != "" {
			t.Errorf("kept (-want +got):\n%s", diff)
		}
	})
}

func TestNothingIsLeftOfAnOrganisationThatIsNotServedAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			persist bool
			mode    string
			tenant  graph.TenantID
		}{
			"another organisation is served":  {true, graph.ModeIndex, "another"},
			"nothing is to be kept any more":  {false, graph.ModeIndex, tenant},
			"the directory is now asked live": {true, graph.ModeLive, tenant},
		} {
			s := newShelf()
			_, stop := s.process(t, scripted(t, step{"", page("", "d1", expert("anna", "Anna")), nil}))
			synctest.Wait()
			stop()
			directory := &liveDirectory{fakeDirectory: fakeDirectory{delta: func(context.Context, graph.TenantID, string) (graph.DeltaPage, error) {
				return page("", "d1", expert("anna", "Anna")), nil
			}}}
			experts, err := graph.NewExperts(graph.Config{Persist: c.persist, Mode: c.mode}, graph.Deps{
				Directory: directory, Tenants: []graph.Tenant{{ID: c.tenant}}, Store: s,
			})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- experts.Run(ctx) }()
			synctest.Wait()
			if left := s.everybody(tenant); len(left) > 0 || s.checkpoint() != (graph.Checkpoint{}) {
				t.Errorf("%s: left %v, %+v", name, left, s.checkpoint())
			}
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}
