package realcalls

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/internal/porttest"
)

const (
	sampleRate = 8000
	speech     = 300 // seconds of a telephone's tone, which is longer than its longest call
)

// baresip is a telephone that others wrote: it says a tone and records what it hears.
type baresip struct {
	t      *testing.T
	dir    string
	hand   net.Conn
	events chan string // kinds of what happened
}

// newBaresip starts a telephone at a port, with a number and a voice.
func newBaresip(t *testing.T, port int, number string, hertz float64, more ...string) *baresip {
	t.Helper()
	b := &baresip{t: t, dir: t.TempDir(), events: make(chan string, 100)}
	hand := porttest.Free(t)
	b.write("tone.wav", tonetest.WAV(slices.Repeat(tonetest.Tone(hertz, sampleRate), speech)))
	b.write("accounts", []byte(fmt.Sprintf("<sip:%s@127.0.0.1>;regint=0;audio_codecs=PCMA;answermode=manual;%s\n", number, strings.Join(more, ";"))))
	// What it hears goes to a player that nobody listens to, and into a file.
	b.write("config", []byte(fmt.Sprintf(`poll_method epoll
sip_listen 127.0.0.1:%d
audio_source aufile,%s
audio_player aubridge,nobody
audio_alert aubridge,nobody
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module srtp.so
snd_path %s
module_app account.so
module_app menu.so
statmode_default off
module ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:%d
`, port, filepath.Join(b.dir, "tone.wav"), b.dir, hand)))
	telephone := start(t, b.dir, "baresip", "-f", b.dir)
	var dialer net.Dialer
	until(t, "a telephone that listens", func() bool {
		var err error
		b.hand, err = dialer.DialContext(context.Background(), "tcp4", fmt.Sprintf("127.0.0.1:%d", hand))
		return err == nil && strings.Contains(telephone.output.String(), "baresip is ready")
	})
	t.Cleanup(func() { _ = b.hand.Close() })
	go b.follow()
	return b
}

func (b *baresip) write(name string, content []byte) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, name), content, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// follow reads what the telephone says, in netstrings of JSON.
func (b *baresip) follow() {
	said := bufio.NewReader(b.hand)
	for {
		length, err := said.ReadString(':')
		if err != nil {
			return
		}
		n, err := strconv.Atoi(strings.TrimSuffix(length, ":"))
		if err != nil || n > 1<<20 {
			return
		}
		message := make([]byte, n+1) // and the comma
		if _, err := io.ReadFull(said, message); err != nil {
			return
		}
		var event struct{ Type string }
		if json.Unmarshal(message[:n], &event) == nil && event.Type != "" {
			b.events <- event.Type
		}
	}
}

// do presses what a hand would.
func (b *baresip) do(command, params string) {
	b.t.Helper()
	message, err := json.Marshal(map[string]string{"command": command, "params": params})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(b.hand, "%d:%s,", len(message), message); err != nil {
		b.t.Fatal(err)
	}
}

// waits waits until something has happened at the telephone, such as CALL_INCOMING.
func (b *baresip) waits(kind string) {
	b.t.Helper()
	until(b.t, kind+" at a telephone", func() bool {
		select {
		case happened := <-b.events:
			return happened == kind
		default:
			return false
		}
	})
}

// answers picks up when it rings.
func (b *baresip) answers() {
	b.t.Helper()
	b.waits("CALL_INCOMING")
	b.do("accept", "")
	b.waits("CALL_ESTABLISHED")
}

// heard is what the newest call has recorded so far.
func (b *baresip) heard() []int16 {
	b.t.Helper()
	names, err := filepath.Glob(filepath.Join(b.dir, "dump-*-dec.wav"))
	if err != nil {
		b.t.Fatal(err)
	}
	if len(names) == 0 {
		return nil
	}
	content, err := os.ReadFile(names[len(names)-1]) // their names are times
	if err != nil {
		b.t.Fatal(err)
	}
	const header = 44
	if len(content) < header {
		return nil
	}
	samples := make([]int16, (len(content)-header)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(content[header+2*i:])) // two's complement
	}
	return samples
}
