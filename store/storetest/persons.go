package storetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/audit"
	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/graph"
	"teamsbridge/privacy"
	"teamsbridge/sso"
)

// PersonStore keeps everything that belongs to persons.
type PersonStore interface {
	privacy.Store
	consult.Store
	FavouriteStore
	reserve.Store
	sso.SessionStore
	sso.AgentStore
}

// RunPersons holds a store to the contract of telling and forgetting persons;
// newStore gives every check a fresh, empty one.
func RunPersons(t *testing.T, newStore func(*testing.T) PersonStore) {
	t.Helper()
	for _, c := range personContract {
		t.Run(c.name, func(t *testing.T) { c.check(t, newStore(t)) })
	}
}

const (
	agentAnja    = "agent-anja"
	objectAnja   = "0b1ec7-anja"
	subjectAnja  = "subject-anja"
	objectExpert = "0b1ec7-expert"
	customer     = "+4915112345678"
	expertNumber = "+493012345671"
)

var (
	theAgent    = privacy.Person{Tenant: tenant, Agent: agentAnja, Entra: objectAnja, Subject: subjectAnja}
	theExpert   = privacy.Person{Tenant: tenant, Entra: objectExpert}
	theCustomer = privacy.Person{Tenant: tenant, Number: "0049 151 12345678"}
)

// call writes an interaction in which an agent has consulted the expert.
func call(t *testing.T, s PersonStore, tenant string, id consult.InteractionID, agent, name, from string, live bool) {
	t.Helper()
	lines := [][2]string{
		{fmt.Sprintf(`{"kind":"call","actor":"customer","call":{"interaction":%q,"tenant":%q,"from":%q,"agent":%q,"agentName":%q,"agentNumber":"+4930777"}}`, id, tenant, from, agent, name), `"Input":"call"`},
		{fmt.Sprintf(`{"kind":"consult","actor":"agent1","agent":%q,"target":{"kind":"organization","id":%q,"name":"Jürgen Müller","number":%q,"expert":%q},"scope":"%s/%s/i/consult","key":"k"}`, agent, objectExpert, expertNumber, objectExpert, tenant, agent),
			fmt.Sprintf(`"Input":"consult","Person":{"ID":%q,"Name":%q}`, agent, name)},
		{fmt.Sprintf(`{"kind":"wrapUp","actor":"agent1","agent":%q,"code":"solved","note":"what was said"}`, agent), `"Input":"wrapUp"`},
	}
	state := fmt.Sprintf(`{"id":%q,"tenant":%q,"version":%%d,"phase":"ended","customer":{"number":%q,"state":"left"},"owner":{"agent":%q,"name":%q,"number":"+4930777"},`+
		`"consult":{"target":{"kind":"organization","id":%q,"name":"Jürgen Müller","number":%q,"expert":%q},"party":{"id":%q,"name":"Jürgen Müller"}},`+
		`"wrapUps":[{"agent":%q,"code":"solved","note":"what was said"}]}`, id, tenant, from, agent, name, objectExpert, expertNumber, objectExpert, objectExpert, agent)
	for n, line := range lines {
		version := uint64(n + 1)
		appendAll(t, s, consult.Record{
			Interaction: id, Tenant: tenant, Version: version, Live: live || n < len(lines)-1, At: day.Add(time.Duration(n) * time.Second), Owners: []string{agent},
			Input: []byte(line[0]), State: fmt.Appendf(nil, state, version), Entry: fmt.Appendf(nil, `{"Version":%d,"At":%q,%s}`, version, day.Format(time.RFC3339), line[1]),
			Claim: &consult.Claim{Scope: tenant + "/" + agent + "/" + string(id) + "/x", Key: fmt.Sprint(n), At: day},
		})
	}
}

// populate keeps the agent's and others' things, of two organisations.
func populate(t *testing.T, s PersonStore) {
	t.Helper()
	for _, in := range []string{tenant, other} {
		call(t, s, in, "i-1", agentAnja, "Anja Weber", customer, false)
		call(t, s, in, "i-2", "agent-ben", "Ben Stein", "+491700000001", false)
		for _, err := range []error{
			s.PutSession(t.Context(), sso.Session{Key: in + "1", Tenant: in, EntraID: objectAnja, Name: "Anja Weber", IDToken: "id-token", ExpiresAt: later}),
			s.PutSession(t.Context(), sso.Session{Key: in + "2", Tenant: in, Subject: subjectAnja, Issuer: "cc", ExpiresAt: later}),
			s.PutSession(t.Context(), sso.Session{Key: in + "3", Tenant: in, EntraID: "other", ExpiresAt: later}),
			s.AddRecent(t.Context(), in, agentAnja, objectExpert, day, 10),
			s.AddRecent(t.Context(), in, "agent-ben", "e-9", day, 10),
			s.AddReservation(t.Context(), reserve.Reservation{ID: "r-1", Tenant: in, Agent: agentAnja, AgentName: "Anja Weber", State: reserve.Ended, Since: day, MadeAt: day,
				Target: consult.Target{Kind: consult.TargetOrganization, Name: "Jürgen Müller", Number: expertNumber, Expert: objectExpert}}, day),
			s.AddReservation(t.Context(), reserve.Reservation{ID: "r-2", Tenant: in, Agent: "agent-ben", State: reserve.Ended, Since: day, MadeAt: day}, day),
			s.PutAgentState(t.Context(), in, agentAnja, consult.AgentStatus{Name: "idle", Since: day}),
			s.PutAgentRows(t.Context(), []sso.Agent{{Tenant: in, ID: agentAnja, Name: "Anja Weber", EntraID: objectAnja}, {Tenant: in, ID: "agent-ben"}}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, agent := range []string{agentAnja, "agent-ben"} {
			for _, expert := range []graph.UserID{objectExpert, "e-9"} {
				if _, err := s.AddFavourite(t.Context(), in, agent, expert, day, 10); err != nil {
					t.Fatal(err)
				}
			}
		}
		recorded(t, s,
			audit.Event{At: day, Tenant: in, Kind: audit.SignIn, Outcome: audit.Done, Actor: audit.Actor{Agent: agentAnja, Entra: objectAnja}},
			audit.Event{At: day, Tenant: in, Kind: audit.Consult, Outcome: audit.Begun, Interaction: "i-1", Version: 2, Actor: audit.Actor{Agent: agentAnja},
				Target: audit.Target{Kind: "organization", ID: objectExpert, Number: expertNumber}},
			audit.Event{At: day, Tenant: in, Kind: audit.SignIn, Outcome: audit.Done, Actor: audit.Actor{Agent: "agent-ben"}})
	}
}

// exported is all that is stored about a person, and its kinds with their counts.
func exported(t *testing.T, s PersonStore, p privacy.Person) (text string, kinds map[string]int) {
	t.Helper()
	var b bytes.Buffer
	kinds = make(map[string]int)
	encoder := json.NewEncoder(&b)
	if err := privacy.Export(t.Context(), s, p, func(r privacy.Record) error {
		kinds[r.Kind]++
		return encoder.Encode(r)
	}); err != nil {
		t.Fatalf("Export: %v", err)
	}
	return b.String(), kinds
}

func wantKinds(t *testing.T, what string, got, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// journalOf is everything that an interaction holds.
func journalOf(t *testing.T, s PersonStore, tenant string, id consult.InteractionID) string {
	t.Helper()
	stored, err := s.Interaction(t.Context(), tenant, id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stored.Decode(); err != nil {
		t.Errorf("state of %s: %v", id, err)
	}
	inputs, err := s.Inputs(t.Context(), tenant, id)
	if err != nil || len(inputs) != 3 {
		t.Fatalf("inputs of %s: %d, %v; want 3", id, len(inputs), err)
	}
	entries, err := s.History(t.Context(), tenant, id)
	if err != nil || len(entries) != 3 {
		t.Fatalf("history of %s: %d, %v; want 3", id, len(entries), err)
	}
	return string(stored.State) + string(bytes.Join(append(inputs, entries...), []byte("\n")))
}

func wantNone(t *testing.T, what, text string, planted ...string) {
	t.Helper()
	for _, p := range planted {
		if strings.Contains(text, p) {
			t.Errorf("%s still holds %q: %s", what, p, text)
		}
	}
}

var personContract = []struct {
	name  string
	check func(*testing.T, PersonStore)
}{
	{"of nobody there is nothing", func(t *testing.T, s PersonStore) {
		populate(t, s)
		_, kinds := exported(t, s, privacy.Person{Tenant: tenant, Agent: "nobody", Entra: "nobody", Number: "+1"})
		wantKinds(t, "export", kinds, map[string]int{})
	}},
	{"an agent is told of everything, and of no token", func(t *testing.T, s PersonStore) {
		populate(t, s)
		text, kinds := exported(t, s, theAgent)
		wantKinds(t, "export", kinds, map[string]int{"agent_states": 1, "agents": 1, "favourites": 2, "recents": 1, "reservations": 1, "claims": 3, "session": 2, "interaction": 1, "audit": 2})
		wantNone(t, "export", text, "id-token", "agent-ben", other)
	}},
	{"an agent is erased everywhere, and nobody else", func(t *testing.T, s PersonStore) {
		populate(t, s)
		done, err := privacy.Erase(t.Context(), s, theAgent)
		if err != nil {
			t.Fatal(err)
		}
		want := privacy.Erased{Deleted: map[string]int{"sessions": 2, "agent_states": 1, "agents": 1, "favourites": 2, "recents": 1, "reservations": 1}, Pseudonymised: 1, Audit: 2}
		if diff := cmp.Diff(want, done); diff != "" {
			t.Errorf("erased (-want +got):\n%s", diff)
		}
		_, kinds := exported(t, s, theAgent)
		wantKinds(t, "export afterwards", kinds, map[string]int{})
		wantNone(t, "the journal", journalOf(t, s, tenant, "i-1"), agentAnja, "Anja", "+4930777", "what was said")
		wantWhole(t, s, tenant, 3, 2)
		listed, err := s.Owned(t.Context(), tenant, agentAnja, 0)
		wantIDs(t, "the agent's list", listed, err)
		listed, err = s.Owned(t.Context(), tenant, "", 0)
		if err != nil || len(listed) != 2 {
			t.Errorf("the organisation's list: %d, %v", len(listed), err)
		}
		_, kinds = exported(t, s, privacy.Person{Tenant: tenant, Agent: "agent-ben"})
		wantKinds(t, "another agent", kinds, map[string]int{"agents": 1, "favourites": 2, "recents": 1, "reservations": 1, "claims": 3, "interaction": 1, "audit": 1})
		theirs := theAgent
		theirs.Tenant = other
		_, kinds = exported(t, s, theirs)
		wantKinds(t, "the same ids elsewhere", kinds, map[string]int{"agent_states": 1, "agents": 1, "favourites": 2, "recents": 1, "reservations": 1, "claims": 3, "session": 2, "interaction": 1, "audit": 2})
		if again, err := privacy.Erase(t.Context(), s, theAgent); err != nil || again.Pseudonymised+again.Audit+len(again.Deleted) != 0 {
			t.Errorf("erased again: %+v, %v", again, err)
		}
	}},
	{"an expert is erased from calls, favourites and audit", func(t *testing.T, s PersonStore) {
		populate(t, s)
		done, err := privacy.Erase(t.Context(), s, theExpert)
		if err != nil {
			t.Fatal(err)
		}
		want := privacy.Erased{Deleted: map[string]int{"favourites": 2, "recents": 1, "reservations": 1}, Pseudonymised: 2, Audit: 1}
		if diff := cmp.Diff(want, done); diff != "" {
			t.Errorf("erased (-want +got):\n%s", diff)
		}
		text := journalOf(t, s, tenant, "i-1")
		wantNone(t, "the journal", text, objectExpert, "Jürgen", expertNumber)
		if !strings.Contains(text, agentAnja) || !strings.Contains(text, customer) {
			t.Errorf("others are gone too: %s", text)
		}
		wantWhole(t, s, tenant, 3, 1)
	}},
	{"a customer is erased by their number, in whatever spelling", func(t *testing.T, s PersonStore) {
		populate(t, s)
		done, err := privacy.Erase(t.Context(), s, theCustomer)
		if err != nil || done.Pseudonymised != 1 {
			t.Fatalf("%+v, %v", done, err)
		}
		text := journalOf(t, s, tenant, "i-1")
		wantNone(t, "the journal", text, customer, "15112345678", "what was said")
		if !strings.Contains(text, agentAnja) || !strings.Contains(text, objectExpert) {
			t.Errorf("others are gone too: %s", text)
		}
	}},
	{"an expert who is erased by number is erased by name too", func(t *testing.T, s PersonStore) {
		populate(t, s)
		if _, err := privacy.Erase(t.Context(), s, privacy.Person{Tenant: tenant, Number: expertNumber}); err != nil {
			t.Fatal(err)
		}
		wantNone(t, "the journal", journalOf(t, s, tenant, "i-1"), objectExpert, "Jürgen", expertNumber)
		for _, l := range auditLines(t, s, tenant) {
			if l.Target != nil {
				t.Errorf("the audit still has the target: %+v", l.Target)
			}
		}
	}},
	{"whoever is in a live interaction is refused, and nothing is done", func(t *testing.T, s PersonStore) {
		populate(t, s)
		call(t, s, tenant, "i-live", agentAnja, "Anja Weber", "+491700000002", true)
		before, _ := exported(t, s, theAgent)
		_, err := privacy.Erase(t.Context(), s, theAgent)
		live, ok := errors.AsType[*privacy.LiveError](err)
		if !ok || len(live.Interactions) != 1 || live.Interactions[0] != "i-live" {
			t.Fatalf("Erase: %v, want a LiveError", err)
		}
		if after, _ := exported(t, s, theAgent); after != before {
			t.Errorf("something changed:\n%s", cmp.Diff(before, after))
		}
	}},
	{"an interaction that moved on meanwhile is not rewritten", func(t *testing.T, s PersonStore) {
		populate(t, s)
		stored, err := s.Interaction(t.Context(), tenant, "i-1")
		if err != nil {
			t.Fatal(err)
		}
		stored.Version--
		if err := s.Rewrite(t.Context(), stored, nil, nil, nil); !errors.Is(err, consult.ErrVersion) {
			t.Errorf("Rewrite: %v, want ErrVersion", err)
		}
		journalOf(t, s, tenant, "i-1")
	}},
	{"an erased interaction is forgotten like any other", func(t *testing.T, s PersonStore) {
		populate(t, s)
		if _, err := privacy.Erase(t.Context(), s, theAgent); err != nil {
			t.Fatal(err)
		}
		if n, err := s.(Forgetting).DeleteEnded(t.Context(), later, 10); n != 4 || err != nil {
			t.Errorf("DeleteEnded = %d, %v; want 4", n, err)
		}
	}},
}
