package tonetest

import (
	"testing"
	"time"
)

// TestAKeyAfterASilence marks a silence, hears a key behind it, and marks again before
// as much time has gone by as was heard ahead.
func TestAKeyAfterASilence(t *testing.T) {
	p := &Phone{}
	p.hearing.packets, p.hearing.at = 1, time.Now().Add(-time.Minute)
	if p.Mark() == 0 {
		t.Error("no silence is heard")
	}
	p.hearing.at = time.Now().Add(-time.Second) // the key's
	if first, again := p.Mark(), p.Mark(); again < first {
		t.Errorf("the mark is at %d, then at %d", first, again)
	}
}
