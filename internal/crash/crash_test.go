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
	"teamsbridge/store/sqlite"
)

var (
	kills   = flag.Int("kills", 8, "how often the process is killed")
	workers = flag.Int("workers", 8, "how many do things at the same time")
	seed    = flag.Uint64("seed", 0, "of what they do and when it is killed; 0: another one each time")
)

// report is what a run did.
type report struct {
	kills, calls, resent, repeated, replayed int
	acknowledged                             map[string]bool // by key
	steps                                    int
}

func (r *report) String() string {
	return fmt.Sprintf("%d kills, %d calls with %d steps, %d commands acknowledged, %d keys sent again without and %d with an answer, %d journals replayed",
		r.kills, r.calls, r.steps, len(r.acknowledged), r.resent, r.repeated, r.replayed)
}

func TestKilledAtRandomMomentsNothingIsLostTwiceOrStuck(t *testing.T) {
	path, err := binary()
	must(t, err)
	chosen := *seed
	if chosen == 0 {
		chosen = uint64(time.Now().UnixNano()) //nolint:gosec // any number does
	}
	random := rand.New(rand.NewPCG(chosen, 0)) //nolint:gosec // it must be repeatable, not secret
	s := &service{binary: path, dir: t.TempDir(), seed: 7}
	r := &report{acknowledged: map[string]bool{}}
	t.Cleanup(func() { t.Logf("seed %d: %s", chosen, r) })

	crew := make([]*worker, *workers)
	for i := range crew {
		crew[i] = &worker{service: s, number: i, random: rand.New(rand.NewPCG(chosen, uint64(i)+1))} //nolint:gosec // see above
	}
	must(t, s.start(t.Context()))
	t.Cleanup(func() { _ = s.demo.Stop() })
	for r.kills < *kills {
		workUntilKilled(t, s, crew, time.Duration(100+random.IntN(900))*time.Millisecond)
		r.kills++
		must(t, s.start(t.Context()))
		checkAll(t, s, crew, r)
		if t.Failed() {
			t.Fatalf("seed %d, after kill %d; the service said:\n%s", chosen, r.kills, s.demo.Output())
		}
	}
	if len(r.acknowledged) < 2**kills {
		t.Errorf("only %d commands were acknowledged: the test tests nothing", len(r.acknowledged))
	}
	finishAll(t, s)
	must(t, s.demo.Stop())
	replayAll(t, s, r)
}

// workUntilKilled lets everybody work and kills the process in the middle of it.
func workUntilKilled(t *testing.T, s *service, crew []*worker, lasts time.Duration) {
	t.Helper()
	var working sync.WaitGroup
	for _, w := range crew {
		working.Go(func() { w.work(t.Context()) })
	}
	<-time.After(lasts)
	must(t, s.kill())
	working.Wait()
	for _, twice := range s.phones.twice {
		t.Error(twice)
	}
}

// checkAll looks at every call of everybody.
func checkAll(t *testing.T, s *service, crew []*worker, r *report) {
	t.Helper()
	r.calls, r.steps = 0, 0
	var mu sync.Mutex
	var checking sync.WaitGroup
	for _, w := range crew {
		for _, call := range w.calls {
			r.calls++
			own := report{acknowledged: map[string]bool{}}
			checking.Go(func() {
				err := s.check(t.Context(), call, &own)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Errorf("%s: %v", call.id, err)
				}
				r.resent, r.repeated, r.steps = r.resent+own.resent, r.repeated+own.repeated, r.steps+len(call.history)
				for key := range own.acknowledged {
					r.acknowledged[key] = true
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
	a, err := ask(t.Context(), "GET", s.demo.Page+"/api/v1/interactions", s.supervisor(), "", "")
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
	limit := time.After(settleLimit)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		a, err := ask(ctx, "GET", s.demo.Page+"/api/v1/interactions/"+id, s.supervisor(), "", "")
		if err != nil {
			return err
		}
		var v view
		if err := a.decode(&v); err != nil || v.Phase == "ended" {
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
		select {
		case <-tick.C:
		case <-limit:
			return fmt.Errorf("stuck in %s: %s", v.Phase, a.raw)
		}
	}
}

// replayAll makes every interaction anew from its inputs.
func replayAll(t *testing.T, s *service, r *report) {
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
	for _, stored := range slices.Concat(live, ended) {
		r.replayed++
		if err := replays(t.Context(), store, cfg, stored); err != nil {
			t.Errorf("%s: %v", stored.Interaction, err)
		}
	}
	if len(live) > 0 {
		t.Errorf("%d interactions are still live", len(live))
	}
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
