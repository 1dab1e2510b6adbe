package ua

import (
	"testing"
	"time"
)

func TestNoncesAreOursAndGoStale(t *testing.T) {
	ours, others, now := newNonces(), newNonces(), time.Now()
	fresh := ours.make(now)
	for name, c := range map[string]struct {
		nonce string
		at    time.Time
		want  bool
	}{
		"at once":                      {fresh, now, true},
		"in its life":                  {fresh, now.Add(nonceLife - time.Second), true},
		"after its life":               {fresh, now.Add(nonceLife), false},
		"before it was made":           {fresh, now.Add(-time.Second), false},
		"of another process":           {others.make(now), now, false},
		"with another time in it":      {ours.make(now.Add(time.Hour))[:16] + fresh[16:], now.Add(time.Hour), false},
		"cut short":                    {fresh[:46], now, false},
		"nothing at all":               {"", now, false},
		"something that is no hex sum": {"zz" + fresh[2:], now, false},
	} {
		if got := ours.good(c.nonce, c.at); got != c.want {
			t.Errorf("%s: good %t, want %t", name, got, c.want)
		}
	}
}
