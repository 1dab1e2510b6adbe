package reserve_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/consult/reserve/reservetest"
	"teamsbridge/sso"
	"teamsbridge/store/storetest"
)

// targets is an engine that reaches one expert.
type targets struct {
	refusal error
	reach   consult.Reach
	asked   atomic.Int32
}

func (t *targets) Reach(context.Context, sso.Principal, consult.TargetRequest) (consult.Reach, error) {
	t.asked.Add(1)
	return t.reach, t.refusal
}

// world is a book, with its store and its engine.
type world struct {
	t       *testing.T
	who     map[string]sso.Principal
	store   *storetest.Memory
	targets *targets
	book    *reserve.Book
	numbers []string
}

func newWorld(t *testing.T, numbers ...string) *world {
	t.Helper()
	who, err := reservetest.People()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, who: who, store: &storetest.Memory{}, numbers: numbers, targets: &targets{reach: consult.Reach{
		Target:     consult.Target{Kind: consult.TargetOrganization, ID: "e-7", Name: "Jürgen Müller", Number: "+49301234567", Expert: "e-7"},
		Acceptance: true, RingTimeout: 15 * time.Second, AcceptTimeout: 25 * time.Second,
	}}}
	w.restart()
	return w
}

// restart makes a new book of what is stored.
func (w *world) restart() {
	w.t.Helper()
	book, err := reserve.New(w.t.Context(), reserve.Config{}, reserve.Deps{Store: w.store, Targets: w.targets, Numbers: w.numbers})
	if err != nil {
		w.t.Fatal(err)
	}
	w.book = book
}

// run runs the book until the test ends.
func (w *world) run() {
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.book.Run(ctx) }()
	w.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			w.t.Errorf("Run: %v", err)
		}
	})
}

func (w *world) reserve(who string) reserve.Reservation {
	w.t.Helper()
	r, err := w.book.Reserve(w.t.Context(), w.who[who], reserve.Request{})
	if err != nil {
		w.t.Fatalf("Reserve: %v", err)
	}
	return r
}

func (w *world) claim(r reserve.Reservation) *reserve.Call {
	w.t.Helper()
	call, err := w.book.Claim(w.t.Context(), r.Dial, r.Code)
	if err != nil {
		w.t.Fatalf("Claim: %v", err)
	}
	return call
}

// want reads a reservation back, as the maker does and as the store has it.
func (w *world) want(r reserve.Reservation, state reserve.State, reason consult.FailureReason) {
	w.t.Helper()
	stored, err := w.store.Reservation(w.t.Context(), r.Tenant, r.ID)
	if err != nil || stored.State != state || stored.Reason != reason {
		w.t.Errorf("stored %s %q, %v; want %s %q", stored.State, stored.Reason, err, state, reason)
	}
	seen, err := w.book.View(w.t.Context(), w.who[string(r.Agent)], r.ID)
	if err != nil || seen.State != state || seen.Reason != reason {
		w.t.Errorf("seen %s %q, %v; want %s %q", seen.State, seen.Reason, err, state, reason)
	}
}
