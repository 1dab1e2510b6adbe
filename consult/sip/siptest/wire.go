package siptest

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/emiago/sipgo/sip"

	"teamsbridge/consult/sip/ua"
)

// Wire is a SIP peer without rules: it sends what a test writes, true or not, and
// shows what arrives. What arrives twice is shown once; [Wire.Again] counts.
type Wire struct {
	t         testing.TB
	transport ua.Transport
	address   net.Addr
	packets   net.PacketConn // of UDP
	arrived   chan sip.Message
	closed    chan struct{} // closed when a connection that was dialled is over
	hangUp    func() error  // closes it

	mu    sync.Mutex
	write func([]byte) error
	seen  map[string]int // messages by their first line, branch and number
	more  chan struct{}  // closed and made anew when something arrives again
	auto  map[sip.RequestMethod]int
}

// Listen makes a wire that others send to. Over TCP and TLS it speaks with
// whoever connected last.
func Listen(t testing.TB, transport ua.Transport, secure *tls.Config) *Wire {
	t.Helper()
	w := newWire(t, transport)
	var config net.ListenConfig
	if transport == ua.UDP {
		conn, err := config.ListenPacket(t.Context(), "udp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		w.address, w.packets = conn.LocalAddr(), conn
		w.serve(t, conn.Close, func() { w.readPackets(conn) })
		return w
	}
	listener, err := config.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.address = listener.Addr()
	if transport == ua.TLS {
		listener = tls.NewListener(listener, secure)
	}
	w.serve(t, listener.Close, func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			w.serve(t, conn.Close, func() { w.readStream(conn) })
		}
	})
	return w
}

// Dial makes a wire to an address; over TLS with a configuration whose
// certificate, if any, is shown.
func Dial(t testing.TB, transport ua.Transport, address string, secure *tls.Config) (*Wire, error) {
	t.Helper()
	if transport == ua.UDP {
		w := Listen(t, transport, nil)
		return w, w.To(address)
	}
	w := newWire(t, transport)
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp4", address)
	if err != nil {
		return nil, err
	}
	if transport == ua.TLS {
		over := tls.Client(conn, secure)
		if err := over.HandshakeContext(t.Context()); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		conn = over
	}
	w.address = conn.LocalAddr()
	w.closed, w.hangUp = make(chan struct{}), conn.Close
	w.write = func(data []byte) error { _, err := conn.Write(data); return err }
	w.serve(t, conn.Close, func() {
		defer close(w.closed)
		w.readStream(conn)
	})
	return w, nil
}

func newWire(t testing.TB, transport ua.Transport) *Wire {
	return &Wire{
		t: t, transport: transport, arrived: make(chan sip.Message, 256), seen: map[string]int{}, more: make(chan struct{}),
		auto:  map[sip.RequestMethod]int{},
		write: func([]byte) error { return errors.New("siptest: nobody has sent anything yet") },
	}
}

// serve reads until the test ends.
func (w *Wire) serve(t testing.TB, stop func() error, read func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		read()
	}()
	context.AfterFunc(t.Context(), func() { _ = stop() })
	t.Cleanup(func() {
		_ = stop()
		<-done
	})
}

// To makes a wire over UDP send to an address, before anything came from there.
func (w *Wire) To(address string) error {
	to, err := net.ResolveUDPAddr("udp4", address)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.write = func(data []byte) error { _, err := w.packets.WriteTo(data, to); return err }
	return nil
}

// Peer is where the wire is called.
func (w *Wire) Peer() ua.Peer { return PeerAt(w.address.String(), w.transport) }

// Addr is the wire's host:port.
func (w *Wire) Addr() string { return w.address.String() }

func (w *Wire) readPackets(conn net.PacketConn) {
	buf := make([]byte, 1<<16)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return
		}
		w.mu.Lock()
		w.write = func(data []byte) error { _, err := conn.WriteTo(data, from); return err }
		w.mu.Unlock()
		w.parse(buf[:n])
	}
}

func (w *Wire) readStream(conn net.Conn) {
	w.mu.Lock()
	w.write = func(data []byte) error { _, err := conn.Write(data); return err }
	w.mu.Unlock()
	stream := sip.NewParser().NewSIPStream()
	buf := make([]byte, 1<<16)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		if err := stream.ParseSIPStream(bytes.Clone(buf[:n]), w.take); err != nil && !errors.Is(err, sip.ErrParseSipPartial) {
			w.t.Errorf("what came cannot be read: %v", err)
			return
		}
	}
}

func (w *Wire) parse(data []byte) {
	m, err := sip.ParseMessage(bytes.Clone(data))
	if err != nil {
		w.t.Errorf("what came cannot be read: %v\n%s", err, data)
		return
	}
	w.take(m)
}

// take shows a message that did not come before.
func (w *Wire) take(m sip.Message) {
	key := firstLine(m)
	if via := m.Via(); via != nil {
		key += " " + via.Params.GetOr("branch", "")
	}
	if cseq := m.CSeq(); cseq != nil {
		key += " " + cseq.Value()
	}
	if to := m.To(); to != nil {
		key += " " + to.Params.GetOr("tag", "")
	}
	if w.answers(m) {
		return
	}
	w.mu.Lock()
	w.seen[key]++
	again := w.seen[key] > 1
	if again {
		close(w.more)
		w.more = make(chan struct{})
	}
	w.mu.Unlock()
	if again {
		return
	}
	select {
	case w.arrived <- m:
	case <-w.t.Context().Done(): // nobody reads any more
	}
}

// Answers lets every request of a method be answered with a status from now on,
// and not be shown.
func (w *Wire) Answers(method sip.RequestMethod, status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.auto[method] = status
}

func (w *Wire) answers(m sip.Message) bool {
	req, ok := m.(*sip.Request)
	if !ok {
		return false
	}
	w.mu.Lock()
	status := w.auto[req.Method]
	w.mu.Unlock()
	if status != 0 {
		w.Answer(req, status, "auto", "")
	}
	return status != 0
}

func firstLine(m sip.Message) string {
	line, _, _ := strings.Cut(m.String(), "\r\n")
	return line
}

// Again waits until some message has arrived a second time.
func (w *Wire) Again() {
	w.t.Helper()
	w.mu.Lock()
	more := w.more
	for _, n := range w.seen {
		if n > 1 {
			w.mu.Unlock()
			return
		}
	}
	w.mu.Unlock()
	Wait(w.t, "repetition", more)
}

// Send writes bytes as they are.
func (w *Wire) Send(text string) {
	w.t.Helper()
	w.mu.Lock()
	write := w.write
	w.mu.Unlock()
	if err := write([]byte(text)); err != nil && w.t.Context().Err() == nil { // after the test nobody listens
		w.t.Errorf("send: %v", err)
	}
}

// Next waits for the next message, whatever it is.
func (w *Wire) Next() sip.Message {
	w.t.Helper()
	return Wait(w.t, "message", w.arrived)
}

// Request waits for the next request of a method. Others before it are passed over.
func (w *Wire) Request(method sip.RequestMethod) *sip.Request {
	w.t.Helper()
	for {
		if req, ok := Wait(w.t, string(method), w.arrived).(*sip.Request); ok && req.Method == method {
			return req
		}
	}
}

// Response waits for the next final answer to a method, or the next one of a
// status where that is not 0.
func (w *Wire) Response(method sip.RequestMethod, status int) *sip.Response {
	w.t.Helper()
	what := fmt.Sprintf("answer to %s", method)
	if status != 0 {
		what = fmt.Sprintf("%d to %s", status, method)
	}
	for {
		res, ok := Wait(w.t, what, w.arrived).(*sip.Response)
		if !ok || res.CSeq().MethodName != method {
			continue
		}
		if res.StatusCode == status || status == 0 && !res.IsProvisional() {
			return res
		}
		if !res.IsProvisional() {
			w.t.Fatalf("%s %q, want %d", method, firstLine(res), status)
		}
	}
}

// Quiet fails the test if a request of a method has arrived that nobody waited for.
func (w *Wire) Quiet(method sip.RequestMethod) {
	w.t.Helper()
	for {
		select {
		case m := <-w.arrived:
			if req, ok := m.(*sip.Request); ok && req.Method == method {
				w.t.Errorf("%s came", method)
			}
		default:
			return
		}
	}
}

// Answer writes an answer to a request: the headers that an answer repeats, lines
// of the test's own, and a body of SDP where there is one.
func (w *Wire) Answer(req *sip.Request, status int, toTag, body string, lines ...string) {
	w.t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %d Whatever\r\n", status)
	for _, name := range []string{"Via", "Record-Route", "From"} {
		for _, h := range req.GetHeaders(name) {
			fmt.Fprintf(&b, "%s: %s\r\n", name, h.Value())
		}
	}
	to := req.To().Value()
	if toTag != "" && !req.To().Params.Has("tag") {
		to += ";tag=" + toTag
	}
	fmt.Fprintf(&b, "To: %s\r\nCall-ID: %s\r\nCSeq: %s\r\n", to, req.CallID().Value(), req.CSeq().Value())
	w.Send(b.String() + rest(body, lines))
}

func rest(body string, lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(line + "\r\n")
	}
	if body != "" {
		b.WriteString("Content-Type: application/sdp\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return b.String()
}

// Closed is closed when the connection that was dialled is over.
func (w *Wire) Closed() <-chan struct{} { return w.closed }

// Disconnect closes the connection that was dialled.
func (w *Wire) Disconnect() {
	w.t.Helper()
	if err := w.hangUp(); err != nil {
		w.t.Error(err)
	}
	<-w.closed
}

// Contact is a line that names the wire.
func (w *Wire) Contact() string {
	return fmt.Sprintf("Contact: <sip:wire@%s;transport=%s>", w.Addr(), w.transport)
}
