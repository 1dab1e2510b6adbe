package memswitch

import (
	"context"
	"errors"
	"time"

	"teamsbridge/consult"
)

// Options shape the network.
type Options struct {
	// File keeps the legs; empty means in memory only.
	File string
	// Manual stops parties from answering by themselves.
	Manual bool
	// AnswerAfter is how long a party rings before they answer by themselves.
	AnswerAfter time.Duration
}

// Switch is the simulated network. It implements consult.Switch and consult.Answerer.
type Switch struct{}

// New reads the legs back, if a file is named.
func New(o Options) (*Switch, error) { return nil, errors.ErrUnsupported }

// Call plays a customer who rings and an agent who has answered. It returns
// once the service has journaled the call.
func (s *Switch) Call(ctx context.Context, c consult.Call) (consult.InteractionID, error) {
	return "", errors.ErrUnsupported
}

// Act is what a person does on their telephone.
type Act string

// The acts, in the words of the demo's control interface.
const (
	ActAnswer    Act = "answer"
	ActDecline   Act = "decline"
	ActBusy      Act = "busy"
	ActNoAnswer  Act = "no-answer"
	ActVoicemail Act = "voicemail"
	ActHangup    Act = "hangup"
)

// ErrNoLeg: the party has no leg on which that can be done.
var ErrNoLeg = errors.New("memswitch: no such leg")

// Act plays a party. It waits up to 5 s for the leg it needs, and returns once
// the service has journaled what happened; otherwise ErrNoLeg or the
// service's refusal.
func (s *Switch) Act(ctx context.Context, call consult.InteractionID, party consult.Party, act Act) error {
	return errors.ErrUnsupported
}

// Fault makes the next Count operations with the op go wrong. Op is dial,
// hold, resume, transfer, conference or hangup; Mode is fail, delay or silent.
type Fault struct {
	Op    string
	Mode  string
	Count int
	Delay time.Duration
}

// Inject arms a fault; an unknown op or mode is an error.
func (s *Switch) Inject(f Fault) error { return errors.ErrUnsupported }

// Line is one leg for people to look at.
type Line struct {
	Call   consult.InteractionID
	Leg    consult.LegID
	Party  consult.Party
	Number string
	State  consult.LegState
	Hears  []consult.Party // who this party hears; empty means music or silence
	Music  bool
}

// Lines lists every leg, for the telephone page.
func (s *Switch) Lines() []Line { return nil }
