package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// run measures everything, what it does on progress, the table on out. What
// could not be measured is an error and stands in the table as missing.
func run(ctx context.Context, out, progress io.Writer) error {
	began := time.Now()
	all := results{}
	var errs []error
	for _, s := range suites {
		_, _ = fmt.Fprintf(progress, "== %s %s\n", s.pkg, s.pattern)
		errs = append(errs, s.run(ctx, all, progress))
	}
	_, _ = fmt.Fprintln(progress, "== the binary's start")
	errs = append(errs, measureStarts(ctx, all, progress))
	_, _ = fmt.Fprintln(progress, "== the page in Chromium")
	errs = append(errs, measurePage(ctx, all, progress))
	errs = append(errs, weighPage(os.DirFS("web/ui/dist"), all))
	_, _ = fmt.Fprintln(progress, "== random histories of a call")
	tried, err := tryHistories(ctx, all, progress)
	errs = append(errs, err)

	table, err := tableOf(slices.Concat(figures, callFigures()), all)
	_, writeErr := fmt.Fprintf(out, "\n%s, %s\n\n%s\n%s\nMeasured in %s.\n",
		time.Now().UTC().Format(time.DateOnly), machine(), table, tried, time.Since(began).Round(time.Second))
	return errors.Join(append(errs, err, writeErr)...)
}
