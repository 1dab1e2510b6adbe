package reserve_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
)

var errDisk = errors.New("disk full")

func (w *world) failing(fail bool) {
	w.store.Fail(func(op string) error {
		if fail && (op == "AddReservation" || op == "PutReservation") {
			return errDisk
		}
		return nil
	})
}

func TestWhatIsNotStoredIsNotDone(t *testing.T) {
	w := newWorld(t, "+491", "+492")
	w.failing(true)
	if _, err := w.book.Reserve(t.Context(), w.who["anja"], reserve.Request{}); !errors.Is(err, consult.ErrStorage) {
		t.Errorf("Reserve: %v", err)
	}
	w.failing(false)
	r := w.reserve("anja")
	if r.Dial != "+491" {
		t.Errorf("the failure took a number: %s", r.Dial)
	}
	w.failing(true)
	if _, err := w.book.Claim(t.Context(), r.Dial, ""); !errors.Is(err, consult.ErrStorage) {
		t.Errorf("Claim: %v", err)
	}
	if err := w.book.Withdraw(t.Context(), w.who["anja"], r.ID); !errors.Is(err, consult.ErrStorage) {
		t.Errorf("Withdraw: %v", err)
	}
	w.failing(false)
	w.want(r, reserve.Reserved, "")
	w.claim(r)
}

func TestWhatTelephonesHaveDoneIsStoredWhenItCanBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "+491", "+492")
		w.run()
		r := w.reserve("anja")
		call := w.claim(r)
		w.failing(true)
		if err := call.Connected(t.Context()); err != nil { // they talk, whatever the disk says
			t.Fatal(err)
		}
		call.Over(t.Context(), "")
		if seen, err := w.book.View(t.Context(), w.who["anja"], r.ID); err != nil || seen.State != reserve.Ended {
			t.Errorf("seen %s, %v", seen.State, err)
		}
		w.failing(false)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		w.want(r, reserve.Ended, "")
	})
}

func TestAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "+491", "+492", "+493", "+494")
		waiting, ringing, connected, old := w.reserve("anja"), w.reserve("anja"), w.reserve("anja"), w.reserve("ben")
		w.claim(ringing)
		if err := w.claim(connected).Connected(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := w.book.Withdraw(t.Context(), w.who["ben"], old.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		w.restart()
		w.want(waiting, reserve.Reserved, "")
		w.want(ringing, reserve.Failed, reserve.ReasonLost)
		w.want(connected, reserve.Failed, reserve.ReasonLost)
		w.want(old, reserve.Failed, consult.FailureWithdrawn)
		if next := w.reserve("ben"); next.Dial == waiting.Dial {
			t.Errorf("the number of a reservation that waits was given away")
		}
		w.claim(waiting)

		late := w.reserve("anja")
		time.Sleep(3 * time.Minute) // the process is away for longer than that
		w.restart()
		w.run()
		synctest.Wait()
		w.want(late, reserve.Expired, "")
	})
}
