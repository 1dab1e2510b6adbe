package sip

import (
	"context"
	"errors"
	"fmt"

	"teamsbridge/consult"
	"teamsbridge/consult/sip/sdp"
	"teamsbridge/consult/sip/ua"
)

// offer describes our audio: what we wish for or, in a dialog, what is true.
func (l *leg) offer() ([]byte, error) {
	l.agree.Lock()
	defer l.agree.Unlock()
	body, err := sdp.Offer(l.offered())
	if err == nil {
		l.wish.Sent = body
	}
	return body, err
}

// offered is what an offer of ours says. Audio that is encrypted stays so, also where
// we would take either, and a payload type keeps its meaning (RFC 3264 8.3.2). The
// caller holds agree.
func (l *leg) offered() sdp.Session {
	says := l.wish
	if l.current.SendKeying.On() {
		says.Encryption = sdp.Required
	}
	if l.current.DTMFReceive != 0 {
		says.DTMF = l.current.DTMFReceive
	}
	return says
}

// accept takes their answer to our offer, and reports whether they hold.
func (l *leg) accept(answer []byte) (held bool, err error) {
	l.agree.Lock()
	defer l.agree.Unlock()
	agreed, err := sdp.Accept(answer, l.offered())
	if err != nil {
		return false, err
	}
	return agreed.Held, l.apply(agreed)
}

// apply makes what was agreed true. The caller holds agree.
func (l *leg) apply(agreed sdp.Negotiated) error {
	if err := l.stream.Connect(agreed); err != nil {
		return err
	}
	l.current = agreed
	return nil
}

// answer answers their offer in the dialog.
func (l *leg) answer(offer []byte) (body []byte, held bool, err error) {
	l.agree.Lock()
	defer l.agree.Unlock()
	body, agreed, err := sdp.Answer(offer, l.wish)
	if err != nil {
		return nil, false, err
	}
	if err := l.apply(agreed); err != nil {
		return nil, false, err
	}
	l.wish.Sent = body
	return body, agreed.Held, nil
}

// firstBody answers a caller's offer, or makes one where they sent none. Their
// audio waits for take: many a telephone takes what it is sent before for early
// media, and its own ringing tone falls silent.
func (l *leg) firstBody(offer []byte) ([]byte, error) {
	if len(offer) == 0 {
		return l.offer()
	}
	l.agree.Lock()
	defer l.agree.Unlock()
	body, agreed, err := sdp.Answer(offer, l.wish)
	if err == nil {
		l.wish.Sent, l.agreed = body, &agreed
	}
	return body, err
}

// take answers the caller whose leg this is with what firstBody made, and
// connects their audio.
func (l *leg) take(ctx context.Context, in *ua.Incoming, body []byte) (*ua.Dialog, error) {
	if err := l.connect(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(l.owner.patience, cancel)() //nolint:contextcheck // the end of the switch ends the wait too
	dialog, acknowledged, err := in.Answer(ctx, body, l)
	if err == nil && len(in.Offer) == 0 {
		_, err = l.accept(acknowledged)
	}
	return dialog, err
}

func (l *leg) connect() error {
	l.agree.Lock()
	defer l.agree.Unlock()
	if l.agreed == nil { // the offer is ours
		return nil
	}
	agreed := *l.agreed
	l.agreed = nil
	return l.apply(agreed)
}

// Offered answers a re-INVITE or UPDATE: hold in every spelling, another address.
func (l *leg) Offered(offer []byte) ([]byte, error) {
	if len(offer) == 0 {
		return l.offer()
	}
	body, held, err := l.answer(offer)
	if err != nil {
		var refused *sdp.RefusedError
		if errors.As(err, &refused) {
			return nil, fmt.Errorf("%w: %w", ua.ErrNotAcceptable, err)
		}
		return nil, err
	}
	l.holding(held)
	return body, nil
}

// Settled takes the answer to an offer that Offered made: there are systems that
// hold and come back by asking for an offer.
func (l *leg) Settled(answer []byte) {
	held, err := l.accept(answer)
	if err != nil {
		l.owner.log.Warn("sip: an answer in a dialog cannot be used, the audio stays as it was", "party", l.party, "error", err)
		return
	}
	l.holding(held)
}

// holding notes whether they hold on their own telephone, and tells the engine.
func (l *leg) holding(held bool) {
	l.owner.mu.Lock()
	defer l.owner.mu.Unlock()
	if held == l.holds || l.gone {
		return
	}
	l.holds = held
	if l.state == consult.LegUp && l.arrival == nil {
		kind := consult.EventBack
		if held {
			kind = consult.EventHolds
		}
		l.tell(consult.Event{Kind: kind})
	}
}
