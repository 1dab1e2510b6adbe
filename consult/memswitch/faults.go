package memswitch

import (
	"fmt"
	"slices"
	"time"

	"teamsbridge/consult"
)

// Fault makes the next Count operations with the op go wrong.
//
// Op is the engine's action that caused the operation: dial, hold, resume,
// transfer, conference or hangup. A consult's own hold counts as hold, a swap
// as resume.
type Fault struct {
	Op    string
	Mode  string // ModeFail, ModeDelay or ModeSilent
	Count int
	Delay time.Duration // ModeDelay only
}

// The ways an operation goes wrong.
const (
	// ModeFail: nothing is done, and the network says so.
	ModeFail = "fail"
	// ModeDelay: it is done and said after Delay.
	ModeDelay = "delay"
	// ModeSilent: it is done and never said; only Calls knows. A silently
	// dialled telephone rings until somebody acts on it.
	ModeSilent = "silent"
)

const (
	opDial       = "dial"
	opHold       = "hold"
	opResume     = "resume"
	opTransfer   = "transfer"
	opConference = "conference"
	opHangup     = "hangup"
	opNone       = "" // never goes wrong on demand
)

var (
	faultOps   = []string{opDial, opHold, opResume, opTransfer, opConference, opHangup}
	faultModes = []string{ModeFail, ModeDelay, ModeSilent}
)

// Inject arms a fault. Faults with the same op are used up in the order they
// were armed. An unknown op or mode, a count below one or a negative delay is an error.
func (s *Switch) Inject(f Fault) error {
	switch {
	case !slices.Contains(faultOps, f.Op):
		return fmt.Errorf("memswitch: op is not one of %v", faultOps)
	case !slices.Contains(faultModes, f.Mode):
		return fmt.Errorf("memswitch: mode is not one of %v", faultModes)
	case f.Count < 1:
		return fmt.Errorf("memswitch: count %d is below one", f.Count)
	case f.Delay < 0:
		return fmt.Errorf("memswitch: delay %v is negative", f.Delay)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
	return nil
}

// fault uses up one count of the first fault that is armed for the op; the zero
// Fault means that all goes well. Callers hold the mutex.
func (s *Switch) fault(op string) Fault {
	i := slices.IndexFunc(s.faults, func(f Fault) bool { return f.Op == op })
	if op == opNone || i < 0 {
		return Fault{}
	}
	f := s.faults[i]
	s.faults[i].Count--
	if s.faults[i].Count == 0 {
		s.faults = slices.Delete(s.faults, i, i+1)
	}
	return f
}

// arrangeOp names the op of a picture. Consult and cold transfer come with two
// pictures: first the customer's hold, where nobody talks with anybody, later
// the one of the answered telephone.
func arrangeOp(a consult.Arrangement) string {
	talking := len(a.Talk) > 1
	switch a.Cause {
	case consult.ActionHold:
		return opHold
	case consult.ActionConsult:
		if !talking {
			return opHold
		}
	case consult.ActionResume, consult.ActionResumeExpert:
		return opResume
	case consult.ActionTransfer:
		return opTransfer
	case consult.ActionColdTransfer:
		if !talking {
			return opHold
		}
		return opTransfer
	case consult.ActionConference:
		return opConference
	case consult.ActionEndConsult, consult.ActionAccept, consult.ActionDecline, consult.ActionLeave,
		consult.ActionEnd, consult.ActionWrapUp, consult.ActionPauseWrapUp:
	}
	return opNone
}
