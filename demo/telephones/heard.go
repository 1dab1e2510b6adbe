package telephones

import (
	"teamsbridge/consult/sip/sdp"
	"teamsbridge/consult/sip/ua"
)

// Ringing and the methods that follow are told by the dialog: a telephone is its
// ua.Watcher.
func (p *telephone) Ringing() {}

// Early media is not listened to.
func (p *telephone) Early([]byte) {}

// Answered connects the audio.
func (p *telephone) Answered(answer []byte) { p.Settled(answer) }

// Failed ends a call that nobody answered.
func (p *telephone) Failed(f ua.Failure) {
	p.failed <- f
	p.finish()
}

// Ended ends a call.
func (p *telephone) Ended(ua.End) { p.finish() }

// Offered answers an offer in the dialog, or makes one.
func (p *telephone) Offered(offer []byte) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(offer) == 0 {
		body, err := sdp.Offer(p.wish)
		if err == nil {
			p.wish.Sent = body
		}
		return body, err
	}
	body, agreed, err := sdp.Answer(offer, p.wish)
	if err != nil {
		return nil, err
	}
	p.wish.Sent = body
	return body, p.stream.Connect(agreed)
}

// Settled connects what was agreed.
func (p *telephone) Settled(answer []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if agreed, err := sdp.Accept(answer, p.wish); err == nil {
		_ = p.stream.Connect(agreed) // silence, if it fails
	}
}
