package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	ctx, stop := untilSignalled(context.Background())
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
		stop()
		os.Exit(exitStatus(err, os.Stderr))
	}
}

// exitStatus writes an error that has not been written, and gives the status to exit with.
func exitStatus(err error, stderr io.Writer) int {
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.status
	}
	_, _ = fmt.Fprintln(stderr, err) // there is nowhere else to say it
	return 1
}

// run is the whole program. The error is for people and has been written nowhere.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	root := newRoot(getenv) //nolint:contextcheck // cobra hands the context to what it runs
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return root.ExecuteContext(ctx)
}
