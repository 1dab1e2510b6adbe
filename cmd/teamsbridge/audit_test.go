package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"teamsbridge/audit"
	"teamsbridge/store/sqlite"
)

// writeAudit makes a store with an audit of six lines.
func writeAudit(ctx context.Context, path string) (err error) {
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var events []audit.Event
	for n := range 6 {
		events = append(events, audit.Event{
			At: time.Date(2026, 11, 22, 8, n, 0, 0, time.UTC), Tenant: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", Kind: audit.SignIn,
			Action: fmt.Sprintf("act-%d", n+1), Outcome: audit.Done, Actor: audit.Actor{Agent: "anja"},
		})
	}
	_, err = s.AppendAudit(ctx, events)
	return err
}

// runSQL changes a store behind the program's back.
func runSQL(ctx context.Context, path, statement string) (err error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, statement)
	return err
}
