package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"teamsbridge/configs"
	"teamsbridge/consult/explain"
)

// doctorFlags are the doctor command's.
type doctorFlags struct {
	config, user string
	language     languageFlag
	json         bool
}

func newDoctor(getenv func(string) string) *cobra.Command {
	var f doctorFlags
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say what works and what does not, from the configuration to Microsoft, and what to do",
		Long: "Looks at configuration, store, agents, credential, every admitted organisation at Microsoft, the presence of one person,\n" +
			"and the service on this machine. Nothing is changed. Exit status: 0 all is in order, 1 something needs attention,\n" +
			"2 something is broken.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), getenv, cmd.OutOrStdout()) },
	}
	flags := cmd.Flags()
	configFlag(flags, &f.config, "")
	flags.StringVar(&f.user, "user", "", "object `ID` of the person whose presence is asked for; the first agent's if left out")
	f.language.add(flags)
	flags.BoolVar(&f.json, "json", false, "as JSON; its titles and details are in the language, everything else is not")
	return cmd
}

func (f doctorFlags) run(ctx context.Context, getenv func(string) string, out io.Writer) (err error) {
	language, err := f.language.choose(getenv)
	if err != nil {
		return err
	}
	d := &doctor{user: f.user, language: language}
	defer func() { err = errors.Join(err, d.close()) }()
	d.examine(ctx, f.config, getenv)
	if err := f.write(out, d); err != nil {
		return err
	}
	return exitOf(d.state())
}

func (f doctorFlags) write(out io.Writer, d *doctor) error {
	if f.json {
		return writeJSON(out, map[string]any{"state": d.state(), "findings": d.findings})
	}
	r := &report{out: out, language: d.language}
	tenant := ""
	for _, x := range d.findings {
		if x.Tenant != nil && *x.Tenant != tenant {
			tenant = *x.Tenant
			r.printf("\n%s %s\n", organizationWord.in(d.language), tenant)
		} else if x.Tenant == nil && tenant != "" {
			tenant = ""
			r.printf("\n")
		}
		r.step(x.StepView)
	}
	return r.err
}

// finding is one thing that the doctor looked at: a step of package explain, and
// whose it is.
type finding struct {
	Tenant *string `json:"tenant"` // null for what belongs to the service
	explain.StepView
}

// The findings beside package sso's checks, which are named as in an explanation.
const (
	findingConfig    = "config"
	findingAddress   = "public-address"
	findingStore     = "store"
	findingAgents    = "agents"
	findingMicrosoft = "microsoft"
	findingPresence  = "presence"
	findingSwitch    = "switch"
	findingPeers     = "trunk-peers"

	findingCallsCertificate = "sip-certificate"
	findingService          = "service"
)

// note adds a finding of the service, or of the organisation that is looked at.
func (d *doctor) note(name string, state explain.State, said words) *finding {
	f := finding{StepView: explain.StepView{Step: name, Title: doctorTitles[name].in(d.language), State: state, Detail: said.in(d.language)}}
	if d.tenant != "" {
		tenant := d.tenant
		f.Tenant = &tenant
	}
	if state != explain.Green {
		operator := explain.ActorOperator
		f.Actor = &operator
	}
	d.findings = append(d.findings, f)
	return &d.findings[len(d.findings)-1]
}

// state is that of the worst finding; what is unknown needs attention.
func (d *doctor) state() explain.State {
	worst := explain.Green
	for _, f := range d.findings {
		switch f.State {
		case explain.Red:
			return explain.Red
		case explain.Yellow, explain.Unknown:
			worst = explain.Yellow
		case explain.Green:
		}
	}
	return worst
}

// load reads the configuration and the files that it names.
func (d *doctor) load(file string, getenv func(string) string) bool {
	cfg, err := configs.Load(file, getenv)
	if err == nil {
		err = configs.CheckFiles(cfg)
	}
	if err != nil {
		d.note(findingConfig, explain.Red, configBroken.with(err))
		return false
	}
	d.cfg = cfg
	d.note(findingConfig, explain.Green, configFine.with(file))
	return true
}
