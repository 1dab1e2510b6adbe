package sqlite_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"teamsbridge/store/sqlite"
	"teamsbridge/store/storetest"
)

func TestOffboarding(t *testing.T) {
	for name, pace := range paces {
		t.Run(name, func(t *testing.T) {
			storetest.RunOffboarding(t, func(t *testing.T) (storetest.WholeStore, storetest.Dump) {
				path := sqlite.MigratedFile(t)
				s := open(t, path, pace...)
				return s, func(t *testing.T) map[string][]string {
					if err := s.SortNow(t.Context()); err != nil {
						t.Fatal(err)
					}
					return dump(t, path)
				}
			})
		})
	}
}

// dump reads every table past the store.
func dump(t *testing.T, path string) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := make(map[string][]string)
	for _, table := range query(t, db, `SELECT name FROM sqlite_schema WHERE type = 'table'`) {
		all[table] = query(t, db, fmt.Sprintf("SELECT * FROM %q ORDER BY 1, 2", table))
	}
	return all
}

// query gives each row as one text.
func query(t *testing.T, db *sql.DB, text string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for rows.Next() {
		cells := make([]sql.NullString, len(columns))
		into := make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(cells))
		for i, cell := range cells {
			plain, err := sqlite.Unpack([]byte(cell.String))
			if err != nil {
				t.Fatal(err)
			}
			texts[i] = string(plain)
		}
		all = append(all, strings.Join(texts, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
