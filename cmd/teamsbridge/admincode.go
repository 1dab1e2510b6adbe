package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"teamsbridge/audit"
	"teamsbridge/configs"
	"teamsbridge/sso"
)

// adminCodeFlags are those of admin-code.
type adminCodeFlags struct{ config, tenant string }

func newAdminCode(getenv func(string) string) *cobra.Command {
	var f adminCodeFlags
	cmd := &cobra.Command{
		Use:   "admin-code",
		Short: "Make a one-time code that makes one person of an organisation an administrator",
		Long: "Prints an address that is good for 15 minutes and one sign-in with Microsoft: whoever of the organisation completes it gets the\n" +
			"role Admin in the agent table. The service may be running. Give the address only to that person.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd.Context(), f.config, getenv, func(ctx context.Context, cfg configs.Config, store keeper) error {
				return f.run(ctx, cfg, store, cmd.OutOrStdout())
			})
		},
	}
	configFlag(cmd.Flags(), &f.config, "")
	cmd.Flags().StringVar(&f.tenant, "tenant", "", "`ID` of the organisation; not needed where there is one")
	return cmd
}

func (f adminCodeFlags) run(ctx context.Context, cfg configs.Config, store keeper, out io.Writer) error {
	tenant, err := oneOrganization(cfg, f.tenant)
	if err != nil {
		return err
	}
	var code string
	var expires time.Time
	err = acted(ctx, store, cfg, audit.Event{Tenant: tenant, Action: "admin-code"}, func() (err error) {
		code, expires, err = sso.NewAdminCode(ctx, store, tenant)
		return err
	})
	if err != nil {
		return err
	}
	public := strings.TrimSuffix(cfg.Web.PublicURL, "/")
	if public == "" {
		public = localAddress(cfg.Web)
	}
	_, err = fmt.Fprintf(out, "%s/auth/first-admin?%s\nfor one sign-in until %s\n",
		public, url.Values{"code": {code}}.Encode(), expires.Local().Format("15:04:05"))
	return err
}

// oneOrganization is the one named, or the only one.
func oneOrganization(cfg configs.Config, named string) (string, error) {
	tenants := cfg.SSO.Entra.Tenants
	if named == "" && len(tenants) == 1 {
		return tenants[0], nil
	}
	if tenant := strings.ToLower(named); slices.Contains(tenants, tenant) {
		return tenant, nil
	}
	return "", fmt.Errorf("--tenant must be one of sso.entra.tenants: %s", strings.Join(tenants, ", "))
}
