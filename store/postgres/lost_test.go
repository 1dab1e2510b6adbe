package postgres_test

import (
	"bytes"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/store/postgres"
	"teamsbridge/store/postgres/pgtest"
)

// wire is a way to the server that can be cut.
type wire struct {
	server string
	cut    atomic.Pointer[cut] // once, then forgotten
}

// cut is where a connection ends.
type cut struct {
	words  string // of the request that it is about
	answer bool   // the request arrives and its answer is lost; else it is lost itself
	before func() // may be nil
}

// lose cuts the connection at the next request with these words, or at its answer.
func (w *wire) lose(c cut) { w.cut.Store(&c) }

// newWire gives a wire to the server of a dsn and the dsn that goes over it.
func newWire(t *testing.T, dsn string) (w *wire, over string) {
	t.Helper()
	host, rest, _ := strings.Cut(strings.TrimPrefix(dsn, "host="), " ")
	const socket = ".s.PGSQL.5432"
	dir, err := os.MkdirTemp("", "wire-") // short: a socket's path has room for 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	w = &wire{server: filepath.Join(host, socket)}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", filepath.Join(dir, socket))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := (&net.Dialer{}).DialContext(t.Context(), "unix", w.server)
			if err != nil {
				_ = client.Close()
				continue
			}
			var lost atomic.Bool // what the server says from now on
			go pass(client, server, func(request []byte) bool { return w.passes(request, &lost) })
			go pass(server, client, func([]byte) bool { return !lost.Load() })
		}
	}()
	return w, "host=" + dir + " " + rest
}

func (w *wire) passes(request []byte, answer *atomic.Bool) bool {
	c := w.cut.Load()
	if c == nil || !bytes.Contains(request, []byte(c.words)) || !w.cut.CompareAndSwap(c, nil) {
		return true
	}
	if c.before != nil {
		c.before()
	}
	answer.Store(true)
	return c.answer
}

func pass(from, to net.Conn, passes func([]byte) bool) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil || !passes(buffer[:n]) {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func claimed(id consult.InteractionID, version uint64, key string) consult.Record {
	r := step(id, version)
	r.Claim = &consult.Claim{Scope: "anja", Key: key, BodyHash: "h", At: day}
	return r
}

func TestAStepWhoseAnswerGotLostIsWrittenOnce(t *testing.T) {
	for _, c := range []struct {
		name string
		step func(version uint64) consult.Record
	}{
		{"without a key", func(version uint64) consult.Record { return step("i-1", version) }},
		{"with a key, which is its own", func(version uint64) consult.Record { return claimed("i-1", version, "k") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, dsn := newWire(t, pgtest.Schema(t))
			s := openWith(t, dsn, postgres.Options{Connections: 1})
			if err := s.Append(t.Context(), step("i-1", 1)); err != nil {
				t.Fatal(err)
			}
			w.lose(cut{words: `{"input":2}`, answer: true})
			if err := s.Append(t.Context(), c.step(2)); err != nil {
				t.Fatalf("Append: %v", err)
			}
			if w.cut.Load() != nil {
				t.Fatal("the answer was never cut")
			}
			if inputs, err := s.Inputs(t.Context(), "t", "i-1"); err != nil || len(inputs) != 2 {
				t.Errorf("%d steps, %v; want 2", len(inputs), err)
			}
		})
	}
}

func TestAStepThatGotLostOnItsWayYieldsToAnotherOne(t *testing.T) {
	for _, c := range []struct {
		name  string
		rival consult.Record
		want  error
	}{
		{"another step came first", func() consult.Record { r := step("i-1", 2); r.Input = []byte(`{"rival":true}`); return r }(), consult.ErrVersion},
		{"another step took the key", claimed("i-2", 1, "k"), consult.ErrKeyTaken},
	} {
		t.Run(c.name, func(t *testing.T) {
			direct := pgtest.Schema(t)
			w, dsn := newWire(t, direct)
			s := openWith(t, dsn, postgres.Options{Connections: 1})
			if err := s.Append(t.Context(), step("i-1", 1)); err != nil {
				t.Fatal(err)
			}
			other := open(t, direct)
			w.lose(cut{words: `{"input":2}`, before: func() {
				if err := other.Append(t.Context(), c.rival); err != nil {
					t.Errorf("rival: %v", err)
				}
			}})
			if err := s.Append(t.Context(), claimed("i-1", 2, "k")); !errors.Is(err, c.want) {
				t.Errorf("Append: %v, want %v", err, c.want)
			}
			if err := s.Append(t.Context(), claimed(c.rival.Interaction, c.rival.Version+1, "free")); err != nil {
				t.Errorf("Append after it: %v", err)
			}
		})
	}
}
