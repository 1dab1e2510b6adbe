package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"teamsbridge/audit"
	"teamsbridge/configs"
	"teamsbridge/privacy"
	"teamsbridge/sso"
)

// privacyFlags are those of the privacy commands.
type privacyFlags struct {
	config string
	tenant string
	person string
}

func newPrivacy(getenv func(string) string) *cobra.Command {
	var f privacyFlags
	root := &cobra.Command{Use: "privacy", Short: "Tell or erase what is stored about one person"}
	configFlag(root.PersistentFlags(), &f.config, forTheStore)
	root.PersistentFlags().StringVar(&f.tenant, "tenant", "", "`ID` of the organisation; all admitted ones if left out")
	root.PersistentFlags().StringVar(&f.person, "person", "", "an agent's id, an Entra object id, or a telephone number with + in front")
	export := &cobra.Command{
		Use:   "export --person PERSON",
		Short: "Write all that is stored about a person as JSON lines; the service may be running",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd.Context(), f.config, getenv, func(ctx context.Context, cfg configs.Config, s keeper) error {
				return f.export(ctx, cmd.OutOrStdout(), cfg, s)
			})
		},
	}
	erase := &cobra.Command{
		Use:   "erase --person PERSON",
		Short: "Delete a person, or put a pseudonym in their place; the service must not be running",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStore(cmd.Context(), f.config, getenv, func(ctx context.Context, cfg configs.Config, s keeper) (err error) {
				release, err := lockStore(ctx, cfg.Store)
				if err != nil {
					return err
				}
				defer func() { err = errors.Join(err, release()) }()
				return f.erase(ctx, cmd.OutOrStdout(), cfg, s)
			})
		},
	}
	for _, cmd := range []*cobra.Command{export, erase} {
		cmd.PreRunE = func(*cobra.Command, []string) error {
			if f.person == "" {
				return errors.New("--person is missing: an agent's id, an Entra object id, or a telephone number with + in front")
			}
			return nil
		}
	}
	root.AddCommand(export, erase)
	return root
}

// people are whom the flags mean in each organisation: the agent table, the
// configuration's and the administrators', knows one agent by several ids.
func (f privacyFlags) people(ctx context.Context, cfg configs.Config, s keeper) ([]privacy.Person, error) {
	tenants := tenantsOf(cfg)
	if f.tenant != "" {
		tenants = []string{strings.ToLower(f.tenant)}
	}
	rows, err := s.AgentRows(ctx)
	if err != nil {
		return nil, err
	}
	var people []privacy.Person
	for _, tenant := range tenants {
		p := privacy.Person{Tenant: tenant}
		if strings.HasPrefix(f.person, "+") {
			p.Number = f.person
		} else {
			p.Agent, p.Entra = f.person, strings.ToLower(f.person)
			for _, row := range slices.Concat(rows, sso.WithTenant(cfg.Agents, tenant)) {
				if row.Tenant == tenant && (string(row.ID) == f.person || strings.EqualFold(row.EntraID, f.person)) {
					p.Agent, p.Entra, p.Subject = string(row.ID), row.EntraID, row.Subject
					break
				}
			}
		}
		people = append(people, p)
	}
	return people, nil
}

func (f privacyFlags) export(ctx context.Context, out io.Writer, cfg configs.Config, s keeper) error {
	people, err := f.people(ctx, cfg, s)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for _, p := range people {
		if err := privacy.Export(ctx, s, p, func(r privacy.Record) error { return encoder.Encode(r) }); err != nil {
			return err
		}
		for _, row := range sso.WithTenant(cfg.Agents, p.Tenant) {
			if p.Agent != "" && string(row.ID) == p.Agent {
				if err := encoder.Encode(privacy.Record{Kind: "configuration", Record: row}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// erase says what it did, and what it leaves to others.
func (f privacyFlags) erase(ctx context.Context, out io.Writer, cfg configs.Config, s keeper) error {
	people, err := f.people(ctx, cfg, s)
	if err != nil {
		return err
	}
	for _, p := range people {
		var done privacy.Erased
		act := audit.Event{Tenant: p.Tenant, Action: "privacy-erase"} // without saying who
		err := acted(ctx, s, cfg, act, func() (err error) {
			done, err = privacy.Erase(ctx, s, p)
			return err
		})
		if err != nil {
			return err
		}
		if err := tellErased(out, p.Tenant, done); err != nil {
			return err
		}
		for _, row := range sso.WithTenant(cfg.Agents, p.Tenant) {
			if p.Agent != "" && string(row.ID) == p.Agent {
				if _, err := fmt.Fprintln(out, "  the agent stands in the configuration: take the row out there"); err != nil {
					return err
				}
			}
		}
	}
	_, err = fmt.Fprintln(out, "Not reached: copies of the audit's stream, backups, logs, and the organisation's own directory, from which experts are read.")
	return err
}

func tellErased(out io.Writer, tenant string, done privacy.Erased) error {
	if _, err := fmt.Fprintf(out, "%s: %d ended interactions with a pseudonym, %d audit lines without the person\n", tenant, done.Pseudonymised, done.Audit); err != nil {
		return err
	}
	for _, kind := range slices.Sorted(maps.Keys(done.Deleted)) {
		if _, err := fmt.Fprintf(out, "  %s deleted: %d\n", kind, done.Deleted[kind]); err != nil {
			return err
		}
	}
	return nil
}
