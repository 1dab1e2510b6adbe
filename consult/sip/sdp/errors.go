package sdp

import (
	"errors"
	"fmt"
)

// Why a description is refused; each arrives wrapped in a [*RefusedError].
var (
	ErrMalformed = errors.New("malformed session description")       // not SDP, too large, or against its rules
	ErrNoAudio   = errors.New("no audio stream")                     // no m=audio, or only with port 0
	ErrNoCodec   = errors.New("no common codec")                     // neither PCMA nor PCMU
	ErrTransport = errors.New("transport not acceptable")            // plain where encryption is required, or the reverse, or another profile
	ErrNoKey     = errors.New("no usable key")                       // RTP/SAVP without a crypto line that we can use
	ErrAddress   = errors.New("address not usable")                  // a name, a multicast address, a port out of range
	ErrMismatch  = errors.New("answer does not belong to the offer") // other streams or tags than were offered
)

// RefusedError is a description that we cannot agree to.
type RefusedError struct {
	Reason error  // one of the package's sentinels
	Detail string // what was found, for a log; no keys
}

func (e *RefusedError) Error() string {
	if e.Detail == "" {
		return e.Reason.Error()
	}
	return e.Reason.Error() + ": " + e.Detail
}

func (e *RefusedError) Unwrap() error { return e.Reason }

// Status is the SIP status to answer an offer with: 400 where it cannot be
// read, else 488 Not Acceptable Here (RFC 3261, section 21.4.26).
func (e *RefusedError) Status() int {
	if errors.Is(e.Reason, ErrMalformed) {
		return 400
	}
	return 488
}

// Warning is the warn-code that explains a 488 (RFC 3261, section 20.43), or 0.
func (e *RefusedError) Warning() int {
	for _, w := range []struct {
		reason error
		code   int
	}{
		{ErrAddress, 301},   // incompatible network address formats
		{ErrTransport, 302}, // incompatible transport protocol
		{ErrNoAudio, 304},   // media type not available
		{ErrNoCodec, 305},   // incompatible media format
		{ErrNoKey, 306},     // attribute not understood
	} {
		if errors.Is(e.Reason, w.reason) {
			return w.code
		}
	}
	return 0
}

func refused(reason error, format string, args ...any) error {
	return &RefusedError{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}
