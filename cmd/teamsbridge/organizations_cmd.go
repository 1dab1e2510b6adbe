package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"teamsbridge/audit"
	"teamsbridge/configs"
	"teamsbridge/sso"
)

func newOrganizations(getenv func(string) string) *cobra.Command {
	var config string
	var yes bool
	organizations := &cobra.Command{
		Use:   "organizations",
		Short: "List the organisations, invite one to consent, delete what is kept of one",
	}
	configFlag(organizations.PersistentFlags(), &config, "which says who is admitted and where the store is")
	with := func(cmd *cobra.Command, do func(configs.Config, keeper) error) error {
		return withStore(cmd.Context(), config, getenv, func(_ context.Context, cfg configs.Config, s keeper) error { return do(cfg, s) })
	}
	list := &cobra.Command{
		Use:   "list",
		Short: "List the organisations that are admitted or of which something is kept; the service may be running",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return with(cmd, func(cfg configs.Config, s keeper) error {
				return listOrganizations(cmd.Context(), cmd.OutOrStdout(), cfg, s)
			})
		},
	}
	invite := &cobra.Command{
		Use:   "invite TENANT",
		Short: "Make a one-time address where an admin of an admitted organisation consents; the service may be running",
		Args:  cobra.MatchAll(cobra.ExactArgs(1), namesTenant),
		RunE: func(cmd *cobra.Command, args []string) error {
			return with(cmd, func(cfg configs.Config, s keeper) error {
				return inviteOrganization(cmd.Context(), cmd.OutOrStdout(), cfg, s, strings.ToLower(args[0]))
			})
		},
	}
	offboard := &cobra.Command{
		Use:   "offboard TENANT --yes",
		Short: "Delete everything that is kept of an organisation but its audit; the service must not be running",
		Args:  cobra.MatchAll(cobra.ExactArgs(1), namesTenant),
		RunE: func(cmd *cobra.Command, args []string) error {
			return with(cmd, func(cfg configs.Config, s keeper) error {
				return offboardOrganization(cmd.Context(), cmd.OutOrStdout(), cfg, s, strings.ToLower(args[0]), yes)
			})
		},
	}
	offboard.Flags().BoolVar(&yes, "yes", false, "really delete it: only a backup brings it back")
	organizations.AddCommand(list, invite, offboard)
	return organizations
}

var tenantPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func namesTenant(_ *cobra.Command, args []string) error {
	if !tenantPattern.MatchString(args[0]) {
		return errors.New("an organisation is named by its directory (tenant) id, a GUID")
	}
	return nil
}

// admitted reports whether the configuration lets an organisation in.
func admitted(cfg configs.Config, tenant string) bool {
	return slices.ContainsFunc(tenantsOf(cfg), func(t string) bool { return strings.EqualFold(t, tenant) })
}

func listOrganizations(ctx context.Context, out io.Writer, cfg configs.Config, s keeper) error {
	kept, err := s.Tenants(ctx)
	if err != nil {
		return err
	}
	all := kept
	for _, tenant := range tenantsOf(cfg) {
		all = append(all, strings.ToLower(tenant))
	}
	slices.Sort(all)
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0) // its errors come from Flush
	_, _ = fmt.Fprintln(table, "ORGANIZATION\tADMITTED\tSSO\tCHECKED\tMISSING")
	for _, tenant := range slices.Compact(all) {
		org, known, err := s.Organization(ctx, tenant)
		if err != nil {
			return err
		}
		admission := "yes"
		if !admitted(cfg, tenant) {
			admission = "no, data is left"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", tenant, admission, standing(org, known))
	}
	return table.Flush()
}

// standing is the rest of an organisation's line.
func standing(org sso.Organization, known bool) string {
	if !known || org.CheckedAt.IsZero() {
		return "-\tnever\t-"
	}
	enabled, missing := "off", "-"
	if org.Enabled {
		enabled = "on"
	}
	if found := org.Missing(); len(found) > 0 {
		missing = strings.Join(found, " ")
	}
	return enabled + "\t" + org.CheckedAt.UTC().Format(time.RFC3339) + "\t" + missing
}

func inviteOrganization(ctx context.Context, out io.Writer, cfg configs.Config, s keeper, tenant string) error {
	if !admitted(cfg, tenant) {
		return fmt.Errorf("%s is not admitted: add it to sso.entra.tenants and start the service with that first", tenant)
	}
	if cfg.Web.PublicURL == "" {
		return errors.New("web.public_url is missing: under which address would the admin find this service?")
	}
	var address string
	var until time.Time
	err := acted(ctx, s, cfg, audit.Event{Tenant: tenant, Action: "organization-invite"}, func() (err error) {
		address, until, err = sso.Invite(ctx, s, cfg.Web.PublicURL, tenant)
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\ngood once, until %s, for an administrator of %s\n", address, until.UTC().Format(time.RFC3339), tenant)
	return err
}

// offboardOrganization deletes what is kept of an organisation that is not
// admitted any more. The lock keeps a service from working for it meanwhile.
func offboardOrganization(ctx context.Context, out io.Writer, cfg configs.Config, s keeper, tenant string, yes bool) (err error) {
	if admitted(cfg, tenant) {
		return fmt.Errorf("%s is still admitted: take it out of sso.entra.tenants first, or it would come back", tenant)
	}
	if !yes {
		return fmt.Errorf("this deletes everything that is kept of %s but its audit, and only a backup brings it back: say --yes", tenant)
	}
	release, err := lockStore(ctx, cfg.Store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	var deleted map[string]int
	err = acted(ctx, s, cfg, audit.Event{Tenant: tenant, Action: "organization-offboard"}, func() (err error) {
		deleted, err = s.Offboard(ctx, tenant)
		return err
	})
	if err != nil {
		return err
	}
	for _, table := range slices.Sorted(maps.Keys(deleted)) {
		if _, err := fmt.Fprintf(out, "%s: %d deleted\n", table, deleted[table]); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "%s: nothing is kept of it any more but its audit\n", tenant)
	return err
}
