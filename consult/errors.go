package consult

import (
	"errors"

	"teamsbridge/graph"
)

var (
	// ErrNotFound: no such interaction, or none that the caller may read.
	ErrNotFound = errors.New("consult: no such interaction")
	// ErrKeyReused: the idempotency key came with another body.
	ErrKeyReused = errors.New("consult: idempotency key used with another request")
	// ErrOutcomeUnknown: the switch has not answered; the action may still happen.
	ErrOutcomeUnknown = errors.New("consult: outcome unknown")
	// ErrDraining: the service is stopping and takes no new consults.
	ErrDraining = errors.New("consult: draining")
	// ErrStorage: the journal could not be written, or did not confirm it; nothing
	// was done.
	ErrStorage = errors.New("consult: storage unavailable")
	// ErrUnauthenticated: the zero principal.
	ErrUnauthenticated = errors.New("consult: no principal")
)

// PhaseError refuses a command that the phase, the role or a pending action
// does not allow (409 wrong-phase).
type PhaseError struct {
	Phase   Phase
	Allowed []Action
	Reason  string // wrong-phase, pending, not-your-part, none-to-transfer-to
}

func (e *PhaseError) Error() string { return "consult: " + e.Reason + " in " + string(e.Phase) }

// RoleError refuses a command of somebody whose role never allows it (403 role-required).
type RoleError struct{ Role string }

func (e *RoleError) Error() string { return "consult: needs role " + e.Role }

// VersionError refuses a command under another version (412 version-conflict).
type VersionError struct{ Version uint64 }

func (e *VersionError) Error() string { return "consult: another version" }

// InvalidError refuses a request whose content is wrong (422 request-invalid).
// Location is a path like "body.target.id"; Message helps and echoes nothing.
type InvalidError struct{ Location, Message string }

func (e *InvalidError) Error() string { return "consult: " + e.Location + ": " + e.Message }

// ExpertError refuses an expert who is not listed (422 expert-not-listed).
type ExpertError struct{ Reason graph.Reason }

func (e *ExpertError) Error() string { return "consult: expert not listed: " + string(e.Reason) }

// NumberError refuses a dial number (422 dial-number-invalid); the caller
// renders the check of the same text.
type NumberError struct{ Input string }

func (e *NumberError) Error() string { return "consult: dial number invalid" }

// NotAllowedError refuses a destination by policy (422 dial-not-allowed).
type NotAllowedError struct{ Why string }

func (e *NotAllowedError) Error() string { return "consult: destination not allowed: " + e.Why }

// SwitchError: the switch did not do it; the phase is what it was (502 switch-failed).
type SwitchError struct{ Reason FailureReason }

func (e *SwitchError) Error() string { return "consult: switch failed: " + string(e.Reason) }
