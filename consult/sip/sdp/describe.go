package sdp

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// ours is what our audio section says.
type ours struct {
	proto     string
	formats   []Format
	dtmf      uint8
	direction Direction
	control   uint16 // port of our RTCP
	mux       bool
	crypto    *crypto
}

// section writes our audio section.
func (s Session) section(o ours) string {
	var formats, lines strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&lines, format+"\r\n", args...) }
	for _, f := range o.formats {
		fmt.Fprintf(&formats, " %d", f.Payload)
		line("a=rtpmap:%d %s/8000", f.Payload, f.Codec)
	}
	if o.dtmf != 0 {
		fmt.Fprintf(&formats, " %d", o.dtmf)
		line("a=rtpmap:%d telephone-event/8000", o.dtmf)
		line("a=fmtp:%d 0-15", o.dtmf)
	}
	line("a=ptime:%d", s.ptime()/time.Millisecond)
	line("a=%s", o.direction)
	line("a=rtcp:%d", o.control)
	if o.mux {
		line("a=rtcp-mux")
	}
	if o.crypto != nil {
		line("a=crypto:%s", o.crypto.value())
	}
	return fmt.Sprintf("m=audio %d %s%s\r\n", s.Port, o.proto, formats.String()) + lines.String()
}

// declined repeats a stream of an offer with port 0 (RFC 3264, section 6).
func declined(s *section) string {
	return fmt.Sprintf("m=%s 0 %s %s\r\n", s.media, s.proto, strings.Join(s.formats, " "))
}

// body writes a description, with the version of the last one where it says the
// same, else the next.
func (s Session) body(sections []string) ([]byte, error) {
	id, version := s.ID, uint64(1)
	if s.Sent != nil {
		sent, err := parse(s.Sent)
		if err != nil {
			return nil, fmt.Errorf("sdp: the body sent last: %w", err)
		}
		id, version = sent.id, sent.version
	}
	written := s.write(id, version, sections)
	if s.Sent == nil || bytes.Equal(written, s.Sent) {
		return written, nil
	}
	return s.write(id, version+1, sections), nil
}

func (s Session) write(id, version uint64, sections []string) []byte {
	family := "IP4"
	if s.Addr.Is6() {
		family = "IP6"
	}
	return fmt.Appendf(nil, "v=0\r\no=- %d %d IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n%s",
		id, version, family, s.Addr, family, s.Addr, strings.Join(sections, ""))
}
