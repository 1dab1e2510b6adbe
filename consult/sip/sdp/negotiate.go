package sdp

import (
	"errors"
	"fmt"
	"slices"
)

// ourTag numbers the one crypto line of an offer of ours.
const ourTag = 1

// Offer describes our wish, to be sent in an INVITE or UPDATE. An error is a
// Session that cannot be described.
func Offer(s Session) ([]byte, error) {
	if err := s.validate(); err != nil {
		return nil, err
	}
	o := ours{proto: plain, dtmf: s.dtmf(), control: s.Port + 1, direction: direction(s.Direction.Sends(), s.Direction.Receives()), mux: !s.NoMux}
	for _, codec := range s.codecs() {
		o.formats = append(o.formats, Format{Payload: codec.Payload(), Codec: codec})
	}
	if s.Encryption == Required {
		o.proto = encrypted
		o.crypto = &crypto{tag: ourTag, keying: Keying{Key: s.Key}}
	}
	return s.body([]string{s.section(o)})
}

// Answer answers an offer and says what was agreed. What we cannot agree to is
// a [*RefusedError]; nothing was agreed then, and what held before holds on.
func Answer(offer []byte, s Session) ([]byte, Negotiated, error) {
	if err := s.validate(); err != nil {
		return nil, Negotiated{}, err
	}
	d, err := parse(offer)
	if err != nil {
		return nil, Negotiated{}, err
	}
	chosen, n, o, err := s.choose(d)
	if err != nil {
		return nil, Negotiated{}, err
	}
	var sections []string
	for _, m := range d.sections {
		if m == chosen {
			sections = append(sections, s.section(o))
		} else {
			sections = append(sections, declined(m))
		}
	}
	body, err := s.body(sections)
	if err != nil {
		return nil, Negotiated{}, err
	}
	return body, n, nil
}

// choose takes the first audio stream of an offer that we can agree to. Some
// offer the same stream twice, encrypted and plain. The error is the first
// stream's.
func (s Session) choose(d *description) (*section, Negotiated, ours, error) {
	var first error
	for _, m := range d.sections {
		if !m.open() {
			continue
		}
		n, o, err := s.agree(d, m)
		if err == nil {
			return m, n, o, nil
		}
		if first == nil {
			first = err
		}
	}
	if first == nil {
		first = refused(ErrNoAudio, "%d streams", len(d.sections))
	}
	return nil, Negotiated{}, ours{}, first
}

func (s Session) agree(d *description, m *section) (Negotiated, ours, error) {
	if err := s.acceptable(m.proto); err != nil {
		return Negotiated{}, ours{}, err
	}
	theirs, err := read(d, m)
	if err != nil {
		return Negotiated{}, ours{}, err
	}
	n, err := s.common(theirs)
	if err != nil {
		return Negotiated{}, ours{}, err
	}
	n.Formats = n.Formats[:1]
	n.DTMFReceive = n.DTMFSend // an answer repeats the offer's payload types
	o := ours{proto: m.proto, formats: n.Formats, dtmf: n.DTMFReceive, control: s.Port + 1, mux: n.Mux}
	if o.mux {
		o.control = s.Port
	}
	// In an old style hold they keep hearing in principle: only the address is gone.
	o.direction = direction(s.Direction.Sends() && theirs.direction.Receives(), n.Direction.Receives())
	if o.proto == encrypted {
		if len(theirs.cryptos) == 0 {
			return Negotiated{}, ours{}, refused(ErrNoKey, "no line with %s", suite)
		}
		n.ReceiveKeying = theirs.cryptos[0].keying
		n.SendKeying = Keying{Key: s.Key}
		o.crypto = &crypto{tag: theirs.cryptos[0].tag, keying: n.SendKeying}
	}
	return n, o, nil
}

// Accept reads the answer to what [Offer] described for the same Session.
func Accept(answer []byte, s Session) (Negotiated, error) {
	if err := s.validate(); err != nil {
		return Negotiated{}, err
	}
	d, err := parse(answer)
	if err != nil {
		return Negotiated{}, err
	}
	if len(d.sections) != 1 || d.sections[0].media != "audio" {
		return Negotiated{}, refused(ErrMismatch, "%d streams for one of audio", len(d.sections))
	}
	m := d.sections[0]
	if !m.open() {
		return Negotiated{}, refused(ErrNoAudio, "declined")
	}
	want := plain
	if s.Encryption == Required {
		want = encrypted
	}
	if m.proto != want {
		return Negotiated{}, refused(ErrTransport, "%s answered with %.20q", want, m.proto)
	}
	theirs, err := read(d, m)
	if err != nil {
		return Negotiated{}, err
	}
	n, err := s.common(theirs)
	if err != nil {
		return Negotiated{}, err
	}
	// They send with our numbers, we with theirs.
	for i, f := range n.Formats {
		n.Formats[i].Payload = f.Codec.Payload()
	}
	if n.DTMFSend != 0 {
		n.DTMFReceive = s.dtmf()
	}
	if want == encrypted {
		if len(theirs.cryptos) != 1 {
			return Negotiated{}, refused(ErrNoKey, "%d usable lines in an answer", len(theirs.cryptos))
		}
		if tag := theirs.cryptos[0].tag; tag != ourTag {
			return Negotiated{}, refused(ErrMismatch, "crypto tag %d", tag)
		}
		n.ReceiveKeying = theirs.cryptos[0].keying
		n.SendKeying = Keying{Key: s.Key}
	}
	return n, nil
}

// common is what follows from both sides alike, with their payload types.
func (s Session) common(theirs side) (Negotiated, error) {
	n := Negotiated{
		Remote:     theirs.remote,
		RemoteRTCP: theirs.rtcp,
		PTime:      theirs.ptime,
		Direction:  direction(s.Direction.Sends() && theirs.hears(), s.Direction.Receives() && theirs.direction.Sends()),
		Held:       theirs.held(),
	}
	if n.PTime == 0 {
		n.PTime = s.ptime()
	}
	if theirs.mux && !s.NoMux {
		n.Mux, n.RemoteRTCP = true, theirs.remote
	}
	for _, f := range theirs.formats {
		if slices.Contains(s.codecs(), f.Codec) {
			n.Formats = append(n.Formats, f)
		}
	}
	if len(n.Formats) == 0 {
		return Negotiated{}, refused(ErrNoCodec, "%d of G.711, none of them wanted", len(theirs.formats))
	}
	n.Codec, n.SendPayload = n.Formats[0].Codec, n.Formats[0].Payload
	if !s.NoDTMF {
		n.DTMFSend = theirs.dtmf
	}
	return n, nil
}

func (s Session) acceptable(proto string) error {
	switch {
	case proto != plain && proto != encrypted:
		return refused(ErrTransport, "%.20q", proto)
	case proto == plain && s.Encryption == Required:
		return refused(ErrTransport, "%s where encryption is required", plain)
	case proto == encrypted && s.Encryption != Required && s.Encryption != Offered:
		return refused(ErrTransport, "%s where nothing is encrypted", encrypted)
	}
	return nil
}

func (s Session) validate() error {
	var errs []error
	if !s.Addr.IsValid() || s.Addr.IsUnspecified() || s.Addr.Zone() != "" {
		errs = append(errs, fmt.Errorf("address %v is none that a far end can reach", s.Addr))
	}
	if s.Port == 0 || s.Port == 65535 {
		errs = append(errs, fmt.Errorf("port %d leaves none for RTCP", s.Port))
	}
	if s.ID == 0 && s.Sent == nil {
		errs = append(errs, errors.New("no session id"))
	}
	if (s.Encryption == Required || s.Encryption == Offered) && s.Key == (Key{}) {
		errs = append(errs, errors.New("encryption without a key"))
	}
	switch s.Encryption {
	case "", Never, Offered, Required:
	default:
		errs = append(errs, fmt.Errorf("encryption %q is unknown", s.Encryption))
	}
	for _, c := range s.codecs() {
		if c != PCMA && c != PCMU {
			errs = append(errs, fmt.Errorf("codec %q is unknown", c))
		}
	}
	if d := s.dtmf(); d != 0 && (d < 96 || d > 127) {
		errs = append(errs, fmt.Errorf("payload type %d for telephone-events is not dynamic", d))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("sdp: session: %w", err)
	}
	return nil
}
