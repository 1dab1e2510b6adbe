package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"teamsbridge/configs/teamsapp"
)

func newTeamsApp() *cobra.Command {
	root := &cobra.Command{Use: "teams-app", Short: "Make the app package that an administrator uploads to Teams"}
	var app teamsapp.App
	var out string
	build := &cobra.Command{
		Use:   "build --host HOST --client-id ID",
		Short: "Write the package as a zip; nothing is overwritten",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return buildTeamsApp(app, out, cmd.OutOrStdout())
		},
	}
	flags := build.Flags()
	flags.StringVar(&app.Host, "host", "", "host `NAME` of the service as people reach it, such as bridge.example.com")
	flags.StringVar(&app.ClientID, "client-id", "", "`GUID` of the app registration at Microsoft Entra")
	flags.StringVar(&app.Version, "app-version", "1.0.0", "`VERSION` of the app; a changed package needs a higher one")
	flags.StringVar(&app.Organization, "organization", "", "`NAME` that Teams shows as the developer (default: the host's)")
	flags.StringVar(&app.PrivacyURL, "privacy-url", "", "`URL` of what you say about privacy (default: the service)")
	flags.StringVar(&app.TermsURL, "terms-url", "", "`URL` of your terms of use (default: the service)")
	flags.StringVar(&out, "out", "teams-app.zip", "`FILE` to write")
	for _, needed := range []string{"host", "client-id"} {
		if err := build.MarkFlagRequired(needed); err != nil {
			panic(err) // a flag that is not defined above
		}
	}
	root.AddCommand(build)
	return root
}

func buildTeamsApp(app teamsapp.App, path string, told io.Writer) (err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644) // for others to upload
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, file.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	if err := teamsapp.Write(file, app); err != nil {
		return err
	}
	_, err = fmt.Fprintf(told, "%s: upload it in the Teams admin center (docs/teams-admin.md)\n", path)
	return err
}
