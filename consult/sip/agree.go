package sip

import (
	"context"
	"errors"
	"fmt"

	"teamsbridge/consult"
	"teamsbridge/consult/sip/sdp"
	"teamsbridge/consult/sip/ua"
)

// offer describes our audio.
func (l *leg) offer() ([]byte, error) {
	l.agree.Lock()
	defer l.agree.Unlock()
	body, err := sdp.Offer(l.wish)
	if err == nil {
		l.wish.Sent = body
	}
	return body, err
}

// accept takes their answer to our offer.
func (l *leg) accept(answer []byte) error {
	l.agree.Lock()
	defer l.agree.Unlock()
	agreed, err := sdp.Accept(answer, l.wish)
	if err != nil {
		return err
	}
	return l.stream.Connect(agreed)
}

// answer answers their offer in the dialog.
func (l *leg) answer(offer []byte) (body []byte, held bool, err error) {
	l.agree.Lock()
	defer l.agree.Unlock()
	body, agreed, err := sdp.Answer(offer, l.wish)
	if err != nil {
		return nil, false, err
	}
	if err := l.stream.Connect(agreed); err != nil {
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
		err = l.accept(acknowledged)
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
	return l.stream.Connect(agreed)
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
	s := l.owner
	s.mu.Lock()
	defer s.mu.Unlock()
	if held != l.holds && !l.gone {
		l.holds = held
		if l.state == consult.LegUp && l.arrival == nil {
			kind := consult.EventBack
			if held {
				kind = consult.EventHolds
			}
			l.tell(consult.Event{Kind: kind})
		}
	}
	return body, nil
}

// Settled takes the answer to an offer that Offered made.
func (l *leg) Settled(answer []byte) {
	if err := l.accept(answer); err != nil {
		l.owner.log.Warn("sip: an answer in a dialog cannot be used, the audio stays as it was", "party", l.party, "error", err)
	}
}
