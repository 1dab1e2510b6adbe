package audit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Line is one line of an organisation's chain. Its hash covers everything but
// the fields of persons, which stand apart: it covers their salted digests.
// The order of the members is part of the format, since the hash is that of the
// JSON.
type Line struct {
	Tenant       string  `json:"tenant"`
	Sequence     uint64  `json:"sequence"` // from 1, without a gap
	Previous     string  `json:"previous"` // hash of the line before; empty for the first
	Time         string  `json:"time"`     // RFC 3339, UTC, milliseconds
	Event        Kind    `json:"event"`
	Action       string  `json:"action,omitempty"`
	Outcome      Outcome `json:"outcome"`
	Reason       string  `json:"reason,omitempty"`
	Interaction  string  `json:"interaction,omitempty"`
	Version      uint64  `json:"version,omitempty"`
	Trace        string  `json:"trace,omitempty"`
	Count        uint64  `json:"count,omitempty"`
	ActorDigest  string  `json:"actorDigest,omitempty"`
	TargetDigest string  `json:"targetDigest,omitempty"`
	Hash         string  `json:"hash,omitempty"`
	// Actor and Target are nil where there is nobody, and where they were erased:
	// then the digest stands without them.
	Actor  *Actor  `json:"actor,omitempty"`
	Target *Target `json:"target,omitempty"`
}

// timeFormat is the HTTP contract's.
const timeFormat = "2006-01-02T15:04:05.000Z"

// At is the line's time; zero for a text that is none.
func (l Line) At() time.Time {
	at, _ := time.Parse(timeFormat, l.Time)
	return at
}

// Erased reports whether the fields of a person were erased.
func (l Line) Erased() bool {
	return (l.ActorDigest != "" && l.Actor == nil) || (l.TargetDigest != "" && l.Target == nil)
}

// Chain is how far an organisation's chain is.
type Chain struct {
	Tenant   string
	Sequence uint64 // of the last line; 0 before the first
	Hash     string // of the last line
	// First is the oldest line that is still kept, and Before the hash of the one
	// before it: retention has taken those.
	First  uint64
	Before string
	// JournalAt is the latest time of a step of the journal that is in the chain;
	// before there is one, when the chain began.
	JournalAt time.Time
}

// Seal makes the chain's next line of an event, and moves the chain on. The
// target's number is masked here, so that nobody can forget to.
func (c *Chain) Seal(e Event) Line {
	at := e.At
	if at.IsZero() {
		at = time.Now()
	}
	l := Line{
		Tenant: c.Tenant, Sequence: c.Sequence + 1, Previous: c.Hash, Time: at.UTC().Format(timeFormat),
		Event: e.Kind, Action: tidy(e.Action), Outcome: e.Outcome, Reason: tidy(e.Reason),
		Interaction: tidy(e.Interaction), Version: e.Version, Trace: tidy(e.Trace), Count: e.Count,
	}
	if e.Actor != (Actor{}) {
		a := Actor{Agent: tidy(e.Actor.Agent), Entra: tidy(e.Actor.Entra), Identity: tidy(e.Actor.Identity),
			Channel: tidy(e.Actor.Channel), Session: tidy(e.Actor.Session)}
		a.Salt = rand.Text()
		l.Actor, l.ActorDigest = &a, a.digest()
	}
	if e.Target != (Target{}) {
		t := Target{Kind: tidy(e.Target.Kind), ID: tidy(e.Target.ID), Number: Mask(e.Target.Number)}
		t.Salt = rand.Text()
		l.Target, l.TargetDigest = &t, t.digest()
	}
	l.Hash = l.digest()
	if c.Sequence == 0 {
		c.First, c.JournalAt = 1, at
	}
	c.Sequence, c.Hash = l.Sequence, l.Hash
	if e.Version > 0 && at.After(c.JournalAt) {
		c.JournalAt = at
	}
	return l
}

// digest is the hash that the line should have.
func (l Line) digest() string {
	l.Hash, l.Actor, l.Target = "", nil, nil
	sum := sha256.Sum256(encode(l))
	return hex.EncodeToString(sum[:])
}

func (a Actor) digest() string {
	salt := a.Salt
	a.Salt = ""
	return salted(salt, encode(a))
}

func (t Target) digest() string {
	salt := t.Salt
	t.Salt = ""
	return salted(salt, encode(t))
}

// salted is HMAC-SHA-256 under a salt of 130 bits: once the salt is gone, no
// guess at the fields can be tried.
func salted(salt string, fields []byte) string {
	mac := hmac.New(sha256.New, []byte(salt))
	mac.Write(fields)
	return hex.EncodeToString(mac.Sum(nil))
}

// encode is the JSON that is hashed. None of the types can fail.
func encode(v any) []byte {
	b, _ := json.Marshal(v)
	return b
}

// Parts are a line as stores keep it: what the hash covers with the hash, and
// each person's fields apart (nil for none), so that they can be erased.
func (l Line) Parts() (body, actor, target []byte) {
	if l.Actor != nil {
		actor = encode(l.Actor)
	}
	if l.Target != nil {
		target = encode(l.Target)
	}
	l.Actor, l.Target = nil, nil
	return encode(l), actor, target
}

// Join is the reverse of [Line.Parts].
func Join(body, actor, target []byte) (l Line, err error) {
	if err := json.Unmarshal(body, &l); err != nil {
		return Line{}, err
	}
	if actor != nil {
		if err := json.Unmarshal(actor, &l.Actor); err != nil {
			return Line{}, err
		}
	}
	if target != nil {
		err = json.Unmarshal(target, &l.Target)
	}
	return l, err
}
