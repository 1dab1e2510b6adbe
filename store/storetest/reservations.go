package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
)

// ReservationStore keeps reservations, and forgets them.
type ReservationStore interface {
	reserve.Store
	DeleteReservations(ctx context.Context, before time.Time, limit int) (int, error)
}

// RunReservations holds a store to the contract of reserve.Store; newStore gives
// every check a fresh, empty one.
func RunReservations(t *testing.T, newStore func(*testing.T) ReservationStore) {
	t.Helper()
	for _, c := range reservationContract {
		t.Run(c.name, func(t *testing.T) { c.check(t, newStore(t)) })
	}
}

var reservationContract = []struct {
	name  string
	check func(*testing.T, ReservationStore)
}{
	{"an empty store has none", func(t *testing.T, s ReservationStore) {
		wantLive(t, s)
		_, err := s.Reservation(t.Context(), tenant, "r-1")
		wantNoReservation(t, err)
		_, err = s.ReservationByKey(t.Context(), tenant, "anja", "k", day)
		wantNoReservation(t, err)
		wantNoReservation(t, s.PutReservation(t.Context(), reservation("r-1", "")))
	}},
	{"one is read as it was stored, and as it was replaced", func(t *testing.T, s ReservationStore) {
		r := reservation("r-1", "k")
		reserveIn(t, s, r, day)
		wantReservation(t, s, r)
		r.State, r.Code = reserve.Ringing, ""
		putReservation(t, s, r)
		wantReservation(t, s, r)
		wantLive(t, s, "r-1")
		putReservation(t, s, over(r, day))
		wantReservation(t, s, over(r, day))
		wantLive(t, s)
	}},
	{"another organisation has none of that id", func(t *testing.T, s ReservationStore) {
		reserveIn(t, s, reservation("r-1", "k"), day)
		_, err := s.Reservation(t.Context(), other, "r-1")
		wantNoReservation(t, err)
		_, err = s.ReservationByKey(t.Context(), other, "anja", "k", day)
		wantNoReservation(t, err)
	}},
	{"live ones come in the order of their ids", func(t *testing.T, s ReservationStore) {
		for _, id := range []string{"r-b", "r-a", "r-c"} {
			reserveIn(t, s, reservation(id, ""), day)
		}
		wantLive(t, s, "r-a", "r-b", "r-c")
	}},
	{"a key is taken once by each agent", func(t *testing.T, s ReservationStore) {
		reserveIn(t, s, reservation("r-1", "k"), day)
		if err := s.AddReservation(t.Context(), reservation("r-2", "k"), day); !errors.Is(err, reserve.ErrKeyTaken) {
			t.Fatalf("AddReservation: %v, want ErrKeyTaken", err)
		}
		_, err := s.Reservation(t.Context(), tenant, "r-2")
		wantNoReservation(t, err)
		bens := reservation("r-3", "k")
		bens.Agent = "ben"
		reserveIn(t, s, bens, day)
		if r, err := s.ReservationByKey(t.Context(), tenant, "anja", "k", day); err != nil || r.ID != "r-1" {
			t.Fatalf("ReservationByKey = %q, %v", r.ID, err)
		}
	}},
	{"a key that was taken before the time is free", func(t *testing.T, s ReservationStore) {
		reserveIn(t, s, reservation("r-1", "k"), day)
		_, err := s.ReservationByKey(t.Context(), tenant, "anja", "k", day.Add(time.Millisecond))
		wantNoReservation(t, err)
		again := reservation("r-2", "k")
		again.MadeAt = day.Add(time.Hour)
		reserveIn(t, s, again, day.Add(time.Millisecond))
		if r, err := s.ReservationByKey(t.Context(), tenant, "anja", "k", day.Add(time.Minute)); err != nil || r.ID != "r-2" {
			t.Fatalf("ReservationByKey = %q, %v", r.ID, err)
		}
	}},
	{"those that were over before the time are deleted, live ones never", func(t *testing.T, s ReservationStore) {
		reserveIn(t, s, reservation("r-live", ""), day)
		for n := range 3 {
			r := reservation(fmt.Sprintf("r-%d", n), "")
			reserveIn(t, s, r, day)
			putReservation(t, s, over(r, day.Add(time.Duration(n)*time.Minute)))
		}
		for _, want := range []int{1, 1, 0} {
			if n, err := s.DeleteReservations(t.Context(), day.Add(2*time.Minute), 1); n != want || err != nil {
				t.Fatalf("DeleteReservations = %d, %v; want %d", n, err, want)
			}
		}
		wantLive(t, s, "r-live")
		if _, err := s.Reservation(t.Context(), tenant, "r-2"); err != nil {
			t.Errorf("the newest: %v", err)
		}
	}},
}

func reservation(id, key string) reserve.Reservation {
	return reserve.Reservation{
		ID: id, Tenant: tenant, Agent: "anja", AgentName: "Anja", Dial: "+49305551", Code: "123456", State: reserve.Reserved,
		Target: consult.Target{Kind: consult.TargetOrganization, ID: "e-7", Name: "Jürgen Müller", Number: "+49301234567", Expert: "e-7"},
		MadeAt: day, Since: day, ExpiresAt: day.Add(time.Minute), RingTimeout: time.Second, Acceptance: true, Key: key,
	}
}

func over(r reserve.Reservation, at time.Time) reserve.Reservation {
	r.State, r.Reason, r.Since = reserve.Failed, consult.FailureBusy, at
	return r
}

func reserveIn(t *testing.T, s ReservationStore, r reserve.Reservation, since time.Time) {
	t.Helper()
	if err := s.AddReservation(t.Context(), r, since); err != nil {
		t.Fatalf("AddReservation: %v", err)
	}
}

func putReservation(t *testing.T, s ReservationStore, r reserve.Reservation) {
	t.Helper()
	if err := s.PutReservation(t.Context(), r); err != nil {
		t.Fatalf("PutReservation: %v", err)
	}
}

func wantReservation(t *testing.T, s ReservationStore, want reserve.Reservation) {
	t.Helper()
	got, err := s.Reservation(t.Context(), want.Tenant, want.ID)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Fatalf("Reservation: %v (-want +got):\n%s", err, diff)
	}
}

func wantLive(t *testing.T, s ReservationStore, want ...string) {
	t.Helper()
	live, err := s.LiveReservations(t.Context())
	got := []string{}
	for _, r := range live {
		got = append(got, r.ID)
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" || err != nil {
		t.Fatalf("LiveReservations: %v (-want +got):\n%s", err, diff)
	}
}

func wantNoReservation(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, consult.ErrNotFound) {
		t.Fatalf("error %v, want consult.ErrNotFound", err)
	}
}
