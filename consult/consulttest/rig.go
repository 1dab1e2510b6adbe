package consulttest

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"teamsbridge/consult"
)

// Rig is a switch with the hands that play the far ends. Nobody answers by
// themselves, and nobody but the check reads Events.
type Rig struct {
	consult.Switch
	// Call plays a customer who rings and an agent who has answered. It returns
	// the service's word on the event.
	Call func(ctx context.Context, call consult.Call) (consult.InteractionID, error)
	// Act plays a party on their telephone: answer, decline, busy, no-answer,
	// voicemail or hangup. It returns the service's word on the event.
	Act func(ctx context.Context, call consult.InteractionID, party consult.Party, act string) error
	// Close stops the switch.
	Close func() error
	// Deaf is a switch that cannot tell a voicemail from a person by itself.
	Deaf bool
}

// T is what the checks need of *testing.T.
type T interface {
	Helper()
	Context() context.Context
	Fatalf(format string, args ...any)
}

// Check is one promise of the contract.
type Check struct {
	Name string // a sentence
	Run  func(t T, r Rig)
	// Answerer marks checks for switches that implement consult.Answerer.
	Answerer bool
	// Voicemail marks checks for switches that can tell a voicemail from a person.
	Voicemail bool
}

// Checks lists the contract.
func Checks() []Check {
	return slices.Concat(callChecks, dialChecks, pictureChecks, hangupChecks, orderChecks)
}

// Run holds a switch to the contract; newRig makes a fresh one for each check.
func Run(t *testing.T, newRig func(t *testing.T) Rig) {
	t.Helper()
	for _, c := range Checks() {
		t.Run(c.Name, func(t *testing.T) {
			r := newRig(t)
			if _, can := r.Switch.(consult.Answerer); c.Answerer && !can || c.Voicemail && r.Deaf {
				return // a documented capability, not a promise of every switch
			}
			c.Run(t, r)
		})
	}
}

// patience bounds the wait for an event that must come.
const patience = time.Minute

// next waits for the next event and demands its kind and leg ("" for events
// about a whole interaction).
func (r Rig) next(t T, kind consult.EventKind, leg consult.LegID) consult.Event {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case e, open := <-r.Events():
		if !open {
			t.Fatalf("events closed, want %s", kind)
		}
		if e.Kind != kind || e.Leg != leg {
			t.Fatalf("event %s of leg %q (seq %d, reason %q), want %s of leg %q", e.Kind, e.Leg, e.Seq, e.Reason, kind, leg)
		}
		return e
	case <-limit.C:
		t.Fatalf("no event in %v, want %s of leg %q", patience, kind, leg)
	}
	return consult.Event{}
}

// connect makes a call of a customer with an agent.
func (r Rig) connect(t T) (consult.InteractionID, consult.Call) {
	t.Helper()
	type outcome struct {
		id  consult.InteractionID
		err error
	}
	told := make(chan outcome, 1)
	go func() {
		id, err := r.Call(t.Context(), consult.Call{Tenant: "tenant", From: "+4915112345", Agent: "anja"})
		told <- outcome{id, err}
	}()
	e := r.next(t, consult.EventCall, "")
	if e.Call == nil || e.Ack == nil {
		t.Fatalf("event %+v, want one with Call and Ack", e)
	}
	e.Ack(nil)
	o := <-told
	if o.err != nil || o.id != e.Interaction {
		t.Fatalf("Call = %q, %v; the event told of %q", o.id, o.err, e.Interaction)
	}
	return e.Interaction, *e.Call
}

// act plays a party, takes the event that must follow and acknowledges it.
func (r Rig) act(t T, id consult.InteractionID, party consult.Party, act string, kind consult.EventKind, leg consult.LegID) consult.Event {
	t.Helper()
	told := make(chan error, 1)
	go func() { told <- r.Act(t.Context(), id, party, act) }()
	e := r.next(t, kind, leg)
	if e.Interaction != id || e.Ack == nil {
		t.Fatalf("event of interaction %q, acknowledgeable: %t; want one of %q that can be acknowledged", e.Interaction, e.Ack != nil, id)
	}
	e.Ack(nil)
	if err := <-told; err != nil {
		t.Fatalf("Act(%s, %s): %v", party, act, err)
	}
	return e
}

// ring dials the consulted party and waits until it rings.
func (r Rig) ring(t T, id consult.InteractionID, leg consult.LegID) {
	t.Helper()
	r.dial(t, id, leg)
	r.next(t, consult.EventRinging, leg)
}

func (r Rig) dial(t T, id consult.InteractionID, leg consult.LegID) {
	t.Helper()
	d := consult.Dial{Leg: leg, Interaction: id, Party: consult.PartyConsulted, Number: "+49301234567", Kind: consult.TargetOrganization}
	if err := r.Dial(t.Context(), d); err != nil {
		t.Fatalf("Dial(%q): %v", leg, err)
	}
}

// consulted makes a call with a consulted party who has answered.
func (r Rig) consulted(t T) (consult.InteractionID, consult.Call, consult.LegID) {
	t.Helper()
	id, call := r.connect(t)
	const leg = consult.LegID("expert")
	r.ring(t, id, leg)
	r.act(t, id, consult.PartyConsulted, "answer", consult.EventAnswered, leg)
	return id, call, leg
}

func (r Rig) arrange(t T, id consult.InteractionID, a consult.Arrangement) {
	t.Helper()
	if err := r.Arrange(t.Context(), id, a); err != nil {
		t.Fatalf("Arrange(%d): %v", a.Seq, err)
	}
}

// arranged asks for a picture and waits until it is true.
func (r Rig) arranged(t T, id consult.InteractionID, a consult.Arrangement) {
	t.Helper()
	r.arrange(t, id, a)
	r.confirmed(t, a.Seq)
}

func (r Rig) confirmed(t T, seq uint64) {
	t.Helper()
	if e := r.next(t, consult.EventArranged, ""); e.Seq != seq {
		t.Fatalf("picture %d confirmed, want %d", e.Seq, seq)
	}
}

func (r Rig) refused(t T, seq uint64) {
	t.Helper()
	if e := r.next(t, consult.EventArrangeFailed, ""); e.Seq != seq || e.Reason == "" {
		t.Fatalf("picture %d failed for %q, want %d with a reason", e.Seq, e.Reason, seq)
	}
}

func (r Rig) hangup(t T, id consult.InteractionID, leg consult.LegID) {
	t.Helper()
	if err := r.Hangup(t.Context(), id, leg); err != nil {
		t.Fatalf("Hangup(%q): %v", leg, err)
	}
}

// legs demands exactly these legs of an interaction, and gives its picture's number.
func (r Rig) legs(t T, id consult.InteractionID, want ...consult.LegStatus) uint64 {
	t.Helper()
	calls, err := r.Calls(t.Context())
	if err != nil {
		t.Fatalf("Calls: %v", err)
	}
	i := slices.IndexFunc(calls, func(c consult.CallStatus) bool { return c.Interaction == id })
	if i < 0 {
		if len(want) > 0 {
			t.Fatalf("Calls does not know the interaction, want %v", want)
		}
		return 0
	}
	if calls[i].Tenant != "tenant" {
		t.Fatalf("Calls says the call came with tenant %q", calls[i].Tenant)
	}
	byLeg := func(a, b consult.LegStatus) int { return cmp.Compare(a.Leg, b.Leg) }
	got := slices.SortedFunc(slices.Values(calls[i].Legs), byLeg)
	slices.SortFunc(want, byLeg)
	if !slices.Equal(got, want) {
		t.Fatalf("legs %v, want %v", got, want)
	}
	return calls[i].Arranged
}

func up(leg consult.LegID, party consult.Party) consult.LegStatus {
	return consult.LegStatus{Leg: leg, Party: party, State: consult.LegUp}
}

func ringing(leg consult.LegID) consult.LegStatus {
	return consult.LegStatus{Leg: leg, Party: consult.PartyConsulted, State: consult.LegRinging}
}
