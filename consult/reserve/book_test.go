package reserve_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/sso"
)

func TestAReservationAndItsCall(t *testing.T) {
	w := newWorld(t, "+491", "+492")
	r := w.reserve("anja")
	if r.Dial != "+491" || r.Code != "" || r.AgentName != "Anja Weber" || !r.Acceptance || r.ExpiresAt.Sub(r.MadeAt) != 2*time.Minute {
		t.Errorf("reserved %+v", r)
	}
	w.want(r, reserve.Reserved, "")
	call := w.claim(r)
	if call.Target.Number != "+49301234567" {
		t.Errorf("call to %q", call.Target.Number)
	}
	w.want(r, reserve.Ringing, "")
	if err := call.Connected(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.want(r, reserve.Connected, "")
	call.Over(t.Context(), "")
	w.want(r, reserve.Ended, "")
	call.Over(t.Context(), reserve.ReasonLost) // later words change nothing
	w.want(r, reserve.Ended, "")
}

func TestACallThatDoesNotComeAboutFailsWithItsReason(t *testing.T) {
	w := newWorld(t, "+491", "+492")
	r := w.reserve("anja")
	w.claim(r).Over(t.Context(), consult.FailureBusy)
	w.want(r, reserve.Failed, consult.FailureBusy)
}

func TestANumberServesOneCall(t *testing.T) {
	w := newWorld(t, "+491", "+492")
	r := w.reserve("anja")
	w.claim(r)
	for _, number := range []string{"+491", "+492", ""} {
		if _, err := w.book.Claim(t.Context(), number, ""); !errors.Is(err, reserve.ErrNone) {
			t.Errorf("a call to %q: %v, want ErrNone", number, err)
		}
	}
}

func TestANumberIsGivenAgainAsLateAsCanBe(t *testing.T) {
	w := newWorld(t, "+491", "+492", "+493")
	first := w.reserve("anja")
	w.claim(first).Over(t.Context(), consult.FailureBusy)
	for i, want := range []string{"+492", "+493", "+491"} {
		if r := w.reserve([]string{"anja", "anja", "ben"}[i]); r.Dial != want {
			t.Errorf("got %s, want %s", r.Dial, want)
		}
	}
	_, err := w.book.Reserve(t.Context(), w.who["berta"], reserve.Request{})
	exhausted, ok := errors.AsType[*reserve.ExhaustedError](err)
	if !ok || exhausted.RetryAfter <= 0 || exhausted.RetryAfter > 2*time.Minute {
		t.Errorf("a fourth: %v", err)
	}
}

func TestAConnectedCallGivesItsNumberFree(t *testing.T) {
	w := newWorld(t, "+491", "+492")
	w.reserve("ben")
	r := w.reserve("anja")
	call := w.claim(r)
	if _, err := w.book.Reserve(t.Context(), w.who["anja"], reserve.Request{}); err == nil {
		t.Fatal("the number of a call that rings was given away")
	}
	if err := call.Connected(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again := w.reserve("anja"); again.Dial != r.Dial {
		t.Errorf("got %s", again.Dial)
	}
}

func TestOfOneNumberEachReservationHasACode(t *testing.T) {
	w := newWorld(t, "+491")
	if !w.book.AsksCode() {
		t.Fatal("asks no code")
	}
	a, b := w.reserve("anja"), w.reserve("ben")
	if a.Dial != "+491" || len(a.Code) != reserve.CodeDigits || a.Code == b.Code {
		t.Fatalf("codes %q and %q", a.Code, b.Code)
	}
	for _, wrong := range []string{"", a.Code[:5], a.Code + "0"} {
		if _, err := w.book.Claim(t.Context(), "+491", wrong); !errors.Is(err, reserve.ErrNone) {
			t.Errorf("code %q: %v", wrong, err)
		}
	}
	if call := w.claim(b); call.ID != b.ID {
		t.Errorf("another reservation's call: %s", call.ID)
	}
	if _, err := w.book.Claim(t.Context(), "+491", b.Code); !errors.Is(err, reserve.ErrNone) {
		t.Errorf("the same code again: %v", err)
	}
	if seen, err := w.book.View(t.Context(), w.who["ben"], b.ID); err != nil || seen.Code != "" {
		t.Errorf("a used code is kept: %q, %v", seen.Code, err)
	}
}

func TestAfterManyWrongCodesNoneIsLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "+491")
		r := w.reserve("anja")
		wrong := "000000"
		if r.Code == wrong {
			wrong = "000001"
		}
		for {
			if _, err := w.book.Claim(t.Context(), "+491", wrong); errors.Is(err, reserve.ErrTries) {
				break
			}
		}
		if _, err := w.book.Claim(t.Context(), "+491", r.Code); !errors.Is(err, reserve.ErrTries) {
			t.Errorf("the right code: %v, want ErrTries", err)
		}
		time.Sleep(time.Minute)
		w.claim(r)
	})
}

func TestAReservationExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "+491", "+492", "+493")
		w.run()
		r := w.reserve("anja")
		time.Sleep(time.Minute)
		later := w.reserve("anja")
		time.Sleep(time.Minute)
		synctest.Wait()
		w.want(r, reserve.Expired, "")
		w.want(later, reserve.Reserved, "")
		if _, err := w.book.Claim(t.Context(), r.Dial, ""); !errors.Is(err, reserve.ErrNone) {
			t.Errorf("a late call: %v", err)
		}
	})
}

func TestWithdrawing(t *testing.T) {
	w := newWorld(t, "+491", "+492")
	maker := w.who["anja"]
	t.Run("before its call", func(t *testing.T) {
		r := w.reserve("anja")
		for range 2 {
			if err := w.book.Withdraw(t.Context(), maker, r.ID); err != nil {
				t.Fatal(err)
			}
		}
		w.want(r, reserve.Failed, consult.FailureWithdrawn)
		if _, err := w.book.Claim(t.Context(), r.Dial, ""); !errors.Is(err, reserve.ErrNone) {
			t.Errorf("its call: %v", err)
		}
	})
	t.Run("while it rings: the call hears of it and cannot be connected", func(t *testing.T) {
		r := w.reserve("anja")
		call := w.claim(r)
		if err := w.book.Withdraw(t.Context(), maker, r.ID); err != nil {
			t.Fatal(err)
		}
		<-call.Withdrawn()
		if err := call.Connected(t.Context()); !errors.Is(err, reserve.ErrWithdrawn) {
			t.Errorf("Connected: %v", err)
		}
		call.Over(t.Context(), consult.FailureNoAnswer)
		w.want(r, reserve.Failed, consult.FailureWithdrawn)
	})
	t.Run("not while it is connected; afterwards there is nothing to withdraw", func(t *testing.T) {
		r := w.reserve("anja")
		call := w.claim(r)
		if err := call.Connected(t.Context()); err != nil {
			t.Fatal(err)
		}
		err := w.book.Withdraw(t.Context(), maker, r.ID)
		if phase, ok := errors.AsType[*consult.PhaseError](err); !ok || string(phase.Phase) != string(reserve.Connected) {
			t.Errorf("connected: %v", err)
		}
		call.Over(t.Context(), "")
		if err := w.book.Withdraw(t.Context(), maker, r.ID); err != nil {
			t.Errorf("ended: %v", err)
		}
		w.want(r, reserve.Ended, "")
	})
}

func TestOnlyTheMakerHasIt(t *testing.T) {
	w := newWorld(t, "+491", "+492")
	r := w.reserve("anja")
	for name, who := range map[string]struct {
		p    sso.Principal
		want error
	}{
		"a colleague":                            {w.who["ben"], consult.ErrNotFound},
		"the same id in another organisation":    {w.who["berta"], consult.ErrNotFound},
		"nobody":                                 {sso.Principal{}, consult.ErrUnauthenticated},
		"the maker, of one that was never there": {w.who["anja"], consult.ErrNotFound},
	} {
		id := r.ID
		if who.p.Valid() && who.p.Agent().Name == "Anja Weber" {
			id = "r-unknown"
		}
		if _, err := w.book.View(t.Context(), who.p, id); !errors.Is(err, who.want) {
			t.Errorf("%s reads: %v", name, err)
		}
		if err := w.book.Withdraw(t.Context(), who.p, id); !errors.Is(err, who.want) {
			t.Errorf("%s withdraws: %v", name, err)
		}
	}
	w.want(r, reserve.Reserved, "")
}

func TestAKeyMakesOneReservation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "+491", "+492", "+493")
		ask := func(hash string) (reserve.Reservation, error) {
			return w.book.Reserve(t.Context(), w.who["anja"], reserve.Request{Key: "k", BodyHash: hash})
		}
		first, err := ask("h")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ask("h"); err != nil || again.ID != first.ID {
			t.Errorf("again: %s, %v", again.ID, err)
		}
		if _, err := ask("another"); !errors.Is(err, consult.ErrKeyReused) {
			t.Errorf("another body: %v", err)
		}
		if asked := w.targets.asked.Load(); asked != 1 {
			t.Errorf("the engine was asked %d times", asked)
		}
		time.Sleep(25 * time.Hour)
		if later, err := ask("another"); err != nil || later.ID == first.ID {
			t.Errorf("a day later: %s, %v", later.ID, err)
		}
	})
}

func TestARefusalOfTheEngineLeavesNothing(t *testing.T) {
	w := newWorld(t, "+491", "+492")
	w.targets.refusal = &consult.NotAllowedError{Why: "policy"}
	_, err := w.book.Reserve(t.Context(), w.who["anja"], reserve.Request{Key: "k"})
	if _, ok := errors.AsType[*consult.NotAllowedError](err); !ok {
		t.Errorf("Reserve: %v", err)
	}
	w.targets.refusal = nil
	if r := w.reserve("anja"); r.Dial != "+491" {
		t.Errorf("the refusal took %s", r.Dial)
	}
	if _, err := w.book.Reserve(t.Context(), sso.Principal{}, reserve.Request{}); !errors.Is(err, consult.ErrUnauthenticated) {
		t.Errorf("nobody: %v", err)
	}
}
