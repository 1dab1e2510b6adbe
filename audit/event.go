package audit

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Kind is what an event is about.
type Kind string

// The kinds.
const (
	SignIn         Kind = "sign-in"        // somebody signed in, or out, or showed a token for the first time
	Refusal        Kind = "refusal"        // a request was refused
	Consent        Kind = "consent"        // an admin's consent for the organisation
	Switch         Kind = "switch"         // single sign-on was switched on or off
	Consult        Kind = "consult"        // a consult or a conference
	Transfer       Kind = "transfer"       // a call was handed over
	WrapUp         Kind = "wrap-up"        // an agent said how a call ended
	Administration Kind = "administration" // any other act of an administrator or operator
)

// Kinds lists every kind.
var Kinds = [...]Kind{SignIn, Refusal, Consent, Switch, Consult, Transfer, WrapUp, Administration}

// Outcome is how an event ended.
type Outcome string

// The outcomes.
const (
	Begun   Outcome = "begun" // another line tells how it went on
	Done    Outcome = "done"
	Refused Outcome = "refused" // nothing was changed
	Failed  Outcome = "failed"
)

// Outcomes lists every outcome.
var Outcomes = [...]Outcome{Begun, Done, Refused, Failed}

// Event is what a line tells. Every text in it is an id or a word from a closed
// set; nothing that a client sent in free text belongs here. A secret never does.
type Event struct {
	At          time.Time // zero means now
	Tenant      string    // the organisation; empty where none is known
	Kind        Kind
	Action      string // the act, as the HTTP contract or the journal names it
	Outcome     Outcome
	Reason      string // a problem's slug and reason, a failure's word, a wrap-up's code
	Interaction string
	Version     uint64 // of the journal's step that this line tells of; 0 for none
	Trace       string // the request's id, which the client has too
	Count       uint64 // events that this line stands for, where it is more than one
	Actor       Actor
	Target      Target
}

// Actor is who did it. All of it is erased with the person.
type Actor struct {
	Salt     string `json:"salt,omitempty"`
	Agent    string `json:"agent,omitempty"` // id in the agent table
	Entra    string `json:"entra,omitempty"` // object id
	Identity string `json:"identity,omitempty"`
	Channel  string `json:"channel,omitempty"`
	Session  string `json:"session,omitempty"` // digest of the session or token, shortened
}

// Target is whom it was done to. All of it is erased with the person.
type Target struct {
	Salt   string `json:"salt,omitempty"`
	Kind   string `json:"kind,omitempty"` // of a consult's target, or what an administrator changed
	ID     string `json:"id,omitempty"`   // an agent's, an expert's object id, a queue's
	Number string `json:"number,omitempty"`
}

// maxText bounds every text of a line, in bytes.
const maxText = 160

// tidy makes what a line keeps of a text: bounded, and what every store can hold.
func tidy(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
	}
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\x00", "?")
}

// Mask gives what an audit line may show of a telephone number: its last two
// digits. Numbers of at most three digits are services such as 112, nobody's,
// and stay whole.
func Mask(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, number)
	switch {
	case number == "":
		return ""
	case len(digits) <= 3:
		return digits
	}
	return "…" + digits[len(digits)-2:]
}
