package crash

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// phones are what the simulated telephone network did, by the file in which it
// keeps its legs: a line for each change of a call. The file is begun anew at
// every start, so it is read after every kill.
type phones struct {
	dialled map[string]map[string]bool // by interaction: consulted legs that ever were
	there   map[string]map[string]bool // and those that are
	twice   []string                   // what was dialled twice
}

type phoneLine struct {
	Interaction string `json:"interaction"`
	Legs        []struct {
		Leg   string `json:"leg"`
		Party string `json:"party"`
		State string `json:"state"`
	} `json:"legs"`
}

// read follows the lines; the last one may have been cut off by the kill.
func (p *phones) read(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if p.dialled == nil {
		p.dialled, p.there = map[string]map[string]bool{}, map[string]map[string]bool{}
	}
	for {
		text, rest, whole := bytes.Cut(content, []byte("\n"))
		if !whole {
			return nil
		}
		content = rest
		var line phoneLine
		if err := json.Unmarshal(text, &line); err != nil {
			return fmt.Errorf("telephone network's file: %w", err)
		}
		p.see(line)
	}
}

// see notes one change: a leg that comes back after it was gone was dialled a
// second time, and two that ring at once are one dial too many.
func (p *phones) see(line phoneLine) {
	ever := p.dialled[line.Interaction]
	if ever == nil {
		ever = map[string]bool{}
		p.dialled[line.Interaction] = ever
	}
	now, ringing := map[string]bool{}, 0
	for _, leg := range line.Legs {
		if leg.Party != "consulted" {
			continue
		}
		now[leg.Leg] = true
		if leg.State == "ringing" {
			ringing++
		}
		if ever[leg.Leg] && !p.there[line.Interaction][leg.Leg] {
			p.twice = append(p.twice, fmt.Sprintf("%s: leg %s was dialled again", line.Interaction, leg.Leg))
		}
		ever[leg.Leg] = true
	}
	if ringing > 1 {
		p.twice = append(p.twice, fmt.Sprintf("%s: %d telephones ring at once", line.Interaction, ringing))
	}
	p.there[line.Interaction] = now
}
