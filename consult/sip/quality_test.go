package sip

import (
	"testing"
	"time"

	"teamsbridge/consult/sip/media"
)

func TestPoorAudioIsWhatPeopleNotice(t *testing.T) {
	t.Parallel()
	const minute = 3000 // packets
	for name, c := range map[string]struct {
		stats media.Stats
		want  quality
	}{
		"all of it arrived":                        {media.Stats{Received: minute, Sent: minute}, good},
		"a packet in a hundred was lost":           {media.Stats{Received: minute, Lost: minute / 100, Sent: minute}, good},
		"one in twenty was lost on the way here":   {media.Stats{Received: minute, Lost: minute / 20, Sent: minute}, poor},
		"one in twenty was lost on the way there":  {media.Stats{Received: minute, Sent: minute, Remote: media.RemoteStats{Lost: minute / 20}}, poor},
		"packets came unevenly":                    {media.Stats{Received: minute, Jitter: 40 * time.Millisecond}, poor},
		"packets came unevenly there":              {media.Stats{Received: minute, Remote: media.RemoteStats{Jitter: 40 * time.Millisecond}}, poor},
		"nothing came, as from behind a firewall":  {media.Stats{Sent: minute}, none},
		"nothing went out, as to who only listens": {media.Stats{Received: minute}, good},
	} {
		if got := qualityOf(c.stats); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
