package media

import "sync"

// Playback is a sound that is being played to one party.
type Playback struct {
	stream *Stream
	sound  *Sound
	at     int // samples played; guarded by the stream's out lock

	once sync.Once
	done chan struct{}
}

// Play plays a sound to this party once, instead of what the picture says; then
// the picture goes on. A sound that is still playing ends. The others do not
// hear it.
func (s *Stream) Play(sound *Sound) *Playback {
	p := &Playback{stream: s, sound: sound, done: make(chan struct{})}
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	s.out.stopPlayback()
	if s.out.closed {
		p.finish()
		return p
	}
	s.out.playback = p
	return p
}

// Done is closed when the last sample was sent, or the playback was stopped,
// replaced, or its stream closed.
func (p *Playback) Done() <-chan struct{} { return p.done }

// Stop ends the playback with the next packet. Stopping twice is fine.
func (p *Playback) Stop() {
	o := &p.stream.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.playback == p {
		o.stopPlayback()
	}
}

func (p *Playback) finish() { p.once.Do(func() { close(p.done) }) }

func (o *outbound) stopPlayback() {
	if o.playback != nil {
		o.playback.finish()
		o.playback = nil
	}
}
