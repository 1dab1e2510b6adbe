package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"teamsbridge/audit"
	"teamsbridge/configs"
)

// auditFlags are those of the audit commands.
type auditFlags struct {
	config   string
	tenant   string
	file     string
	from, to string
	anchors  []string
}

// errBroken makes verify end with status 1; what is broken has been said.
var errBroken = errors.New("the audit is not whole")

func newAudit(getenv func(string) string) *cobra.Command {
	var f auditFlags
	root := &cobra.Command{Use: "audit", Short: "Verify and export the audit"}
	configFlag(root.PersistentFlags(), &f.config, forTheStore)
	root.PersistentFlags().StringVar(&f.tenant, "tenant", "", "`ID` of one organisation; all if left out")

	root.PersistentPreRun = func(*cobra.Command, []string) { f.tenant = strings.ToLower(f.tenant) }
	verify := &cobra.Command{
		Use:   "verify",
		Short: "Say whether every line is as it was written; the service may be running",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.verify(cmd.Context(), getenv, cmd.OutOrStdout(), cmd.InOrStdin())
		},
	}
	verify.Flags().StringVar(&f.file, "file", "", "exported or streamed lines in a `FILE` instead of the store (- is standard input)")
	verify.Flags().StringArrayVar(&f.anchors, "anchor", nil, "a line that was written down: `TENANT:SEQUENCE:HASH`, as verify prints it; may be given again")
	export := &cobra.Command{
		Use:   "export",
		Short: "Write lines as JSON lines; the service may be running",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.export(cmd.Context(), getenv, cmd.OutOrStdout())
		},
	}
	export.Flags().StringVar(&f.from, "from", "", "lines from this `TIME` on, like 2026-11-22T08:00:00Z")
	export.Flags().StringVar(&f.to, "to", "", "lines up to this `TIME`")
	root.AddCommand(verify, export)
	return root
}

// chains reads the chains that the flags ask for.
func (f auditFlags) chains(ctx context.Context, s audit.Store) ([]audit.Chain, error) {
	chains, err := s.AuditChains(ctx)
	if err != nil || f.tenant == "" {
		return chains, err
	}
	return slices.DeleteFunc(chains, func(c audit.Chain) bool { return c.Tenant != f.tenant }), nil
}

func (f auditFlags) export(ctx context.Context, getenv func(string) string, out io.Writer) error {
	var from, to time.Time
	for _, bound := range []struct {
		name, text string
		into       *time.Time
	}{{"--from", f.from, &from}, {"--to", f.to, &to}} {
		if bound.text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, bound.text)
		if err != nil {
			return fmt.Errorf("%s: must be a time like 2026-11-22T08:00:00Z", bound.name)
		}
		*bound.into = at
	}
	return withStore(ctx, f.config, getenv, func(ctx context.Context, _ configs.Config, s keeper) error {
		chains, err := f.chains(ctx, s)
		if err != nil {
			return err
		}
		buffered := bufio.NewWriter(out)
		for _, c := range chains {
			if err := audit.Each(ctx, s, c.Tenant, from, to, func(l audit.Line) error { return audit.Write(buffered, []audit.Line{l}) }); err != nil {
				return err
			}
		}
		return buffered.Flush()
	})
}

func (f auditFlags) verify(ctx context.Context, getenv func(string) string, out io.Writer, in io.Reader) error {
	anchors, err := readAnchors(f.anchors)
	if err != nil {
		return err
	}
	if f.file != "" {
		return f.verifyFile(out, in, anchors)
	}
	return withStore(ctx, f.config, getenv, func(ctx context.Context, _ configs.Config, s keeper) error {
		chains, err := f.chains(ctx, s)
		if err != nil {
			return err
		}
		for _, a := range anchors { // a chain that is gone altogether
			if (f.tenant == "" || f.tenant == a.Tenant) && !slices.ContainsFunc(chains, func(c audit.Chain) bool { return c.Tenant == a.Tenant }) {
				chains = append(chains, audit.Chain{Tenant: a.Tenant})
			}
		}
		var reports []audit.Report
		for _, c := range chains {
			check := audit.NewCheck(c, anchors...)
			err := audit.Each(ctx, s, c.Tenant, time.Time{}, time.Time{}, func(l audit.Line) error {
				if l.Sequence <= c.Sequence { // what a running service has added meanwhile is for the next time
					check.Line(l)
				}
				return nil
			})
			if err != nil {
				return err
			}
			reports = append(reports, check.Report())
		}
		return f.writeReports(out, reports)
	})
}

// longestLine bounds a line of a file that is verified.
const longestLine = 1 << 20

func (f auditFlags) verifyFile(out io.Writer, in io.Reader, anchors []audit.Anchor) (err error) {
	if f.file != "-" {
		file, err := os.Open(f.file)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }() // only read
		in = file
	}
	checks := make(map[string]*audit.Check)
	var order []string
	check := func(tenant string) *audit.Check {
		if checks[tenant] == nil {
			checks[tenant] = audit.NewCheck(audit.Chain{Tenant: tenant}, anchors...)
			order = append(order, tenant)
		}
		return checks[tenant]
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longestLine)
	last := f.tenant
	for lines.Scan() {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var l audit.Line
		if json.Unmarshal(lines.Bytes(), &l) != nil || l.Sequence == 0 {
			check(last).Unreadable() // of the chain that was read last, most likely
			continue
		}
		if f.tenant != "" && l.Tenant != f.tenant {
			continue
		}
		last = l.Tenant
		check(l.Tenant).Line(l)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", f.file, err)
	}
	for _, a := range anchors { // a chain that is not in the file at all
		if f.tenant == "" || f.tenant == a.Tenant {
			check(a.Tenant)
		}
	}
	var reports []audit.Report
	for _, tenant := range order {
		reports = append(reports, checks[tenant].Report())
	}
	return f.writeReports(out, reports)
}

// writeReports says what was found, and fails when anything is broken or what was
// asked for is not there.
func (f auditFlags) writeReports(out io.Writer, reports []audit.Report) (err error) {
	switch {
	case len(reports) == 0 && f.tenant != "":
		return fmt.Errorf("there is no audit of %s", f.tenant)
	case len(reports) == 0:
		_, err := fmt.Fprintln(out, "no audit line found")
		return err
	}
	for _, r := range reports {
		name := r.Tenant
		if name == "" {
			name = "(the service)"
		}
		state := "whole"
		if len(r.Breaks) > 0 {
			state, err = "BROKEN", errBroken
		}
		if _, err := fmt.Fprintf(out, "%s: %s, %d lines, persons erased in %d\n", name, state, r.Lines, r.Erased); err != nil {
			return err
		}
		for _, b := range r.Breaks {
			if _, err := fmt.Fprintf(out, "  %s\n", b.Error()); err != nil {
				return err
			}
		}
		if r.Head.Sequence > 0 {
			if _, err := fmt.Fprintf(out, "  anchor %s:%d:%s\n", r.Tenant, r.Head.Sequence, r.Head.Hash); err != nil {
				return err
			}
		}
	}
	return err
}

func readAnchors(texts []string) ([]audit.Anchor, error) {
	var anchors []audit.Anchor
	for _, text := range texts {
		parts := strings.Split(text, ":")
		if len(parts) != 3 {
			return nil, fmt.Errorf("--anchor %q: must be TENANT:SEQUENCE:HASH", text)
		}
		sequence, err := strconv.ParseUint(parts[1], 10, 64)
		if err != nil || sequence == 0 || parts[2] == "" {
			return nil, fmt.Errorf("--anchor %q: must be TENANT:SEQUENCE:HASH", text)
		}
		anchors = append(anchors, audit.Anchor{Tenant: parts[0], Sequence: sequence, Hash: parts[2]})
	}
	return anchors, nil
}
