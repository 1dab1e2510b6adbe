package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/spf13/pflag"

	"teamsbridge/configs"
)

// configFlag lets a command be told where the configuration is; what for is said
// where it is not plain.
func configFlag(flags *pflag.FlagSet, name *string, whatFor string) {
	usage := "configuration `FILE`"
	if whatFor != "" {
		usage += ", " + whatFor
	}
	flags.StringVar(name, "config", "teamsbridge.yaml", usage)
}

// forTheStore is what commands read the configuration for that work on the store.
const forTheStore = "which says where the store is"

// withStore reads the configuration and opens its store beside a service that may
// be running.
func withStore(ctx context.Context, config string, getenv func(string) string, do func(context.Context, configs.Config, keeper) error) (err error) {
	cfg, err := configs.Load(config, getenv)
	if err != nil {
		return err
	}
	s, err := openExisting(ctx, cfg.Store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return do(ctx, cfg, s)
}

// writeJSON writes a document for machines that people can read.
func writeJSON(out io.Writer, document any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(document)
}
