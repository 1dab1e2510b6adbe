package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
)

// measurePage adds what web/ui/e2e/page.bench.ts measures in Chromium against
// the real binary: it prints as `go test -bench` does.
func measurePage(ctx context.Context, into results, progress io.Writer) error {
	cmd := exec.CommandContext(ctx, "npm", "run", "--silent", "bench")
	cmd.Dir = "web/ui"
	cmd.Stderr = progress
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("the page in Chromium: %w (needs Node, Chromium and `make node-modules`)", err)
	}
	readErr := into.read(io.TeeReader(out, progress))
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("the page in Chromium: %w", err)
	}
	return readErr
}
