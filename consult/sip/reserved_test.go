package sip_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/consult/reserve/reservetest"
	"teamsbridge/consult/sip"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/sso"
	"teamsbridge/store/storetest"
)

// bureau is a switch that takes calls for reservations. Its customer's telephone
// is that of the other contact centre.
type bureau struct {
	*network
	t     *testing.T
	store *storetest.Memory
	book  *reserve.Book
	maker sso.Principal
	reach consult.Reach
}

// Reach makes the bureau an engine that reaches one expert.
func (b *bureau) Reach(context.Context, sso.Principal, consult.TargetRequest) (consult.Reach, error) {
	return b.reach, nil
}

func newBureau(t *testing.T, numbers ...string) *bureau {
	t.Helper()
	return bureauWith(t, &storetest.Memory{}, numbers...)
}

// bureauWith is one that finds what another has stored.
func bureauWith(t *testing.T, store *storetest.Memory, numbers ...string) *bureau {
	t.Helper()
	people, err := reservetest.People()
	if err != nil {
		t.Fatal(err)
	}
	b := &bureau{t: t, store: store, maker: people["anja"], reach: consult.Reach{
		Target:      consult.Target{Kind: consult.TargetOrganization, ID: "e-7", Name: "Jürgen Müller", Number: "+49301234567", Expert: "e-7"},
		RingTimeout: siptest.Patience, AcceptTimeout: siptest.Patience,
	}}
	b.book, err = reserve.New(t.Context(), reserve.Config{}, reserve.Deps{Store: store, Targets: b, Numbers: numbers})
	if err != nil {
		t.Fatal(err)
	}
	b.network = startNetwork(t, func(c *sip.Config) {
		c.Anchor, c.ConsultNumbers = sip.AnchorConsult, numbers
		for i := range c.Trunks {
			c.Trunks[i].Country = "DE"
		}
	}, func(sw *sip.Switch) { sw.TakeReservations(b.book) })
	return b
}

func (b *bureau) reserve() reserve.Reservation {
	b.t.Helper()
	r, err := b.book.Reserve(b.t.Context(), b.maker, reserve.Request{})
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// want waits until a reservation has come to a state.
func (b *bureau) want(r reserve.Reservation, state reserve.State, reason consult.FailureReason) {
	b.t.Helper()
	siptest.Until(b.t, fmt.Sprintf("%s %q", state, reason), func() bool {
		got, err := b.book.View(b.t.Context(), b.maker, r.ID)
		if err != nil {
			b.t.Fatal(err)
		}
		is := got.State == state && got.Reason == reason
		if !is && got.State.Over() {
			b.t.Fatalf("reservation is %s %q, want %s %q", got.State, got.Reason, state, reason)
		}
		return is
	})
}

// hear checks that the two hear one another and nobody else.
func (b *bureau) hear(caller, expert []float64) {
	b.t.Helper()
	const c, x = 400, 1100
	for name, heard := range map[string]struct {
		phone *siptest.Phone
		want  []float64
	}{"caller": {b.customer, caller}, "expert": {b.expert, expert}} {
		heard.phone.MustHear(b.t, "the "+name, []float64{c, 700, x}, heard.want...)
	}
}

func TestACallToAConsultNumberReachesTheExpert(t *testing.T) {
	t.Parallel()
	for name, called := range map[string]string{"as it was given": "+4930555001", "as the trunk spells it": "030555001"} {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t, "+4930555001", "+4930555002")
			r := b.reserve()
			b.customer.Call(called, "+49301")
			in := b.expert.Rings()
			if in.From != "+49305550" || in.FromName != "Anja Weber" || in.To != "+49301234567" {
				t.Errorf("the expert sees %q %q, rung at %q", in.From, in.FromName, in.To)
			}
			b.want(r, reserve.Ringing, "")
			b.expert.PickUp()
			b.customer.IsUp()
			b.want(r, reserve.Connected, "")
			b.hear([]float64{1100}, []float64{400})
			calls, err := b.sw.Calls(t.Context())
			if err != nil || len(calls) > 0 {
				t.Errorf("the engine is told of %v, %v", calls, err)
			}
			b.expert.HangUp()
			b.customer.Over()
			b.want(r, reserve.Ended, "")
		})
	}
}

func TestTheCallerHangsUpAndTheExpertIsLetGo(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "+4930555001", "+4930555002")
	r := b.reserve()
	b.customer.Call(r.Dial, "+49301")
	b.expert.Rings()
	b.expert.PickUp()
	b.customer.IsUp()
	b.want(r, reserve.Connected, "")
	b.customer.HangUp()
	b.expert.Over()
	b.want(r, reserve.Ended, "")
}

func TestWhatTheCallerHearsWhenNothingComesOfIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer int
		status int
		reason consult.FailureReason
	}{
		"busy":        {486, 486, consult.FailureBusy},
		"declined":    {603, 480, consult.FailureDeclined},
		"no answer":   {408, 480, consult.FailureNoAnswer},
		"unreachable": {404, 480, consult.FailureUnreachable},
		"in trouble":  {400, 503, consult.FailureFailed},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t, "+4930555001", "+4930555002")
			r := b.reserve()
			b.customer.Call(r.Dial, "+49301")
			b.expert.Rings()
			b.expert.Refuse(c.answer)
			if f := b.customer.WaitFailed(); f.Status != c.status {
				t.Errorf("status %d, want %d", f.Status, c.status)
			}
			b.want(r, reserve.Failed, c.reason)
		})
	}
}

func TestNobodyElseIsReached(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "+4930555001", "+4930555002")
	for name, number := range map[string]string{"no reservation": "+4930555001", "no consult number": "+4930555009", "an agent's number": "100"} {
		b.customer.Call(number, "+49301")
		if f := b.customer.WaitFailed(); f.Status != 404 {
			t.Errorf("%s: status %d, want 404", name, f.Status)
		}
	}
}

// noReservations expects no call.
type noReservations struct{}

func (noReservations) AsksCode() bool { return false }
func (noReservations) Claim(context.Context, string, string) (*reserve.Call, error) {
	return nil, reserve.ErrNone
}

func TestACustomerReachesTheAgentWhoseNumberIsAConsultNumberByMistake(t *testing.T) {
	t.Parallel()
	n := startNetwork(t, func(c *sip.Config) { c.ConsultNumbers = []string{"100", "101"} }, func(sw *sip.Switch) { sw.TakeReservations(noReservations{}) })
	n.customer.Call("101", "+49151")
	if f := n.customer.WaitFailed(); f.Status != 404 {
		t.Errorf("a consult number without a reservation: %d, want 404", f.Status)
	}
	n.connect(t)
}

func TestAnExpertWhoDoesNotPickUpInTime(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "+4930555001", "+4930555002")
	b.reach.RingTimeout = 2 * time.Second
	r := b.reserve()
	b.customer.Call(r.Dial, "+49301")
	in := b.expert.Rings()
	siptest.Wait(t, "CANCEL", in.Withdrawn())
	if f := b.customer.WaitFailed(); f.Status != 480 {
		t.Errorf("status %d", f.Status)
	}
	b.want(r, reserve.Failed, consult.FailureNoAnswer)
}

func TestAVoicemailIsNoExpert(t *testing.T) {
	t.Parallel()
	for name, hangsUp := range map[string]bool{"it hangs up": true, "it talks on": false} {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t, "+4930555001", "+4930555002")
			b.reach.Acceptance = true
			if !hangsUp {
				b.reach.AcceptTimeout = 2 * time.Second // until then it knows that it is connected
			}
			r := b.reserve()
			b.customer.Call(r.Dial, "+49301")
			b.expert.Rings()
			b.expert.PickUp()
			b.expert.IsUp()
			if hangsUp {
				b.expert.HangUp()
			}
			if f := b.customer.WaitFailed(); f.Status != 480 {
				t.Errorf("status %d", f.Status)
			}
			b.want(r, reserve.Failed, consult.FailureNoAcceptance)
		})
	}
}

func TestAnExpertAcceptsOrDeclinesByKey(t *testing.T) {
	t.Parallel()
	for keys, accepted := range map[string]bool{"1": true, "3": false} {
		t.Run(keys, func(t *testing.T) {
			b := newBureau(t, "+4930555001", "+4930555002")
			b.reach.Acceptance = true
			r := b.reserve()
			b.customer.Call(r.Dial, "+49301")
			b.expert.Rings()
			b.expert.PickUp()
			b.expert.IsUp()
			b.expert.MustHearSomething(t, "the expert who is asked") // what is pressed before the question is no answer
			b.expert.Press(keys)
			if accepted {
				b.customer.IsUp()
				b.want(r, reserve.Connected, "")
				return
			}
			b.customer.WaitFailed()
			b.want(r, reserve.Failed, consult.FailureDeclined)
		})
	}
}

func TestWithdrawnWhileItRings(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "+4930555001", "+4930555002")
	r := b.reserve()
	b.customer.Call(r.Dial, "+49301")
	in := b.expert.Rings()
	if err := b.book.Withdraw(t.Context(), b.maker, r.ID); err != nil {
		t.Fatal(err)
	}
	siptest.Wait(t, "CANCEL", in.Withdrawn())
	if f := b.customer.WaitFailed(); f.Status != 480 {
		t.Errorf("status %d", f.Status)
	}
	b.want(r, reserve.Failed, consult.FailureWithdrawn)
}

func TestACallerWhoGivesUpStopsTheRinging(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "+4930555001", "+4930555002")
	r := b.reserve()
	b.customer.Call(r.Dial, "+49301")
	in := b.expert.Rings()
	b.customer.HangUp()
	siptest.Wait(t, "CANCEL", in.Withdrawn())
	b.want(r, reserve.Failed, consult.FailureWithdrawn)
}

func TestAReservationOutlivesARestart(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "+4930555001", "+4930555002")
	r := b.reserve()
	again := bureauWith(t, b.store, "+4930555001", "+4930555002")
	again.customer.Call(r.Dial, "+49301")
	again.expert.Rings()
	again.expert.PickUp()
	again.customer.IsUp()
	again.want(r, reserve.Connected, "")
}

func TestNothingIsRungThatIsNotStored(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "+4930555001", "+4930555002")
	r := b.reserve()
	b.store.Fail(func(op string) error {
		if op == "PutReservation" {
			return errors.New("disk full")
		}
		return nil
	})
	b.customer.Call(r.Dial, "+49301")
	if f := b.customer.WaitFailed(); f.Status != 503 {
		t.Errorf("status %d, want 503", f.Status)
	}
}

func TestAStopEndsBothSides(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "+4930555001", "+4930555002")
	r := b.reserve()
	b.customer.Call(r.Dial, "+49301")
	b.expert.Rings()
	b.expert.PickUp()
	b.customer.IsUp()
	b.want(r, reserve.Connected, "")
	if err := b.sw.Close(); err != nil {
		t.Fatal(err)
	}
	b.customer.Over()
	b.expert.Over()
	b.want(r, reserve.Ended, "")
}
