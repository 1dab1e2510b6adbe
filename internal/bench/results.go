package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// key names one measured number.
type key struct{ bench, unit string }

// results are the numbers measured so far.
type results map[key]float64

// suite is one `go test -bench`.
type suite struct {
	pkg     string // below the module
	pattern string // of -bench
	time    string // of -benchtime
}

// run adds what the suite measures; its output also goes to progress.
func (s suite) run(ctx context.Context, into results, progress io.Writer) error {
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", s.pattern, "-benchtime", s.time, "./"+s.pkg)
	cmd.Stderr = progress
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	readErr := into.read(io.TeeReader(out, progress))
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w", s.pkg, err)
	}
	return readErr
}

// processors is the suffix that `go test` gives a name where there are several.
var processors = regexp.MustCompile(`-\d+$`)

// read takes the numbers from the output of `go test -bench`: a name, the
// number of iterations, then pairs of a value and its unit.
func (r results) read(out io.Reader) error {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		if _, err := strconv.Atoi(fields[1]); err != nil {
			continue
		}
		name := processors.ReplaceAllString(strings.TrimPrefix(fields[0], "Benchmark"), "")
		for i := 2; i+1 < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return fmt.Errorf("%s: %q is no number", name, fields[i])
			}
			r[key{name, fields[i+1]}] = value
		}
	}
	return lines.Err()
}
