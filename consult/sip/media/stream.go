package media

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/netip"
	"time"

	"teamsbridge/consult/sip/sdp"
)

// ErrClosed says that a stream or the engine is closed.
var ErrClosed = errors.New("media: closed")

// Stream is the audio of one leg: a pair of ports here and the far end there.
// Until a [Room] says otherwise the far end hears silence. It is safe for
// concurrent use.
type Stream struct {
	engine    *Engine
	shard     *shard
	rtp, rtcp *socket
	release   func()
	digits    chan Digit
	name      string // in RTCP: random, as RFC 7022 wants it, and nobody's

	// Whoever needs both locks takes in first.
	in  inbound
	out outbound

	room *Room // guarded by engine.rooms
}

// LocalAddr is where the far end reaches this stream's RTP: for the session
// description.
func (s *Stream) LocalAddr() netip.AddrPort {
	return netip.AddrPortFrom(s.engine.config.advertised(), s.rtp.local.Port())
}

// Connect makes what was negotiated true: the first time, and again after each
// re-INVITE or UPDATE, when address, codec, keys and direction may change. What
// the far end sees of us goes on without a break.
func (s *Stream) Connect(n sdp.Negotiated) error {
	s.in.mu.Lock()
	defer s.in.mu.Unlock()
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	if s.out.closed {
		return ErrClosed
	}
	l, err := newLink(n, s.in.link, s.out.seals)
	if err != nil {
		return err
	}
	s.in.connect(l, time.Now())
	s.out.link = l
	s.out.reach(s.in.latch.remote(), s.in.control())
	if l.DTMFSend == 0 {
		s.out.keypad = keypad{} // nobody would ever be told that the key is up
	}
	return nil
}

// Digits are the keys that the far end presses, each once, when it is let go.
// The channel is closed with the stream; what nobody reads for 32 keys is lost.
func (s *Stream) Digits() <-chan Digit { return s.digits }

// SendDigits presses keys ("0123456789*#ABCD") one after the other, 100 ms each.
// It returns at once. Errors: [ErrNoDTMF], [ErrNotAKey], [ErrClosed].
func (s *Stream) SendDigits(digits string) error {
	codes, err := codesOf(digits)
	if err != nil {
		return err
	}
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	switch {
	case s.out.closed:
		return ErrClosed
	case s.out.link == nil || s.out.link.DTMFSend == 0:
		return ErrNoDTMF
	}
	for _, code := range codes {
		s.out.keypad.add(keyPress{code: code, length: pressLength})
	}
	return nil
}

// Silent is how long nothing valid has arrived, counted from the first
// agreement on; zero while the far end does not mean to send.
func (s *Stream) Silent() time.Duration {
	s.in.mu.Lock()
	defer s.in.mu.Unlock()
	if s.in.link == nil || !s.in.link.Direction.Receives() {
		return 0
	}
	return time.Since(s.in.lastAt)
}

// Close says goodbye (RTCP BYE), gives the ports back and ends what is played.
// Closing twice is fine. The others of its room hear the stream no more.
func (s *Stream) Close() error {
	s.out.mu.Lock()
	if s.out.closed {
		s.out.mu.Unlock()
		return nil
	}
	s.out.closed = true
	s.out.stopPlayback()
	s.out.mu.Unlock()

	s.sayGoodbye()
	s.engine.forget(s)
	err := errors.Join(s.rtp.close(), s.rtcp.close())
	s.shard.poller.remove(s.rtp)
	s.shard.poller.remove(s.rtcp)
	s.in.mu.Lock()
	s.countLost()
	s.in.closed = true
	s.in.digits.release() // a key that is down comes up for those who hear it
	close(s.digits)
	s.in.mu.Unlock()
	s.release()
	return err
}

func randomName() string {
	var b [12]byte
	rand.Read(b[:]) //nolint:errcheck // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}
