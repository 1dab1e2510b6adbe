package sessiontest_test

import (
	"testing"

	"teamsbridge/sso"
	"teamsbridge/sso/sessiontest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	sessiontest.Run(t, func(*testing.T) sso.SessionStore { return new(sessiontest.Memory) })
	sessiontest.RunOrganizations(t, func(*testing.T) sso.OrganizationStore { return new(sessiontest.Memory) })
	sessiontest.RunAgents(t, func(*testing.T) sso.AgentStore { return new(sessiontest.Memory) })
}
