package configs_test

import (
	"errors"
	"strings"
	"testing"

	"teamsbridge/configs"
)

const delegated = minimal + "graph: {permissions: delegated}\n"

func TestDelegatedPermissionsHoldAgentsTokens(t *testing.T) {
	cfg, err := parse(t, delegated+"directory: {mode: live}\n", nil)
	if err != nil || !cfg.SSO.Entra.KeepAssertions {
		t.Errorf("%v, tokens kept: %v", err, cfg.SSO.Entra.KeepAssertions)
	}
	if cfg, err := parse(t, minimal, nil); err != nil || cfg.SSO.Entra.KeepAssertions || cfg.Graph.Permissions != configs.PermissionsApplication {
		t.Errorf("by default: %v, %+v", err, cfg.Graph)
	}
}

func TestWhatCannotBeDoneOnBehalfOfPeopleIsRefused(t *testing.T) {
	live := delegated + "directory: {mode: live}\n"
	for text, want := range map[string]string{
		delegated:                               "directory.mode: must be live with graph.permissions: delegated",
		minimal + "graph: {permissions: all}\n": "graph.permissions: must be application, delegated",
		live + "credential: {client_id: 99999999-2222-4333-8444-555555555555}\n":        "credential.client_id: must be sso.entra.client_id",
		live + "experts: {include: {groups: [99999999-2222-4333-8444-555555555555]}}\n": "experts.include.groups: cannot be read",
	} {
		t.Run(want, func(t *testing.T) {
			_, err := parse(t, text, nil)
			problems, ok := errors.AsType[*configs.Error](err)
			if !ok || !contains(strings.Split(problems.Error(), "\n"), want) {
				t.Errorf("error %v", err)
			}
		})
	}
}
