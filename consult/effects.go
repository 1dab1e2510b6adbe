package consult

// effectKind is what the switch or the engine is to do after a step was journaled.
type effectKind uint8

const (
	effectArrange effectKind = iota
	effectDial
	effectAnswer
	effectHangup
	effectRefuse // the consulted party cannot be reached: report it as an event
)

// effect is one thing to do. Effects are values: apply makes them, the engine
// executes them once the step is in the journal.
type effect struct {
	kind    effectKind
	leg     LegID
	arrange Arrangement
	dial    Dial
	reason  FailureReason
}

// settings are the rules' few knobs.
type settings struct {
	afterEnd       Phase // where the end of a consult leads: active or held
	wrapUp         bool  // there are reasons to choose from
	wrapUpTimer    int64 // nanoseconds; 0 means none
	wrapUpPausable bool
	keepHungUp     bool              // a hang-up by the owner's telephone in a consult counts as lost
	lost           *Target           // who takes the call of an owner who stays lost; nil: everybody is released
	lostParty      *ConsultParty     // for a number
	lostQueues     map[string]string // for a queue: its name in the organisations that have it
	resumeHeld     bool              // hold.max brings the customer back to the owner
	acceptance     bool              // an expert presses a key before they count as answered
}

// takerOfLost is who takes the calls of an organisation's owners who stay lost;
// nil where everybody is released, also because the queue is other organisations' only.
func (set *settings) takerOfLost(tenant string) *Target {
	if set.lost == nil || set.lost.Kind != TargetQueue {
		return set.lost
	}
	name, ok := set.lostQueues[tenant]
	if !ok {
		return nil
	}
	return &Target{Kind: TargetQueue, ID: set.lost.ID, Name: name}
}

// picture says who hears whom in a phase. The owner alone hears silence while
// the customer is on hold.
func (s *State) picture(p Phase) (talk, hold []LegID) {
	customer, owner, consulted := s.Customer.Leg, LegID(""), LegID("")
	switch {
	case s.Owner != nil:
		owner = s.Owner.Leg
	case s.Taker != nil:
		owner = s.Taker.Leg
	}
	if k := s.Consult; k.live() && k.State != consultRequested && k.State != consultRinging {
		consulted = k.Leg
	}
	if s.Lost != nil && p != PhaseTransferred {
		if p == PhaseConferenced { // the other two go on talking
			return dropEmpty([]LegID{customer, consulted}), nil
		}
		return nil, dropEmpty([]LegID{customer, consulted})
	}
	switch p {
	case PhaseActive:
		talk = []LegID{owner, customer}
	case PhaseHeld, PhaseConsultRequested:
		talk, hold = []LegID{owner}, []LegID{customer}
	case PhaseConsulting:
		talk, hold = []LegID{owner, consulted}, []LegID{customer}
	case PhaseSwapped:
		talk, hold = []LegID{owner, customer}, []LegID{consulted}
	case PhaseConferenced:
		talk = []LegID{owner, customer, consulted}
	case PhaseTransferred:
		if consulted == "" { // already handed over: whoever has the call
			consulted = owner
		}
		talk = []LegID{customer, consulted}
	case PhaseWrapUp, PhaseEnded:
	}
	return dropEmpty(talk), dropEmpty(hold)
}

func dropEmpty(legs []LegID) []LegID {
	kept := legs[:0]
	for _, l := range legs {
		if l != "" {
			kept = append(kept, l)
		}
	}
	return kept
}
