package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"teamsbridge/configs"
	"teamsbridge/consult/explain"
)

// explainFlags are the explain command's.
type explainFlags struct {
	config, tenant, agent, expert string
	language                      languageFlag
	json                          bool
}

func newExplain(getenv func(string) string) *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain --agent ID [--expert ID]",
		Short: "Say why an agent can or cannot reach an expert, and who can change it",
		Long: "Walks every step from the agent's sign-in to the telephone line, as GET /api/v1/admin/explain does, and asks Microsoft now.\n" +
			"Nothing is changed, nobody is called. Exit status: 0 all is in order, 1 something needs attention, 2 something is in the way.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), getenv, cmd.OutOrStdout()) },
	}
	flags := cmd.Flags()
	configFlag(flags, &f.config, "")
	flags.StringVar(&f.tenant, "tenant", "", "`ID` of the organisation; not needed where there is one")
	flags.StringVar(&f.agent, "agent", "", "the agent's `ID` in the agent table, or their object id at Entra")
	flags.StringVar(&f.expert, "expert", "", "the expert's object `ID` at Entra; left out, the way ends before them")
	f.language.add(flags)
	flags.BoolVar(&f.json, "json", false, "as JSON; its titles and details are in the language, everything else is not")
	return cmd
}

func (f explainFlags) run(ctx context.Context, getenv func(string) string, out io.Writer) error {
	if f.agent == "" {
		return errors.New("--agent is missing: who shall reach somebody?")
	}
	language, err := f.language.choose(getenv)
	if err != nil {
		return err
	}
	return withStore(ctx, f.config, getenv, func(ctx context.Context, cfg configs.Config, store keeper) error {
		answer, err := f.explain(ctx, cfg, store)
		if err != nil {
			return err
		}
		if err := f.write(out, language, answer); err != nil {
			return err
		}
		return exitOf(answer.State())
	})
}

// explain asks Microsoft now, and the service on this machine.
func (f explainFlags) explain(ctx context.Context, cfg configs.Config, store keeper) (answer explain.Explanation, err error) {
	tenant, err := oneOrganization(cfg, f.tenant)
	if err != nil {
		return answer, err
	}
	client, err := outboundClient(cfg.Outbound)
	if err != nil {
		return answer, err
	}
	defer client.CloseIdleConnections()
	graph, err := newMicrosoft(cfg, client)
	if err != nil {
		return answer, err
	}
	experts, err := graph.experts(cfg)
	if err != nil {
		return answer, err
	}
	organizations, err := graph.organizations(ctx, cfg, store)
	if err != nil {
		return answer, err
	}
	agents, err := agentsOf(ctx, cfg, store)
	if err != nil {
		return answer, err
	}
	_, _ = organizations.Check(ctx, tenant) // what it finds out, or that it cannot, stands in the steps
	return explain.New(explain.Deps{
		Agents: agents, Organizations: organizations, Experts: unindexed{experts}, Require: cfg.SSO.Require, Dial: cfg.Dial,
		SignedIn: signedIn(store, cfg), Trunk: trunkOf(cfg, client),
	}).Explain(ctx, explain.Question{Tenant: tenant, Agent: f.agent, Expert: f.expert}), nil
}

func (f explainFlags) write(out io.Writer, language string, answer explain.Explanation) error {
	document := answer.Document(language)
	if f.json {
		return writeJSON(out, document)
	}
	r := &report{out: out, language: language}
	for _, s := range document.Steps {
		r.step(s)
	}
	return r.err
}
