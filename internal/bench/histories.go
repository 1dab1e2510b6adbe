package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

const (
	histories     = 1_000_000       // ten times what make test tries
	historiesTake = 2 * time.Minute // at most; then it stays at those tried
	historiesTest = "TestWhateverHappensTheRulesHold"
)

// tryHistories lets the engine's property test try many random histories of a
// call, one process for each processor, and adds how many held. The note says
// how to try the same again.
func tryHistories(ctx context.Context, into results, progress io.Writer) (note string, err error) {
	dir, err := os.MkdirTemp("", "teamsbridge-bench-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary := filepath.Join(dir, "consult.test")
	build := exec.CommandContext(ctx, "go", "test", "-c", "-o", binary, "./consult")
	build.Stdout, build.Stderr = progress, progress
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build the property test: %w", err)
	}
	began := time.Now()
	tries := make(chan try)
	processes := runtime.NumCPU()
	for range processes {
		go func() { tries <- tryOnce(ctx, binary, rand.Uint64()>>1+1, histories/processes) }() // it is to be repeatable, not secret
	}
	var seeds []string
	var errs []error
	held := 0
	for range processes {
		t := <-tries
		_, _ = fmt.Fprintf(progress, "seed %d: %d histories held\n", t.seed, t.held)
		held += t.held
		seeds = append(seeds, strconv.FormatUint(t.seed, 10))
		errs = append(errs, t.err)
	}
	into[key{"histories", "held"}] = float64(held)
	return fmt.Sprintf("Random histories of a call: %s held every rule, in %s (%s of consult, -rapid.seed %s).",
		count(float64(held)), time.Since(began).Round(time.Second), historiesTest, strings.Join(seeds, " and ")), errors.Join(errs...)
}

// try is what became of one process's histories.
type try struct {
	seed uint64
	held int
	err  error
}

// tryOnce runs the compiled test. The error has its output, which says how to
// repeat what went wrong.
func tryOnce(ctx context.Context, binary string, seed uint64, checks int) try {
	cmd := exec.CommandContext(ctx, binary, "-test.v", "-test.run", "^"+historiesTest+"$", "-test.timeout", historiesTake.String(),
		"-rapid.checks", strconv.Itoa(checks), "-rapid.seed", strconv.FormatUint(seed, 10))
	cmd.Dir = "consult" // where rapid keeps what failed
	out, err := cmd.CombinedOutput()
	if err != nil {
		return try{seed, 0, fmt.Errorf("histories of seed %d: %w\n%s", seed, err, out)}
	}
	held, err := heldIn(string(out))
	return try{seed, held, err}
}

// passed is what rapid says in the end; of fewer than were asked for when the
// time was up.
var passed = regexp.MustCompile(`\[rapid\] OK, passed (\d+) tests`)

func heldIn(output string) (int, error) {
	match := passed.FindStringSubmatch(output)
	if match == nil {
		return 0, fmt.Errorf("the property test does not say how many histories held:\n%s", output)
	}
	return strconv.Atoi(match[1])
}
