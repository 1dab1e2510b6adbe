package sdp

import (
	"bytes"
	"strconv"
	"time"

	pion "github.com/pion/sdp/v3"
)

// ours is what our audio section says.
type ours struct {
	proto     string
	formats   []Format
	dtmf      uint8
	direction Direction
	mux       bool
	crypto    *crypto
}

func (s Session) section(o ours) *pion.MediaDescription {
	m := &pion.MediaDescription{MediaName: pion.MediaName{
		Media:  "audio",
		Port:   pion.RangedPort{Value: int(s.Port)},
		Protos: []string{o.proto},
	}}
	for _, f := range o.formats {
		payload := strconv.Itoa(int(f.Payload))
		m.MediaName.Formats = append(m.MediaName.Formats, payload)
		m.WithValueAttribute("rtpmap", payload+" "+string(f.Codec)+"/8000")
	}
	if o.dtmf != 0 {
		payload := strconv.Itoa(int(o.dtmf))
		m.MediaName.Formats = append(m.MediaName.Formats, payload)
		m.WithValueAttribute("rtpmap", payload+" telephone-event/8000")
		m.WithValueAttribute("fmtp", payload+" 0-15")
	}
	m.WithValueAttribute("ptime", strconv.FormatInt(int64(s.ptime()/time.Millisecond), 10))
	m.WithPropertyAttribute(string(o.direction))
	m.WithValueAttribute("rtcp", strconv.Itoa(int(s.Port)+1))
	if o.mux {
		m.WithPropertyAttribute("rtcp-mux")
	}
	if o.crypto != nil {
		m.WithValueAttribute("crypto", o.crypto.value())
	}
	return m
}

// declined repeats a stream of an offer with port 0 (RFC 3264, section 6).
func declined(m *pion.MediaDescription) *pion.MediaDescription {
	name := m.MediaName
	name.Port = pion.RangedPort{}
	return &pion.MediaDescription{MediaName: name}
}

// body writes a description, with the version of the last one where it says the
// same, else the next.
func (s Session) body(sections []*pion.MediaDescription) ([]byte, error) {
	family := "IP4"
	if s.Addr.Is6() {
		family = "IP6"
	}
	d := pion.SessionDescription{
		Origin: pion.Origin{
			Username: "-", SessionID: s.ID, SessionVersion: 1,
			NetworkType: "IN", AddressType: family, UnicastAddress: s.Addr.String(),
		},
		SessionName: "-",
		ConnectionInformation: &pion.ConnectionInformation{
			NetworkType: "IN", AddressType: family, Address: &pion.Address{Address: s.Addr.String()},
		},
		TimeDescriptions:  []pion.TimeDescription{{}},
		MediaDescriptions: sections,
	}
	if s.Sent != nil {
		sent, err := parse(s.Sent)
		if err != nil {
			return nil, err
		}
		d.Origin.SessionID = sent.Origin.SessionID
		d.Origin.SessionVersion = sent.Origin.SessionVersion
	}
	written, err := d.Marshal()
	if err != nil {
		return nil, err
	}
	if s.Sent == nil || bytes.Equal(written, s.Sent) {
		return written, nil
	}
	d.Origin.SessionVersion++
	return d.Marshal()
}
