package postgres_test

import (
	"cmp"
	"os"
	"testing"
	"time"

	"teamsbridge/audit"
	"teamsbridge/consult"
	"teamsbridge/graph"
	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
	"teamsbridge/store/postgres"
	"teamsbridge/store/postgres/pgtest"
	"teamsbridge/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestContracts(t *testing.T) {
	storetest.Run(t, func(t *testing.T) consult.Store { return open(t, pgtest.Schema(t)) })
	storetest.RunRetention(t, func(t *testing.T) storetest.Forgetting { return open(t, pgtest.Schema(t)) })
	storetest.RunDirectories(t, func(t *testing.T) graph.Store { return open(t, pgtest.Schema(t)) })
	storetest.RunReservations(t, func(t *testing.T) storetest.ReservationStore { return open(t, pgtest.Schema(t)) })
	storetest.RunLines(t, func(t *testing.T) consult.Lines { return open(t, pgtest.Schema(t)) })
	storetest.RunFavourites(t, func(t *testing.T) storetest.FavouriteStore { return open(t, pgtest.Schema(t)) })
	storetest.RunAudit(t, func(t *testing.T) audit.Store { return open(t, pgtest.Schema(t)) })
	storetest.RunPersons(t, func(t *testing.T) storetest.PersonStore { return open(t, pgtest.Schema(t)) })
	storetest.RunDiscarder(t, func(t *testing.T) storetest.DiscarderStore { return open(t, pgtest.Schema(t)) })
	sessiontest.Run(t, func(t *testing.T) sso.SessionStore { return open(t, pgtest.Schema(t)) })
	sessiontest.RunOrganizations(t, func(t *testing.T) sso.OrganizationStore { return open(t, pgtest.Schema(t)) })
	sessiontest.RunAgents(t, func(t *testing.T) sso.AgentStore { return open(t, pgtest.Schema(t)) })
}

// An append changes its interaction and its key before it writes to the
// journal; a journal that is not there fails it in between.
func TestFailedAppendsChangeNothing(t *testing.T) {
	storetest.RunFailing(t, func(t *testing.T) (consult.Store, storetest.Hand) {
		dsn := pgtest.Schema(t)
		return open(t, dsn), func(broken bool) {
			if broken {
				execute(t, dsn, `ALTER TABLE journal RENAME TO hidden`)
			} else {
				execute(t, dsn, `ALTER TABLE hidden RENAME TO journal`)
			}
		}
	})
}

func open(tb testing.TB, dsn string) *postgres.Store {
	tb.Helper()
	return openWith(tb, dsn, postgres.Options{Connections: 4})
}

// openWith gives the server as long as a test's machine may stand still, unless
// its options say how long.
func openWith(tb testing.TB, dsn string, o postgres.Options) *postgres.Store {
	tb.Helper()
	o.Patience = cmp.Or(o.Patience, time.Minute)
	s, err := postgres.Open(tb.Context(), dsn+" statement_timeout=60000", o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("Close: %v", err)
		}
	})
	return s
}
