package web

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/sso"
)

// maxStreams is how many streams an agent may read at once.
const maxStreams = 5

var (
	errTooManyStreams = errors.New("web: too many event streams")
	errStreamsEnding  = errors.New("web: event streams are ending")
)

// watcher is what a stream needs of *presence.Watcher.
type watcher interface {
	Set(ids []graph.UserID)
	Changes() <-chan []presence.Presence
	Close()
}

// hubDeps are what a hub works with.
type hubDeps struct {
	// subscribe feeds f, which is locked meanwhile, with what p may see until the
	// returned function is called.
	subscribe func(p sso.Principal, f *feed) (stop func())
	watch     func(graph.TenantID) watcher
	open      prometheus.Gauge
}

// hub holds the event streams of all agents.
type hub struct {
	deps  hubDeps
	texts presenceTexts

	mu     sync.Mutex
	feeds  map[feedKey]*feed
	ending bool
	left   chan struct{} // gets a value each time a stream leaves while ending
}

func newHub(deps hubDeps) *hub {
	return &hub{deps: deps, feeds: map[feedKey]*feed{}, left: make(chan struct{}, 1)}
}

// eventID says where a stream stands: the stream, the feed's sequence number,
// and a count of the stream's own events since.
func eventID(stream string, seq uint64, own int) string {
	return stream + "-" + strconv.FormatUint(seq, 10) + "-" + strconv.Itoa(own)
}

// position reads an id back.
func position(id string) (stream string, seq uint64, ok bool) {
	parts := strings.Split(id, "-")
	if len(parts) != 3 {
		return "", 0, false
	}
	seq, err := strconv.ParseUint(parts[1], 10, 64)
	return parts[0], seq, err == nil
}

// open makes a stream for p. lastID, if any, is the id of the last event of
// the stream that this one resumes: it goes on where that one stood, with what
// it watched. A stream that was resumed makes room when there is none.
func (h *hub) open(p sso.Principal, session, lastID string) (*stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ending {
		return nil, errStreamsEnding
	}
	f := h.feedOf(p)
	defer f.mu.Unlock()
	f.forgetOld(time.Now())

	oldID, seq, _ := position(lastID)
	old := f.streams[oldID]
	if h.connected(f) >= maxStreams {
		if old == nil || !old.goneAt.IsZero() {
			if f.connected() == 0 {
				h.rest(f) // made in vain
			}
			return nil, errTooManyStreams
		}
		old.end()
	}

	ended := make(chan struct{})
	st := &stream{
		id: rand.Text(), feed: f, start: f.ring.last, session: session, sessionID: p.SessionID(),
		ended: ended, end: sync.OnceFunc(func() { close(ended) }),
		watcher: h.deps.watch(graph.TenantID(p.Tenant())),
	}
	switch {
	case old != nil:
		if _, kept := f.ring.after(seq); kept {
			st.start = seq
		} else {
			st.resync = true
		}
		st.watch(old.watched())
	case lastID != "":
		st.resync = true
	}
	f.streams[st.id] = st
	if f.idle != nil {
		f.idle.Stop()
		f.idle = nil
	}
	h.deps.open.Inc()
	return st, nil
}

// feedOf finds or begins the feed of p, and locks it: what feeds a new one may
// find at once that its streams must end, and has to find them.
func (h *hub) feedOf(p sso.Principal) *feed {
	key := feedKeyOf(p)
	if f, ok := h.feeds[key]; ok {
		f.mu.Lock()
		return f
	}
	f := &feed{key: key, changed: make(chan struct{}), streams: map[string]*stream{}}
	f.mu.Lock()
	f.stop = h.deps.subscribe(p, f)
	h.feeds[key] = f
	return f
}

// connected counts the streams of the agent of f over all their feeds. The
// caller holds h.mu and f.mu.
func (h *hub) connected(f *feed) int {
	n := f.connected()
	for key, other := range h.feeds {
		if other != f && key.agent == f.key.agent {
			other.mu.Lock()
			n += other.connected()
			other.mu.Unlock()
		}
	}
	return n
}

// leave notes that a stream's connection has gone.
func (h *hub) leave(st *stream) {
	st.closeWatch()
	h.deps.open.Dec()

	h.mu.Lock()
	defer h.mu.Unlock()
	f := st.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	st.goneAt = time.Now()
	if f.connected() == 0 {
		h.rest(f)
	}
	if h.ending {
		select {
		case h.left <- struct{}{}:
		default: // whoever drains looks at everything anyway
		}
	}
}

// rest lets a feed without readers end after resumeFor. The caller holds
// h.mu and f.mu.
func (h *hub) rest(f *feed) {
	if f.idle != nil {
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(resumeFor, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		f.mu.Lock()
		stale := f.idle == timer && f.connected() == 0
		f.mu.Unlock()
		if stale {
			delete(h.feeds, f.key)
			f.stop()
		}
	})
	f.idle = timer
}

// find gives an agent's own stream.
func (h *hub) find(p sso.Principal, id string) (*stream, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	agent := feedKeyOf(p).agent
	for key, f := range h.feeds {
		if key.agent != agent {
			continue
		}
		f.mu.Lock()
		st, ok := f.streams[id]
		ok = ok && st.goneAt.IsZero()
		f.mu.Unlock()
		if ok {
			return st, true
		}
	}
	return nil, false
}

// endSession ends the streams that a session opened, by its id: it is over.
func (h *hub) endSession(id string) {
	for _, st := range h.all() {
		if id != "" && st.sessionID == id {
			st.signedOut.Store(true)
			st.end()
		}
	}
}

// all lists the connected streams.
func (h *hub) all() []*stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []*stream
	for _, f := range h.feeds {
		f.mu.Lock()
		for _, st := range f.streams {
			if st.goneAt.IsZero() {
				out = append(out, st)
			}
		}
		f.mu.Unlock()
	}
	return slices.Clip(out)
}

// drain ends every stream, lets nobody in any more, and waits until all have
// left or ctx ends.
func (h *hub) drain(ctx context.Context) {
	h.mu.Lock()
	h.ending = true
	h.mu.Unlock()
	for {
		streams := h.all()
		if len(streams) == 0 {
			break
		}
		for _, st := range streams {
			st.end()
		}
		select {
		case <-h.left:
		case <-ctx.Done():
			return
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, f := range h.feeds {
		delete(h.feeds, key)
		f.stop()
	}
}
