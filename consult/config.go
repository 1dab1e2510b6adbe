package consult

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"teamsbridge/consult/dial"
)

// Config is the consult part of the configuration.
type Config struct {
	RingTimeout   time.Duration  `koanf:"ring_timeout"`   // below Teams' voicemail
	SwitchTimeout time.Duration  `koanf:"switch_timeout"` // after which an outcome is unknown
	AfterEnd      string         `koanf:"after_end"`      // "active" or "hold"
	NumberMatch   string         `koanf:"number_match"`   // "block", "warn" or "allow"
	Acceptance    string         `koanf:"acceptance"`     // "key": an expert presses 1 before they count as answered; "none"; empty: the switch's own way
	AcceptTimeout time.Duration  `koanf:"accept_timeout"` // for pressing it, the voice included
	WrapUp        WrapUpConfig   `koanf:"wrapup"`
	Hold          HoldConfig     `koanf:"hold"`
	Agent         AgentConfig    `koanf:"agent"`
	Dial          dial.Config    `koanf:"dial"`
	Queues        []QueueConfig  `koanf:"queues"`
	EntryPoints   []NumberConfig `koanf:"entry_points"`
	DialNumbers   []NumberConfig `koanf:"dial_numbers"`
}

// HoldConfig says how held customers are watched.
type HoldConfig struct {
	Warn   time.Duration `koanf:"warn"`   // after which agent and supervisor see it; 0: the default, a minute
	Max    time.Duration `koanf:"max"`    // after which Action is taken; 0 means never
	Action string        `koanf:"action"` // "resume" (default) or "notify"
}

// AgentConfig says what happens to agents and their telephones.
type AgentConfig struct {
	AfterNoAnswer   string        `koanf:"after_no_answer"`   // "keep" (default) or "idle"
	HangupInConsult string        `koanf:"hangup_in_consult"` // "release" (default) or "keep": it counts as lost
	Lost            string        `koanf:"lost"`              // "release" (default), "queue" or "number"
	LostTarget      string        `koanf:"lost_target"`       // the queue's id or the number
	LostRing        time.Duration `koanf:"lost_ring"`         // how long a lost owner's telephone rings
}

// WrapUpConfig says how calls are wrapped up.
type WrapUpConfig struct {
	Reasons []WrapUpReason `koanf:"reasons"`
	Default string         `koanf:"default"` // code applied when the timer ends
	Timer   time.Duration  `koanf:"timer"`   // 0 means none
	Pause   bool           `koanf:"pause"`   // agents may stop the timer
}

// QueueConfig names a queue of agents.
type QueueConfig struct {
	ID     string   `koanf:"id"`
	Tenant string   `koanf:"tenant"`
	Name   string   `koanf:"name"`
	Agents []string `koanf:"agents"`
}

// NumberConfig names a number of the contact centre.
type NumberConfig struct {
	ID     string `koanf:"id"`
	Tenant string `koanf:"tenant"`
	Name   string `koanf:"name"`
	Number string `koanf:"number"`
}

// The defaults of the configuration.
const (
	defaultRingTimeout   = 15 * time.Second // below Teams' voicemail
	defaultSwitchTimeout = 10 * time.Second
	defaultAcceptTimeout = 25 * time.Second // the voice takes 10
	defaultHoldWarn      = time.Minute
	defaultLostRing      = 20 * time.Second
)

func (c Config) withDefaults() Config {
	if c.RingTimeout == 0 {
		c.RingTimeout = defaultRingTimeout
	}
	if c.SwitchTimeout == 0 {
		c.SwitchTimeout = defaultSwitchTimeout
	}
	if c.AcceptTimeout == 0 {
		c.AcceptTimeout = defaultAcceptTimeout
	}
	if c.Hold.Warn == 0 {
		c.Hold.Warn = defaultHoldWarn
	}
	if c.Agent.LostRing == 0 {
		c.Agent.LostRing = defaultLostRing
	}
	if c.AfterEnd == "" {
		c.AfterEnd = "active"
	}
	if c.NumberMatch == "" {
		c.NumberMatch = "block"
	}
	return c
}

// Validate reports every problem at once, each with its path below consult.
func (c Config) Validate() error {
	var errs []error
	problem := func(path, format string, args ...any) {
		if section, _, _ := strings.Cut(path, "."); section != "agent" && section != "hold" { // sections of their own
			path = "consult." + path
		}
		errs = append(errs, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
	}
	if c.RingTimeout < 0 || c.RingTimeout > 5*time.Minute {
		problem("ring_timeout", "must be between 0 and 5m")
	}
	if c.AcceptTimeout < 0 || c.AcceptTimeout > 5*time.Minute {
		problem("accept_timeout", "must be between 0 and 5m")
	}
	if c.SwitchTimeout < 0 || c.SwitchTimeout > time.Minute {
		problem("switch_timeout", "must be between 0 and 1m")
	}
	if c.AfterEnd != "" && c.AfterEnd != "active" && c.AfterEnd != "hold" {
		problem("after_end", "must be active or hold")
	}
	oneOf := func(path, value string, allowed ...string) {
		if value != "" && !slices.Contains(allowed, value) {
			problem(path, "must be one of %s", strings.Join(allowed, ", "))
		}
	}
	oneOf("acceptance", c.Acceptance, "key", "none")
	oneOf("hold.action", c.Hold.Action, "resume", "notify")
	oneOf("agent.after_no_answer", c.Agent.AfterNoAnswer, "keep", "idle")
	oneOf("agent.hangup_in_consult", c.Agent.HangupInConsult, "release", "keep")
	oneOf("agent.lost", c.Agent.Lost, "release", "queue", "number")
	if c.Hold.Warn < 0 || c.Hold.Max < 0 {
		problem("hold", "times must not be negative")
	}
	if c.Agent.LostRing < 0 || c.Agent.LostRing > 5*time.Minute {
		problem("agent.lost_ring", "must be between 0 and 5m")
	}
	switch c.Agent.Lost {
	case "queue":
		if !slices.ContainsFunc(c.Queues, func(q QueueConfig) bool { return q.ID == c.Agent.LostTarget }) {
			problem("agent.lost_target", "must be the id of a queue")
		}
	case "number":
		if !dial.Read(c.Agent.LostTarget, "").Valid {
			problem("agent.lost_target", "must be a dial number")
		}
	}
	switch c.NumberMatch {
	case "", "block", "warn", "allow":
	default:
		problem("number_match", "must be block, warn or allow")
	}
	codes := map[string]bool{}
	for i, r := range c.WrapUp.Reasons {
		if r.Code == "" || r.Label == "" {
			problem(fmt.Sprintf("wrapup.reasons[%d]", i), "needs a code and a label")
		}
		if codes[r.Code] {
			problem(fmt.Sprintf("wrapup.reasons[%d].code", i), "is there twice")
		}
		codes[r.Code] = true
	}
	if c.WrapUp.Default != "" && !codes[c.WrapUp.Default] {
		problem("wrapup.default", "is not among the reasons")
	}
	if c.WrapUp.Timer < 0 {
		problem("wrapup.timer", "must not be negative")
	}
	if c.WrapUp.Timer > 0 && c.WrapUp.Default == "" && len(c.WrapUp.Reasons) > 0 {
		problem("wrapup.default", "is needed where there is a timer")
	}
	type name struct{ tenant, id string } // two organisations may use the same id
	unique := func(path string, n int, at func(int) name) {
		seen := map[name]bool{}
		for i := range n {
			switch {
			case at(i).id == "":
				problem(fmt.Sprintf("%s[%d].id", path, i), "is missing")
			case seen[at(i)]:
				problem(fmt.Sprintf("%s[%d].id", path, i), "is there twice")
			}
			seen[at(i)] = true
		}
	}
	unique("queues", len(c.Queues), func(i int) name { return name{c.Queues[i].Tenant, c.Queues[i].ID} })
	unique("entry_points", len(c.EntryPoints), func(i int) name { return name{c.EntryPoints[i].Tenant, c.EntryPoints[i].ID} })
	unique("dial_numbers", len(c.DialNumbers), func(i int) name { return name{c.DialNumbers[i].Tenant, c.DialNumbers[i].ID} })
	return errors.Join(errs...)
}

func (c Config) settings() settings {
	set := settings{
		afterEnd: PhaseActive, wrapUp: len(c.WrapUp.Reasons) > 0,
		wrapUpTimer: int64(c.WrapUp.Timer), wrapUpPausable: c.WrapUp.Pause,
	}
	if c.AfterEnd == "hold" {
		set.afterEnd = PhaseHeld
	}
	set.keepHungUp = c.Agent.HangupInConsult == "keep"
	set.resumeHeld = c.Hold.Max > 0 && c.Hold.Action != "notify"
	set.acceptance = c.Acceptance == "key"
	switch c.Agent.Lost {
	case "queue":
		set.lost, set.lostQueues = &Target{Kind: TargetQueue, ID: c.Agent.LostTarget}, make(map[string]string)
		for _, q := range c.Queues {
			if q.ID == c.Agent.LostTarget {
				set.lostQueues[q.Tenant] = q.Name
			}
		}
	case "number":
		set.lost = &Target{Kind: TargetDialNumber, Number: c.Agent.LostTarget}
		set.lostParty = &ConsultParty{ID: c.Agent.LostTarget, Name: c.Agent.LostTarget}
	}
	return set
}
