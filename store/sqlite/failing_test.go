package sqlite_test

import (
	"database/sql"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/store/sqlite"
	"teamsbridge/store/storetest"
)

// An append takes its key before it writes to the journal, or to where busy
// moments are gathered; a table that is not there fails it in between.
func TestFailedAppendsChangeNothing(t *testing.T) {
	for table, gatherFrom := range map[string]int{"journal": 1000, "arrived": 1} {
		t.Run(table, func(t *testing.T) {
			storetest.RunFailing(t, func(t *testing.T) (consult.Store, storetest.Hand) {
				path := sqlite.MigratedFile(t)
				s := open(t, path, sqlite.GatherFrom(gatherFrom))
				// The store may be sorting what has arrived.
				other, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(60000)")
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = other.Close() })
				return s, func(broken bool) {
					from, to := table, "hidden"
					if !broken {
						from, to = to, from
					}
					if _, err := other.ExecContext(t.Context(), `ALTER TABLE `+from+` RENAME TO `+to); err != nil {
						t.Fatal(err)
					}
				}
			})
		})
	}
}
