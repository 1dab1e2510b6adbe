package msgraph_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"teamsbridge/graph"
	"teamsbridge/graph/graphtest"
	"teamsbridge/store/storetest"
)

// mirroring runs a mirror of contoso over the real SDK until stop is called.
func (w *world) mirroring(t *testing.T, cfg graph.Config, store graph.Store) (experts *graph.Experts, stop func()) {
	t.Helper()
	cfg.Persist, cfg.SyncInterval = true, time.Hour // rounds come when the test asks for them
	experts, err := graph.NewExperts(cfg, graph.Deps{Directory: w.Client, Tenants: []graph.Tenant{{ID: contoso, Country: "DE"}}, Store: store})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- experts.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return experts, stop
}

// until waits for a status; the test's own limit bounds it.
func until(t *testing.T, experts *graph.Experts, is func(graph.Status) bool) graph.Status {
	t.Helper()
	statuses, stop := experts.Subscribe(contoso)
	defer stop()
	for s := experts.Status(contoso); ; {
		if is(s) {
			return s
		}
		select {
		case s = <-statuses:
		case <-t.Context().Done():
			t.Fatal("never")
		}
	}
}

func ready(s graph.Status) bool { return s.Ready }

// synced asks for a round and waits until it is over.
func synced(t *testing.T, experts *graph.Experts) graph.Status {
	t.Helper()
	before := experts.Status(contoso).SyncedAt
	experts.SyncNow(contoso)
	return until(t, experts, func(s graph.Status) bool { return s.SyncedAt.After(before) })
}

func TestAMirrorOverTheRealSDKGoesOnAfterARestart(t *testing.T) {
	w := newWorld(t, 700, func(o *graphtest.Options) { o.UnevenDelta = true })
	store := new(storetest.Memory)
	experts, stop := w.mirroring(t, graph.Config{}, store)
	first := until(t, experts, ready)
	if first.People != 700 || first.Experts == 0 || first.Experts >= 700 {
		t.Errorf("Status %+v", first)
	}
	stop()

	w.graph.DeleteUser(contoso, w.org.Users[0].ID)
	w.requests()
	experts, _ = w.mirroring(t, graph.Config{}, store)
	until(t, experts, ready)
	if _, err := experts.Expert(contoso, w.id(1)); err != nil {
		t.Errorf("right after the restart: %v", err)
	}
	again := until(t, experts, func(s graph.Status) bool { return s.SyncedAt.After(first.SyncedAt) })
	if again.Experts != first.Experts-1 || again.People != 699 {
		t.Errorf("after the first round: %+v, want one less than %+v", again, first)
	}
	for _, r := range w.requests() {
		if r.path != "/v1.0/users/delta" || len(r.query) < len("$deltatoken=") || r.query[:len("$select")] == "$select" {
			t.Errorf("asked %s?%.40s: everything from the start", r.path, r.query)
		}
	}
}

func TestAResetOverTheRealSDKStartsOverInTheBackground(t *testing.T) {
	w := newWorld(t, 300)
	experts, _ := w.mirroring(t, graph.Config{}, new(storetest.Memory))
	first := until(t, experts, ready)
	w.graph.ResetDelta()
	w.graph.DeleteUser(contoso, w.org.Users[0].ID)
	if got := synced(t, experts); got.Experts != first.Experts-1 || got.LastError != "" {
		t.Errorf("Status %+v, want one less than %+v", got, first)
	}
}

func TestExpertsByGroupOverTheRealSDK(t *testing.T) {
	w := newWorld(t, 100)
	w.withGroups(t)
	w.graph.PutGroup(contoso, graphtest.Group{ID: specialists, DisplayName: "Specialists", Members: []string{w.org.Users[0].ID}})
	experts, _ := w.mirroring(t, graph.Config{Include: graph.Filter{Groups: []string{specialists}}}, new(storetest.Memory))
	if got := until(t, experts, ready); got.Experts != 1 {
		t.Errorf("Status %+v, want the one in the group", got)
	}
	found, err := experts.Missing(t.Context(), contoso, w.org.Users[1].DisplayName)
	if err != nil || len(found) == 0 || found[0].Reason != graph.ReasonFiltered {
		t.Errorf("Missing: %+v, %v", found, err)
	}
}
