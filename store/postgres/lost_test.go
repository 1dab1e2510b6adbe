package postgres_test

import (
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
	// Asked before what a client sends, and before what the server answers, is
	// passed on. True cuts the connection there. Once, then forgotten.
	request, answer atomic.Pointer[func() bool]
}

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
			go pass(client, server, &w.request)
			go pass(server, client, &w.answer)
		}
	}()
	return w, "host=" + dir + " " + rest
}

func pass(from, to net.Conn, cut *atomic.Pointer[func() bool]) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if ask := cut.Swap(nil); ask != nil && (*ask)() {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func cutNow() bool { return true }

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
			if err := s.Append(t.Context(), step("i-1", 1)); err != nil { // prepares the statement
				t.Fatal(err)
			}
			cut := cutNow
			w.answer.Store(&cut)
			if err := s.Append(t.Context(), c.step(2)); err != nil {
				t.Fatalf("Append: %v", err)
			}
			if w.answer.Load() != nil {
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
			cut := func() bool {
				if err := other.Append(t.Context(), c.rival); err != nil {
					t.Errorf("rival: %v", err)
				}
				return true
			}
			w.request.Store(&cut)
			if err := s.Append(t.Context(), claimed("i-1", 2, "k")); !errors.Is(err, c.want) {
				t.Errorf("Append: %v, want %v", err, c.want)
			}
			if err := s.Append(t.Context(), claimed(c.rival.Interaction, c.rival.Version+1, "free")); err != nil {
				t.Errorf("Append after it: %v", err)
			}
		})
	}
}
