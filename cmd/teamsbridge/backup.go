package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"teamsbridge/configs"
	"teamsbridge/store/sqlite"
)

// errDumpInstead is what backup answers for a store that has better tools.
var errDumpInstead = errors.New("store.kind is postgres: back the database up with pg_dump (docs/backup.md)")

func newBackup(getenv func(string) string) *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the SQLite store to a new file; the service may be running",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := configs.Load(config, getenv)
			if err != nil {
				return err
			}
			return backup(cmd.Context(), cfg.Store, args[0], cmd.OutOrStdout())
		},
	}
	configFlag(cmd.Flags(), &config, forTheStore)
	return cmd
}

func backup(ctx context.Context, cfg configs.Store, to string, out io.Writer) (err error) {
	if cfg.Kind == configs.StorePostgres {
		return errDumpInstead
	}
	kept, err := sqlite.Open(ctx, cfg.Path, sqlite.Existing())
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	if err := kept.Backup(ctx, to); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: backup of %s, checked\n", to, cfg.Path)
	return err
}
