package sso_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

// guids are few, so that rows get into each other's way; some are ids too.
var guids = []string{anja, bert, sofia, nina}

func drawRow(t *rapid.T) sso.Agent {
	row := sso.Agent{
		ID:     sso.AgentID(rapid.SampledFrom(append([]string{"a", "b", "c", "d"}, guids...)).Draw(t, "id")),
		Tenant: home, Name: rapid.SampledFrom([]string{"Anja", "Bert"}).Draw(t, "name"),
		Subject: rapid.SampledFrom([]string{"", "s1", "s2", "s3"}).Draw(t, "subject"),
		Number:  rapid.SampledFrom([]string{"", "+49301", "+49302", "+49 30 1"}).Draw(t, "number"),
	}
	if rapid.Bool().Draw(t, "at Entra") {
		row.EntraID = rapid.SampledFrom(guids).Draw(t, "object id")
	}
	return row
}

// TestWhateverIsPutTheTableStands: after any sequence of changes the table could
// have been given as a whole, an administrator's row is in it as it was kept,
// and a restart finds the same table.
func TestWhateverIsPutTheTableStands(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		store := new(sessiontest.Memory)
		var file []sso.Agent
		r, err := sso.NewRoster(t.Context(), nil, store, nil)
		if err != nil {
			rt.Fatal(err)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"put": func(rt *rapid.T) {
				rows := rapid.SliceOfN(rapid.Custom(drawRow), 1, 3).Draw(rt, "rows")
				trial := rapid.Bool().Draw(rt, "trial")
				before := r.List(home)
				done, err := r.Put(t.Context(), home, rows, trial)
				if (err != nil || trial) && !cmp.Equal(before, r.List(home)) {
					rt.Fatalf("a trial or a refusal (%v) changed the table", err)
				}
				if err != nil && len(sso.RowErrors(err)) == 0 {
					rt.Fatalf("refused without a reason: %v", err)
				}
				if err == nil && done.Created+done.Updated+done.Unchanged != len(rows) {
					rt.Fatalf("outcome %+v of %d rows", done, len(rows))
				}
			},
			"delete": func(rt *rapid.T) {
				id := drawRow(rt).ID
				row, found := r.Row(home, id)
				if err := r.Delete(t.Context(), home, id, sso.Condition{}); (err == nil) != (found == nil && row.Source == sso.SourceAdmin) {
					rt.Fatalf("Delete(%s): %v, it was %+v", id, err, row)
				}
			},
			"new file": func(rt *rapid.T) {
				rows := rapid.SliceOfN(rapid.Custom(drawRow), 0, 4).Draw(rt, "rows")
				if r.SetFile(t.Context(), rows) == nil {
					file = rows
				}
			},
			"": func(rt *rapid.T) {
				var rows []sso.Agent
				for _, row := range r.List(home) {
					rows = append(rows, row.Agent)
				}
				if _, err := sso.NewAgents(rows); err != nil {
					rt.Fatalf("the table does not stand: %v", err)
				}
				kept, err := store.AgentRows(t.Context())
				if err != nil {
					rt.Fatal(err)
				}
				for _, row := range kept {
					if found, err := r.Row(home, row.ID); err != nil || found.Source != sso.SourceAdmin || !cmp.Equal(found.Agent, row, cmpopts.EquateEmpty()) {
						rt.Fatalf("kept %+v, in the table %+v, %v", row, found, err)
					}
				}
				again, err := sso.NewRoster(t.Context(), slices.Clone(file), store, nil)
				if err != nil {
					rt.Fatal(err)
				}
				if diff := cmp.Diff(fmt.Sprint(r.List(home)), fmt.Sprint(again.List(home))); diff != "" {
					rt.Fatalf("a restart finds another table:\n%s", diff)
				}
			},
		})
	})
}
