package web

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult"
	"teamsbridge/consult/dial"
	"teamsbridge/consult/reserve"
	"teamsbridge/graph"
	"teamsbridge/sso"
)

// marker stands for internal text and for the caller's own input.
const marker = "s3cret-marker"

// refusals has an error for every rule, as the domains return it, and what it
// is answered with.
var refusals = []struct {
	name string
	err  error
	slug slug
	more map[string]any // members beside those that every problem has
}{
	{"a problem of a handler", invalid("query.q", "is wrong"), slugRequestInvalid, map[string]any{
		"errors": []any{map[string]any{"location": "query.q", "message": "is wrong"}}}},
	{"a sign-in that was cancelled", &sso.SignInError{Reason: "cancelled"}, slugSignInRequired, map[string]any{"reason": "cancelled"}},
	{"a sign-in that Entra ended", &sso.EndedError{Reason: sso.EndedAccount}, slugSignInRequired, map[string]any{
		"reason": "account-disabled", "detail": endedDetails[sso.EndedAccount]}},
	{"no token", sso.ErrSignInRequired, slugSignInRequired, nil},
	{"an expired token", &sso.TokenError{Reason: sso.ReasonExpired}, slugSignInRequired, map[string]any{"reason": "expired"}},
	{"a logout token for somebody else", &sso.LogoutError{Reason: sso.ReasonAudience}, slugLogoutTokenInvalid, map[string]any{"reason": "audience"}},
	{"no such session", sso.ErrSessionNotFound, slugSignInRequired, nil},
	{"a sign-in begun elsewhere", sso.ErrTransactionNotFound, slugSignInRequired, nil},
	{"an unknown provider", sso.ErrProviderUnknown, slugNotFound, nil},
	{"an agent who is not there", sso.ErrAgentNotFound, slugNotFound, nil},
	{"a wrong administrator's code", sso.ErrAdminCode, slugNotFound, nil},
	{"many of them", sso.ErrAdminTries, slugTooManyRequests, nil},
	{"nobody", consult.ErrUnauthenticated, slugSignInRequired, nil},
	{"a token without the scope", &sso.TokenError{Reason: sso.ReasonScope}, slugTokenNotAllowed, map[string]any{"reason": "scope"}},
	{"another organisation", &sso.NotAdmittedError{Reason: "not-on-the-list"}, slugNotAdmitted, map[string]any{"reason": "not-on-the-list"}},
	{"not in the agent table", &sso.AgentUnknownError{Name: marker, Contact: "the service desk"}, slugAgentUnknown, map[string]any{"reason": "the service desk"}},
	{"sign-on missing", &sso.RequiredError{Status: sso.Status{State: sso.StateDisabled, Actor: "admin"}}, slugSSORequired, map[string]any{"sso": map[string]any{
		"state": "disabled", "detail": "Single sign-on is switched off for this organisation; an administrator can switch it on.", "actor": "admin", "action": nil}}},
	{"nobody to ask Microsoft for", graph.ErrSignInRequired, slugSSORequired, map[string]any{"sso": map[string]any{
		"state": "sign-in-required", "detail": "Sign in with Microsoft to reach Teams experts.", "actor": "agent", "action": "/auth/login?provider=entra"}}},
	{"Microsoft wants more", &sso.ChallengeError{Status: sso.Status{State: sso.StateSignInRequired, Actor: "agent"}}, slugSSORequired, map[string]any{"sso": map[string]any{
		"state": "sign-in-required", "detail": "Sign in with Microsoft to reach Teams experts.", "actor": "agent", "action": nil}}},
	{"sign-on not to be switched on", &sso.IncompleteError{Missing: []string{"credential"}}, slugSSOIncomplete, map[string]any{"missing": []any{"credential"}}},
	{"the provider away", sso.ErrProviderUnavailable, slugProviderUnavailable, map[string]any{"since": "2026-11-22T08:00:00.000Z"}},
	{"somebody else's interaction", consult.ErrNotFound, slugNotFound, nil},
	{"a damaged interaction", &consult.DamagedError{Interaction: marker, Err: errors.New(marker)}, slugInteractionDamaged, nil},
	{"a spectator's command", &consult.RoleError{Role: "Agent"}, slugRoleRequired, map[string]any{"role": "Agent"}},
	{"a key with another body", consult.ErrKeyReused, slugRequestInvalid, map[string]any{
		"errors": []any{map[string]any{"location": "header.Idempotency-Key", "message": "was used with another request; choose a new one"}}}},
	{"wrong content", &consult.InvalidError{Location: "body.code", Message: "must be known"}, slugRequestInvalid, map[string]any{
		"errors": []any{map[string]any{"location": "body.code", "message": "must be known"}}}},
	{"another version", &consult.VersionError{Version: 7}, slugVersionConflict, map[string]any{"version": 7.0}},
	{"another phase", &consult.PhaseError{Phase: consult.PhaseHeld, Allowed: []consult.Action{consult.ActionResume}, Reason: "wrong-phase"}, slugWrongPhase,
		map[string]any{"phase": "held", "allowed": []any{"resume"}, "reason": "wrong-phase"}},
	{"another phase with nothing allowed", &consult.PhaseError{Phase: consult.PhaseEnded, Reason: "wrong-phase"}, slugWrongPhase,
		map[string]any{"phase": "ended", "allowed": []any{}, "reason": "wrong-phase"}},
	{"a target who is no expert", &consult.ExpertError{Reason: graph.ReasonDisabled}, slugExpertNotListed, map[string]any{"reason": "disabled"}},
	{"a number nobody can dial", &consult.NumberError{Input: "+1"}, slugDialNumberInvalid, map[string]any{"check": map[string]any{
		"valid": false, "dialable": "+1", "digits": 1.0, "format": nil, "country": nil, "removed": []any{}, "ambiguous": false,
		"readings": []any{}, "emergency": false, "problem": "too-short"}}},
	{"a destination that is not allowed", &consult.NotAllowedError{Why: marker}, slugDialNotAllowed, nil},
	{"a switch that did not do it", &consult.SwitchError{Reason: consult.FailureBusy}, slugSwitchFailed, map[string]any{"reason": "busy"}},
	{"a switch that is silent", consult.ErrOutcomeUnknown, slugOutcomeUnknown, nil},
	{"an agent with enough consult numbers", &reserve.TooManyError{RetryAfter: time.Minute}, slugTooManyReservations, nil},
	{"every consult number taken", &reserve.ExhaustedError{RetryAfter: time.Minute}, slugConsultNumbersTaken, nil},
	{"a stop", consult.ErrDraining, slugDraining, nil},
	{"a full disk", consult.ErrStorage, slugStorageUnavailable, nil},
	{"a store of sessions that is away", sso.ErrStorage, slugStorageUnavailable, nil},
	{"nobody of that id", graph.ErrNotFound, slugNotFound, nil},
	{"half a telephone number", graph.ErrPhoneIncomplete, slugPhoneIncomplete, nil},
	{"a cursor of another search", graph.ErrBadCursor, slugRequestInvalid, map[string]any{"errors": []any{map[string]any{
		"location": "query.cursor", "message": "is not, or no longer, a cursor of this search; begin again without it"}}}},
	{"a person who is not listed", &graph.NotListedError{Reason: graph.ReasonGuest}, slugExpertNotListed, map[string]any{"reason": "guest"}},
	{"Graph asking to wait", &graph.ThrottledError{RetryAfter: 3 * time.Second}, slugDirectoryUnavailable, map[string]any{"since": "2026-11-22T08:00:00.000Z"}},
	{"Graph refusing", &graph.DeniedError{Code: marker, RequestID: marker}, slugDirectoryUnavailable, map[string]any{"since": "2026-11-22T08:00:00.000Z"}},
	{"a directory not yet read", graph.ErrNotReady, slugDirectoryUnavailable, map[string]any{"since": "2026-11-22T07:00:00.000Z"}},
	{"Graph away", graph.ErrUnavailable, slugDirectoryUnavailable, map[string]any{"since": "2026-11-22T08:00:00.000Z"}},
	{"anything else", errors.New(marker), slugInternal, nil},
}

// refusing is a server that knows the time and nobody.
func refusing() *Server {
	return &Server{
		now:     func() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) },
		started: time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC),
		log:     discardLogger(),
		numbers: func(_ sso.Principal, input string) dial.Check {
			return dial.Check{Dialable: input, Digits: 1, Problem: dial.ProblemTooShort}
		},
	}
}

func TestEveryRefusalIsAnsweredAsTheTableSays(t *testing.T) {
	s := refusing()
	used := make([]bool, len(rules))
	for _, c := range refusals {
		t.Run(c.name, func(t *testing.T) {
			wrapped := fmt.Errorf("%s: %w", marker, c.err)
			ctx := context.WithValue(t.Context(), requestKey{}, &request{id: "request-1"})
			for i, r := range rules {
				if r(s, ctx, wrapped) != nil {
					used[i] = true
					break
				}
			}
			w := httptest.NewRecorder()
			s.fail(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil), wrapped)

			k := kindOf(c.slug)
			want := map[string]any{
				"type": "/problems/" + string(k.slug), "title": k.title, "status": float64(k.status),
				"detail": k.detail, "instance": "request-1",
			}
			for name, value := range c.more {
				want[name] = value
			}
			var got map[string]any
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if w.Code != k.status {
				t.Errorf("status %d, want %d", w.Code, k.status)
			}
			if ct := w.Header().Get("Content-Type"); ct != "application/problem+json" {
				t.Errorf("Content-Type %q", ct)
			}
			if strings.Contains(w.Body.String(), marker) {
				t.Errorf("internal text leaks: %s", w.Body)
			}
		})
	}
	for i, u := range used {
		if !u {
			t.Errorf("no refusal is rendered by rule %d", i)
		}
	}
}

func TestRefusalsCarryTheirHeaders(t *testing.T) {
	for _, c := range []struct {
		name          string
		err           error
		header, value string
	}{
		{"sign-in names the scheme", sso.ErrSignInRequired, "Www-Authenticate", "Bearer"},
		{"throttling says how long, rounded up", &graph.ThrottledError{RetryAfter: 2100 * time.Millisecond}, "Retry-After", "3"},
		{"an unknown wait is five seconds", graph.ErrUnavailable, "Retry-After", "5"},
		{"the provider away asks to wait", sso.ErrProviderUnavailable, "Retry-After", "5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			refusing().fail(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), c.err)
			if got := w.Header().Get(c.header); got != c.value {
				t.Errorf("%s: %q, want %q", c.header, got, c.value)
			}
		})
	}
}

// TestTheDocumentIsTheTable keeps docs/problems.md and the table together.
func TestTheDocumentIsTheTable(t *testing.T) {
	const file = "../docs/problems.md"
	got := renderProblems()
	if update := flag.Lookup("update"); update != nil && update.Value.String() == "true" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/problems.md is not the table (go test ./web -update writes it):\n%s", diff)
	}
}

func renderProblems() string {
	var b strings.Builder
	b.WriteString(`# Problems

Every refusal of the HTTP interface is a problem document (RFC 9457, ` + "`application/problem+json`" + `) with the
members ` + "`type`, `title`, `status`, `detail` and `instance`" + ` (the id of the request, also in the
` + "`X-Request-Id`" + ` header), and for some kinds the members named below. ` + "`type` is `/problems/<slug>`" + `, a page
of the service. Neither internal text nor the caller's own input is ever part of it.

This file is rendered from the table in ` + "`web/problems.go`" + `.

`)
	for _, k := range kinds {
		fmt.Fprintf(&b, "## %s\n\n%d, *%s*. %s\n", k.slug, k.status, k.title, k.detail)
		if k.members != "" {
			fmt.Fprintf(&b, "\nMore members: %s.\n", k.members)
		}
		b.WriteString("\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}
