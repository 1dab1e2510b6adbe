package sessiontest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamsbridge/sso"
)

// Run checks a SessionStore; newStore gives every check a fresh, empty one.
func Run(t *testing.T, newStore func(*testing.T) sso.SessionStore) {
	t.Helper()
	for _, c := range sessionContract {
		t.Run(c.name, func(t *testing.T) { c.check(t, newStore(t)) })
	}
}

var sessionContract = []struct {
	name  string
	check func(*testing.T, sso.SessionStore)
}{
	{"a session comes back as it was put", sessionComesBack},
	{"putting a session again replaces it", sessionIsReplaced},
	{"an unknown session is not found", unknownSession},
	{"touching moves the last use forward and nothing else", touchMovesForward},
	{"touching never moves the last use back", touchNeverGoesBack},
	{"touching an unknown session finds none", touchUnknown},
	{"a new refresh token replaces the old one and nothing else", refreshIsReplaced},
	{"a refresh token brings back no session that has ended", refreshOfNoSession},
	{"a deleted session is gone", deletedSessionIsGone},
	{"deleting a session twice is no error", deleteTwice},
	{"the sessions of an organisation are listed, and no other's", sessionsAreListed},
	{"a transaction comes back as it was put", transactionComesBack},
	{"a transaction is taken once", transactionIsTakenOnce},
	{"of many who take a transaction at once one gets it", oneTakerWins},
	{"an unknown transaction is not found", unknownTransaction},
	{"sessions and transactions past their limit are removed, others stay", expiredAreRemoved},
	{"a session and a transaction may have the same key", keysAreApart},
	{"a key is used once until its time is over", keyIsUsedOnce},
	{"of many who use a key at once one succeeds", oneUserWins},
}

var day = time.Date(2026, 11, 22, 8, 0, 0, 123e6, time.UTC)

func aSession(key string) sso.Session {
	return sso.Session{
		Key:     key,
		Tenant:  "11111111-1111-4111-8111-111111111111",
		EntraID: "22222222-2222-4222-8222-222222222222",
		Subject: "Sub|7 ü",
		Issuer:  "https://login.contact-centre.example",
		Name:    "Jürgen Müller",
		Roles:   []sso.Role{sso.RoleAgent, sso.RoleSupervisor},
		IDToken: "header.payload.signature",
		Refresh: []byte{0, 1, 0xff},
		Logins: []sso.Login{
			{Issuer: "https://login.contact-centre.example", Subject: "Sub|7 ü", ID: "sid-1", IssuedAt: day},
			{Issuer: "https://login.example/tenant/v2.0", Subject: "pairwise"},
		},
		StartedAt: day,
		SeenAt:    day.Add(time.Minute),
		ExpiresAt: day.Add(12 * time.Hour),
	}
}

func sessionComesBack(t *testing.T, s sso.SessionStore) {
	putSessions(t, s, aSession("a"), sso.Session{Key: "bare", ExpiresAt: day})
	wantSession(t, s, aSession("a"))
	wantSession(t, s, sso.Session{Key: "bare", ExpiresAt: day})
}

func sessionIsReplaced(t *testing.T, s sso.SessionStore) {
	putSessions(t, s, aSession("a"))
	changed := aSession("a")
	changed.Subject, changed.Roles, changed.SeenAt = "", nil, day.Add(time.Hour)
	putSessions(t, s, changed)
	wantSession(t, s, changed)
}

func unknownSession(t *testing.T, s sso.SessionStore) {
	wantNoSession(t, s, "nobody")
}

func touchMovesForward(t *testing.T, s sso.SessionStore) {
	putSessions(t, s, aSession("a"))
	want := aSession("a")
	want.SeenAt = want.SeenAt.Add(3 * time.Minute)
	if err := s.TouchSession(t.Context(), "a", want.SeenAt); err != nil {
		t.Fatalf("TouchSession: %v", err)
	}
	wantSession(t, s, want)
}

func touchNeverGoesBack(t *testing.T, s sso.SessionStore) {
	putSessions(t, s, aSession("a"))
	if err := s.TouchSession(t.Context(), "a", day.Add(-time.Hour)); err != nil {
		t.Fatalf("TouchSession: %v", err)
	}
	wantSession(t, s, aSession("a"))
}

func touchUnknown(t *testing.T, s sso.SessionStore) {
	if err := s.TouchSession(t.Context(), "nobody", day); !errors.Is(err, sso.ErrSessionNotFound) {
		t.Errorf("TouchSession of nobody: %v, want ErrSessionNotFound", err)
	}
}

func refreshIsReplaced(t *testing.T, s sso.SessionStore) {
	putSessions(t, s, aSession("a"), aSession("b"), sso.Session{Key: "bare", ExpiresAt: day})
	for key, sealed := range map[string][]byte{"a": []byte("sealed anew"), "bare": {0}} {
		if err := s.KeepRefresh(t.Context(), key, sealed); err != nil {
			t.Fatalf("KeepRefresh: %v", err)
		}
	}
	changed := aSession("a")
	changed.Refresh = []byte("sealed anew")
	wantSession(t, s, changed)
	wantSession(t, s, aSession("b"))
	wantSession(t, s, sso.Session{Key: "bare", Refresh: []byte{0}, ExpiresAt: day})
	if err := s.TouchSession(t.Context(), "a", changed.SeenAt); err != nil {
		t.Fatalf("TouchSession: %v", err)
	}
	wantSession(t, s, changed)
}

func refreshOfNoSession(t *testing.T, s sso.SessionStore) {
	putSessions(t, s, aSession("a"))
	if err := s.DeleteSession(t.Context(), "a"); err != nil {
		t.Fatalf("DeleteSession: %v", err)
	}
	if err := s.KeepRefresh(t.Context(), "a", []byte("sealed")); !errors.Is(err, sso.ErrSessionNotFound) {
		t.Errorf("KeepRefresh of nobody: %v, want ErrSessionNotFound", err)
	}
	wantNoSession(t, s, "a")
}

func deletedSessionIsGone(t *testing.T, s sso.SessionStore) {
	putSessions(t, s, aSession("a"), aSession("b"))
	if err := s.DeleteSession(t.Context(), "a"); err != nil {
		t.Fatalf("DeleteSession: %v", err)
	}
	wantNoSession(t, s, "a")
	wantSession(t, s, aSession("b"))
}

func deleteTwice(t *testing.T, s sso.SessionStore) {
	putSessions(t, s, aSession("a"))
	for range 2 {
		if err := s.DeleteSession(t.Context(), "a"); err != nil {
			t.Errorf("DeleteSession: %v", err)
		}
	}
}

func sessionsAreListed(t *testing.T, s sso.SessionStore) {
	touched, gone, foreign := aSession("touched"), aSession("gone"), aSession("foreign")
	foreign.Tenant = "99999999-9999-4999-8999-999999999999"
	putSessions(t, s, aSession("a"), touched, gone, foreign, sso.Session{Key: "nobody's", ExpiresAt: day})
	touched.SeenAt = touched.SeenAt.Add(time.Hour)
	if err := s.TouchSession(t.Context(), "touched", touched.SeenAt); err != nil {
		t.Fatalf("TouchSession: %v", err)
	}
	if err := s.DeleteSession(t.Context(), "gone"); err != nil {
		t.Fatalf("DeleteSession: %v", err)
	}
	for tenant, want := range map[string][]sso.Session{
		aSession("").Tenant: {aSession("a"), touched}, foreign.Tenant: {foreign}, "unknown": nil,
	} {
		got, err := s.SessionsOf(t.Context(), tenant)
		if err != nil {
			t.Fatalf("SessionsOf(%s): %v", tenant, err)
		}
		slices.SortFunc(got, func(a, b sso.Session) int { return strings.Compare(a.Key, b.Key) })
		wantSame(t, "list of sessions", want, got)
	}
}

func expiredAreRemoved(t *testing.T, s sso.SessionStore) {
	now := day.Add(time.Hour)
	over, ending, live := aSession("over"), aSession("ending"), aSession("live")
	over.ExpiresAt, ending.ExpiresAt, live.ExpiresAt = now.Add(-time.Second), now, now.Add(time.Millisecond)
	putSessions(t, s, over, ending, live)
	late, open := aTransaction("late"), aTransaction("open")
	late.ExpiresAt, open.ExpiresAt = now, now.Add(time.Millisecond)
	putTransactions(t, s, late, open)

	if err := s.DeleteExpired(t.Context(), now); err != nil {
		t.Fatalf("DeleteExpired: %v", err)
	}
	wantNoSession(t, s, "over")
	wantNoSession(t, s, "ending")
	wantSession(t, s, live)
	wantNoTransaction(t, s, "late")
	wantTransaction(t, s, open)
}

func keysAreApart(t *testing.T, s sso.SessionStore) {
	putSessions(t, s, aSession("same"))
	putTransactions(t, s, aTransaction("same"))
	if err := s.DeleteSession(t.Context(), "same"); err != nil {
		t.Fatalf("DeleteSession: %v", err)
	}
	wantTransaction(t, s, aTransaction("same"))
}

func putSessions(t *testing.T, s sso.SessionStore, sessions ...sso.Session) {
	t.Helper()
	for _, session := range sessions {
		if err := s.PutSession(t.Context(), session); err != nil {
			t.Fatalf("PutSession(%s): %v", session.Key, err)
		}
	}
}

func wantSession(t *testing.T, s sso.SessionStore, want sso.Session) {
	t.Helper()
	got, err := s.Session(t.Context(), want.Key)
	if err != nil {
		t.Fatalf("Session(%s): %v", want.Key, err)
	}
	wantSame(t, "session", want, got)
}

func wantNoSession(t *testing.T, s sso.SessionStore, key string) {
	t.Helper()
	if _, err := s.Session(t.Context(), key); !errors.Is(err, sso.ErrSessionNotFound) {
		t.Errorf("Session(%s): %v, want ErrSessionNotFound", key, err)
	}
}

func wantSame(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(time.Millisecond)); diff != "" {
		t.Errorf("%s differs (-put +got):\n%s", what, diff)
	}
}
