package media

import (
	"testing"
	"time"
)

// passThrough is a source whose packets are passed.
type passThrough struct {
	seq uint16
	ts  uint32
}

func TestOneRowOverEveryChange(t *testing.T) {
	now := time.Unix(1000, 0)
	l := newLine()
	if l.seq >= 1<<15 {
		t.Errorf("it begins with %d", l.seq)
	}
	seq, end := l.seq, l.ts
	check := func(gotSeq uint16, gotTS uint32, pause uint32) {
		t.Helper()
		if gotSeq != seq+1 || gotTS != end+pause {
			t.Fatalf("packet %d at %d follows %d, which ended at %d", gotSeq, gotTS, seq, end)
		}
		seq, end = gotSeq, gotTS+frameSamples
	}
	generate := func(pause uint32) {
		t.Helper()
		ts, ok := l.change(now)
		if !ok {
			t.Fatal("left out")
		}
		check(l.seq+1, ts, pause)
		l.sent(l.seq+1, ts, frameSamples, now)
	}
	pass := func(s *passThrough, fresh bool, pause uint32) {
		t.Helper()
		if fresh {
			at, ok := l.change(now)
			if !ok {
				t.Fatal("left out")
			}
			l.rebase(s.seq, s.ts, at)
		}
		outSeq, outTS, ok := l.pass(s.seq, s.ts, frameSamples, now)
		if !ok {
			t.Fatal("not passed")
		}
		check(outSeq, outTS, pause)
		s.seq, s.ts = s.seq+1, s.ts+frameSamples
	}
	generate(0)
	agent, expert := &passThrough{seq: 65534, ts: 1<<32 - 200}, &passThrough{seq: 7, ts: 9}
	now = now.Add(frame)
	pass(agent, true, 0)
	for range 5 {
		now = now.Add(frame)
		pass(agent, false, 0)
	}
	now = now.Add(frame)
	pass(expert, true, 0)
	now = now.Add(frame + 10*time.Millisecond)
	generate(0) // a little late, as the net may make it
	now = now.Add(frame + 50*time.Millisecond)
	generate(320) // now 60 ms late, of which the timestamps show 40
	now = now.Add(frame)
	pass(agent, true, 0)
}

// TestChangesDoNotPileUp changes the source every 15 ms: each packet comes a
// little before its time, and now and then one is left out for it.
func TestChangesDoNotPileUp(t *testing.T) {
	now := time.Unix(1000, 0)
	l := newLine()
	begin, sent := l.ts, 0
	for range 100 {
		if ts, ok := l.change(now); ok {
			l.sent(l.seq+1, ts, frameSamples, now)
			sent++
		}
		now = now.Add(15 * time.Millisecond)
		if l.early < -frameSamples || l.early >= frameSamples {
			t.Fatalf("the far end was given %d samples too early", l.early)
		}
	}
	if wall := uint32(1500 * 8); l.ts-begin > wall+frameSamples || l.ts-begin < wall-2*frameSamples {
		t.Errorf("%d samples of timestamps went by in 12000 of time", l.ts-begin)
	}
	if sent < 72 || sent > 77 {
		t.Errorf("%d packets for 75 times 20 ms", sent)
	}
}

func TestWhatCameBeforeAChangeIsNotPassed(t *testing.T) {
	now := time.Unix(1000, 0)
	l := newLine()
	l.sent(l.seq+1, l.ts, frameSamples, now)
	at, _ := l.change(now.Add(frame))
	l.rebase(50, 8000, at)
	first, _, ok := l.pass(50, 8000, frameSamples, now)
	if !ok {
		t.Fatal("the first was not passed")
	}
	for _, old := range []uint16{49, 48, 0, 65535} {
		if _, _, ok := l.pass(old, 8000-uint32(50-old)*frameSamples, frameSamples, now); ok {
			t.Errorf("%d from before the change was passed", old)
		}
	}
	if seq, _, ok := l.pass(52, 8000+2*frameSamples, frameSamples, now); !ok || seq != first+2 {
		t.Errorf("after a loss %d follows %d", seq, first)
	}
	if seq, _, ok := l.pass(51, 8000+frameSamples, frameSamples, now); !ok || seq != first+1 {
		t.Errorf("the late one came as %d", seq)
	}
	if l.jumps(53, 8000+3*frameSamples) || !l.jumps(500, 8000+3*frameSamples) || !l.jumps(53, 8000*100) {
		t.Error("jumps are not told from what goes on")
	}
}
