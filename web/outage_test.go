package web

import (
	"testing"
	"time"

	"teamsbridge/sso"
)

func TestAnOutageOfTheProviderBeganWithTheFirstWhoMetIt(t *testing.T) {
	s := refusing()
	began := s.now()
	now := began
	s.now = func() time.Time { return now }
	for _, step := range []struct {
		name  string
		after time.Duration
		since time.Duration // after began
	}{
		{"the first who meets it", 0, 0},
		{"another a moment later", 5 * time.Second, 0},
		{"one after a minute without anybody", time.Minute, 0},
		{"one after a longer while: it was over", time.Minute + time.Second, 2*time.Minute + 6*time.Second},
		{"when the clock was set back", -time.Hour, 2*time.Minute + 6*time.Second - time.Hour},
	} {
		now = now.Add(step.after)
		if got, want := s.problemOf(t.Context(), sso.ErrProviderUnavailable).Since, formatTime(began.Add(step.since)); got != want {
			t.Errorf("%s: since %s, want %s", step.name, got, want)
		}
	}
}
