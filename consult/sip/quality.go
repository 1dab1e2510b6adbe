package sip

import (
	"context"
	"log/slog"
	"time"

	"teamsbridge/consult/sip/media"
)

// quality is how a leg's audio was, in the metrics.
type quality string

const (
	good quality = "good"
	poor quality = "poor" // somebody will have noticed
	none quality = "none" // nothing arrived here
)

// Beyond these people notice: G.711 without concealment tells a packet in fifty,
// and telephones even out some 30 ms.
const (
	noticedLoss   = 1.0 / 50
	noticedJitter = 30 * time.Millisecond
)

// qualityOf judges a leg by what arrived here and, where the far end reports, there.
func qualityOf(s media.Stats) quality {
	switch {
	case s.Received == 0:
		return none
	case share(s.Lost, s.Received+s.Lost) > noticedLoss, share(uint64(s.Remote.Lost), s.Sent) > noticedLoss,
		s.Jitter > noticedJitter, s.Remote.Jitter > noticedJitter:
		return poor
	default:
		return good
	}
}

func share(part, whole uint64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// account tells how the audio of a leg was that is over: in the metrics, and in
// the log, which tells of poor ones at level info and of all at debug.
func (l *leg) account() {
	s := l.owner
	stats := l.stream.Stats()
	was := qualityOf(stats)
	s.metrics.audio.WithLabelValues(string(was)).Inc()
	ctx, level := context.Background(), slog.LevelDebug
	if was == poor {
		level = slog.LevelInfo
	}
	if !s.log.Enabled(ctx, level) {
		return
	}
	s.log.LogAttrs(ctx, level, "sip: the audio of a leg that is over", slog.String("leg", string(l.id)), slog.String("party", string(l.party)), slog.String("audio", string(was)),
		slog.Uint64("received", stats.Received), slog.Uint64("lost", stats.Lost), slog.Duration("jitter", stats.Jitter), slog.Any("dropped", stats.Dropped),
		slog.Uint64("sent", stats.Sent), slog.Uint64("remote_lost", uint64(stats.Remote.Lost)), slog.Duration("remote_jitter", stats.Remote.Jitter),
		slog.Duration("round_trip", stats.Remote.RoundTrip))
}
