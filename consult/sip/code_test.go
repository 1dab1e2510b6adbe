package sip_test

import (
	"sync"
	"testing"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/consult/sip/siptest"
	"teamsbridge/consult/sip/ua"
)

// noLegs waits until the switch knows that nobody is there.
func (b *bureau) noLegs() {
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for b.sw.Legs() > 0 {
		<-look.C
	}
}

func TestACodeByKeypad(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "+4930555001")
	r := b.reserve()
	b.customer.Call(r.Dial, "+49301")
	b.customer.IsUp()
	b.customer.Press("12*" + r.Code)
	b.expert.Rings()
	b.customer.MustHearSomething(t, "the caller who waits")
	b.expert.PickUp()
	b.want(r, reserve.Connected, "")
	b.expert.IsUp()
	b.hear([]float64{1100}, []float64{400})
	b.customer.HangUp()
	b.expert.Over()
	b.want(r, reserve.Ended, "")
}

func TestThreeWrongCodesEndTheCall(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "+4930555001")
	r := b.reserve()
	wrong := "000000"
	if r.Code == wrong {
		wrong = "000001"
	}
	b.customer.Call(r.Dial, "+49301")
	b.customer.IsUp()
	b.customer.Press("#" + wrong + "12345#") // none, a wrong one, one that is too short
	if end := b.customer.Over(); end.Kind != ua.EndedByThem {
		t.Errorf("ended %q", end.Kind)
	}
	b.want(r, reserve.Reserved, "")
}

func TestABusyExpertAfterTheCodeIsAGoodbye(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "+4930555001")
	r := b.reserve()
	b.customer.Call(r.Dial, "+49301")
	b.customer.IsUp()
	b.customer.Press(r.Code)
	b.expert.Rings()
	b.expert.Refuse(486)
	b.customer.Over()
	b.want(r, reserve.Failed, consult.FailureBusy)
}

func TestACallerWhoHangsUpAfterTheCodeHarmsNobody(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "+4930555001")
	r := b.reserve()
	var claimed sync.Once
	over := make(chan struct{}, 1)
	b.store.Fail(func(op string) error {
		first := false
		claimed.Do(func() { // the code was right, and nobody is rung yet
			first = true
			b.customer.HangUp()
			b.noLegs()
		})
		if op == "PutReservation" && !first {
			over <- struct{}{}
		}
		return nil
	})
	b.customer.Call(r.Dial, "+49301")
	b.customer.IsUp()
	b.customer.Press(r.Code)
	siptest.Wait(t, "end", over)
	b.want(r, reserve.Failed, consult.FailureWithdrawn)
	if b.expert.Refuse(486) {
		t.Error("the expert's telephone rings for nobody")
	}
}
