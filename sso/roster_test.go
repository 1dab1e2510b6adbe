package sso_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

// someone is a row that stands in nobody's way.
func someone(id sso.AgentID) sso.Agent {
	return sso.Agent{ID: id, Tenant: home, Subject: "cc|" + string(id), Name: "Agent " + string(id)}
}

func newRoster(t *testing.T, store sso.AgentStore, file ...sso.Agent) *sso.Roster {
	t.Helper()
	r, err := sso.NewRoster(t.Context(), file, store, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func put(t *testing.T, r *sso.Roster, rows ...sso.Agent) sso.Outcome {
	t.Helper()
	done, err := r.Put(t.Context(), home, rows, false)
	if err != nil {
		t.Fatalf("Put: %v", err)
	}
	return done
}

// sources gives the organisation's ids with where they come from.
func sources(r *sso.Roster) map[sso.AgentID]sso.AgentSource {
	found := map[sso.AgentID]sso.AgentSource{}
	for _, row := range r.List(home) {
		found[row.ID] = row.Source
	}
	return found
}

func wantSources(t *testing.T, r *sso.Roster, want map[sso.AgentID]sso.AgentSource) {
	t.Helper()
	if diff := cmp.Diff(want, sources(r)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestAnAdministratorsRowWinsOverTheFilesAndGivesItBack(t *testing.T) {
	store := new(sessiontest.Memory)
	r := newRoster(t, store, someone("a"), someone("b"))
	mine := someone("a")
	mine.Name = "Changed"
	if done := put(t, r, mine, someone("c")); done != (sso.Outcome{Created: 1, Updated: 1}) {
		t.Errorf("outcome %+v", done)
	}
	wantSources(t, r, map[sso.AgentID]sso.AgentSource{"a": sso.SourceAdmin, "b": sso.SourceFile, "c": sso.SourceAdmin})
	if row, _ := r.Agents().ByID(home, "a"); row.Name != "Changed" {
		t.Errorf("the table has %q", row.Name)
	}

	again := newRoster(t, store, someone("a"), someone("b"))
	wantSources(t, again, sources(r))
	for _, id := range []sso.AgentID{"a", "c"} {
		if err := again.Delete(t.Context(), home, id, sso.Condition{}); err != nil {
			t.Fatal(err)
		}
	}
	wantSources(t, again, map[sso.AgentID]sso.AgentSource{"a": sso.SourceFile, "b": sso.SourceFile})
}

func TestRowsThatAreNotAnAdministratorsAreNotDeleted(t *testing.T) {
	r := newRoster(t, new(sessiontest.Memory), someone("a"))
	for id, want := range map[sso.AgentID]error{"a": sso.ErrAgentFromFile, "nobody": sso.ErrAgentNotFound} {
		if err := r.Delete(t.Context(), home, id, sso.Condition{}); !errors.Is(err, want) {
			t.Errorf("Delete(%s): %v, want %v", id, err, want)
		}
	}
	if err := r.Delete(t.Context(), partner, "a", sso.Condition{}); !errors.Is(err, sso.ErrAgentNotFound) {
		t.Errorf("another organisation's: %v", err)
	}
	if _, err := r.Row(partner, "a"); !errors.Is(err, sso.ErrAgentNotFound) {
		t.Errorf("reading another organisation's: %v", err)
	}
}

func TestARowIsChangedOnlyWhileItsConditionHolds(t *testing.T) {
	r := newRoster(t, new(sessiontest.Memory), someone("a"))
	read, err := r.Row(home, "a")
	if err != nil {
		t.Fatal(err)
	}
	changed := someone("a")
	changed.Name = "Changed"
	for _, test := range []struct {
		name string
		row  sso.Agent
		c    sso.Condition
		want error
	}{
		{"a new one where there is one", changed, sso.Condition{Absent: true}, sso.ErrAgentChanged},
		{"another version", changed, sso.Condition{Version: "other"}, sso.ErrAgentChanged},
		{"a version of what is not there", someone("b"), sso.Condition{Version: read.Version()}, sso.ErrAgentChanged},
		{"as it was read", changed, sso.Condition{Version: read.Version()}, nil},
		{"as it was read before the change", someone("a"), sso.Condition{Version: read.Version()}, sso.ErrAgentChanged},
		{"a new one", someone("b"), sso.Condition{Absent: true}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := r.PutRow(t.Context(), home, test.row, test.c); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
	if err := r.Delete(t.Context(), home, "a", sso.Condition{Version: read.Version()}); !errors.Is(err, sso.ErrAgentChanged) {
		t.Errorf("a deletion of what was changed: %v", err)
	}
}

func TestARowThatSaysTheSameChangesNothing(t *testing.T) {
	r := newRoster(t, new(sessiontest.Memory), someone("a"))
	same := someone("a")
	same.Name = " Agent a "
	if done := put(t, r, same); done != (sso.Outcome{Unchanged: 1}) {
		t.Errorf("outcome %+v", done)
	}
	wantSources(t, r, map[sso.AgentID]sso.AgentSource{"a": sso.SourceFile})
}

func TestATrialKeepsNothing(t *testing.T) {
	r := newRoster(t, new(sessiontest.Memory), someone("a"))
	done, err := r.Put(t.Context(), home, []sso.Agent{someone("b"), someone("c")}, true)
	if err != nil || done != (sso.Outcome{Created: 2}) {
		t.Errorf("%+v, %v", done, err)
	}
	wantSources(t, r, map[sso.AgentID]sso.AgentSource{"a": sso.SourceFile})
}

func TestRowsThatCannotStandAreRefusedTogether(t *testing.T) {
	numbered := func(id sso.AgentID, number string) sso.Agent {
		row := someone(id)
		row.Number = number
		return row
	}
	for _, test := range []struct {
		name string
		rows []sso.Agent
		want []sso.RowError
	}{
		{"a number that a present agent has", []sso.Agent{someone("b"), numbered("c", "+49 30 1001")},
			[]sso.RowError{{Row: 1, Field: "number", Problem: sso.RowTaken, Other: -1}}},
		{"a number twice among the new ones", []sso.Agent{numbered("b", "+49302"), numbered("c", "+49302")},
			[]sso.RowError{{Row: 1, Field: "number", Problem: sso.RowTaken, Other: 0}}},
		{"an id twice", []sso.Agent{someone("b"), {ID: "b", Subject: "other", Name: "B"}},
			[]sso.RowError{{Row: 1, Field: "id", Problem: sso.RowTaken, Other: 0}}},
		{"an object id that is a present agent's id", []sso.Agent{{ID: "b", EntraID: bert, Name: "B"}},
			[]sso.RowError{{Row: 0, Field: "entra_id", Problem: sso.RowTakenAsID, Other: -1}}},
		{"a name that is a formula", []sso.Agent{{ID: "b", Subject: "b", Name: "=1+1"}, {ID: "-c", Subject: "-c", Name: "C", Queues: []string{"tax", "@x"}}},
			[]sso.RowError{
				{Row: 0, Field: "name", Problem: sso.RowFormula, Other: -1},
				{Row: 1, Field: "id", Problem: sso.RowFormula, Other: -1},
				{Row: 1, Field: "queues[1]", Problem: sso.RowFormula, Other: -1},
			}},
		{"a subject that is a command", []sso.Agent{{ID: "b", Subject: "-cmd|x", Name: "B"}},
			[]sso.RowError{{Row: 0, Field: "subject", Problem: sso.RowFormula, Other: -1}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			present := someone(bert)
			present.Number = "+49301001"
			r := newRoster(t, new(sessiontest.Memory), present)
			_, err := r.Put(t.Context(), home, test.rows, false)
			var got []sso.RowError
			for _, e := range sso.RowErrors(err) {
				got = append(got, *e)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			wantSources(t, r, map[sso.AgentID]sso.AgentSource{bert: sso.SourceFile})
		})
	}
}

func TestAFilesRowWithAnAdministratorsNumberIsLeftOutAndLogged(t *testing.T) {
	store := new(sessiontest.Memory)
	mine := someone("mine")
	mine.Number = "+49301001"
	put(t, newRoster(t, store), mine)

	var logged bytes.Buffer
	theirs := someone("theirs")
	theirs.Number = "+49 30 1001"
	r, err := sso.NewRoster(t.Context(), []sso.Agent{theirs, someone("other")}, store, slog.New(slog.NewTextHandler(&logged, nil)))
	if err != nil {
		t.Fatal(err)
	}
	wantSources(t, r, map[sso.AgentID]sso.AgentSource{"mine": sso.SourceAdmin, "other": sso.SourceFile})
	if !strings.Contains(logged.String(), "agent=theirs") {
		t.Errorf("logged: %s", &logged)
	}
	if err := r.Delete(t.Context(), home, "mine", sso.Condition{}); err != nil {
		t.Fatal(err)
	}
	wantSources(t, r, map[sso.AgentID]sso.AgentSource{"theirs": sso.SourceFile, "other": sso.SourceFile})
}

func TestAKeptRowThatNoLongerPassesIsNoReasonNotToStart(t *testing.T) {
	store := new(sessiontest.Memory)
	if err := store.PutAgentRows(t.Context(), []sso.Agent{{ID: "broken", Tenant: home}, someone("good")}); err != nil {
		t.Fatal(err)
	}
	wantSources(t, newRoster(t, store), map[sso.AgentID]sso.AgentSource{"good": sso.SourceAdmin})
}

func TestANewFileReplacesItsRowsAndAWrongOneNone(t *testing.T) {
	r := newRoster(t, new(sessiontest.Memory), someone("a"), someone("b"))
	put(t, r, someone("c"))
	if err := r.SetFile(t.Context(), []sso.Agent{someone("d"), {}}); err == nil {
		t.Error("a wrong file was taken")
	}
	wantSources(t, r, map[sso.AgentID]sso.AgentSource{"a": sso.SourceFile, "b": sso.SourceFile, "c": sso.SourceAdmin})
	if err := r.SetFile(t.Context(), []sso.Agent{someone("d")}); err != nil {
		t.Fatal(err)
	}
	wantSources(t, r, map[sso.AgentID]sso.AgentSource{"c": sso.SourceAdmin, "d": sso.SourceFile})
}

func TestWhatTheStoreRefusesIsNotInTheTable(t *testing.T) {
	store := new(sessiontest.Memory)
	r := newRoster(t, store)
	put(t, r, someone("a"))
	full := errors.New("full")
	store.RefuseAgents(full)
	if _, err := r.Put(t.Context(), home, []sso.Agent{someone("b")}, false); !errors.Is(err, full) {
		t.Errorf("Put: %v", err)
	}
	if err := r.Delete(t.Context(), home, "a", sso.Condition{}); !errors.Is(err, full) {
		t.Errorf("Delete: %v", err)
	}
	wantSources(t, r, map[sso.AgentID]sso.AgentSource{"a": sso.SourceAdmin})
}

func TestWatchersHearOfTheOrganisationsThatChanged(t *testing.T) {
	other := someone("a")
	other.Tenant = partner
	r := newRoster(t, new(sessiontest.Memory), someone("a"), other)
	changed, stop := r.Watch()
	if err := r.SetFile(t.Context(), []sso.Agent{someone("a"), other}); err != nil { // as it was
		t.Fatal(err)
	}
	put(t, r, someone("b"))
	if tenant := <-changed; tenant != home {
		t.Errorf("told of %s, want %s", tenant, home)
	}
	if err := r.SetFile(t.Context(), []sso.Agent{someone("a")}); err != nil {
		t.Fatal(err)
	}
	if tenant := <-changed; tenant != partner {
		t.Errorf("told of %s, want %s", tenant, partner)
	}
	stop()
	if _, open := <-changed; open {
		t.Error("told after the end")
	}
}

func TestSomebodyVerifiedIsAskedAboutAnew(t *testing.T) {
	w := newWorld(t)
	table := agents(t)
	verifier, err := sso.NewVerifier(sso.Config{Entra: sso.EntraConfig{
		Authority: w.URL, ClientID: serviceID, Scope: idURI + "/access_as_user", Tenants: []string{home, partner},
	}}, sso.Deps{Agents: table})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.Renew(sso.Principal{}); !errors.Is(err, sso.ErrSignInRequired) {
		t.Errorf("nobody: %v", err)
	}
	renewed := func(person string) (sso.Principal, func() (sso.Principal, error)) {
		p, err := verifier.Verify(context.Background(), w.Entra.AccessToken(home, serviceID, serviceID, person))
		if err != nil {
			t.Fatal(err)
		}
		return p, func() (sso.Principal, error) { return verifier.Renew(p) }
	}
	agent, again := renewed(anja)
	_, adminAgain := renewed(sofia)
	if p, err := again(); err != nil || p.Agent().ID != agent.Agent().ID {
		t.Errorf("unchanged: %+v, %v", p.Agent(), err)
	}
	if err := table.Replace(nil); err != nil {
		t.Fatal(err)
	}
	_, err = again()
	if _, unknown := errors.AsType[*sso.AgentUnknownError](err); !unknown {
		t.Errorf("row gone: %v", err)
	}
	if p, err := adminAgain(); err != nil || !p.Has(sso.RoleAdmin) {
		t.Errorf("an admin needs no row: %v", err)
	}
}
