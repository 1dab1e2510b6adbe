package consult

import (
	"encoding/json"
	"fmt"
	"slices"
)

// DamagedError says why a stored interaction cannot be read back. It is set
// apart: nothing is appended to it, nobody is told of it, and only an operator
// takes it out.
type DamagedError struct {
	Interaction InteractionID
	Err         error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("consult: interaction %s is damaged: %v", e.Interaction, e.Err)
}

func (e *DamagedError) Unwrap() error { return e.Err }

// Decode reads the state back and holds it against what the journal says of
// it: *DamagedError where the two do not belong together.
func (s Stored) Decode() (*State, error) {
	state := new(State)
	if err := json.Unmarshal(s.State, state); err != nil {
		return nil, &DamagedError{Interaction: s.Interaction, Err: err}
	}
	if err := state.belongsTo(s); err != nil {
		return nil, &DamagedError{Interaction: s.Interaction, Err: err}
	}
	return state, nil
}

func (s *State) belongsTo(stored Stored) error {
	switch {
	case s.ID != stored.Interaction:
		return fmt.Errorf("the state is of interaction %q", s.ID)
	case s.Tenant != stored.Tenant:
		return fmt.Errorf("the state is of organisation %q", s.Tenant)
	case s.Version != stored.Version:
		return fmt.Errorf("the state has version %d, the journal %d", s.Version, stored.Version)
	case !slices.Contains(phases[:], s.Phase):
		return fmt.Errorf("the phase is %q", s.Phase)
	case (s.Phase != PhaseEnded) != stored.Live:
		return fmt.Errorf("the phase is %q, the journal says live: %t", s.Phase, stored.Live)
	}
	return nil
}

// Damaged lists the interactions that could not be read back when the engine
// was made, in the order in which they began.
func (e *Engine) Damaged() []InteractionID { return slices.Clone(e.damaged) }
