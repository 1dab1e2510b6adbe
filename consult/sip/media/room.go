package media

import (
	"errors"
	"slices"
)

// ErrPicture says that a picture contradicts itself: a stream stands in it twice.
var ErrPicture = errors.New("media: a stream stands twice in the picture")

// Picture says for each party whom it hears.
type Picture struct {
	Talk    [][]*Stream // in each group everybody hears all others; one alone hears silence
	Music   []*Stream   // on hold
	Ringing []*Stream   // who wait for a telephone that rings
	Early   []Early     // who wait for one that says something before it is answered
	Silence []*Stream   // as everybody of the room who is not named
}

// Early is early media (RFC 3960): To hears what comes From a telephone that is
// not answered yet, and the ringing tone until the first packet of it has come.
// From hears silence.
type Early struct{ From, To *Stream }

// Room is the audio of one interaction. A stream is in one room at a time: the
// one whose picture named it last.
type Room struct {
	engine  *Engine
	members []*Stream
	groups  []*group
}

// NewRoom makes a room with nobody in it.
func (e *Engine) NewRoom() *Room { return &Room{engine: e} }

// Arrange makes a picture true, with the next packet that each party hears. What
// the picture says as the one before goes on untouched, so that the same picture
// again changes nothing. Streams that are closed are left out. The error is
// [ErrPicture]; nothing changes then.
func (r *Room) Arrange(p Picture) error {
	r.engine.rooms.Lock()
	defer r.engine.rooms.Unlock()
	named := slices.Concat(slices.Concat(p.Talk...), p.Music, p.Ringing, p.Silence)
	for _, e := range p.Early {
		named = append(named, e.From, e.To)
	}
	for i, s := range named {
		if slices.Contains(named[:i], s) {
			return ErrPicture
		}
	}
	for _, s := range named {
		if s.room != r && s.room != nil {
			s.room.drop(s)
		}
		s.room = r
	}
	before := r.members
	r.members = slices.DeleteFunc(named, (*Stream).isClosed)
	plan := r.plan(p)
	for _, s := range slices.Concat(before, r.members) {
		if s.room == r {
			s.follow(plan[s])
		}
	}
	r.retire(plan)
	return nil
}

// Close ends the room: whoever is in it hears silence.
func (r *Room) Close() {
	if err := r.Arrange(Picture{}); err != nil {
		panic(err) // an empty picture does not contradict itself
	}
}

// part is what a picture means for one stream.
type part struct {
	hears voice
	talk  []*Stream // who hears it
	group *group    // set if three or more talk
	// awaits says that the ringing tone is heard until the first packet is passed.
	awaits bool
}

func (r *Room) plan(p Picture) map[*Stream]part {
	plan := make(map[*Stream]part, len(r.members))
	for _, s := range p.Music {
		plan[s] = part{hears: voice{kind: music}}
	}
	for _, s := range p.Ringing {
		plan[s] = part{hears: voice{kind: ringing}}
	}
	for _, e := range p.Early {
		if e.From.isClosed() {
			plan[e.To] = part{hears: voice{kind: ringing}}
			continue
		}
		plan[e.From] = part{talk: []*Stream{e.To}}
		plan[e.To] = part{hears: voice{kind: passed, source: e.From}, awaits: true}
	}
	for _, talk := range p.Talk {
		here := slices.DeleteFunc(slices.Clone(talk), (*Stream).isClosed)
		switch len(here) {
		case 0, 1:
		case 2:
			a, b := here[0], here[1]
			plan[a] = part{hears: voice{kind: passed, source: b}, talk: []*Stream{b}}
			plan[b] = part{hears: voice{kind: passed, source: a}, talk: []*Stream{a}}
		default:
			g := r.groupOf(here)
			for i, s := range here {
				others := slices.Delete(slices.Clone(here), i, i+1)
				plan[s] = part{hears: voice{kind: mixed, group: g}, talk: others, group: g}
			}
		}
	}
	return plan
}

// groupOf finds the group of the picture before, if it has the same members.
func (r *Room) groupOf(members []*Stream) *group {
	for _, g := range r.groups {
		if len(g.members) == len(members) && !slices.ContainsFunc(members, func(s *Stream) bool { return !slices.Contains(g.members, s) }) {
			return g
		}
	}
	g := newGroup(members)
	r.groups = append(r.groups, g)
	g.shard.begin(g)
	return g
}

// retire ends the groups that are no more.
func (r *Room) retire(plan map[*Stream]part) {
	r.groups = slices.DeleteFunc(r.groups, func(g *group) bool {
		for _, p := range plan {
			if p.group == g {
				return false
			}
		}
		g.shard.end(g)
		return true
	})
}

// follow makes a stream's part true.
func (s *Stream) follow(p part) {
	s.in.mu.Lock()
	s.in.talk, s.in.group = p.talk, p.group
	switch {
	case p.group == nil:
		s.in.jitter = nil
	case s.in.jitter == nil:
		s.in.jitter = newJitter()
		s.in.jitter.resume(s.in.heardSamples())
	}
	s.in.mu.Unlock()

	s.out.mu.Lock()
	if p.awaits && p.hears == s.out.hears { // the same again
		p.awaits = s.out.awaits
	}
	if p.hears != s.out.hears {
		s.out.leftOut = true // perhaps, between this picture and the next
	}
	s.out.hears, s.out.awaits = p.hears, p.awaits
	s.out.mu.Unlock()
}

// drop takes a stream out; the others stop hearing it.
func (r *Room) drop(s *Stream) {
	r.members = slices.DeleteFunc(r.members, func(m *Stream) bool { return m == s })
	s.room = nil
	s.follow(part{})
	for _, other := range r.members {
		other.unhear(s)
	}
}

// unhear makes a stream that passes to s, or hears it, alone; a group goes on
// with those who are left.
func (s *Stream) unhear(gone *Stream) {
	s.in.mu.Lock()
	s.in.talk = slices.DeleteFunc(slices.Clone(s.in.talk), func(t *Stream) bool { return t == gone })
	s.in.mu.Unlock()
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	if s.out.hears.kind == passed && s.out.hears.source == gone {
		s.out.hears, s.out.awaits = voice{}, false
	}
}

// leave takes a stream out of its room, for good.
func (e *Engine) leave(s *Stream) {
	e.rooms.Lock()
	defer e.rooms.Unlock()
	if s.room != nil {
		s.room.drop(s)
	}
}
