package sip

import (
	"context"
	"time"

	"teamsbridge/consult"
	"teamsbridge/consult/sip/media"
	"teamsbridge/consult/sip/ua"
)

// The keys by which an expert answers the voice.
const (
	keyAccept  = '1'
	keyLater   = '2'
	keyDecline = '3'
)

// askAgainAfter is the pause before the voice asks a second time.
const askAgainAfter = 4 * time.Second

// laterNotes tells the agent what the key 2 means.
var laterNotes = map[string]string{"de": "In zwei Minuten", "en": "In two minutes"}

// ask lets the voice ask until a key is pressed or the leg is gone. How long that
// may take the engine decides: it hangs up.
func (l *leg) ask() {
	s := l.owner
	sound := s.prompts.Sound(media.PromptConsult, s.config.Language)
	playing := l.stream.Play(sound).Done()
	again := time.NewTimer(0)
	again.Stop()
	defer again.Stop()
	for {
		select {
		case <-playing:
			playing = nil
			again.Reset(askAgainAfter)
		case <-again.C:
			playing = l.stream.Play(sound).Done()
		case digit, open := <-l.stream.Digits():
			if !open {
				return
			}
			switch digit.Key {
			case keyAccept:
				l.say(media.PromptConnecting, nil)
				s.mu.Lock()
				l.up()
				s.mu.Unlock()
				return
			case keyLater:
				l.turnAway(media.PromptLater, laterNotes[s.config.Language])
				return
			case keyDecline:
				l.turnAway(media.PromptGoodbye, "")
				return
			}
		}
	}
}

// forgetPressed forgets the keys that came with early media: only what is pressed
// after the question is an answer.
func (l *leg) forgetPressed() {
	for {
		select {
		case _, open := <-l.stream.Digits():
			if !open {
				return
			}
		default:
			return
		}
	}
}

// say plays a sentence and waits for its end, or not, where wait is nil.
func (l *leg) say(prompt media.Prompt, wait <-chan time.Time) {
	done := l.stream.Play(l.owner.prompts.Sound(prompt, l.owner.config.Language)).Done()
	if wait == nil {
		return
	}
	select {
	case <-done:
	case <-wait:
	}
}

// turnAway notes that the expert does not take the consult, says goodbye and hangs
// up, which tells the engine: a hang-up of its own meanwhile has the same reason.
func (l *leg) turnAway(prompt media.Prompt, note string) {
	s := l.owner
	s.mu.Lock()
	if l.gone {
		s.mu.Unlock()
		return
	}
	l.refused, l.note = consult.FailureDeclined, note
	s.mu.Unlock()
	l.say(prompt, time.After(3*time.Second))
	s.mu.Lock()
	defer s.mu.Unlock()
	if !l.gone {
		l.dialog.Hangup(context.Background(), ua.Cause{})
	}
}
