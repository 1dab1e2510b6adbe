package web

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"teamsbridge/graph"
	"teamsbridge/sso"
)

// feedKey tells apart readers who see different things: another agent, but
// also the same agent with another identity, channel or role, because these
// decide which actions are allowed.
type feedKey struct {
	agent    agentKey
	identity sso.Identity
	channel  sso.Channel
	roles    string
}

// agentKey is an agent of an organisation.
type agentKey struct {
	tenant string
	id     sso.AgentID
}

func feedKeyOf(p sso.Principal) feedKey {
	roles := make([]string, 0, 3)
	for _, r := range p.Roles() {
		roles = append(roles, string(r))
	}
	slices.Sort(roles)
	return feedKey{
		agent:    agentKey{tenant: p.Tenant(), id: p.Agent().ID},
		identity: p.Identity(),
		channel:  p.Channel(),
		roles:    strings.Join(roles, ","),
	}
}

// feed is what all streams of one reader have in common. It outlives them by
// resumeFor, so that a stream that comes back finds what it missed.
type feed struct {
	key  feedKey
	stop func() // ends the subscriptions

	mu      sync.Mutex
	ring    ring
	changed chan struct{} // closed and replaced with each event
	streams map[string]*stream
	idle    *time.Timer // runs while no stream is connected
}

// publish appends an event and wakes the streams.
func (f *feed) publish(name string, payload any, newestOnly bool) {
	data, err := json.Marshal(payload)
	if err != nil {
		panic("web: event cannot be written: " + err.Error()) // a type of this package
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ring.add(time.Now(), name, data, newestOnly)
	f.wake()
}

// restart tells every stream to start over.
func (f *feed) restart() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ring.forget()
	f.wake()
}

func (f *feed) wake() {
	close(f.changed)
	f.changed = make(chan struct{})
}

// since gives the events later than seq and a channel that closes with the
// next one. ok is false when something was lost; then last is where to go on.
func (f *feed) since(seq uint64) (later []event, last uint64, next <-chan struct{}, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	later, ok = f.ring.after(seq)
	return later, f.ring.last, f.changed, ok
}

// endStreams ends every stream that somebody reads now; expired says so to
// them: their sign-in leads nowhere any more.
func (f *feed) endStreams(expired bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, st := range f.streams {
		if st.goneAt.IsZero() {
			st.signedOut.Store(expired)
			st.end()
		}
	}
}

// connected counts the streams that somebody reads now.
func (f *feed) connected() int {
	n := 0
	for _, st := range f.streams {
		if st.goneAt.IsZero() {
			n++
		}
	}
	return n
}

// forgetOld drops streams that have been away for longer than resumeFor.
func (f *feed) forgetOld(now time.Time) {
	for id, st := range f.streams {
		if !st.goneAt.IsZero() && now.Sub(st.goneAt) > resumeFor {
			delete(f.streams, id)
		}
	}
}

// stream is one connection, and for a while what is left of it.
type stream struct {
	id        string
	feed      *feed
	start     uint64 // where reading begins
	resync    bool   // something was lost before start
	session   string // secret of the session that opened it; empty with a token
	sessionID string // its id

	ended     chan struct{}
	end       func()      // closes ended, once
	signedOut atomic.Bool // the session behind it has ended

	watching sync.Mutex
	watcher  watcher
	ids      []graph.UserID // what it watches, kept for the stream that resumes it

	goneAt time.Time // guarded by feed.mu; zero while connected
}

// watch replaces whose presence the stream sees. A stream whose connection has
// just gone keeps the ids for the one that resumes it.
func (st *stream) watch(ids []graph.UserID) {
	st.watching.Lock()
	defer st.watching.Unlock()
	st.ids = slices.Clone(ids)
	if st.watcher != nil {
		st.watcher.Set(st.ids)
	}
}

func (st *stream) watched() []graph.UserID {
	st.watching.Lock()
	defer st.watching.Unlock()
	return slices.Clone(st.ids)
}

// closeWatch ends the polling that the stream drove.
func (st *stream) closeWatch() {
	st.watching.Lock()
	defer st.watching.Unlock()
	if st.watcher != nil {
		st.watcher.Close()
		st.watcher = nil
	}
}
