package sqlite_test

import (
	"database/sql"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/store/storetest"
)

// An append changes its interaction and its key before it writes to the
// journal; a journal that is not there fails it in between.
func TestFailedAppendsChangeNothing(t *testing.T) {
	storetest.RunFailing(t, func(t *testing.T) (consult.Store, storetest.Hand) {
		path := newPath(t)
		s := open(t, path)
		other, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = other.Close() })
		return s, func(broken bool) {
			rename := `ALTER TABLE journal RENAME TO hidden`
			if !broken {
				rename = `ALTER TABLE hidden RENAME TO journal`
			}
			if _, err := other.ExecContext(t.Context(), rename); err != nil {
				t.Fatal(err)
			}
		}
	})
}
