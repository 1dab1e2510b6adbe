package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"teamsbridge/configs"
	"teamsbridge/consult"
	"teamsbridge/consult/memswitch"
	"teamsbridge/internal/heapfloor"
	"teamsbridge/internal/logging"
)

// errNoRealSwitch is what serve answers while telephones are simulated only.
var errNoRealSwitch = errors.New("switch.kind is simulated: no real telephone would ring. " +
	"Say switch.kind: sip for real ones (docs/sip.md). To run the service with simulated telephones all the same, say --allow-simulated")

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
	network, closeNetwork, err := simulated(cfg.Switch)
	if err != nil {
		return err
	}
	reload, stop := onHangup()
	defer stop()
	service, err := newApp(ctx, cfg, appOptions{Logger: logger, Switch: network, Files: files, Reload: reload, Stdout: stdout})
	if err != nil {
		return errors.Join(err, closeNetwork())
	}
	defer heapfloor.Hold(heapfloor.Bytes)()
	service.Start()
	logger.InfoContext(ctx, "serving", "address", service.Addr(), "internal_address", service.InternalAddr(), "sip_addresses", service.callsAddrs())
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-service.Failed():
	}
	return errors.Join(failure, service.Stop(ctx, hurried(ctx)), closeNetwork())
}

// simulated makes the network without telephones where the configuration wants
// it; otherwise there is none, and the service makes its own.
func simulated(cfg configs.Switch) (network consult.Switch, stop func() error, err error) {
	if cfg.Kind != configs.SwitchSimulated {
		return nil, func() error { return nil }, nil
	}
	made, err := memswitch.New(memswitch.Options{File: cfg.File})
	if err != nil {
		return nil, nil, fmt.Errorf("simulated telephone network: %w", err)
	}
	return made, made.Close, nil
}
