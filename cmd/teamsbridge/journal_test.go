package main

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"teamsbridge/consult"
	"teamsbridge/store/sqlite"
)

// journalCommands are what the scripts need beside the program: a journal with
// damage, and somebody who works on it.
func journalCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"journal": func(ts *testscript.TestScript, _ bool, args []string) {
			ts.Check(writeJournal(context.Background(), ts.MkAbs(args[0])))
		},
		"audited": func(ts *testscript.TestScript, _ bool, args []string) {
			ts.Check(writeAudit(context.Background(), ts.MkAbs(args[0])))
		},
		"sql": func(ts *testscript.TestScript, _ bool, args []string) {
			ts.Check(runSQL(context.Background(), ts.MkAbs(args[0]), args[1]))
		},
		"lock": func(ts *testscript.TestScript, _ bool, args []string) {
			release, err := sqlite.Lock(ts.MkAbs(args[0]))
			ts.Check(err)
			held.Store(ts.Name(), release)
			ts.Defer(func() { unlock(ts.Name()) })
		},
		"unlock": func(ts *testscript.TestScript, _ bool, _ []string) { unlock(ts.Name()) },
	}
}

// writeJournal makes a file with a whole interaction, one whose state was cut
// off and one whose journal lacks a step.
func writeJournal(ctx context.Context, path string) error {
	const tenant = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	for _, step := range []struct {
		id      consult.InteractionID
		version uint64
		state   string
	}{
		{"i-whole", 1, `{"id":"i-whole","tenant":"` + tenant + `","version":1,"phase":"active"}`},
		{"i-torn", 1, `{}`},
		{"i-torn", 2, `{"id":`},
		{"i-short", 1, `{}`},
		{"i-short", 2, `{"id":"i-short","tenant":"` + tenant + `","version":2,"phase":"held"}`},
	} {
		at := time.Now().Add(-time.Minute)
		err := s.Append(ctx, consult.Record{
			Interaction: step.id, Tenant: tenant, Version: step.version, Live: true, At: at, Owners: []string{"anja"},
			State: []byte(step.state), Input: []byte(`{"kind":"call"}`),
			Entry: fmt.Appendf(nil, `{"Version":%d,"At":%q}`, step.version, at.Format(time.RFC3339)),
		})
		if err != nil {
			return err
		}
	}
	return loseStep(ctx, path)
}

// loseStep removes the first step of i-short, as nothing in the product can.
func loseStep(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(ctx, `DELETE FROM journal WHERE version = 1
		AND interaction = (SELECT n FROM interactions WHERE id = 'i-short')`)
	return err
}

// held are the locks of the scripts that run.
var held sync.Map

func unlock(script string) {
	if release, ok := held.LoadAndDelete(script); ok {
		_ = release.(func() error)()
	}
}
