package sdp

import (
	"bytes"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	pion "github.com/pion/sdp/v3"
)

// What a description may cost to read. Microsoft's, with all their candidates,
// have 4 KiB and 60 lines.
const (
	maxSize    = 16 << 10
	maxLines   = 512
	maxStreams = 16
)

// The transports that carry an audio stream of ours.
const (
	plain     = "RTP/AVP"
	encrypted = "RTP/SAVP"
)

// section is one m= section as the far end describes it.
type section struct {
	raw *pion.MediaDescription

	remote, rtcp netip.AddrPort
	mux          bool
	formats      []Format // G.711, in their order
	dtmf         uint8    // payload type of telephone-events, 0 for none
	ptime        time.Duration
	direction    Direction // seen from them
	cryptos      []crypto
}

func parse(body []byte) (*pion.SessionDescription, error) {
	if len(body) > maxSize {
		return nil, refused(ErrMalformed, "%d bytes", len(body))
	}
	if lines := bytes.Count(body, []byte("\n")); lines > maxLines {
		return nil, refused(ErrMalformed, "%d lines", lines)
	}
	var d pion.SessionDescription
	if err := d.Unmarshal(body); err != nil {
		// The library's message quotes the line, which may hold a key.
		return nil, refused(ErrMalformed, "cannot be read")
	}
	if n := len(d.MediaDescriptions); n > maxStreams {
		return nil, refused(ErrMalformed, "%d streams", n)
	}
	return &d, nil
}

// open reports whether a section is an audio stream that its side wants.
func open(m *pion.MediaDescription) bool {
	return m.MediaName.Media == "audio" && m.MediaName.Port.Value != 0
}

func proto(m *pion.MediaDescription) string { return strings.Join(m.MediaName.Protos, "/") }

// read takes what we need from an audio section.
func read(d *pion.SessionDescription, m *pion.MediaDescription) (section, error) {
	s := section{raw: m}
	var err error
	if s.remote, s.rtcp, err = addresses(d, m); err != nil {
		return section{}, err
	}
	s.direction = directionOf(d.Attributes, SendRecv)
	s.direction = directionOf(m.Attributes, s.direction)
	s.readFormats(m)
	for _, a := range m.Attributes {
		switch a.Key {
		case "rtcp-mux":
			s.mux = true
		case "ptime":
			if ms, err := strconv.ParseUint(strings.TrimSpace(a.Value), 10, 16); err == nil && ms >= 10 && ms <= 200 {
				s.ptime = time.Duration(ms) * time.Millisecond
			}
		case "crypto":
			if c, ok := parseCrypto(a.Value); ok {
				s.cryptos = append(s.cryptos, c)
			}
		}
	}
	return s, nil
}

// held reports whether the far end keeps us on hold.
func (s section) held() bool {
	return s.direction != SendRecv || s.remote.Addr().IsUnspecified()
}

// hears reports whether the far end wants audio of us. An unspecified address
// is the hold of RFC 2543, to which nothing can be sent.
func (s section) hears() bool {
	return s.direction.Receives() && !s.remote.Addr().IsUnspecified()
}

func directionOf(attributes []pion.Attribute, otherwise Direction) Direction {
	for _, a := range attributes {
		switch d := Direction(a.Key); d {
		case SendRecv, SendOnly, RecvOnly, Inactive:
			return d
		}
	}
	return otherwise
}

// addresses finds where RTP and RTCP go: c= of the section or the session, and
// a=rtcp (RFC 3605) where RTCP is not one port above.
func addresses(d *pion.SessionDescription, m *pion.MediaDescription) (rtp, rtcp netip.AddrPort, err error) {
	c := m.ConnectionInformation
	if c == nil {
		c = d.ConnectionInformation
	}
	if c == nil || c.Address == nil {
		return rtp, rtcp, refused(ErrMalformed, "no c= line")
	}
	addr, err := address(c.NetworkType, c.AddressType, c.Address.Address)
	if err != nil {
		return rtp, rtcp, err
	}
	port := m.MediaName.Port.Value
	if port < 1 || port > 65535 {
		return rtp, rtcp, refused(ErrAddress, "port %d", port)
	}
	rtp = netip.AddrPortFrom(addr, uint16(port))
	if port < 65535 {
		rtcp = netip.AddrPortFrom(addr, uint16(port+1))
	}
	if value, ok := m.Attribute("rtcp"); ok {
		return rtp, explicitRTCP(value, rtcp, addr), nil
	}
	return rtp, rtcp, nil
}

// explicitRTCP reads "53020" or "53020 IN IP4 192.0.2.1". What cannot be read
// is ignored like any unknown attribute.
func explicitRTCP(value string, otherwise netip.AddrPort, addr netip.Addr) netip.AddrPort {
	fields := strings.Fields(value)
	if len(fields) != 1 && len(fields) != 4 {
		return otherwise
	}
	port, err := strconv.ParseUint(fields[0], 10, 16)
	if err != nil || port == 0 {
		return otherwise
	}
	if len(fields) == 4 {
		if addr, err = address(fields[1], fields[2], fields[3]); err != nil {
			return otherwise
		}
	}
	return netip.AddrPortFrom(addr, uint16(port))
}

func address(network, family, text string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(text)
	switch {
	case network != "IN" || family != "IP4" && family != "IP6":
		return addr, refused(ErrAddress, "neither IP4 nor IP6")
	case err != nil || addr.Zone() != "":
		return addr, refused(ErrAddress, "not an IP address")
	case addr.Is4() != (family == "IP4"):
		return addr, refused(ErrAddress, "%s with another family's address", family)
	}
	addr = addr.Unmap()
	if addr.IsMulticast() || addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return addr, refused(ErrAddress, "not one host's address")
	}
	return addr, nil
}

// readFormats finds what the payload types of the m= line mean. 0 and 8 need no
// rtpmap (RFC 3551).
func (s *section) readFormats(m *pion.MediaDescription) {
	names := map[string]string{"0": "PCMU/8000", "8": "PCMA/8000"}
	for _, a := range m.Attributes {
		if payload, name, ok := strings.Cut(a.Value, " "); ok && a.Key == "rtpmap" {
			names[payload] = strings.TrimSuffix(strings.ToUpper(strings.TrimSpace(name)), "/1")
		}
	}
	for _, f := range m.MediaName.Formats {
		payload, err := strconv.ParseUint(f, 10, 7)
		if err != nil {
			continue
		}
		switch name := names[f]; name {
		case "PCMA/8000", "PCMU/8000":
			format := Format{Payload: uint8(payload), Codec: Codec(name[:4])}
			if !slices.ContainsFunc(s.formats, func(known Format) bool { return known.Codec == format.Codec }) {
				s.formats = append(s.formats, format)
			}
		case "TELEPHONE-EVENT/8000":
			if s.dtmf == 0 && payload != 0 {
				s.dtmf = uint8(payload)
			}
		}
	}
}
