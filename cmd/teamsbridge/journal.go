package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"teamsbridge/audit"
	"teamsbridge/configs"
	"teamsbridge/consult"
)

// journalFlags are those of the journal commands.
type journalFlags struct {
	config      string
	interaction string
	file        string
	whole       bool
}

// journalStore is what the journal commands need of a store.
type journalStore interface {
	consult.Store
	consult.Discarder
	audit.Store
	Close() error
}

func newJournal(getenv func(string) string) *cobra.Command {
	var f journalFlags
	journal := &cobra.Command{
		Use:   "journal",
		Short: "Look at interactions in the journal, and take damaged ones out",
	}
	configFlag(journal.PersistentFlags(), &f.config, forTheStore)
	journal.PersistentFlags().StringVar(&f.interaction, "interaction", "", "`ID` of one interaction")

	inspect := &cobra.Command{
		Use:   "inspect",
		Short: "List damaged and live interactions; the service may be running",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), getenv, func(ctx context.Context, cfg configs.Config, s journalStore) error {
				return inspect(ctx, cmd.OutOrStdout(), s, tenantsOf(cfg), consult.InteractionID(f.interaction))
			})
		},
	}
	export := &cobra.Command{
		Use:   "export --interaction ID",
		Short: "Write everything that is known of an interaction as JSON lines; the service may be running",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.with(cmd.Context(), getenv, func(ctx context.Context, cfg configs.Config, s journalStore) error {
				return f.export(ctx, cmd.OutOrStdout(), s, tenantsOf(cfg))
			})
		},
	}
	export.Flags().StringVar(&f.file, "file", "", "`FILE` to write, which must not exist; standard output if left out")
	discard := &cobra.Command{
		Use:   "discard --interaction ID",
		Short: "Export a damaged interaction to a file, then remove it; the service must not be running",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.discard(cmd.Context(), getenv, cmd.OutOrStdout())
		},
	}
	discard.Flags().StringVar(&f.file, "file", "", "`FILE` for the export, which must not exist (default ID.journal.jsonl)")
	discard.Flags().BoolVar(&f.whole, "whole-too", false, "also when it is not damaged")
	for _, cmd := range []*cobra.Command{export, discard} {
		cmd.PreRunE = func(*cobra.Command, []string) error {
			if f.interaction == "" {
				return errors.New("--interaction is missing: which one? teamsbridge journal inspect lists them")
			}
			return nil
		}
	}
	journal.AddCommand(inspect, export, discard)
	return journal
}

// with opens the journal beside a service that may be running.
func (f journalFlags) with(ctx context.Context, getenv func(string) string, do func(context.Context, configs.Config, journalStore) error) error {
	return withStore(ctx, f.config, getenv, func(ctx context.Context, cfg configs.Config, s keeper) error { return do(ctx, cfg, s) })
}

// export writes one interaction to a new file, or to out when none is named.
func (f journalFlags) export(ctx context.Context, out io.Writer, s journalStore, tenants []string) error {
	stored, err := findStored(ctx, s, tenants, consult.InteractionID(f.interaction))
	if err != nil {
		return err
	}
	if f.file == "" {
		return writeExport(ctx, out, s, stored)
	}
	return exportTo(ctx, f.file, s, stored)
}

// exportTo writes an interaction to a new file, and returns once it is on disk.
func exportTo(ctx context.Context, name string, s journalStore, stored consult.Stored) (err error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	err = writeExport(ctx, file, s, stored)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// discard removes one interaction after its export is safe. The lock keeps the
// service from starting in between.
func (f journalFlags) discard(ctx context.Context, getenv func(string) string, out io.Writer) error {
	return f.with(ctx, getenv, func(ctx context.Context, cfg configs.Config, s journalStore) (err error) {
		release, err := lockStore(ctx, cfg.Store)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, release()) }()
		stored, err := findStored(ctx, s, tenantsOf(cfg), consult.InteractionID(f.interaction))
		if err != nil {
			return err
		}
		if damageOf(ctx, s, stored) == nil && !f.whole {
			return fmt.Errorf("interaction %s is not damaged: it is taken out with --whole-too only", stored.Interaction)
		}
		name := f.file
		if name == "" {
			name = f.interaction + ".journal.jsonl"
		}
		if err := exportTo(ctx, name, s, stored); err != nil {
			return err
		}
		act := audit.Event{Tenant: stored.Tenant, Action: "journal-discard", Interaction: string(stored.Interaction)}
		if err := acted(ctx, s, cfg, act, func() error { return s.Discard(ctx, stored.Tenant, stored.Interaction) }); err != nil {
			return fmt.Errorf("discard: %w", err)
		}
		_, err = fmt.Fprintf(out, "%s: taken out, its export is %s\n", stored.Interaction, name)
		return err
	})
}
