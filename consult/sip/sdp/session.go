package sdp

import (
	"crypto/rand"
	"encoding/binary"
	"net/netip"
	"time"
)

// Codec is an audio codec by its name in a=rtpmap.
type Codec string

// The codecs: G.711 at 8000 samples a second, one byte each.
const (
	PCMA Codec = "PCMA" // A-law, payload type 8
	PCMU Codec = "PCMU" // µ-law, payload type 0
)

// Payload is the codec's static payload type (RFC 3551, section 6).
func (c Codec) Payload() uint8 {
	if c == PCMA {
		return 8
	}
	return 0
}

// Direction is who sends, seen from the side that says it. The zero value is SendRecv.
type Direction string

// The directions of RFC 3264.
const (
	SendRecv Direction = "sendrecv"
	SendOnly Direction = "sendonly"
	RecvOnly Direction = "recvonly"
	Inactive Direction = "inactive"
)

// Sends reports whether the side that says d sends audio.
func (d Direction) Sends() bool { return d == "" || d == SendRecv || d == SendOnly }

// Receives reports whether the side that says d receives audio.
func (d Direction) Receives() bool { return d == "" || d == SendRecv || d == RecvOnly }

func direction(sends, receives bool) Direction {
	switch {
	case sends && receives:
		return SendRecv
	case sends:
		return SendOnly
	case receives:
		return RecvOnly
	}
	return Inactive
}

// Encryption says which transports we agree to.
type Encryption string

// The zero value is Never.
const (
	Never    Encryption = "never"    // RTP/AVP only
	Offered  Encryption = "offered"  // offers RTP/AVP, answers either in kind
	Required Encryption = "required" // RTP/SAVP only
)

// Session is our wish for one audio stream.
type Session struct {
	// ID names the session in o=, the same for a whole dialog: take [NewID].
	ID uint64
	// Sent is the body we sent last in this dialog, nil before the first. A new
	// body that says something else gets the next version.
	Sent []byte

	Addr       netip.Addr    // where the far end reaches us; never a wildcard
	Port       uint16        // RTP; RTCP is one above
	Codecs     []Codec       // ours, preferred first; none is PCMA, PCMU
	NoDTMF     bool          // do not take part in RFC 4733 telephone-events
	DTMF       uint8         // payload type for telephone-events in offers; 0 is 101
	PTime      time.Duration // of one packet; 0 is 20 ms
	Direction  Direction     // what we are willing to do
	Encryption Encryption
	Key        Key  // what we encrypt with; must be set unless Encryption is Never
	NoMux      bool // RTCP always on its own port (else RFC 5761 is offered and accepted)
}

// NewID makes a session id that nobody else has: 62 random bits, since some
// parsers read it as a signed number.
func NewID() uint64 {
	var b [8]byte
	rand.Read(b[:]) //nolint:errcheck // never fails (crypto/rand)
	return binary.BigEndian.Uint64(b[:])>>2 | 1
}

func (s Session) codecs() []Codec {
	if len(s.Codecs) == 0 {
		return []Codec{PCMA, PCMU}
	}
	return s.Codecs
}

func (s Session) dtmf() uint8 {
	switch {
	case s.NoDTMF:
		return 0
	case s.DTMF == 0:
		return 101
	}
	return s.DTMF
}

func (s Session) ptime() time.Duration {
	if s.PTime == 0 {
		return 20 * time.Millisecond
	}
	return s.PTime
}

// Format is what a payload type means.
type Format struct {
	Payload uint8
	Codec   Codec
}

// Keying is how packets of one direction are encrypted. The zero value is: not.
type Keying struct {
	Key Key
	MKI string // raw bytes of the master key identifier that each packet carries, mostly none
}

// On reports whether the direction is encrypted.
func (k Keying) On() bool { return k.Key != Key{} }

// Negotiated is what both sides agreed to, seen from ours.
type Negotiated struct {
	Remote     netip.AddrPort // where they want RTP; their address is unspecified in an old style hold
	RemoteRTCP netip.AddrPort // where they want RTCP; Remote if Mux
	Mux        bool           // RTCP travels with RTP (RFC 5761)

	Codec       Codec    // what we send
	SendPayload uint8    // with this payload type
	Formats     []Format // what they may send
	DTMFSend    uint8    // payload type for our telephone-events; 0 is none, as it is always dynamic
	DTMFReceive uint8    // payload type of theirs

	PTime     time.Duration // what they would like a packet to hold
	Direction Direction     // what we do: SendOnly is that only we send
	Held      bool          // they put us on hold, in any spelling

	SendKeying    Keying // what we encrypt with
	ReceiveKeying Keying // what they encrypt with
}
