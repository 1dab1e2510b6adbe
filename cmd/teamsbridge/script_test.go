package main

import (
	"context"
	"flag"
	"maps"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the golden parts of testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"teamsbridge": func() {
			ctx, stop := untilSignalled(context.Background())
			defer stop()
			if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
				os.Exit(exitStatus(err, os.Stderr))
			}
		},
	})
}

func TestScripts(t *testing.T) {
	commands := journalCommands()
	maps.Copy(commands, worldCommands(t))
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", UpdateScripts: *update, RequireExplicitExec: true, Cmds: commands,
	})
}
