package media

import "time"

// tick sends what is due to this far end every 20 ms, if it is made here: music,
// the ringing tone, a prompt, keys, silence where nobody is heard. What others say
// is passed by their readers, or mixed by [group.tick].
func (s *Stream) tick(now time.Time) {
	o := &s.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.sends() {
		return
	}
	if o.keypad.due() {
		s.sendKey(now)
		return
	}
	o.keypad.rest()
	switch {
	case o.playback != nil:
		s.sendPlayed(now)
	case o.hears.kind == music:
		s.sendMusic(now)
	case o.hears.kind == ringing, o.awaits:
		s.sendRinging(now)
	default:
		s.sendSilence(now)
	}
}

func (s *Stream) sendMusic(now time.Time) {
	o := &s.out
	ts, fresh, ok := o.begin(voice{kind: music}, now)
	if !ok {
		return
	}
	o.musicAt = s.engine.music.loop(o.buffer[12:12+frameSamples], o.link.codec, o.musicAt)
	s.finish(ts, fresh, now)
}

// sendRinging sends the ringing tone, from its beginning where something else was heard.
func (s *Stream) sendRinging(now time.Time) {
	o := &s.out
	ts, fresh, ok := o.begin(voice{kind: ringing}, now)
	if !ok {
		return
	}
	if fresh {
		o.toneAt = 0
	}
	o.toneAt = s.engine.ringing.loop(o.buffer[12:12+frameSamples], o.link.codec, o.toneAt)
	s.finish(ts, fresh, now)
}

func (s *Stream) sendPlayed(now time.Time) {
	o := &s.out
	p := o.playback
	ts, fresh, ok := o.begin(voice{kind: played, sound: p}, now)
	if !ok {
		return
	}
	p.at = p.sound.once(o.buffer[12:12+frameSamples], o.link.codec, p.at)
	s.finish(ts, fresh, now)
	if p.at >= len(p.sound.samples) {
		o.stopPlayback()
	}
}

// sendKey sends a packet of a telephone-event. All packets of a press have the
// timestamp of its beginning.
func (s *Stream) sendKey(now time.Time) {
	o := &s.out
	if !o.keypad.busy() {
		ts, _, ok := o.begin(voice{kind: keyed, ssrc: o.presses}, now)
		if !ok {
			return
		}
		o.presses++
		o.pressTS, o.pressAt, o.pressed = ts, now, 0
	}
	e, first := o.keypad.next()
	e.put(o.buffer[12 : 12+eventSize])
	seq := o.line.seq + 1
	o.pressed += frameSamples
	o.line.sent(seq, o.pressTS, o.pressed, o.pressAt)
	s.write(o.link.DTMFSend, seq, o.pressTS, first, eventSize)
}

// sendMixed sends what a group is heard like by this party.
func (s *Stream) sendMixed(g *group, samples *[frameSamples]int16, now time.Time) {
	o := &s.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.sends() || o.hears.group != g || o.playback != nil || o.keypad.due() {
		return
	}
	ts, fresh, ok := o.begin(voice{kind: mixed, group: g}, now)
	if !ok {
		return
	}
	o.link.codec.Encode(o.buffer[12:12+frameSamples], samples[:])
	s.finish(ts, fresh, now)
}
