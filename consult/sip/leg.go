package sip

import (
	"context"
	"sync"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/sdp"
	"teamsbridge/consult/sip/ua"
)

// leg is one telephone's connection. The switch's mutex guards it, but for what
// agree guards.
type leg struct {
	owner  *Switch
	id     consult.LegID
	party  consult.Party
	call   *call // nil while an agent is rung for a customer who is not connected yet
	state  consult.LegState
	stream *media.Stream
	dialog *ua.Dialog
	// arrival is set while this is the agent's leg of a call that is coming in, and
	// on both legs of a visit: what happens is told there and not to the engine.
	arrival *arrival
	// acceptance asks whoever answers to press a key; asked says that somebody is being asked.
	acceptance, asked bool
	refused           consult.FailureReason // why it failed, when that is known better than by a status
	note              string
	rings             bool // their telephone has begun to ring
	early             bool // and is heard by whoever waits for it
	holds             bool // they hold on their own telephone
	kept              bool // a line of it is stored
	gone              bool
	pinged            time.Time // when OPTIONS asked last whether it is there

	keeping sync.Mutex // held while its line is stored, so that the one of the answer comes last
	rung    *ua.Stored // the INVITE that is out, until it is stored or answered; guarded by keeping

	agree   sync.Mutex
	wish    sdp.Session     // what we say of our audio; guarded by agree, as the next
	agreed  *sdp.Negotiated // with a caller who is not answered yet; else nil
	current sdp.Negotiated  // what is true; zero before the first agreement
}

// newLeg opens the audio of a leg. The caller holds the mutex.
func (s *Switch) newLeg(id consult.LegID, party consult.Party, trunk TrunkConfig) (*leg, error) {
	stream, err := s.audio.Open()
	if err != nil {
		return nil, err
	}
	at := stream.LocalAddr()
	s.metrics.legs.Inc()
	return &leg{
		owner: s, id: id, party: party, state: consult.LegRinging, stream: stream,
		wish: sdp.Session{
			ID: sdp.NewID(), Addr: at.Addr(), Port: at.Port(), Encryption: sdp.Encryption(orNever(trunk.Encryption)), Key: sdp.NewKey(),
		},
	}, nil
}

func orNever(encryption string) string {
	if encryption == "" {
		return string(sdp.Never)
	}
	return encryption
}

// Ringing is told by the dialog, as the methods that follow.
func (l *leg) Ringing() {
	l.owner.mu.Lock()
	defer l.owner.mu.Unlock()
	switch {
	case l.gone:
	case l.arrival != nil:
		l.arrival.tell(happened{ringing: true})
	default:
		l.rings = true
		l.owner.showAgain(l.call)
		l.tell(consult.Event{Kind: consult.EventRinging})
	}
}

// Early media of a telephone that rings is heard by whoever waits for it, where
// that one is connected already. Audio that cannot be used is left out: the
// answer that follows may have another.
func (l *leg) Early(answer []byte) {
	s := l.owner
	s.mu.Lock()
	heard := !l.gone && l.arrival == nil
	s.mu.Unlock()
	if !heard {
		return
	}
	_, err := l.accept(answer)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case l.gone:
	case err != nil:
		s.log.Info("sip: early media that cannot be used", "party", l.party, "error", err)
	default:
		l.early = true
		s.showAgain(l.call)
	}
}

// Answered connects the audio of a leg whose line is stored; the engine hears of
// it, and where a key is asked for, when that was pressed.
func (l *leg) Answered(answer []byte) {
	held, err := l.accept(answer)
	s := l.owner
	s.mu.Lock()
	defer s.mu.Unlock()
	l.holds = held
	if l.early && l.acceptance && !l.gone { // what is said to the voice is for nobody else
		l.early = false
		s.showAgain(l.call)
	}
	switch {
	case l.gone: // hung up meanwhile
	case err != nil:
		s.log.Warn("sip: a telephone answered with audio that cannot be used", "party", l.party, "error", err)
		l.refused = consult.FailureRejected
		l.dialog.Hangup(context.Background(), ua.Cause{Status: 488, Text: "Not Acceptable Here"})
	case l.acceptance:
		l.asked = true
		l.forgetPressed() // before anybody is told: from now on a key is an answer, however late ask begins
		if l.arrival != nil {
			l.arrival.tell(happened{asked: true})
		} else {
			l.tell(consult.Event{Kind: consult.EventAsked})
		}
		s.run(l.ask)
	default:
		l.up()
	}
}

// up tells that the leg is connected. The caller holds the mutex.
func (l *leg) up() {
	if l.gone {
		return
	}
	l.state, l.asked = consult.LegUp, false
	if l.arrival != nil {
		l.arrival.tell(happened{answered: true})
		return
	}
	l.tell(consult.Event{Kind: consult.EventAnswered})
	if l.holds { // they answered so, or have begun to hold while they were asked
		l.tell(consult.Event{Kind: consult.EventHolds})
	}
}

// Failed is told of a telephone that nobody answered.
func (l *leg) Failed(f ua.Failure) {
	s := l.owner
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.gone {
		return
	}
	reason := l.reason(reasonOf(f))
	s.drop(l)
	s.metrics.failed(reason)
	if l.arrival != nil {
		l.arrival.tell(happened{failed: reason})
		return
	}
	l.tell(consult.Event{Kind: consult.EventFailed, Reason: reason, Note: l.note})
}

func (l *leg) reason(otherwise consult.FailureReason) consult.FailureReason {
	if l.refused != "" {
		return l.refused
	}
	return otherwise
}

// Ended is told of a leg that was connected by SIP; for the engine it may still
// have been ringing.
func (l *leg) Ended(end ua.End) {
	s := l.owner
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.gone {
		return
	}
	if end.Kind == ua.EndedLost {
		s.log.Warn("sip: a line died", "party", l.party, "leg", l.id, "error", end.Err)
	}
	was := l.state
	s.drop(l)
	switch {
	case l.arrival != nil:
		otherwise := consult.FailureDeclined
		if l.acceptance {
			otherwise = consult.FailureNoAcceptance
		}
		l.arrival.tell(happened{failed: l.reason(otherwise), lost: end.Kind == ua.EndedLost})
	case was == consult.LegRinging:
		otherwise := consult.FailureNoAcceptance // they hung up instead of pressing a key
		if end.Kind == ua.EndedByUs {
			otherwise = consult.FailureWithdrawn
		}
		l.tell(consult.Event{Kind: consult.EventFailed, Reason: l.reason(otherwise), Note: l.note})
	case end.Kind == ua.EndedLost:
		l.tell(consult.Event{Kind: consult.EventLost})
	case end.Kind == ua.EndedByUs: // a command may wait for it
		l.tell(consult.Event{Kind: consult.EventEnded})
	default:
		s.tellSoon(consult.Event{Kind: consult.EventEnded, Interaction: l.call.id, Leg: l.id})
	}
}

// hangUp ends the leg or stops its ringing. The caller holds the mutex.
func (l *leg) hangUp(ctx context.Context) {
	cause := ua.Cause{}
	if l.state == consult.LegRinging {
		cause = ua.ElsewhereCause
		if l.refused == "" {
			l.refused = consult.FailureWithdrawn
		}
	}
	if l.dialog != nil {
		l.dialog.Hangup(ctx, cause)
	}
}

// tell queues an event of the leg. The caller holds the mutex.
func (l *leg) tell(e consult.Event) {
	e.Interaction, e.Leg = l.call.id, l.id
	l.owner.tell(e)
}
