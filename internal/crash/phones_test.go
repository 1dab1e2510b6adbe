package crash

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// phones are what the simulated telephone network did, by the file in which it
// keeps its legs: a line for each change of a call. The file is begun anew at
// every start, so it is read after every kill.
type phones struct {
	calls map[string]*lines // by interaction
}

// lines are the telephones of one call.
type lines struct {
	consulted map[string]bool // legs that ever were: whether they are there
	agents    map[string]bool // the owner's, at first and after a line died
	refused   map[string]bool // legs that may ring on: the network was told to refuse hang-ups
	customer  bool            // is there
	twice     []string        // what was dialled twice
	seen      []string        // the network's own words, from the beginning
}

// String tells the network's record, a line for each change.
func (l *lines) String() string { return strings.Join(l.seen, "\n") }

type phoneLine struct {
	Interaction string     `json:"interaction"`
	Legs        []phoneLeg `json:"legs"`
}

type phoneLeg struct {
	Leg   string `json:"leg"`
	Party string `json:"party"`
	State string `json:"state"`
}

// of are the lines of one call; nil when the network never heard of it.
func (p *phones) of(id string) *lines { return p.calls[id] }

// left counts the telephones that are connected, by whose they are: those of calls
// that the journal has. One whose beginning the kill overtook nobody has taken, and
// the service leaves it alone: its customer may be on that line.
func (p *phones) left(journaled map[string]bool) tally {
	left := tally{}
	for id, l := range p.calls {
		if !journaled[id] {
			continue
		}
		for party, legs := range map[string]map[string]bool{"consulted": l.consulted, "agent": l.agents, "customer": {"": l.customer}} {
			for _, there := range legs {
				if there {
					left[party]++
				}
			}
		}
	}
	return left
}

// read follows the file; its last line may have been cut off by the kill. In a
// faulty life the network was told to let work go wrong.
func (p *phones) read(file string, faulty bool) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
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
		p.see(line, faulty)
		l := p.of(line.Interaction)
		l.seen = append(l.seen, string(text))
	}
}

// see notes one change: a leg that comes back after it was gone was dialled a
// second time, and two that ring at once are one dial too many - unless the
// network refused to end the first.
func (p *phones) see(line phoneLine, faulty bool) {
	l := p.calls[line.Interaction]
	if l == nil {
		l = &lines{consulted: map[string]bool{}, agents: map[string]bool{}, refused: map[string]bool{}}
		if p.calls == nil {
			p.calls = map[string]*lines{}
		}
		p.calls[line.Interaction] = l
	}
	l.customer = false
	there, ringing := map[string]bool{}, []string{}
	for _, leg := range line.Legs {
		there[leg.Leg] = true
		legs := l.consulted
		switch leg.Party {
		case "customer":
			l.customer = true
			continue
		case "agent":
			legs = l.agents
		default:
			if leg.State == "ringing" && !l.refused[leg.Leg] {
				ringing = append(ringing, leg.Leg)
			}
		}
		if is, was := legs[leg.Leg]; was && !is {
			l.twice = append(l.twice, "leg "+leg.Leg+" was dialled again")
		}
		legs[leg.Leg] = true
	}
	for _, legs := range []map[string]bool{l.consulted, l.agents} {
		for leg := range legs {
			legs[leg] = there[leg]
		}
	}
	switch {
	case len(ringing) < 2:
	case faulty:
		for _, leg := range ringing {
			l.refused[leg] = true
		}
	default:
		l.twice = append(l.twice, fmt.Sprintf("%d telephones ring at once", len(ringing)))
	}
}
