package memswitch_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
)

// world is a network, and a service that acknowledges every event. It must be
// made inside a synctest bubble, whose clock its timers follow.
type world struct {
	*memswitch.Switch
	t *testing.T

	mu     sync.Mutex
	events []consult.Event
}

func newWorld(t *testing.T, o memswitch.Options) *world {
	t.Helper()
	s, err := memswitch.New(o)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Switch: s, t: t}
	served := make(chan struct{})
	go func() {
		defer close(served)
		for e := range s.Events() {
			w.mu.Lock()
			w.events = append(w.events, e)
			w.mu.Unlock()
			if e.Ack != nil {
				e.Ack(nil)
			}
		}
	}()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		<-served
	})
	return w
}

// call connects a customer with an agent; their legs are "customer" and "agent".
func (w *world) call() consult.InteractionID {
	w.t.Helper()
	id, err := w.Call(w.t.Context(), consult.Call{Tenant: "t", From: "+4915112345", Agent: "anja", CustomerLeg: "customer", AgentLeg: "agent"})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) dial(id consult.InteractionID, leg consult.LegID) {
	w.t.Helper()
	d := consult.Dial{Leg: leg, Interaction: id, Party: consult.PartyConsulted, Number: "+49301234567"}
	if err := w.Dial(w.t.Context(), d); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) arrange(id consult.InteractionID, a consult.Arrangement) {
	w.t.Helper()
	if err := w.Arrange(w.t.Context(), id, a); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) act(id consult.InteractionID, party consult.Party, act memswitch.Act) {
	w.t.Helper()
	if err := w.Act(w.t.Context(), id, party, act); err != nil {
		w.t.Fatalf("Act(%s, %s): %v", party, act, err)
	}
}

func (w *world) inject(f memswitch.Fault) {
	w.t.Helper()
	if err := w.Inject(f); err != nil {
		w.t.Fatal(err)
	}
}

// heard waits until the network is idle and gives the events since the last time.
func (w *world) heard() []consult.Event {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	events := w.events
	w.events = nil
	return events
}

func (w *world) wantHeard(want ...consult.EventKind) {
	w.t.Helper()
	var got []consult.EventKind
	for _, e := range w.heard() {
		got = append(got, e.Kind)
	}
	if !slices.Equal(got, want) {
		w.t.Fatalf("events %v, want %v", got, want)
	}
}

// wantLegs is who is there, each as "leg state".
func (w *world) wantLegs(want ...string) {
	w.t.Helper()
	var got []string
	for _, l := range w.Lines() {
		got = append(got, string(l.Leg)+" "+string(l.State))
	}
	if !slices.Equal(got, want) {
		w.t.Fatalf("legs %q, want %q", got, want)
	}
}

func TestPartiesAnswerByThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{AnswerAfter: 3 * time.Second})
		id := w.call()
		w.dial(id, "expert")
		w.wantHeard(consult.EventCall, consult.EventRinging)
		time.Sleep(3*time.Second - time.Nanosecond)
		w.wantHeard()
		time.Sleep(time.Nanosecond)
		w.wantHeard(consult.EventAnswered)
		w.wantLegs("customer up", "agent up", "expert up")
	})
}

func TestAPartyWhoActedDoesNotAnswerByThemselvesLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{AnswerAfter: 3 * time.Second})
		id := w.call()
		w.dial(id, "expert")
		w.act(id, consult.PartyConsulted, memswitch.ActDecline)
		w.wantHeard(consult.EventCall, consult.EventRinging, consult.EventFailed)
		time.Sleep(time.Minute)
		w.wantHeard()
	})
}

func TestManualPartiesWaitForSomebody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{Manual: true, AnswerAfter: time.Second})
		id := w.call()
		w.dial(id, "expert")
		time.Sleep(time.Hour)
		w.wantHeard(consult.EventCall, consult.EventRinging)
		w.wantLegs("customer up", "agent up", "expert ringing")
	})
}

func TestAnActWaitsForTheLegThatItNeeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{Manual: true})
		id := w.call()
		told := make(chan error, 1)
		go func() { told <- w.Act(t.Context(), id, consult.PartyConsulted, memswitch.ActAnswer) }()
		time.Sleep(4 * time.Second)
		w.dial(id, "expert")
		if err := <-told; err != nil {
			t.Fatalf("Act: %v", err)
		}
		w.wantLegs("customer up", "agent up", "expert up")
	})
}

func TestAnActGivesUpAfterFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{Manual: true})
		id := w.call()
		began := time.Now()
		if err := w.Act(t.Context(), id, consult.PartyConsulted, memswitch.ActAnswer); !errors.Is(err, memswitch.ErrNoLeg) {
			t.Fatalf("Act: %v, want ErrNoLeg", err)
		}
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("gave up after %v, want 5s", took)
		}
	})
}

func TestAnActOnACallThatIsOverIsRefusedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{Manual: true})
		id := w.call()
		waiting := make(chan error, 1)
		go func() { waiting <- w.Act(t.Context(), id, consult.PartyConsulted, memswitch.ActAnswer) }()
		w.heard()
		began := time.Now()
		w.act(id, consult.PartyAgent, memswitch.ActHangup)
		w.act(id, consult.PartyCustomer, memswitch.ActHangup)
		if err := <-waiting; !errors.Is(err, memswitch.ErrNoLeg) {
			t.Errorf("waiting Act: %v, want ErrNoLeg", err)
		}
		if err := w.Act(t.Context(), id, consult.PartyCustomer, memswitch.ActHangup); !errors.Is(err, memswitch.ErrNoLeg) {
			t.Errorf("Act: %v, want ErrNoLeg", err)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("took %v, want no wait", took)
		}
	})
}

func TestAnUnknownActIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{Manual: true})
		if err := w.Act(t.Context(), w.call(), consult.PartyCustomer, "sing"); err == nil || errors.Is(err, memswitch.ErrNoLeg) {
			t.Fatalf("Act: %v, want an error of its own", err)
		}
	})
}

func TestNobodyWaitsForAClosedNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSwitch(t, memswitch.Options{Manual: true})
		told := make(chan error, 1)
		go func() {
			_, err := s.Call(t.Context(), consult.Call{}) // nobody reads its event
			told <- err
		}()
		synctest.Wait()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-told; !errors.Is(err, memswitch.ErrClosed) {
			t.Errorf("Call: %v, want ErrClosed", err)
		}
		for name, err := range map[string]error{
			"Dial":    s.Dial(t.Context(), consult.Dial{}),
			"Arrange": s.Arrange(t.Context(), "i", consult.Arrangement{}),
			"Hangup":  s.Hangup(t.Context(), "i", "l"),
			"Answer":  s.Answer(t.Context(), "i", "l"),
			"Act":     s.Act(t.Context(), "i", consult.PartyAgent, memswitch.ActHangup),
		} {
			if !errors.Is(err, memswitch.ErrClosed) {
				t.Errorf("%s: %v, want ErrClosed", name, err)
			}
		}
	})
}

func TestAPersonWhoGivesUpIsNotHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSwitch(t, memswitch.Options{Manual: true})
		ctx, giveUp := context.WithCancel(t.Context())
		giveUp()
		if _, err := s.Call(ctx, consult.Call{}); !errors.Is(err, context.Canceled) {
			t.Errorf("Call: %v, want context.Canceled", err)
		}
	})
}

func TestAfterATransferTheConsultedPartyIsAlsoTheAgent(t *testing.T) {
	for _, c := range []struct {
		name string
		act  func(w *world, id consult.InteractionID)
		want []string
	}{
		{"hanging up as agent", func(w *world, id consult.InteractionID) {
			w.act(id, consult.PartyAgent, memswitch.ActHangup)
		}, []string{"customer up"}},
		{"hanging up as consulted", func(w *world, id consult.InteractionID) {
			w.act(id, consult.PartyConsulted, memswitch.ActHangup)
		}, []string{"customer up"}},
		{"once they consult somebody, agent is still them", func(w *world, id consult.InteractionID) {
			w.dial(id, "second")
			w.act(id, consult.PartyAgent, memswitch.ActHangup)
		}, []string{"customer up", "second ringing"}},
		{"once they consult somebody, consulted is the other", func(w *world, id consult.InteractionID) {
			w.dial(id, "second")
			w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
			w.act(id, consult.PartyConsulted, memswitch.ActHangup)
		}, []string{"customer up", "expert up"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, memswitch.Options{Manual: true})
				id := w.call()
				w.dial(id, "expert")
				w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
				w.arrange(id, consult.Arrangement{Seq: 1, Cause: consult.ActionTransfer, Talk: []consult.LegID{"customer", "expert"}})
				if err := w.Hangup(t.Context(), id, "agent"); err != nil {
					t.Fatal(err)
				}
				c.act(w, id)
				w.wantLegs(c.want...)
			})
		})
	}
}

func TestTheAgentIsTheNewOwnerEvenBeforeTheFormerOneIsReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{Manual: true})
		id := w.call()
		w.dial(id, "expert")
		w.act(id, consult.PartyConsulted, memswitch.ActAnswer)
		w.arrange(id, consult.Arrangement{Seq: 1, Cause: consult.ActionTransfer, Talk: []consult.LegID{"customer", "expert"}})
		w.act(id, consult.PartyAgent, memswitch.ActHangup)
		w.wantLegs("customer up", "agent up")
	})
}

func TestLinesTellWhoHearsWhom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, memswitch.Options{Manual: true})
		id := w.call()
		hears := func(want map[consult.LegID][]consult.Party, music ...consult.LegID) {
			t.Helper()
			for _, l := range w.Lines() {
				if !slices.Equal(l.Hears, want[l.Leg]) || l.Music != slices.Contains(music, l.Leg) {
					t.Errorf("%s hears %v, music %t; want %v, music for %v", l.Leg, l.Hears, l.Music, want[l.Leg], music)
				}
			}
		}
		const customer, agent, consulted = consult.PartyCustomer, consult.PartyAgent, consult.PartyConsulted
		hears(map[consult.LegID][]consult.Party{"customer": {agent}, "agent": {customer}})
		w.dial(id, "expert")
		w.act(id, consulted, memswitch.ActAnswer)
		w.arrange(id, consult.Arrangement{Seq: 1, Talk: []consult.LegID{"agent", "expert"}, Hold: []consult.LegID{"customer"}})
		hears(map[consult.LegID][]consult.Party{"agent": {consulted}, "expert": {agent}}, "customer")
		w.arrange(id, consult.Arrangement{Seq: 2, Talk: []consult.LegID{"customer", "agent", "expert"}})
		hears(map[consult.LegID][]consult.Party{"customer": {agent, consulted}, "agent": {customer, consulted}, "expert": {customer, agent}})
		w.act(id, consulted, memswitch.ActHangup)
		hears(map[consult.LegID][]consult.Party{"customer": {agent}, "agent": {customer}})
	})
}

func TestARefusedCallLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "legs")
		s := newSwitch(t, memswitch.Options{Manual: true, File: file})
		go func() { (<-s.Events()).Ack(errors.New("refused")) }()
		if _, err := s.Call(t.Context(), consult.Call{}); err == nil {
			t.Fatal("Call: no error")
		}
		if lines := s.Lines(); len(lines) > 0 {
			t.Errorf("lines %v, want none", lines)
		}
	})
}
