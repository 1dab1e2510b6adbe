package crash

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"teamsbridge/configs"
	"teamsbridge/consult"
	"teamsbridge/internal/porttest"
	"teamsbridge/store/sqlite"
)

var (
	kills   = flag.Int("kills", 5, "how often the process is killed")
	workers = flag.Int("workers", 8, "how many do things at the same time")
	seed    = flag.Uint64("seed", 0, "of what they do and when it is killed; 0: another one each time")
)

func TestKilledAtRandomMomentsNothingIsLostTwiceOrStuck(t *testing.T) {
	t.Parallel()
	path, err := binary()
	must(t, err)
	chosen := *seed
	if chosen == 0 {
		chosen = uint64(time.Now().UnixNano())
	}
	random := rand.New(rand.NewPCG(chosen, 0)) // it must be repeatable, not secret
	s := &service{binary: path, dir: t.TempDir(), secure: porttest.Address(t), seed: 7, unknown: make(chan struct{}, 1)}
	r := &report{seed: chosen, done: tally{}, found: tally{}}
	crew := make([]*worker, *workers)
	for i := range crew {
		crew[i] = &worker{service: s, number: i, random: rand.New(rand.NewPCG(chosen, uint64(i)+1)), did: tally{}}
	}
	t.Cleanup(func() {
		r.count(crew)
		t.Log(r)
	})
	must(t, s.start(t.Context()))
	t.Cleanup(func() { _ = s.demo.Stop() })
	for r.kills < *kills || r.kills < 2**kills && len(r.lacks()) > 0 { // a slow machine does less in each life
		s.mood = moods[r.kills%len(moods)]
		workUntilKilled(t, s, crew, time.Duration(100+random.IntN(900))*time.Millisecond)
		r.kills++
		must(t, s.start(t.Context()))
		checkAll(t, s, crew, r)
		r.count(crew)
		if t.Failed() {
			t.Fatalf("seed %d, after kill %d; the service said:\n%s", chosen, r.kills, s.demo.Output())
		}
	}
	finishAll(t, s)
	must(t, s.demo.Stop())
	must(t, s.readPhones())
	r.left = s.phones.left(replayAll(t, s, r))
	r.count(crew)
	for _, what := range r.lacks() {
		t.Errorf("too few %s: the test tests nothing", what)
	}
	r.onlyRefusedAreLeft(t)
}

// workUntilKilled lets everybody work and kills the process in the middle of
// it; in a silent life once somebody has been told that the outcome is unknown.
func workUntilKilled(t *testing.T, s *service, crew []*worker, lasts time.Duration) {
	t.Helper()
	var working sync.WaitGroup
	for _, w := range crew {
		working.Go(func() { w.work(t.Context()) })
	}
	if s.mood == silent {
		select {
		case <-s.unknown:
		case <-time.After(silenceLimit):
		}
	}
	<-time.After(lasts)
	must(t, s.kill())
	working.Wait()
}

// checkAll looks at every call of everybody.
func checkAll(t *testing.T, s *service, crew []*worker, r *report) {
	t.Helper()
	var mu sync.Mutex
	var checking sync.WaitGroup
	for _, w := range crew {
		for _, call := range w.calls {
			checking.Go(func() {
				found := tally{}
				err := s.check(t.Context(), call, found)
				mu.Lock()
				defer mu.Unlock()
				r.found.add(found)
				if err != nil {
					t.Errorf("%s: %v", call.id, err)
				}
			})
		}
	}
	checking.Wait()
}

// finishAll brings every call that the service knows to its end, as its people
// would: the customer hangs up, everybody wraps up. That includes calls whose
// beginning was not answered, so that no worker knows of them.
func finishAll(t *testing.T, s *service) {
	t.Helper()
	a, err := ask(t.Context(), "GET", s.demo.Page+"/api/v1/interactions", s.tokens[s.supervisor()], "", "")
	must(t, err)
	var list struct{ Interactions []view }
	must(t, a.decode(&list))
	var finishing sync.WaitGroup
	for _, v := range list.Interactions {
		finishing.Go(func() {
			if err := s.finish(t.Context(), v.ID); err != nil {
				t.Errorf("%s does not end: %v", v.ID, err)
			}
		})
	}
	finishing.Wait()
}

func (s *service) finish(ctx context.Context, id string) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for looks := 1; ; looks++ {
		v, err := s.read(ctx, id, s.supervisor())
		if err != nil || v.Phase == "ended" {
			return err
		}
		if v.Phase != "wrapup" {
			s.act(ctx, id, "customer", "hangup")
		}
		for _, u := range s.agents() { // whoever has nothing to wrap up is refused
			if _, err := s.interaction(ctx, "POST", id, "/wrap-up", u.ID, "", fmt.Sprintf(`{"code":%q}`, s.world.WrapUpReasons[0].Code)); err != nil {
				return err
			}
		}
		if looks == settleLooks {
			return fmt.Errorf("%w in %s: %+v", errStuck, v.Phase, v)
		}
		<-tick.C
	}
}

// replayAll makes every interaction anew from its inputs, and gives their ids.
func replayAll(t *testing.T, s *service, r *report) map[string]bool {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(s.dir, "teamsbridge.db"), sqlite.Existing())
	must(t, err)
	defer func() { _ = store.Close() }()
	cfg := configs.Default().ConsultConfig() // the demo adds what rules do not depend on
	cfg.WrapUp.Reasons = []consult.WrapUpReason{{Code: "any"}}
	live, err := store.Live(t.Context())
	must(t, err)
	ended, err := store.Owned(t.Context(), s.world.Tenant, "", 0)
	must(t, err)
	journaled := map[string]bool{}
	for _, stored := range slices.Concat(live, ended) {
		r.replayed++
		journaled[string(stored.Interaction)] = true
		if err := replays(t.Context(), store, cfg, stored); err != nil {
			t.Errorf("%s: %v", stored.Interaction, err)
		}
	}
	if len(live) > 0 {
		t.Errorf("%d interactions are still live", len(live))
	}
	return journaled
}

func replays(ctx context.Context, store *sqlite.Store, cfg consult.Config, stored consult.Stored) error {
	inputs, err := store.Inputs(ctx, stored.Tenant, stored.Interaction)
	if err != nil {
		return err
	}
	state, err := consult.Replay(cfg, inputs)
	if err != nil {
		return err
	}
	replayed, err := json.Marshal(state)
	if err != nil {
		return err
	}
	if string(replayed) != string(stored.State) {
		return errors.Join(errors.New("replaying the inputs gives another state"), fmt.Errorf("replayed %s", replayed), fmt.Errorf("kept     %s", stored.State))
	}
	return nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
