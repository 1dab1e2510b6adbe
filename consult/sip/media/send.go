package media

import (
	"net/netip"
	"sync"
	"time"

	"github.com/pion/rtp"

	"teamsbridge/consult/sip/g711"
)

// outbound is the sending half of a stream. Packets come from the goroutine that
// reads the other party's socket, or from the tick.
type outbound struct {
	mu      sync.Mutex
	closed  bool
	link    *link // nil before the first agreement
	seals   seals
	remote  netip.AddrPort
	control netip.AddrPort // RTCP
	reached bool           // it was agreed to send there

	line     line
	hears    voice // what the picture says
	awaits   bool  // the first packet that is passed; the ringing tone until then
	speaks   voice // what the last packet held, if it is not paused
	leftOut  bool  // a packet of theirs, which must not be a gap in the row
	lead     int   // packets of silence that are still sent at once
	playback *Playback
	keypad   keypad
	pressAt  time.Time // when the key went down that is being sent
	pressTS  uint32
	pressed  uint32 // samples since, in ticks
	presses  uint32
	musicAt  int   // where the music goes on
	toneAt   int   // and the ringing tone
	last     int16 // the last sample sent

	packets, octets uint32
	failures        uint64
	nextReport      time.Time
	reported        uint32 // packets at the last report

	header rtp.Header
	buffer [12 + maxPacket + 32]byte // header, payload, tag with MKI
}

// voiceKind is what a far end may hear.
type voiceKind uint8

const (
	silence voiceKind = iota
	music
	ringing
	passed // one other party's packets
	mixed  // several parties
	played // a prompt
	keyed  // telephone-events of ours
	paused // nothing is sent
)

// voice is who speaks. Two packets of the same voice follow each other without
// a seam; where it changes, the marker is set and the step is smoothed.
type voice struct {
	kind   voiceKind
	source *Stream // passed
	ssrc   uint32  // passed: a party that begins a new stream is a new voice; keyed: each press is
	group  *group  // mixed
	sound  *Playback
}

// smooth is over how many samples (5 ms) a new voice comes in while the last
// sample of the old one fades: a step would be heard as a click.
const smooth = 40

func (o *outbound) sends() bool { return o.reached && !o.closed }

// reach sends what comes from now on to another place, and opens the way there.
func (o *outbound) reach(remote, control netip.AddrPort) {
	if o.remote != remote {
		o.lead = max(o.lead, opening)
	}
	o.remote, o.control = remote, control
	o.reached = o.link.Direction.Sends() && remote.IsValid() && !remote.Addr().IsUnspecified()
}

// pass sends a packet of another party with this line's numbers. It is called by
// that party's reader.
func (s *Stream) pass(from *Stream, h *rtp.Header, codec *g711.Codec, payload []byte, now time.Time) {
	o := &s.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.hears.kind != passed || o.hears.source != from {
		return
	}
	if !o.sends() || o.playback != nil || o.keypad.due() {
		o.leftOut = true
		return
	}
	o.awaits = false
	v := voice{kind: passed, source: from, ssrc: h.SSRC}
	fresh := v != o.speaks || o.leftOut || o.line.jumps(h.SequenceNumber, h.Timestamp)
	if fresh {
		at, ok := o.line.change(now)
		if !ok {
			return
		}
		o.line.rebase(h.SequenceNumber, h.Timestamp, at)
		o.speaks, o.leftOut = v, false
	}
	seq, ts, ok := o.line.pass(h.SequenceNumber, h.Timestamp, uint32(len(payload)), now)
	if !ok {
		return
	}
	body := o.buffer[12 : 12+len(payload)]
	if codec == o.link.codec {
		copy(body, payload)
	} else {
		s.engine.translate(body, payload, codec)
	}
	s.send(seq, ts, h.Marker || fresh, fresh, len(body))
}

// begin readies the line for a packet made here. It is false where the packet is
// to be left out.
func (o *outbound) begin(v voice, now time.Time) (ts uint32, fresh, ok bool) {
	if v == o.speaks && o.line.on {
		return o.line.ts + o.line.span, false, true
	}
	ts, ok = o.line.change(now)
	if ok {
		o.speaks = v
	}
	return ts, true, ok
}

// finish sends the 20 ms that stand in the buffer.
func (s *Stream) finish(ts uint32, fresh bool, now time.Time) {
	o := &s.out
	seq := o.line.seq + 1
	o.line.sent(seq, ts, frameSamples, now)
	s.send(seq, ts, fresh, fresh, frameSamples)
}

// send writes the audio that stands in the buffer.
func (s *Stream) send(seq uint16, ts uint32, marker, fresh bool, size int) {
	o := &s.out
	body := o.buffer[12 : 12+size]
	if fresh {
		o.smooth(body)
	}
	o.last = o.link.codec.Sample(body[size-1])
	s.write(o.link.SendPayload, seq, ts, marker, size)
}

func (o *outbound) smooth(body []byte) {
	codec := o.link.codec
	for i := range min(smooth, len(body)) {
		old, new := int(o.last)*(smooth-i), int(codec.Sample(body[i]))*i
		body[i] = codec.Code(int16((old + new) / smooth))
	}
}

// write sends what stands in the buffer behind a header.
func (s *Stream) write(payloadType uint8, seq uint16, ts uint32, marker bool, size int) {
	o := &s.out
	o.header = rtp.Header{
		Version: 2, Marker: marker, PayloadType: payloadType,
		SequenceNumber: seq, Timestamp: ts, SSRC: o.line.ssrc,
		CSRC: o.header.CSRC[:0], Extensions: o.header.Extensions[:0],
	}
	if _, err := o.header.MarshalTo(o.buffer[:12]); err != nil {
		o.failures++
		return
	}
	packet, err := o.link.seal(o.buffer[:12+size], &o.header)
	if err != nil {
		o.failures++
		return
	}
	o.packets++
	o.octets += uint32(size)
	if err := s.rtp.send(packet, o.remote); err != nil {
		o.failures++ // the far end may be back with the next packet
	}
}
