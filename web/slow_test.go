package web

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// listening is a listener of this machine and a connection to it, which nobody has
// accepted yet.
func listening(t *testing.T) (net.Listener, net.Conn) {
	t.Helper()
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	fatal(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	var dial net.Dialer
	conn, err := dial.DialContext(t.Context(), "tcp", listener.Addr().String())
	fatal(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	fatal(t, conn.SetDeadline(time.Now().Add(patience)))
	return listener, conn
}

// serve runs the handler as the command does until the test ends.
func serve(t *testing.T, listener net.Listener, cfg Config, handler http.Handler) {
	t.Helper()
	server := cfg.PublicServer(handler, nil)
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
}

// cutOff sends the text, before the time for it begins, and nothing more, and gives
// what comes back until the connection is closed.
func cutOff(t *testing.T, s *Server, text string) string {
	t.Helper()
	listener, conn := listening(t)
	_, err := io.WriteString(conn, text)
	fatal(t, err)
	serve(t, listener, s.cfg, s.Handler())
	return readAll(t, conn)
}

func readAll(t *testing.T, conn net.Conn) string {
	t.Helper()
	back, err := io.ReadAll(conn)
	if err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("still open: %v", err)
	}
	return string(back)
}

// soon is over quickly, and long for what has come already.
const soon = 500 * time.Millisecond

func TestSlowClientsLoseTheirConnection(t *testing.T) {
	w := newWorld(t, func(c *Config, _ *world) { c.ReadTimeout = soon })
	token := w.token(home, anja)
	head := "POST /api/v1/dial-number/check HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer " + token + "\r\n"
	for _, c := range []struct{ name, text, status string }{
		{"nothing at all", "", ""},
		{"half a header", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", ""},
		{"half a body", head + "Content-Length: 100\r\n\r\n{\"input\":", "400"},
		{"half a body in chunks", head + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"inp", "400"},
		{"half a body that nobody reads", "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx", "200"},
		{"a little of a long body that nobody reads", "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\nx", "200"},
		{"half a body to an address that leads nowhere", "POST /api/v1/nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx", "404"},
		{"half a body in chunks to such an address", "POST /api/v1/nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx", "404"},
		{"half a body by a method that there is not", "PUT /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx", "405"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			back := cutOff(t, w.server, c.text)
			if !strings.Contains(strings.SplitN(back, "\r\n", 2)[0], c.status) {
				t.Errorf("answered %q", back)
			}
		})
	}
}

func TestASlowClientBeyondItsLimitLosesItsConnectionToo(t *testing.T) {
	w := newWorld(t, func(c *Config, _ *world) {
		c.ReadTimeout = soon
		c.Limits.PerAddress = RateConfig{Rate: 0.001, Burst: 1}
	})
	half := "POST /auth/logout HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx"
	for _, status := range []string{"204", "429"} {
		if back := cutOff(t, w.server, half); !strings.Contains(strings.SplitN(back, "\r\n", 2)[0], status) {
			t.Errorf("answered %q, want %s", back, status)
		}
	}
}

// A body that is longer than the network holds arrives only where it is read.
func TestWhoSendsEverythingBeforeReadingLearnsWhyItWasRefused(t *testing.T) {
	w := newWorld(t, func(c *Config, _ *world) { c.ReadTimeout = patience })
	head := "POST /api/v1/dial-number/check HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	signedIn := head + "Authorization: Bearer " + w.token(home, anja) + "\r\n"
	body := strings.Repeat(" ", 12<<20)
	whole := fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
	for _, c := range []struct {
		name, text string
		status     int
	}{
		{"a body that is too large", signedIn + whole, 413},
		{"one in a single chunk, of nobody", head + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body), 401},
		{"one of nobody", head + whole, 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			listener, conn := listening(t)
			serve(t, listener, w.server.cfg, w.server.Handler())
			_, err := io.WriteString(conn, c.text)
			fatal(t, err)
			if back := readAll(t, conn); !strings.HasPrefix(back, fmt.Sprintf("HTTP/1.1 %d ", c.status)) {
				t.Errorf("%.300s", back)
			}
		})
	}
}

func TestWhoSendsNoMoreHasTheWholeAnswerAtOnce(t *testing.T) {
	w := newWorld(t, func(c *Config, _ *world) { c.ReadTimeout = 2 * patience })
	listener, conn := listening(t)
	serve(t, listener, w.server.cfg, w.server.Handler())
	_, err := io.WriteString(conn, "POST /api/v1/dial-number/check HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\nx")
	fatal(t, err)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	fatal(t, err)
	defer answer.Body.Close()
	if content, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("%v, %s, %v", answer.StatusCode, content, err)
	}
}

func TestHeadersAreLimited(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name   string
		length int
		status int
	}{{"24 KiB", 24 << 10, 200}, {"64 KiB", 64 << 10, 431}} {
		t.Run(c.name, func(t *testing.T) {
			listener, conn := listening(t)
			serve(t, listener, w.server.cfg, w.server.Handler())
			text := "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Much: " + strings.Repeat("a", c.length) + "\r\n\r\n"
			sent := make(chan struct{})
			go func() {
				defer close(sent)
				_, _ = io.WriteString(conn, text) // as far as it is wanted
			}()
			if back := readAll(t, conn); !strings.HasPrefix(back, fmt.Sprintf("HTTP/1.1 %d ", c.status)) {
				t.Errorf("%q", back)
			}
			<-sent
		})
	}
}

// pipeListener gives one connection.
type pipeListener struct {
	conns chan net.Conn
	once  sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	if conn, open := <-l.conns; open {
		return conn, nil
	}
	return nil, net.ErrClosed
}
func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.conns) }); return nil }
func (l *pipeListener) Addr() net.Addr { return fakeAddr("pipe") }

func TestARequestThatWaitsOutlivesTheTimeForItsBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := Config{}.withDefaults()
		s := &Server{cfg: cfg, now: time.Now}
		waits := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadAll(r.Body)
			late := time.NewTimer(4 * cfg.ReadTimeout)
			defer late.Stop()
			select {
			case <-r.Context().Done():
				t.Errorf("was told %v while it waited", r.Context().Err())
			case <-late.C:
			}
		})
		limits := "POST " + apiBase + "/admin/organization/check" // a minute for the answer
		bounded := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.bounded(w, r, limits, waits) })
		listener := &pipeListener{conns: make(chan net.Conn, 1)}
		conn, there := net.Pipe()
		listener.conns <- there
		serve(t, listener, cfg, s.inTime(bounded))
		_, err := fmt.Fprint(conn, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
		fatal(t, err)
		if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "200") {
			t.Errorf("%q, %v", line, err)
		}
		fatal(t, conn.Close())
	})
}
