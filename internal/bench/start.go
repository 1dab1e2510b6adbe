package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"
)

const (
	startsEach = 3                    // the middle one counts
	startLimit = time.Minute          // for one start
	lookEvery  = 2 * time.Millisecond // at /readyz
)

// measureStarts adds the milliseconds from a process's start to its first ready
// answer, always from an empty folder; and, as the least that is possible, what
// `version` takes to start and end.
func measureStarts(ctx context.Context, into results, progress io.Writer) error {
	dir, err := os.MkdirTemp("", "teamsbridge-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary := filepath.Join(dir, "teamsbridge")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/teamsbridge")
	build.Stderr = progress
	if err := build.Run(); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	config := filepath.Join(dir, "teamsbridge.yaml")
	if err := os.WriteFile(config, []byte(lonely), 0o600); err != nil {
		return err
	}
	demo := func(people string) []string {
		return []string{"demo", "--people", people, "--listen", "127.0.0.1:0", "--sim-listen", "127.0.0.1:0", "--sim-tls-listen", "127.0.0.1:0"}
	}
	for _, s := range []struct {
		name string
		args []string
		take taker
	}{
		{"version", []string{"version"}, untilEnd},
		{"serve", []string{"serve", "--allow-simulated", "--config", config}, untilReady},
		{"demo 400", demo("400"), untilReady},
		{"demo 5000", demo("5000"), untilReady},
	} {
		var took []time.Duration
		for range startsEach {
			one, err := start(ctx, binary, s.args, s.take)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			took = append(took, one)
		}
		slices.Sort(took)
		_, _ = fmt.Fprintf(progress, "%s: %v\n", s.name, took)
		into[key{s.name, "ms"}] = float64(took[startsEach/2].Microseconds()) / 1e3
	}
	return nil
}

// lonely is a configuration whose Microsoft answers nothing at once, so that
// only the service's own start is measured.
const lonely = `
web: {listen: "127.0.0.1:0"}
store: {path: teamsbridge.db}
sso:
  entra:
    authority: https://127.0.0.1:9
    client_id: 11111111-2222-4333-8444-555555555555
    scope: api://example/access_as_user
    tenants: [aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee]
credential: {authority: "https://127.0.0.1:9"}
graph: {base_url: "https://127.0.0.1:9/v1.0"}
switch: {kind: simulated}
consult:
  wrapup:
    reasons: [{code: solved, label: Erledigt}]
`

// taker runs a process that was made ready and says how long it took.
type taker func(context.Context, *exec.Cmd) (time.Duration, error)

// start runs the binary once in a folder of its own.
func start(ctx context.Context, binary string, args []string, take taker) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	dir, err := os.MkdirTemp(filepath.Dir(binary), "run-")
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TEAMSBRIDGE_SSO_ENTRA_CLIENT_SECRET=none", "TEAMSBRIDGE_CREDENTIAL_CLIENT_SECRET=none")
	return take(ctx, cmd)
}

func untilEnd(_ context.Context, cmd *exec.Cmd) (time.Duration, error) {
	began := time.Now()
	err := cmd.Run()
	return time.Since(began), err
}

// untilReady asks the process, at the address that it says, until it is ready;
// then it ends the process as an operator would.
func untilReady(ctx context.Context, cmd *exec.Cmd) (took time.Duration, err error) {
	said, says := io.Pipe()
	cmd.Stdout, cmd.Stderr = says, says
	addresses := make(chan string, 1)
	go listen(said, addresses)
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, errors.Join(err, says.Close())
	}
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(cmd.Wait(), says.Close()) }()
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		err = errors.Join(err, <-ended)
	}()
	at, ok := <-addresses
	if !ok {
		return 0, errors.New("the process said no address")
	}
	err = ready(ctx, "http://"+at+"/readyz")
	return time.Since(began), err
}

// address is how demo (on its page) and serve (in its log) say where they are.
var address = regexp.MustCompile(`(?:page: +http://|address"?[=:]"?)(127\.0\.0\.1:\d+)`)

// listen gives the first address that is said, and reads to the end so that
// nobody is kept from speaking.
func listen(said io.Reader, addresses chan<- string) {
	lines := bufio.NewScanner(said)
	for found := false; lines.Scan(); {
		if match := address.FindStringSubmatch(lines.Text()); match != nil && !found {
			addresses <- match[1]
			found = true
		}
	}
	close(addresses)
	_, _ = io.Copy(io.Discard, said)
}

// ready returns when the address answers 200.
func ready(ctx context.Context, url string) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return nil
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
