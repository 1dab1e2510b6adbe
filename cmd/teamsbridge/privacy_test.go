package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"teamsbridge/store/sqlite"
)

func TestEveryTableIsInThePrivacyDocument(t *testing.T) {
	path := filepath.Join(t.TempDir(), "teamsbridge.db")
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	document, err := os.ReadFile("../../docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(document), "`"+table+"`") {
			t.Errorf("docs/privacy.md does not say what %s holds, why and for how long", table)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
