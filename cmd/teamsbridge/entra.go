package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"teamsbridge/sso/entraplan"
)

// planFlags are those of entra plan.
type planFlags struct {
	options     entraplan.Options
	certificate string
	dir         string
	replace     bool
}

func newEntra() *cobra.Command {
	entra := &cobra.Command{Use: "entra", Short: "Set up the service at Microsoft Entra"}
	var f planFlags
	plan := &cobra.Command{
		Use:   "plan --host NAME --tenant ID",
		Short: "Write the application's registration for review: for Graph, the Azure CLI and Terraform",
		Long: "Writes the application's registration into a folder, for review. It asks nobody and changes nothing at Microsoft:\n" +
			"run register.sh, or apply main.tf, when you have read them.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.OutOrStdout()) },
	}
	flags := plan.Flags()
	flags.StringVar(&f.options.Host, "host", "", "full `NAME` under which browsers reach the service, like consult.example.com")
	flags.StringVar(&f.options.Tenant, "tenant", "", "`ID` of the directory (tenant) that the registration is made in")
	flags.StringVar(&f.options.Name, "name", "teamsbridge", "`NAME` that consent pages show")
	flags.StringVar(&f.options.Cloud, "cloud", "global", "the configuration's cloud: global, gcc-high, dod or china")
	flags.StringVar(&f.options.Permissions, "permissions", entraplan.Application, "the configuration's graph.permissions: application or delegated")
	flags.BoolVar(&f.options.Groups, "groups", false, "experts are narrowed by groups (experts.include or experts.exclude)")
	flags.BoolVar(&f.options.SeveralOrganisations, "several-organizations", false, "people of other tenants sign in too")
	flags.StringVar(&f.options.Credential, "credential", entraplan.CredentialCertificate, "how the service proves who it is: certificate, federated (tokens of the platform that it runs on) or, last, secret")
	flags.StringVar(&f.options.Federation.Issuer, "issuer", "", "of federated: `ADDRESS` that the platform's tokens name as their issuer")
	flags.StringVar(&f.options.Federation.Subject, "subject", "", "of federated: `TEXT` that they name as their subject, like system:serviceaccount:NAMESPACE:NAME")
	flags.StringVar(&f.certificate, "certificate", "", "PEM `FILE` with the service's certificate; a key in it is passed over")
	flags.StringVar(&f.dir, "out", "entra-plan", "`DIR` for the files")
	flags.BoolVar(&f.replace, "replace", false, "replace files that are there already")
	entra.AddCommand(plan)
	return entra
}

// run writes the plan's files and says what is in them.
func (f planFlags) run(out io.Writer) error {
	if f.certificate != "" {
		var err error
		if f.options.Certificate, err = os.ReadFile(f.certificate); err != nil {
			return fmt.Errorf("--certificate: %w", err)
		}
	}
	plan, err := entraplan.New(f.options)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	for _, file := range plan.Files() {
		if err := f.write(file); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "%s\nwritten to %s; read them, then run register.sh or apply main.tf\n", plan.Review(), f.dir)
	return err
}

// write replaces a file only when it was told to: somebody may have changed it.
func (f planFlags) write(file entraplan.File) error {
	mode, how := os.FileMode(0o644), os.O_CREATE|os.O_WRONLY|os.O_TRUNC
	if file.Executable {
		mode = 0o755
	}
	if !f.replace {
		how = os.O_CREATE | os.O_WRONLY | os.O_EXCL
	}
	name := filepath.Join(f.dir, file.Name)
	w, err := os.OpenFile(name, how, mode)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already: say --replace, or another --out", name)
	}
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	_, err = w.Write(file.Content)
	return errors.Join(err, w.Close())
}
