package media

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtp"

	"teamsbridge/consult/sip/g711"
	"teamsbridge/consult/sip/media/tonetest"
)

// virtual is a scene whose time is the test's: what is heard does not depend on
// how fast the machine is.
type virtual struct {
	t       *testing.T
	shard   *shard
	now     time.Time
	ms      int // since the beginning
	room    *Room
	parties []*party
}

// party is a far end that says a tone, a packet every 20 ms, and records what it is sent.
type party struct {
	*Stream
	t      *testing.T
	hertz  float64
	phase  int // when in a frame it speaks, in ms
	header rtp.Header
	sample int

	lost, late func(packet int) bool
	spoken     int
	held       []byte // a late packet, until the next

	seen     uint32 // packets sent to it
	began    uint32 // timestamp of the first
	last     uint16 // sequence number
	marked   int
	recorded []int16
}

// newVirtual has a party for each tone.
func newVirtual(t *testing.T, hertz ...float64) *virtual {
	t.Helper()
	never := func(int) bool { return false }
	tone := func(hertz float64) *Sound { return NewSound(tonetest.Tone(hertz, g711.Rate)) }
	e, streams := openByHand(t, Config{IP: netip.MustParseAddr("127.0.0.1"), Music: tone(musicHertz)}, len(hertz))
	v := &virtual{t: t, shard: streams[0].shard, now: time.Now(), room: e.NewRoom()}
	for i, s := range streams {
		v.parties = append(v.parties, &party{
			Stream: s, t: t, hertz: hertz[i], phase: (3 + 7*i) % 20, lost: never, late: never,
			header: rtp.Header{Version: 2, PayloadType: 8, SSRC: uint32(i + 1)},
		})
	}
	return v
}

const musicHertz = 1710.0

func (v *virtual) arrange(p Picture) {
	v.t.Helper()
	if err := v.room.Arrange(p); err != nil {
		v.t.Fatal(err)
	}
}

// pass lets time go by.
func (v *virtual) pass(d time.Duration) {
	v.t.Helper()
	for range d.Milliseconds() {
		for _, p := range v.parties {
			if v.ms%20 == p.phase {
				p.say(v.now)
				v.record()
			}
		}
		if v.ms%20 == 0 {
			v.shard.tick(v.now)
			v.record()
		}
		v.ms++
		v.now = v.now.Add(time.Millisecond)
	}
}

func (p *party) say(now time.Time) {
	p.t.Helper()
	payload := make([]byte, frameSamples)
	for i := range payload {
		payload[i] = g711.A.Code(tonetest.At(p.hertz, p.sample+i))
	}
	p.sample += frameSamples
	packet, err := (&rtp.Packet{Header: p.header, Payload: payload}).Marshal()
	if err != nil {
		p.t.Fatal(err)
	}
	p.header.SequenceNumber++
	p.header.Timestamp += frameSamples
	p.spoken++
	switch from := p.in.link.Remote; {
	case p.lost(p.spoken):
	case p.late(p.spoken) && p.held == nil:
		p.held = packet
	default:
		p.receive(packet, from, now)
		if p.held != nil {
			p.receive(p.held, from, now)
			p.held = nil
		}
	}
}

// record takes what each was sent by the last step.
func (v *virtual) record() {
	v.t.Helper()
	for _, p := range v.parties {
		p.record()
	}
}

func (p *party) record() {
	p.t.Helper()
	o := &p.out
	switch sent := o.packets - p.seen; {
	case sent == 0:
		return
	case sent > 1:
		p.t.Fatalf("the party with %.0f Hz was sent %d packets at once", p.hertz, sent)
	case p.seen == 0:
		p.began, p.last = o.header.Timestamp, o.header.SequenceNumber-1
	}
	p.seen = o.packets
	if p.last++; o.header.SequenceNumber != p.last {
		p.t.Fatalf("sequence number %d, not %d", o.header.SequenceNumber, p.last)
	}
	if o.header.Marker {
		p.marked++
	}
	gap := int(int32(o.header.Timestamp-p.began)) - len(p.recorded)
	if gap < 0 {
		p.t.Fatalf("timestamps overlap by %d", -gap)
	}
	p.recorded = append(p.recorded, make([]int16, gap)...)
	for _, code := range o.buffer[12 : 12+o.line.span] {
		p.recorded = append(p.recorded, o.link.codec.Sample(code))
	}
}

func (v *virtual) streams() (all []*Stream) {
	for _, p := range v.parties {
		all = append(all, p.Stream)
	}
	return all
}

// TestChangesAreShort changes the picture at each millisecond of a frame: no party
// is without sound for longer than 40 ms.
func TestChangesAreShort(t *testing.T) {
	t.Parallel()
	v := newVirtual(t, 500, 790, 1130)
	all := v.streams()
	customer, agent, expert := all[0], all[1], all[2]
	pictures := []Picture{
		{Talk: [][]*Stream{{customer, agent}}, Music: []*Stream{expert}},
		{Talk: [][]*Stream{{expert, agent}}, Music: []*Stream{customer}},
		{Talk: [][]*Stream{all}},
		{Talk: [][]*Stream{{customer, expert}}, Music: []*Stream{agent}},
	}
	v.arrange(pictures[0])
	v.pass(200 * time.Millisecond)
	var marks []int
	for _, p := range v.parties {
		marks = append(marks, len(p.recorded))
	}
	for i := range 20 * len(pictures) {
		v.arrange(pictures[i%len(pictures)])
		v.pass(61 * time.Millisecond)
	}
	for i, p := range v.parties {
		if longest := tonetest.LongestSilence(p.recorded[marks[i]:]); longest > 40*g711.Rate/1000 {
			t.Errorf("the party with %.0f Hz hears %d ms of silence, not 40 at most", p.hertz, longest*1000/g711.Rate)
		}
	}
}

func TestSamePictureAgainChangesNothing(t *testing.T) {
	t.Parallel()
	v := newVirtual(t, 500, 790, 1130)
	all := v.streams()
	for _, picture := range []Picture{
		{Talk: [][]*Stream{all[:2]}, Music: all[2:]},
		{Talk: [][]*Stream{all}},
	} {
		v.arrange(picture)
		v.pass(200 * time.Millisecond)
		var marked []int
		for _, p := range v.parties {
			marked = append(marked, p.marked)
		}
		for range 20 {
			v.arrange(picture)
			v.pass(41 * time.Millisecond)
		}
		for i, p := range v.parties {
			if p.marked != marked[i] {
				t.Errorf("%d changes were marked to the party with %.0f Hz", p.marked-marked[i], p.hertz)
			}
		}
	}
}

// TestWhatWasLostIsMadeUp has each lose one packet in twenty and send others late,
// in a conference: what is missing is made up of what came before it.
func TestWhatWasLostIsMadeUp(t *testing.T) {
	t.Parallel()
	v := newVirtual(t, 500, 790, 1130)
	for _, p := range v.parties {
		p.lost = func(packet int) bool { return packet%20 == 7 }
		p.late = func(packet int) bool { return packet%9 == 3 }
	}
	v.arrange(Picture{Talk: [][]*Stream{v.streams()}})
	v.pass(time.Second)
	mark := len(v.parties[0].recorded)
	v.pass(4 * time.Second)
	if longest := tonetest.LongestSilence(v.parties[0].recorded[mark:]); longest > frameSamples {
		t.Errorf("%d ms of silence, not 20 at most", longest*1000/g711.Rate)
	}
}

func TestTheRingingToneIsHeardOneSecondInFive(t *testing.T) {
	t.Parallel()
	const ringing = 425.0
	v := newVirtual(t, 790, 500)
	all := v.streams()
	v.arrange(Picture{Ringing: all[:1], Music: all[1:]})
	v.pass(6500 * time.Millisecond)
	samples := v.parties[0].recorded
	begin := slices.IndexFunc(samples, func(s int16) bool { return s > 1000 || s < -1000 })
	if begin < 0 || begin > frameSamples {
		t.Fatalf("the tone begins after %d samples", begin)
	}
	const half = g711.Rate / 2
	for n := range 11 {
		look := samples[begin+n*half : begin+(n+1)*half]
		on := n%10 < 2
		if heard := slices.Equal(tonetest.Hears(look, 500, 790, musicHertz, ringing), []float64{ringing}); heard != on {
			t.Errorf("in half second %d the tone is heard: %v, want %v", n+1, heard, on)
		}
		if silent := tonetest.LongestSilence(look) > half*9/10; silent == on {
			t.Errorf("in half second %d there is silence: %v", n+1, silent)
		}
	}
}
