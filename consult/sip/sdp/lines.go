package sdp

import (
	"bytes"
	"strconv"
	"strings"
)

// What a description may cost to read. Microsoft's, with all their candidates,
// have 4 KiB and 60 lines.
const (
	maxSize    = 16 << 10
	maxLines   = 512
	maxStreams = 16
)

// description is what stands in a session description, as far as it matters
// here. Times, bandwidths and the like are passed over, as is their order.
type description struct {
	id, version uint64 // of o=; zero where they are no numbers
	connection  string // of c=, for sections without their own
	attributes  []attribute
	sections    []*section
}

// section is one m= line with what follows it.
type section struct {
	media      string
	port       uint64
	proto      string
	formats    []string
	connection string
	attributes []attribute
}

// attribute is one a= line.
type attribute struct{ name, value string }

// parse reads a description. It is more lenient than RFC 8866 where telephones
// are: lines may end with a bare line feed, come in another order and say what
// nobody knows. github.com/pion/sdp, which is stricter, refuses a whole offer
// for a fax stream (m=image udptl) or an unknown bandwidth in it, and SIP is
// full of both; it checks what we write, in the tests.
func parse(body []byte) (*description, error) {
	if len(body) > maxSize {
		return nil, refused(ErrMalformed, "%d bytes", len(body))
	}
	if lines := bytes.Count(body, []byte("\n")); lines > maxLines {
		return nil, refused(ErrMalformed, "%d lines", lines)
	}
	d := &description{}
	rest := strings.TrimRight(string(body), "\r\n")
	if first, _, _ := strings.Cut(rest, "\n"); strings.TrimSuffix(first, "\r") != "v=0" {
		return nil, refused(ErrMalformed, "it does not begin with v=0")
	}
	number := 0
	for line := range strings.SplitSeq(rest, "\n") {
		number++
		line = strings.TrimSuffix(line, "\r")
		if len(line) < 2 || line[1] != '=' || strings.ContainsAny(line, "\r\x00") {
			return nil, refused(ErrMalformed, "line %d", number)
		}
		if !d.line(line[0], line[2:]) {
			return nil, refused(ErrMalformed, "line %d, of type %c", number, line[0])
		}
	}
	return d, nil
}

// line notes a line. It is false for one that must be understood and cannot be.
func (d *description) line(kind byte, value string) bool {
	connection, attributes := &d.connection, &d.attributes
	if n := len(d.sections); n > 0 {
		connection, attributes = &d.sections[n-1].connection, &d.sections[n-1].attributes
	}
	switch kind {
	case 'o':
		if fields := strings.Fields(value); len(fields) > 2 {
			d.id, _ = strconv.ParseUint(fields[1], 10, 64)
			d.version, _ = strconv.ParseUint(fields[2], 10, 64)
		}
	case 'c':
		if *connection == "" { // of several the first is preferred
			*connection = value
		}
	case 'a':
		name, v, _ := strings.Cut(value, ":")
		*attributes = append(*attributes, attribute{name, v})
	case 'm':
		s, ok := parseSection(value)
		if !ok || len(d.sections) == maxStreams {
			return false
		}
		d.sections = append(d.sections, s)
	}
	return true
}

// parseSection reads "audio 49170/2 RTP/AVP 0 8".
func parseSection(value string) (*section, bool) {
	fields := strings.Fields(value)
	if len(fields) < 4 {
		return nil, false
	}
	first, _, _ := strings.Cut(fields[1], "/")
	port, err := strconv.ParseUint(first, 10, 32)
	if err != nil {
		return nil, false
	}
	return &section{media: fields[0], port: port, proto: fields[2], formats: fields[3:]}, true
}

func (s *section) attribute(name string) (value string, ok bool) {
	for _, a := range s.attributes {
		if a.name == name {
			return a.value, true
		}
	}
	return "", false
}

// open reports whether a section is an audio stream that its side wants.
func (s *section) open() bool { return s.media == "audio" && s.port != 0 }
