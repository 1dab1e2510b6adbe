package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"teamsbridge/configs"
)

func newRoot(getenv func(string) string) *cobra.Command {
	root := &cobra.Command{
		Use:           "teamsbridge",
		Short:         "Consult experts on Microsoft Teams from a contact centre",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(newServe(getenv), newDemo(), newConfig(getenv), newJournal(getenv), newAudit(getenv), newPrivacy(getenv), newBackup(getenv), newOrganizations(getenv), newTeamsApp(),
		newEntra(), newDoctor(getenv), newExplain(getenv), newAdminCode(getenv), newVersion())
	return root
}

func newConfig(getenv func(string) string) *cobra.Command {
	config := &cobra.Command{Use: "config", Short: "Work with configuration files"}
	config.AddCommand(&cobra.Command{
		Use:   "check FILE",
		Short: "Say everything that is wrong with a configuration file",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := configs.Load(args[0], getenv)
			if err != nil {
				return err
			}
			if err := configs.CheckFiles(cfg); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: no problems found\n", args[0])
			return err
		},
	})
	return config
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say which version this is",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "teamsbridge %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// version is the module's version, or the revision it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return setting.Value
		}
	}
	return "devel"
}
