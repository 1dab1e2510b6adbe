package ua

import (
	"testing"
	"time"
)

func TestThreeUnansweredOPTIONSInARowMakeAPeerTheLast(t *testing.T) {
	t.Parallel()
	p := &peer{asked: true}
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

func TestAPeerThatIsNotAskedIsTheLastForAWhile(t *testing.T) {
	t.Parallel()
	p := newTrunk(Trunk{Peers: []Peer{{}}}).peers[0]
	for i, c := range []struct{ reached, well bool }{
		{false, true}, {false, true}, {true, true}, // not in a row
		{false, true}, {false, true}, {false, false},
	} {
		p.called(c.reached)
		if got := p.well(time.Now()); got != c.well {
			t.Errorf("after call %d the peer is well: %v, want %v", i+1, got, c.well)
		}
	}
	if !p.well(time.Now().Add(unaskedFor)) {
		t.Error("nobody will ever learn that it is back")
	}
}

func TestCallsDoNotSayThatAPeerIsBackThatIsAsked(t *testing.T) {
	t.Parallel()
	p := newTrunk(Trunk{Peers: []Peer{{}}, Options: time.Minute}).peers[0]
	for range demotedAfter {
		p.called(false)
	}
	p.called(true)
	if p.well(time.Now()) {
		t.Error("it is well before OPTIONS is answered")
	}
}
