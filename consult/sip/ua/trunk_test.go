package ua

import (
	"testing"
	"time"
)

func TestThreeUnansweredOPTIONSInARowMakeAPeerTheLast(t *testing.T) {
	t.Parallel()
	p := &peer{}
	for i, c := range []struct{ answered, well bool }{
		{true, true},
		{false, true}, {false, true}, {true, true},
		{false, true}, {false, true}, {false, false}, {false, false},
		{true, true},
	} {
		p.heard(c.answered)
		if got := p.well(time.Now()); got != c.well {
			t.Errorf("after OPTIONS %d the peer is well: %v, want %v", i+1, got, c.well)
		}
	}
}
