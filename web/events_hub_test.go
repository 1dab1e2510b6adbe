package web

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"teamsbridge/graph"
	"teamsbridge/presence"
	"teamsbridge/sso"
)

func TestTheRingKeepsFiveMinutesInOrder(t *testing.T) {
	begin := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	var r ring
	for i := range 10 {
		r.add(begin.Add(time.Duration(i)*time.Minute), fmt.Sprint(i+1), nil, false)
	}
	for _, c := range []struct {
		name  string
		after uint64
		want  []string
		ok    bool
	}{
		{"nothing after the newest", 10, []string{}, true},
		{"what was missed", 7, []string{"8", "9", "10"}, true},
		{"as far as it is kept", 4, []string{"5", "6", "7", "8", "9", "10"}, true},
		{"not what is older", 3, nil, false},
		{"not what was never given out", 11, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			later, ok := r.after(c.after)
			var got []string
			if ok {
				got = mapped(later, func(e event) string { return e.name })
			}
			if diff := cmp.Diff(c.want, got); diff != "" || ok != c.ok {
				t.Errorf("%v %s", ok, diff)
			}
		})
	}
}

func TestTheRingIsBounded(t *testing.T) {
	var r ring
	now := time.Now()
	for range ringMost + 10 {
		r.add(now, "interaction", nil, false)
	}
	if len(r.events) != ringMost || r.lost != 10 {
		t.Errorf("%d kept, lost up to %d", len(r.events), r.lost)
	}
}

func TestTheRingKeepsOnlyTheNewestStateOfSomething(t *testing.T) {
	var r ring
	now := time.Now()
	r.add(now, "interaction", nil, false)
	for range 3 {
		r.add(now, "directory", nil, true)
	}
	later, ok := r.after(0)
	if got := mapped(later, func(e event) uint64 { return e.seq }); !ok || !cmp.Equal(got, []uint64{1, 4}) {
		t.Errorf("%v %v", ok, got)
	}
}

// quiet watches nobody; it remembers whom it was told to.
type quiet struct {
	mu      sync.Mutex
	ids     []graph.UserID
	changes chan []presence.Presence
}

func (q *quiet) Set(ids []graph.UserID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ids = ids
}
func (q *quiet) Changes() <-chan []presence.Presence { return q.changes }
func (q *quiet) Close()                              {}

// hubWorld is a hub whose feeds a test fills by itself.
type hubWorld struct {
	server  *Server
	feeds   map[feedKey]*feed
	stopped int
	caller  sso.Principal
	deps    Deps
	review  *reviewer
}

func newHubWorld(t *testing.T) *hubWorld {
	t.Helper()
	w := newWorld(t)
	caller, err := w.deps.Verifier.Verify(t.Context(), w.token(home, anja))
	fatal(t, err)
	fatal(t, w.deps.Verifier.StillGood(t.Context(), caller)) // asked about; nothing is under way when a bubble begins
	return &hubWorld{caller: caller, deps: Deps{Verifier: w.deps.Verifier}, review: &w.reviewer}
}

// begin makes the server; within a bubble, so that its timers belong to it.
func (h *hubWorld) begin() {
	h.feeds = map[feedKey]*feed{}
	h.server = &Server{log: discardLogger(), now: time.Now, deps: h.deps}
	h.server.hub = newHub(hubDeps{
		subscribe: func(p sso.Principal, f *feed) func() {
			h.feeds[feedKeyOf(p)] = f
			return func() { h.stopped++ }
		},
		watch: func(graph.TenantID) watcher { return &quiet{changes: make(chan []presence.Presence)} },
		open:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "open"}),
	})
}

func (h *hubWorld) feed() *feed { return h.feeds[feedKeyOf(h.caller)] }

// reading is one connection to a stream.
type reading struct {
	events chan sse
	leave  context.CancelFunc
	left   chan struct{}
}

// sse is an event, or a comment, as it was read.
type sse struct{ id, event, data, comment string }

// connect opens a stream over a pipe.
func (h *hubWorld) connect(t *testing.T, lastID string) *reading {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	from, to := io.Pipe()
	out := &reading{events: make(chan sse, 100), leave: cancel, left: make(chan struct{})}
	st, err := h.server.hub.open(h.caller, "", lastID)
	fatal(t, err)
	go func() {
		defer close(out.left)
		defer to.Close()
		defer h.server.hub.leave(st)
		w := &pipeAnswer{ResponseRecorder: httptest.NewRecorder(), out: to}
		h.server.serveStream(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil), h.caller, st)
	}()
	go readEvents(from, out.events)
	return out
}

type pipeAnswer struct {
	*httptest.ResponseRecorder
	out io.Writer
}

func (p *pipeAnswer) Write(b []byte) (int, error) { return p.out.Write(b) }

func readEvents(from io.Reader, to chan<- sse) {
	defer close(to)
	lines := bufio.NewScanner(from)
	var e sse
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "id":
			e.id = value
		case "event":
			e.event = value
		case "data":
			e.data = value
		case "":
			if lines.Text() == "" {
				to <- e
				e = sse{}
				continue
			}
			e.comment = value
		}
	}
}

// take reads everything that has come, after the bubble is at rest.
func (r *reading) take() (names []string, last string) {
	synctest.Wait()
	names = []string{}
	for {
		select {
		case e, open := <-r.events:
			if !open {
				return append(names, "(end)"), last
			}
			if e.comment != "" {
				names = append(names, "(comment)")
				continue
			}
			names = append(names, e.event)
			last = e.id
		default:
			return names, last
		}
	}
}

func (r *reading) close() {
	r.leave()
	<-r.left
}

func expectEvents(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}

func TestAStreamThatComesBackMissesNothing(t *testing.T) {
	h := newHubWorld(t)
	synctest.Test(t, func(t *testing.T) {
		h.begin()
		r := h.connect(t, "")
		h.feed().publish("interaction", 1, false)
		names, _ := r.take()
		expectEvents(t, "first", names, "hello", "interaction")
		h.feed().publish("interaction", 2, false)
		names, last := r.take()
		expectEvents(t, "second", names, "interaction")
		r.close()

		h.feed().publish("interaction", 3, false)
		time.Sleep(4 * time.Minute)
		h.feed().publish("interaction-gone", 4, false)
		back := h.connect(t, last)
		names, last = back.take()
		expectEvents(t, "after four minutes", names, "hello", "interaction", "interaction-gone")
		back.close()

		time.Sleep(6 * time.Minute)
		again := h.connect(t, last)
		names, _ = again.take()
		expectEvents(t, "after six minutes", names, "hello", "resync")
		again.close()
		time.Sleep(resumeFor)
		synctest.Wait()
		if h.stopped != 2 {
			t.Errorf("%d subscriptions ended, want 2", h.stopped)
		}
	})
}

func TestAResumedStreamIsResumedOnceMoreBeforeAnythingCame(t *testing.T) {
	h := newHubWorld(t)
	synctest.Test(t, func(t *testing.T) {
		h.begin()
		first := h.connect(t, "")
		_, last := first.take()
		first.close()
		second := h.connect(t, last)
		_, last = second.take()
		second.close()
		h.feed().publish("interaction", 1, false)
		third := h.connect(t, last)
		names, _ := third.take()
		expectEvents(t, "third", names, "hello", "interaction")
		third.close()
	})
}

func TestAStreamOfAnotherProcessIsToldToResync(t *testing.T) {
	h := newHubWorld(t)
	synctest.Test(t, func(t *testing.T) {
		h.begin()
		for _, id := range []string{"SOMESTREAM-5-1", "garbled", "a-b-c", "--"} {
			r := h.connect(t, id)
			names, _ := r.take()
			expectEvents(t, id, names, "hello", "resync")
			r.close()
		}
	})
}

func TestAFeedThatWasCutOffResyncsItsStreams(t *testing.T) {
	h := newHubWorld(t)
	synctest.Test(t, func(t *testing.T) {
		h.begin()
		r := h.connect(t, "")
		r.take()
		f := h.feed()
		f.mu.Lock()
		f.ring.add(time.Now(), "interaction", []byte("1"), false) // not told: the stream might write it before it is lost
		f.mu.Unlock()
		f.restart()
		names, _ := r.take()
		expectEvents(t, "what was cut off is read anew", names, "resync")
		h.feed().publish("interaction", 2, false)
		names, _ = r.take()
		expectEvents(t, "then it goes on", names, "interaction")
		r.close()
	})
}

func TestAQuietStreamIsCommentedEvery15Seconds(t *testing.T) {
	h := newHubWorld(t)
	synctest.Test(t, func(t *testing.T) {
		h.begin()
		r := h.connect(t, "")
		time.Sleep(31 * time.Second)
		names, _ := r.take()
		expectEvents(t, "in 31 s", names, "hello", "(comment)", "(comment)")
		r.close()
	})
}

func TestSixStreamsAreTooMany(t *testing.T) {
	h := newHubWorld(t)
	synctest.Test(t, func(t *testing.T) {
		h.begin()
		var open []*reading
		var last string
		for range maxStreams {
			r := h.connect(t, "")
			_, last = r.take()
			open = append(open, r)
		}
		if _, err := h.server.hub.open(h.caller, "", ""); !errors.Is(err, errTooManyStreams) {
			t.Errorf("a sixth: %v", err)
		}
		if n := testutil.ToFloat64(h.server.hub.deps.open); n != maxStreams {
			t.Errorf("gauge says %v", n)
		}
		// A connection that the network has lost is still open here; the one
		// that resumes it takes its place.
		sixth := h.connect(t, last)
		names, _ := open[maxStreams-1].take()
		expectEvents(t, "the one that was resumed", names, "(end)")
		for _, r := range append(open, sixth) {
			r.close()
		}
	})
}

func TestDrainEndsEveryStream(t *testing.T) {
	h := newHubWorld(t)
	synctest.Test(t, func(t *testing.T) {
		h.begin()
		a, b := h.connect(t, ""), h.connect(t, "")
		h.server.hub.drain(t.Context())
		for _, r := range []*reading{a, b} {
			names, _ := r.take()
			expectEvents(t, "drained", names, "hello", "(end)")
			r.close()
		}
		if _, err := h.server.hub.open(h.caller, "", ""); !errors.Is(err, errStreamsEnding) {
			t.Errorf("opened while draining: %v", err)
		}
		if h.stopped != 1 {
			t.Errorf("%d subscriptions ended, want 1", h.stopped)
		}
	})
}

// A reader may be found to be in the agent table no more while their stream opens.
func TestAStreamThatIsToEndWhileItOpensEnds(t *testing.T) {
	h := newHubWorld(t)
	h.begin()
	subscribe, found := h.server.hub.deps.subscribe, make(chan struct{})
	h.server.hub.deps.subscribe = func(p sso.Principal, f *feed) func() {
		go func() {
			defer close(found)
			f.endStreams(true)
		}()
		for range 1000 { // it gets as far as it can
			runtime.Gosched()
		}
		return subscribe(p, f)
	}
	st, err := h.server.hub.open(h.caller, "", "")
	fatal(t, err)
	<-found
	select {
	case <-st.ended:
	default:
		t.Error("it goes on")
	}
	h.server.hub.leave(st)
	h.server.hub.drain(t.Context())
}

func TestASessionThatEndsEndsItsStreams(t *testing.T) {
	h := newHubWorld(t)
	synctest.Test(t, func(t *testing.T) {
		h.begin()
		from, to := io.Pipe()
		st, err := h.server.hub.open(h.caller, "the-secret", "")
		fatal(t, err)
		st.sessionID = "the-session"
		events := make(chan sse, 10)
		go readEvents(from, events)
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer to.Close()
			defer h.server.hub.leave(st)
			w := &pipeAnswer{ResponseRecorder: httptest.NewRecorder(), out: to}
			h.server.serveStream(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), h.caller, st)
		}()
		h.server.hub.endSession("another")
		synctest.Wait()
		h.server.hub.endSession("the-session")
		<-done
		var last sse
		for e := range events {
			last = e
		}
		var expired expiredEvent
		if err := json.Unmarshal([]byte(last.data), &expired); err != nil || last.event != "session" || !expired.Expired {
			t.Errorf("last event %+v", last)
		}
	})
}
