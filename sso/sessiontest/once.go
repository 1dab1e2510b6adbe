package sessiontest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"teamsbridge/sso"
)

// What works once: transactions, and keys that are used.

func transactionComesBack(t *testing.T, s sso.SessionStore) {
	bare := sso.Transaction{Key: "bare", ExpiresAt: day}
	putTransactions(t, s, aTransaction("a"), bare)
	wantTransaction(t, s, aTransaction("a"))
	wantTransaction(t, s, bare)
}

func transactionIsTakenOnce(t *testing.T, s sso.SessionStore) {
	putTransactions(t, s, aTransaction("a"))
	wantTransaction(t, s, aTransaction("a"))
	wantNoTransaction(t, s, "a")
}

func oneTakerWins(t *testing.T, s sso.SessionStore) {
	putTransactions(t, s, aTransaction("a"))
	take := func() error {
		_, err := s.TakeTransaction(t.Context(), "a")
		return err
	}
	if got := winners(t, sso.ErrTransactionNotFound, take); got != 1 {
		t.Errorf("%d took the transaction, want 1", got)
	}
}

func unknownTransaction(t *testing.T, s sso.SessionStore) {
	wantNoTransaction(t, s, "nobody")
}

func keyIsUsedOnce(t *testing.T, s sso.SessionStore) {
	use := func(key string, want error) {
		t.Helper()
		if err := s.UseOnce(t.Context(), key, day.Add(time.Hour)); !errors.Is(err, want) {
			t.Errorf("UseOnce(%s): %v, want %v", key, err, want)
		}
	}
	use("a", nil)
	use("a", sso.ErrUsed)
	use("b", nil)
	for now, want := range map[time.Time]error{day.Add(59 * time.Minute): sso.ErrUsed, day.Add(time.Hour): nil} {
		fresh := "used until " + now.String()
		use(fresh, nil)
		if err := s.DeleteExpired(t.Context(), now); err != nil {
			t.Fatalf("DeleteExpired: %v", err)
		}
		use(fresh, want)
	}
}

func oneUserWins(t *testing.T, s sso.SessionStore) {
	if got := winners(t, sso.ErrUsed, func() error { return s.UseOnce(t.Context(), "a", day) }); got != 1 {
		t.Errorf("%d used the key, want 1", got)
	}
}

// winners counts who of 16 at once succeed; the others must meet the refusal.
func winners(t *testing.T, refusal error, try func() error) int32 {
	t.Helper()
	var won atomic.Int32
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			switch err := try(); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, refusal):
				t.Errorf("refused with %v, want %v", err, refusal)
			}
		})
	}
	all.Wait()
	return won.Load()
}

func aTransaction(key string) sso.Transaction {
	return sso.Transaction{
		Key:       key,
		Browser:   "browser-digest",
		Provider:  "entra",
		Nonce:     "nonce",
		Verifier:  "verifier",
		Return:    "/calls?tab=experts&q=Müller",
		Session:   "session-key",
		Tenant:    "11111111-1111-4111-8111-111111111111",
		ExpiresAt: day.Add(10 * time.Minute),
	}
}

func putTransactions(t *testing.T, s sso.SessionStore, transactions ...sso.Transaction) {
	t.Helper()
	for _, transaction := range transactions {
		if err := s.PutTransaction(t.Context(), transaction); err != nil {
			t.Fatalf("PutTransaction(%s): %v", transaction.Key, err)
		}
	}
}

func wantTransaction(t *testing.T, s sso.SessionStore, want sso.Transaction) {
	t.Helper()
	got, err := s.TakeTransaction(t.Context(), want.Key)
	if err != nil {
		t.Fatalf("TakeTransaction(%s): %v", want.Key, err)
	}
	wantSame(t, "transaction", want, got)
}

func wantNoTransaction(t *testing.T, s sso.SessionStore, key string) {
	t.Helper()
	if _, err := s.TakeTransaction(t.Context(), key); !errors.Is(err, sso.ErrTransactionNotFound) {
		t.Errorf("TakeTransaction(%s): %v, want ErrTransactionNotFound", key, err)
	}
}
