package sqlite_test

import (
	"path/filepath"
	"testing"

	"teamsbridge/audit"
	"teamsbridge/consult"
	"teamsbridge/graph"
	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/store/sqlite"
	"teamsbridge/store/storetest"
)

func TestContracts(t *testing.T) {
	for name, pace := range paces {
		t.Run(name, func(t *testing.T) {
			fresh := func(t *testing.T) *sqlite.Store { return open(t, sqlite.MigratedFile(t), pace...) }
			storetest.Run(t, func(t *testing.T) consult.Store { return fresh(t) })
			storetest.RunDiscarder(t, func(t *testing.T) storetest.DiscarderStore { return fresh(t) })
			storetest.RunRetention(t, func(t *testing.T) storetest.Forgetting { return fresh(t) })
			storetest.RunPersons(t, func(t *testing.T) storetest.PersonStore { return fresh(t) })
		})
	}
	storetest.RunDirectories(t, func(t *testing.T) graph.Store { return open(t, sqlite.MigratedFile(t)) })
	storetest.RunReservations(t, func(t *testing.T) storetest.ReservationStore { return open(t, sqlite.MigratedFile(t)) })
	storetest.RunLines(t, func(t *testing.T) consult.Lines { return open(t, sqlite.MigratedFile(t)) })
	storetest.RunFavourites(t, func(t *testing.T) storetest.FavouriteStore { return open(t, sqlite.MigratedFile(t)) })
	storetest.RunAudit(t, func(t *testing.T) audit.Store { return open(t, sqlite.MigratedFile(t)) })
	sessiontest.Run(t, func(t *testing.T) sso.SessionStore { return open(t, sqlite.MigratedFile(t)) })
	sessiontest.RunOrganizations(t, func(t *testing.T) sso.OrganizationStore { return open(t, sqlite.MigratedFile(t)) })
}

// paces are the ways that steps take into their tables.
var paces = map[string][]sqlite.Option{
	"steps go to their tables":           {sqlite.GatherFrom(1000)},
	"steps arrive first":                 {sqlite.GatherFrom(1)},
	"steps arrive and are swept at once": {sqlite.GatherFrom(1), sqlite.SweepFrom(1)},
}

func newPath(t *testing.T) string { return filepath.Join(t.TempDir(), "teamsbridge.db") }

func open(t testing.TB, path string, options ...sqlite.Option) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}
