package consult

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Replay makes an interaction's state anew from its journaled inputs, in
// order. Under the configuration that they were decided with it is the state
// that the journal keeps.
func Replay(cfg Config, inputs [][]byte) (*State, error) {
	if len(inputs) == 0 {
		return nil, errors.New("consult: nothing to replay")
	}
	set := cfg.withDefaults().settings()
	var s *State
	err := replay(&set, inputs, func(r replayed) bool {
		s = r.s
		return true
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// replayed is a step that was made anew.
type replayed struct {
	in   Input
	rule *rule // nil for the first step, which the table does not decide
	*change
}

// replay makes the steps of an interaction anew, until each returns false.
func replay(set *settings, inputs [][]byte, each func(replayed) bool) error {
	var s *State
	for i, line := range inputs {
		var in Input
		if err := json.Unmarshal(line, &in); err != nil {
			return fmt.Errorf("consult: input %d: %w", i+1, err)
		}
		step := replayed{in: in}
		switch {
		case s != nil:
			if step.rule, _, _ = next(s, &in); step.rule == nil {
				return fmt.Errorf("consult: input %d: %s by %s is not possible in phase %s", i+1, in.Kind, in.Actor, s.Phase)
			}
			step.change = apply(s, step.rule, in, set)
		case in.Call == nil:
			return errors.New("consult: the first input is no call")
		default:
			step.change = &change{s: start(in)}
		}
		s = step.s
		if !each(step) {
			return nil
		}
	}
	return nil
}
