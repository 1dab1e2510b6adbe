package media

import (
	"time"

	"teamsbridge/consult/sip/g711"
)

// Stats are the figures of one stream since it was opened.
type Stats struct {
	Received, ReceivedBytes uint64        // valid packets, and what they held
	Lost                    uint64        // packets that never arrived
	Jitter                  time.Duration // of their arrival (RFC 3550, section 6.4.1)
	LastPacket              time.Time     // zero before the first
	Dropped                 map[string]uint64

	Sent, SentBytes uint64
	Unsent          uint64 // packets that the system or the cipher refused

	Remote RemoteStats
}

// RemoteStats is how our packets arrive, from the far end's RTCP reports.
type RemoteStats struct {
	At           time.Time // of the last report; zero before the first
	Lost         uint32
	FractionLost float64 // since the report before
	Jitter       time.Duration
	RoundTrip    time.Duration
	Goodbye      bool // it said that its stream is over
}

// Stats reads the figures.
func (s *Stream) Stats() Stats {
	s.in.mu.Lock()
	in := &s.in
	stats := Stats{
		Received: in.packets, ReceivedBytes: in.octets,
		Lost:    in.reception.lost(),
		Jitter:  samples(in.reception.jitter),
		Dropped: make(map[string]uint64),
		Remote: RemoteStats{
			At: in.view.at, Lost: in.view.lost, FractionLost: float64(in.view.fraction) / 256,
			Jitter: samples(float64(in.view.jitter)), RoundTrip: in.view.roundTrip, Goodbye: in.view.goodbye,
		},
	}
	if in.packets > 0 {
		stats.LastPacket = in.lastAt
	}
	for r, n := range in.dropped {
		if n > 0 {
			stats.Dropped[reason(r).String()] = n
		}
	}
	in.mu.Unlock()

	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	stats.Sent, stats.SentBytes, stats.Unsent = uint64(s.out.packets), uint64(s.out.octets), s.out.failures
	return stats
}

func samples(n float64) time.Duration {
	return time.Duration(n * float64(time.Second) / g711.Rate)
}

// reason is why a packet was dropped.
type reason uint8

const (
	accepted reason = iota
	unexpected
	oversized
	malformed
	payloadType
	elsewhere
	unauthenticated
	duplicate
	reasons
)

// String is the reason's label in the metrics.
func (r reason) String() string {
	return [reasons]string{
		"accepted", "unexpected", "oversized", "malformed", "payload_type", "elsewhere", "unauthenticated", "duplicate",
	}[r]
}

// drop counts a packet that is not used; in's lock is held.
func (s *Stream) drop(why reason) {
	s.in.dropped[why]++
	s.engine.metrics.dropped[why].Inc()
}
