package media

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// told is what a digitReader tells.
type told struct {
	pressed  []byte
	released []Digit
}

func newReader() (*digitReader, *told) {
	heard := &told{}
	return &digitReader{
		pressed:  func(p *press) { heard.pressed = append(heard.pressed, keys[p.code]) },
		released: func(p *press) { heard.released = append(heard.released, p.digit()) },
	}, heard
}

func TestEachPressIsToldOnce(t *testing.T) {
	const five, hash = 5, 11
	type packet struct {
		ts       uint32
		code     byte
		duration uint16
		end      bool
	}
	for _, c := range []struct {
		name     string
		packets  []packet
		released []Digit
	}{
		{"with three ends", []packet{{1000, five, 160, false}, {1000, five, 320, false}, {1000, five, 480, true}, {1000, five, 480, true}, {1000, five, 480, true}},
			[]Digit{{'5', 60 * time.Millisecond}}},
		{"of which only the end arrived", []packet{{1000, five, 480, true}, {1000, five, 480, true}},
			[]Digit{{'5', 60 * time.Millisecond}}},
		{"and the same key again", []packet{{1000, five, 480, true}, {2000, five, 160, false}, {2000, five, 800, true}},
			[]Digit{{'5', 60 * time.Millisecond}, {'5', 100 * time.Millisecond}}},
		{"whose ends were lost, by the next", []packet{{1000, five, 160, false}, {1000, five, 320, false}, {2000, hash, 160, true}},
			[]Digit{{'5', 40 * time.Millisecond}, {'#', 20 * time.Millisecond}}},
		{"with packets in disorder", []packet{{1000, five, 320, false}, {1000, five, 160, false}, {1000, five, 480, true}, {1000, five, 400, false}},
			[]Digit{{'5', 60 * time.Millisecond}}},
		{"but not a straggler of an earlier one", []packet{{2000, hash, 160, true}, {1000, five, 480, true}},
			[]Digit{{'#', 20 * time.Millisecond}}},
		{"but not what is no key", []packet{{1000, 16, 160, true}, {2000, 32, 160, true}, {3000, 255, 1, true}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, heard := newReader()
			now := time.Unix(1000, 0)
			for _, p := range c.packets {
				r.read(p.ts, event{code: p.code, duration: p.duration, end: p.end}, now)
				now = now.Add(frame)
			}
			if !slices.Equal(heard.released, c.released) || len(heard.pressed) != len(c.released) {
				t.Errorf("told %v, pressed %q", heard.released, heard.pressed)
			}
		})
	}
}

func TestAPressWhosePacketsStopEnds(t *testing.T) {
	r, heard := newReader()
	now := time.Unix(1000, 0)
	r.read(1000, event{code: 3, duration: 160}, now)
	r.expire(now.Add(lapse - 1))
	if len(heard.released) != 0 {
		t.Error("it ended too early")
	}
	r.expire(now.Add(lapse))
	r.expire(now.Add(2 * lapse))
	if !slices.Equal(heard.released, []Digit{{'3', 20 * time.Millisecond}}) {
		t.Errorf("told %v", heard.released)
	}
}

func TestKeypadSendsPresses(t *testing.T) {
	var k keypad
	k.add(keyPress{code: 1, length: 3*frameSamples - 40})
	k.add(keyPress{code: 2, length: frameSamples})
	type sent struct {
		code     byte
		duration uint16
		end      bool
		first    bool
	}
	var got []sent
	for range 30 {
		if !k.due() {
			got = append(got, sent{})
			k.rest()
			continue
		}
		e, first := k.next()
		got = append(got, sent{e.code, e.duration, e.end, first})
	}
	want := []sent{
		{1, 160, false, true}, {1, 320, false, false}, {1, 440, false, false},
		{1, 440, true, false}, {1, 440, true, false}, {1, 440, true, false},
		{}, {}, {},
		{2, 160, false, true}, {2, 160, true, false}, {2, 160, true, false}, {2, 160, true, false},
	}
	if !slices.Equal(got[:len(want)], want) || k.busy() {
		t.Errorf("sent %v", got)
	}
}

func TestKeypadFollowsAKeyThatIsHeld(t *testing.T) {
	var k keypad
	down := &press{code: 7}
	k.add(keyPress{code: 7, from: down})
	for i := range 10 {
		if e, _ := k.next(); e.end || e.duration != uint16(i+1)*frameSamples {
			t.Fatalf("packet %d: %+v", i, e)
		}
	}
	k.released(down, 1500)
	if e, _ := k.next(); !e.end || e.duration != 1600 {
		t.Errorf("after it was let go: %+v", e)
	}
	t.Run("for eight seconds at most", func(t *testing.T) {
		var k keypad
		k.add(keyPress{code: 7, from: down})
		packets := 0
		for k.due() && packets < 1000 {
			k.next()
			packets++
		}
		if packets != 400+endRepeats {
			t.Errorf("%d packets", packets)
		}
	})
	t.Run("and does not keep more than it can say", func(t *testing.T) {
		var k keypad
		for range maxWaiting {
			if !k.add(keyPress{code: 1}) {
				t.Fatal("too few")
			}
		}
		if k.add(keyPress{code: 1}) {
			t.Error("too many")
		}
	})
}

func TestKeysOfATelephone(t *testing.T) {
	codes, err := codesOf("19*0#aD")
	if err != nil || !slices.Equal(codes, []byte{1, 9, 10, 0, 11, 12, 15}) {
		t.Errorf("%v, %v", codes, err)
	}
	for _, wrong := range []string{"1 2", "é", "E"} {
		if _, err := codesOf(wrong); !errors.Is(err, ErrNotAKey) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte{5, 0x8A, 1, 0x40})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, ok := parseEvent(payload)
		if !ok {
			return
		}
		r, heard := newReader()
		r.read(0, e, time.Unix(1, 0))
		r.release()
		if len(heard.pressed) != len(heard.released) {
			t.Errorf("%d pressed, %d let go", len(heard.pressed), len(heard.released))
		}
	})
}

func TestAKeyThatIsDownComesUpWhenItsTelephoneIsGone(t *testing.T) {
	e, streams := byHand(t, 2)
	if err := e.NewRoom().Arrange(Picture{Talk: [][]*Stream{streams}}); err != nil {
		t.Fatal(err)
	}
	gone, hears := streams[0], streams[1]
	now := time.Now()
	gone.in.digits.read(1000, event{code: 5, duration: frameSamples}, now)
	hears.tick(now)
	if !hears.out.keypad.busy() {
		t.Fatal("the key is not passed on")
	}
	if err := gone.Close(); err != nil {
		t.Error(err)
	}
	for range endRepeats {
		now = now.Add(frame)
		hears.tick(now)
	}
	if hears.out.keypad.due() {
		t.Error("the key is still down: nobody else is heard meanwhile")
	}
}
