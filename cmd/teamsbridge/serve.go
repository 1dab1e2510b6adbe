package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"teamsbridge/configs"
	"teamsbridge/consult/memswitch"
	"teamsbridge/internal/logging"
)

// errNoRealSwitch is what serve answers while telephones are simulated only.
var errNoRealSwitch = errors.New("switch.kind is simulated: no real telephone would ring. " +
	"SIP comes with a later version. To run the service with simulated telephones all the same, say --allow-simulated")

// serveFlags are the serve command's.
type serveFlags struct {
	config         string
	allowSimulated bool
}

func newServe(getenv func(string) string) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the service",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.run(cmd.Context(), getenv, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	configFlag(cmd.Flags(), &f.config, "")
	cmd.Flags().BoolVar(&f.allowSimulated, "allow-simulated", false, "accept a telephone network without telephones")
	return cmd
}

// run serves until ctx ends, then stops gracefully.
func (f serveFlags) run(ctx context.Context, getenv func(string) string, stdout, log io.Writer) error {
	files := configs.NewWatcher(f.config, getenv)
	cfg, err := files.Load()
	if err != nil {
		return err
	}
	if cfg.Switch.Kind == configs.SwitchSimulated && !f.allowSimulated {
		return errNoRealSwitch
	}
	logger, err := logging.New(log, cfg.Log)
	if err != nil {
		return err
	}
	network, err := memswitch.New(memswitch.Options{File: cfg.Switch.File})
	if err != nil {
		return fmt.Errorf("simulated telephone network: %w", err)
	}
	reload, stop := onHangup()
	defer stop()
	service, err := newApp(ctx, cfg, appOptions{Logger: logger, Switch: network, Files: files, Reload: reload, Stdout: stdout})
	if err != nil {
		return errors.Join(err, network.Close())
	}
	service.Start()
	logger.InfoContext(ctx, "serving", "address", service.Addr(), "internal_address", service.InternalAddr())
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-service.Failed():
	}
	return errors.Join(failure, service.Stop(ctx, hurried(ctx)), network.Close())
}
