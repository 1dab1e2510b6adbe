package presencetest_test

import (
	"testing"

	"teamsbridge/presence/presencetest"
)

func TestGraphKeepsTheContract(t *testing.T) {
	presencetest.Run(t, func(*testing.T) presencetest.Rig {
		g := presencetest.NewGraph()
		return presencetest.Rig{Source: g, Set: g.Set}
	})
}
