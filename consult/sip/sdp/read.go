package sdp

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The transports that carry an audio stream of ours.
const (
	plain     = "RTP/AVP"
	encrypted = "RTP/SAVP"
)

// side is what the far end says of one audio stream.
type side struct {
	remote, rtcp netip.AddrPort
	mux          bool
	formats      []Format // G.711, in their order
	dtmf         uint8    // payload type of telephone-events, 0 for none
	ptime        time.Duration
	direction    Direction // seen from them
	cryptos      []crypto
}

// read takes what matters from an audio section.
func read(d *description, s *section) (side, error) {
	var theirs side
	var err error
	if theirs.remote, theirs.rtcp, err = addresses(d, s); err != nil {
		return side{}, err
	}
	theirs.direction = directionOf(s.attributes, directionOf(d.attributes, SendRecv))
	theirs.readFormats(s)
	for _, a := range s.attributes {
		switch a.name {
		case "rtcp-mux":
			theirs.mux = true
		case "ptime":
			if ms, err := strconv.ParseUint(strings.TrimSpace(a.value), 10, 16); err == nil && ms >= 10 && ms <= 200 {
				theirs.ptime = time.Duration(ms) * time.Millisecond
			}
		case "crypto":
			if c, ok := parseCrypto(a.value); ok {
				theirs.cryptos = append(theirs.cryptos, c)
			}
		}
	}
	return theirs, nil
}

// held reports whether the far end keeps us on hold.
func (s side) held() bool { return s.direction != SendRecv || s.remote.Addr().IsUnspecified() }

// hears reports whether the far end wants audio of us. An unspecified address
// is the hold of RFC 2543, to which nothing can be sent.
func (s side) hears() bool { return s.direction.Receives() && !s.remote.Addr().IsUnspecified() }

func directionOf(attributes []attribute, otherwise Direction) Direction {
	for _, a := range attributes {
		switch d := Direction(a.name); d {
		case SendRecv, SendOnly, RecvOnly, Inactive:
			return d
		}
	}
	return otherwise
}

// addresses finds where RTP and RTCP go: c= of the section or the session, and
// a=rtcp (RFC 3605) where RTCP is not one port above.
func addresses(d *description, s *section) (rtp, rtcp netip.AddrPort, err error) {
	connection := s.connection
	if connection == "" {
		connection = d.connection
	}
	fields := strings.Fields(connection)
	if len(fields) != 3 {
		return rtp, rtcp, refused(ErrMalformed, "no usable c= line")
	}
	addr, err := address(fields[0], fields[1], fields[2])
	if err != nil {
		return rtp, rtcp, err
	}
	if s.port > 65535 {
		return rtp, rtcp, refused(ErrAddress, "port %d", s.port)
	}
	rtp = netip.AddrPortFrom(addr, uint16(s.port))
	if s.port < 65535 {
		rtcp = netip.AddrPortFrom(addr, uint16(s.port+1))
	}
	if value, ok := s.attribute("rtcp"); ok {
		rtcp = explicitRTCP(value, rtcp, addr)
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
	text, _, _ = strings.Cut(text, "/") // a TTL, which only an address for many has
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
func (s *side) readFormats(section *section) {
	names := map[string]string{"0": "PCMU/8000", "8": "PCMA/8000"}
	for _, a := range section.attributes {
		if payload, name, ok := strings.Cut(a.value, " "); ok && a.name == "rtpmap" {
			names[payload] = strings.TrimSuffix(strings.ToUpper(strings.TrimSpace(name)), "/1")
		}
	}
	for _, f := range section.formats {
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
