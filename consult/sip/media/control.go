package media

import (
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/pion/rtcp"

	"teamsbridge/consult/sip/g711"
)

// reportEvery is the interval of RTCP (RFC 3550, section 6.2), randomised by
// half of it to both sides, so that many calls do not report at once.
const reportEvery = 5 * time.Second

func nextReport(now time.Time) time.Time {
	return now.Add(reportEvery/2 + rand.N(reportEvery))
}

// isControl tells RTCP from RTP where both come to one port (RFC 5761, section 4).
func isControl(packet []byte) bool {
	return len(packet) >= 2 && packet[1] >= 192 && packet[1] <= 223
}

// remoteView is how our packets arrive, as the far end tells.
type remoteView struct {
	lost      uint32
	fraction  uint8
	jitter    uint32 // samples
	roundTrip time.Duration
	at        time.Time
	goodbye   bool
}

// receiveOwn takes a packet from the RTCP port.
func (s *Stream) receiveOwn(packet []byte, from netip.AddrPort, now time.Time) {
	s.in.mu.Lock()
	defer s.in.mu.Unlock()
	if !isControl(packet) {
		s.drop(malformed)
		return
	}
	s.receiveControl(packet, from, now)
}

// receiveControl takes an RTCP packet; in's lock is held. Plain ones are believed
// from the host that the audio comes from or should come from.
func (s *Stream) receiveControl(packet []byte, from netip.AddrPort, now time.Time) {
	in := &s.in
	var header rtcp.Header
	switch {
	case in.link == nil:
		s.drop(unexpected)
		return
	case len(packet) > maxPacket:
		s.drop(oversized)
		return
	case header.Unmarshal(packet) != nil:
		s.drop(malformed)
		return
	case in.link.openRTCP == nil && from.Addr() != in.latch.remote().Addr() && from.Addr() != in.link.RemoteRTCP.Addr():
		s.drop(elsewhere)
		return
	}
	plain, err := in.link.openControl(packet, &header)
	if err != nil {
		s.drop(unauthenticated)
		return
	}
	reports, err := rtcp.Unmarshal(plain)
	if err != nil {
		s.drop(malformed)
		return
	}
	if !in.link.Mux && in.controlAt != from {
		in.controlAt = from
		s.out.mu.Lock()
		s.out.control = from
		s.out.mu.Unlock()
	}
	for _, r := range reports {
		s.noteReport(r, now)
	}
}

func (s *Stream) noteReport(report rtcp.Packet, now time.Time) {
	switch r := report.(type) {
	case *rtcp.SenderReport:
		if s.in.reception.ssrc == r.SSRC {
			s.in.reception.senderReport = uint32(r.NTPTime >> 16)
			s.in.reception.senderReportAt = now
		}
		s.noteView(r.Reports, now)
	case *rtcp.ReceiverReport:
		s.noteView(r.Reports, now)
	case *rtcp.Goodbye:
		s.in.view.goodbye = true
	}
}

func (s *Stream) noteView(blocks []rtcp.ReceptionReport, now time.Time) {
	for _, b := range blocks {
		if b.SSRC != s.out.ssrc() {
			continue
		}
		v := &s.in.view
		v.lost, v.fraction, v.jitter, v.at = lostOf(b), b.FractionLost, b.Jitter, now
		if b.LastSenderReport == 0 {
			continue
		}
		// In units of 1/65536 s, over the wrap (RFC 3550, section 6.4.1).
		trip := int32(uint32(ntp(now)>>16) - b.LastSenderReport - b.Delay)
		if trip >= 0 {
			v.roundTrip = time.Duration(trip) * time.Second / 65536
		}
	}
}

// lostOf is how many packets a report misses: none where the 24 bits are negative,
// since some arrived twice (RFC 3550, section 6.4.1).
func lostOf(b rtcp.ReceptionReport) uint32 {
	if b.TotalLost >= 1<<23 {
		return 0
	}
	return b.TotalLost
}

func (o *outbound) ssrc() uint32 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.line.ssrc
}

// report sends RTCP if it is due.
func (s *Stream) report(now time.Time) {
	if !s.out.reportDue(now) {
		return
	}
	s.in.mu.Lock()
	in := &s.in
	var blocks []rtcp.ReceptionReport
	if in.reception.started {
		blocks = append(blocks, in.reception.report(now))
	}
	s.countLost()
	in.mu.Unlock()
	s.sendControl(blocks, false, now)
}

// countLost tells the metrics what was lost since the last time; in's lock is held.
func (s *Stream) countLost() {
	if lost := s.in.reception.lost(); lost > s.in.lostTold {
		s.engine.metrics.lost.Add(float64(lost - s.in.lostTold))
		s.in.lostTold = lost
	}
}

func (o *outbound) reportDue(now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed || o.link == nil:
		return false
	case o.nextReport.IsZero():
		o.nextReport = nextReport(now)
		return false
	case now.Before(o.nextReport):
		return false
	}
	o.nextReport = nextReport(now)
	return true
}

// sendControl sends a compound packet: a report, who we are, and perhaps goodbye.
func (s *Stream) sendControl(blocks []rtcp.ReceptionReport, goodbye bool, now time.Time) {
	o := &s.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed && !goodbye {
		return // the sockets may be
	}
	if o.link == nil || !o.control.IsValid() || o.control.Addr().IsUnspecified() || o.control.Port() == 0 {
		return
	}
	var packets []rtcp.Packet
	if o.packets != o.reported {
		o.reported = o.packets
		packets = append(packets, &rtcp.SenderReport{
			SSRC: o.line.ssrc, NTPTime: ntp(now),
			RTPTime:     o.line.ts + uint32(now.Sub(o.line.at)*g711.Rate/time.Second),
			PacketCount: o.packets, OctetCount: o.octets, Reports: blocks,
		})
	} else {
		packets = append(packets, &rtcp.ReceiverReport{SSRC: o.line.ssrc, Reports: blocks})
	}
	packets = append(packets, rtcp.NewCNAMESourceDescription(o.line.ssrc, s.name))
	if goodbye {
		packets = append(packets, &rtcp.Goodbye{Sources: []uint32{o.line.ssrc}})
	}
	plain, err := rtcp.Marshal(packets)
	if err != nil {
		o.failures++
		return
	}
	sealed, err := o.link.sealControl(plain)
	if err != nil {
		o.failures++
		return
	}
	socket := s.rtcp
	if o.link.Mux {
		socket = s.rtp
	}
	if err := socket.send(sealed, o.control); err != nil {
		o.failures++ // the far end may be back with the next report
	}
}

func (s *Stream) sayGoodbye() { s.sendControl(nil, true, time.Now()) }

// ntp is a time in the form of RFC 5905: seconds since 1900 and their fraction.
func ntp(t time.Time) uint64 {
	const since1900 = 2208988800
	seconds := uint64(t.Unix() + since1900)
	return seconds<<32 | uint64(t.Nanosecond())<<32/1e9
}
