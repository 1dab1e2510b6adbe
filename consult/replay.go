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
	for i, line := range inputs {
		var in Input
		if err := json.Unmarshal(line, &in); err != nil {
			return nil, fmt.Errorf("consult: input %d: %w", i+1, err)
		}
		if s == nil {
			if in.Call == nil {
				return nil, errors.New("consult: the first input is no call")
			}
			s = start(in)
			continue
		}
		r, _, _ := next(s, &in)
		if r == nil {
			return nil, fmt.Errorf("consult: input %d: %s by %s is not possible in phase %s", i+1, in.Kind, in.Actor, s.Phase)
		}
		s = apply(s, r, in, &set).s
	}
	return s, nil
}
