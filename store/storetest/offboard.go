package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamsbridge/consult"
	"teamsbridge/consult/reserve"
	"teamsbridge/graph"
	"teamsbridge/sso"
	"teamsbridge/store"
)

// WholeStore is everything that is kept of organisations.
type WholeStore interface {
	consult.Store
	sso.SessionStore
	sso.OrganizationStore
	sso.AgentStore
	graph.Store
	FavouriteStore
	reserve.Store
	store.Offboarding
}

// Dump reads a whole database past the store: of every table, whatever its
// name, each row as one text.
type Dump func(*testing.T) map[string][]string

// tenantsTables are the tables in which an organisation leaves something. One
// that the schema has beside them is looked through as well.
var tenantsTables = []string{
	"agent_states", "agents", "claims", "directories", "directory_experts", "directory_generations", "ended", "favourites",
	"interactions", "journal", "organizations", "recents", "reservations", "sessions", "transactions",
}

// RunOffboarding checks that nothing of an organisation remains that leaves,
// and that nothing of another one goes; newStore gives every check a fresh,
// empty store and a look at all of its tables.
func RunOffboarding(t *testing.T, newStore func(*testing.T) (WholeStore, Dump)) {
	t.Run("nothing of an organisation remains in any table, and everything of another one", func(t *testing.T) {
		s, dump := newStore(t)
		plant(t, s, tenant)
		plant(t, s, other)
		wantTenants(t, s, tenant, other)
		theirs := rowsOf(dump(t), other)
		if diff := cmp.Diff(tenantsTables, tablesOf(rowsOf(dump(t), tenant))); diff != "" {
			t.Fatalf("tables in which something was planted (-want +got):\n%s", diff)
		}
		deleted, err := s.Offboard(t.Context(), tenant)
		if err != nil {
			t.Fatal(err)
		}
		if left := rowsOf(dump(t), tenant); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
		if diff := cmp.Diff(theirs, rowsOf(dump(t), other)); diff != "" {
			t.Errorf("of another organisation (-before +after):\n%s", diff)
		}
		if deleted["interactions"] != 2 || deleted["sessions"] != 1 || deleted["transactions"] != 2 || deleted["directory_experts"] != 1 {
			t.Errorf("counted %v", deleted)
		}
		wantTenants(t, s, other)
	})
	t.Run("the organisation is unknown, and can begin anew", func(t *testing.T) {
		s, _ := newStore(t)
		plant(t, s, tenant)
		if _, err := s.Offboard(t.Context(), tenant); err != nil {
			t.Fatal(err)
		}
		wantUnknown(t, s, tenant, "live of "+tenant)
		if live, err := s.Live(t.Context()); err != nil || len(live) > 0 {
			t.Errorf("Live = %v, %v", live, err)
		}
		if _, err := s.Session(t.Context(), "session of "+tenant); !errors.Is(err, sso.ErrSessionNotFound) {
			t.Errorf("Session: %v", err)
		}
		plant(t, s, tenant)
		wantTenants(t, s, tenant)
	})
	t.Run("an organisation of which nothing is kept leaves without a trace", func(t *testing.T) {
		s, dump := newStore(t)
		plant(t, s, other)
		before := dump(t)
		deleted, err := s.Offboard(t.Context(), tenant)
		if err != nil || len(deleted) > 0 {
			t.Errorf("Offboard = %v, %v", deleted, err)
		}
		if diff := cmp.Diff(before, dump(t)); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
	})
}

// plant leaves something in every table that holds what belongs to an
// organisation. Every row says the organisation's id.
func plant(t *testing.T, s WholeStore, of string) {
	t.Helper()
	ctx, expires := t.Context(), day.Add(time.Hour)
	for _, step := range []consult.Record{
		{Interaction: consult.InteractionID("ended of " + of), Version: 1, At: day},
		{Interaction: consult.InteractionID("live of " + of), Version: 1, Live: true, At: day,
			Claim: &consult.Claim{Scope: of + "/anja/POST/hold", Key: "key", BodyHash: "hash", At: day}},
	} {
		step.Tenant, step.Owners = of, []string{"anja"}
		step.Input, step.State, step.Entry = fmt.Appendf(nil, `{"input":%q}`, of), []byte(`{}`), fmt.Appendf(nil, `{"entry":%q}`, of)
		appendAll(t, s, step)
	}
	generation := int64(7)
	if of == other {
		generation = 8
	}
	for what, err := range map[string]error{
		"agent state":  s.PutAgentState(ctx, of, "anja", consult.AgentStatus{Name: consult.StateAvailable, Since: day}),
		"agent":        s.PutAgentRows(ctx, []sso.Agent{{ID: "anja", Tenant: of, Name: "Anja"}}),
		"reservation":  s.AddReservation(ctx, reserve.Reservation{ID: "r-1", Tenant: of, Agent: "anja", State: reserve.Reserved, MadeAt: day}, day),
		"session":      s.PutSession(ctx, sso.Session{Key: "session of " + of, Tenant: of, StartedAt: day, SeenAt: day, ExpiresAt: expires}),
		"consent":      s.PutTransaction(ctx, sso.Transaction{Key: "consent of " + of, Tenant: of, ExpiresAt: expires}),
		"joining":      s.PutTransaction(ctx, sso.Transaction{Key: "joining " + of, Session: "session of " + of, ExpiresAt: expires}),
		"organisation": s.PutOrganization(ctx, sso.Organization{Tenant: of, Enabled: true}),
		"directory": s.KeepExperts(ctx, graph.TenantID(of), graph.Batch{
			Generation: generation, Put: []graph.Expert{listed(graph.UserID("expert of "+of), "Jürgen")}, Checkpoint: kept(generation, "link"),
		}),
		"recent": s.AddRecent(ctx, of, "anja", "expert", day, 10),
	} {
		if err != nil {
			t.Fatalf("plant %s: %v", what, err)
		}
	}
	if _, err := s.AddFavourite(ctx, of, "anja", "expert", day, 10); err != nil {
		t.Fatalf("plant favourite: %v", err)
	}
}

// rowsOf finds the rows that say a text, beside the audit.
func rowsOf(all map[string][]string, text string) map[string][]string {
	found := make(map[string][]string)
	for table, rows := range all {
		for _, row := range rows {
			if strings.Contains(row, text) && !strings.HasPrefix(table, "audit_") {
				found[table] = append(found[table], row)
			}
		}
	}
	return found
}

func tablesOf(rows map[string][]string) []string {
	var tables []string
	for table := range rows {
		tables = append(tables, table)
	}
	slices.Sort(tables)
	return tables
}

func wantTenants(t *testing.T, s WholeStore, want ...string) {
	t.Helper()
	got, err := s.Tenants(t.Context())
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("Tenants = %v, %v; want %v", got, err, want)
	}
}
