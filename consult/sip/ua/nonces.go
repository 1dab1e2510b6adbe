package ua

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"hash/maphash"
	"maps"
	"sync"
	"time"
)

// nonceLife is how long a caller may take to answer a challenge. It is shorter
// than recentLife: as long as a proof could be shown again, the call for which it
// was shown is known.
const nonceLife = 30 * time.Second

// mostSpent bounds how many nonces are remembered. Only proofs with the right
// password are: 2,000 of them a second, which is more than a machine answers.
const mostSpent = 1 << 16

// nonces makes and knows nonces. Those that nobody has used are not kept: a key
// vouches for them. Of those that were used the highest count is, for as long as
// they live (RFC 7616 3.4.6). Safe for concurrent use.
type nonces struct {
	key  [32]byte
	seed maphash.Seed

	mu    sync.Mutex
	spent map[nonceID]use
	floor time.Time // nonces made until then are good no more
	sweep time.Time // when spent is looked through next
}

// nonceID is what tells a nonce from all others: when it was made, in microseconds
// since 1970, and something random.
type nonceID struct{ made, random uint64 }

func (id nonceID) time() time.Time { return time.UnixMicro(int64(id.made)) } // ours: the key has vouched for it

// use is the latest proof with a nonce.
type use struct {
	count   int
	request uint64 // which request carried it, as a hash
}

func newNonces() *nonces {
	n := &nonces{seed: maphash.MakeSeed(), spent: map[nonceID]use{}}
	_, _ = rand.Read(n.key[:]) // never fails
	return n
}

const nonceSize = 8 + 8 + 16 // time, random number, code of authentication

func (n *nonces) make(now time.Time) string {
	id := nonceID{made: uint64(now.UnixMicro())} // after 1970
	var random [8]byte
	_, _ = rand.Read(random[:])
	id.random = binary.BigEndian.Uint64(random[:])
	return n.text(id)
}

func (n *nonces) text(id nonceID) string {
	raw := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(make([]byte, 0, 16+sha256.Size), id.made), id.random)
	mac := hmac.New(sha256.New, n.key[:])
	mac.Write(raw)
	return hex.EncodeToString(mac.Sum(raw)[:nonceSize])
}

// read gives the parts of a nonce that is ours.
func (n *nonces) read(nonce string) (id nonceID, ours bool) {
	raw, err := hex.DecodeString(nonce)
	if err != nil || len(raw) != nonceSize {
		return id, false
	}
	id = nonceID{made: binary.BigEndian.Uint64(raw), random: binary.BigEndian.Uint64(raw[8:])}
	return id, subtle.ConstantTimeCompare([]byte(n.text(id)), []byte(nonce)) == 1
}

// spend reports whether a proof by a nonce counts, and takes note of it: the nonce
// is ours, not too old, and count is higher than any before. The same count again
// is good for the request that had it: a proxy may have sent that by two ways
// (RFC 3261 8.2.2.2), and it becomes no second call.
func (n *nonces) spend(nonce string, count int, request incomingID, now time.Time) bool {
	id, ours := n.read(nonce)
	if !ours {
		return false
	}
	this := use{count: count, request: maphash.Comparable(n.seed, request)}
	n.mu.Lock()
	defer n.mu.Unlock()
	made := id.time()
	if now.Sub(made) >= nonceLife || made.After(now) || !made.After(n.floor) {
		return false
	}
	before, again := n.spent[id]
	switch {
	case again && this == before:
		return true
	case count <= before.count:
		return false
	case !again && !n.roomLocked(now):
		return false
	}
	n.spent[id] = this
	return true
}

// roomLocked reports whether one more can be remembered, and forgets what is too
// old. Where that is not enough everything is forgotten, and every nonce made until
// now is too old, so that none can be used again: who has one is challenged once
// more. The caller holds mu.
func (n *nonces) roomLocked(now time.Time) bool {
	if !now.Before(n.sweep) {
		maps.DeleteFunc(n.spent, func(id nonceID, _ use) bool { return now.Sub(id.time()) >= nonceLife })
		n.sweep = now.Add(nonceLife)
	}
	if len(n.spent) < mostSpent {
		return true
	}
	clear(n.spent)
	n.floor = now
	return false
}
