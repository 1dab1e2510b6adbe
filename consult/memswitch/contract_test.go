package memswitch_test

import (
	"context"
	"path/filepath"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/consult/consulttest"
	"teamsbridge/consult/memswitch"
)

func TestContract(t *testing.T) {
	consulttest.Run(t, func(t *testing.T) consulttest.Rig {
		return newRig(t, memswitch.Options{Manual: true})
	})
}

func TestContractWithLegsFile(t *testing.T) {
	consulttest.Run(t, func(t *testing.T) consulttest.Rig {
		return newRig(t, memswitch.Options{Manual: true, File: filepath.Join(t.TempDir(), "legs")})
	})
}

func newRig(t *testing.T, o memswitch.Options) consulttest.Rig {
	s := newSwitch(t, o)
	return consulttest.Rig{
		Switch: s,
		Call:   s.Call,
		Act: func(ctx context.Context, id consult.InteractionID, p consult.Party, act string) error {
			return s.Act(ctx, id, p, memswitch.Act(act))
		},
		Close: s.Close,
	}
}

func newSwitch(t *testing.T, o memswitch.Options) *memswitch.Switch {
	t.Helper()
	s, err := memswitch.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}
