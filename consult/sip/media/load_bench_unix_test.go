//go:build unix

package media

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"teamsbridge/consult/sip/media/tonetest"
	"teamsbridge/consult/sip/sdp"
)

// farEnds in the environment makes the test binary the far ends of a benchmark:
// so many of them, in a process of their own, whose cost is not ours.
const farEnds = "MEDIA_BENCH_FAR_ENDS"

func TestMain(m *testing.M) {
	if count := os.Getenv(farEnds); count != "" {
		var n int
		if _, err := fmt.Sscan(count, &n); err != nil {
			panic(err)
		}
		actAsFarEnds(n)
		return
	}
	os.Exit(tonetest.Main(m))
}

// farEnd sends a packet every 20 ms and does not listen.
type farEnd struct {
	socket *net.UDPConn
	to     netip.AddrPort
	header rtp.Header
	seal   *srtp.Context
}

// actAsFarEnds prints the ports, reads for each where to send and the key, and
// sends until its input ends: a twentieth of them each millisecond.
func actAsFarEnds(n int) {
	ends := make([]*farEnd, n)
	for i := range ends {
		socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			panic(err)
		}
		ends[i] = &farEnd{socket: socket, header: rtp.Header{Version: 2, PayloadType: 8, SSRC: uint32(i)}}
		fmt.Println(socket.LocalAddr())
	}
	input := bufio.NewScanner(os.Stdin)
	for _, end := range ends {
		input.Scan()
		to, key, _ := strings.Cut(input.Text(), " ")
		end.to = netip.MustParseAddrPort(to)
		if raw, err := hex.DecodeString(key); err == nil && len(raw) > 0 {
			end.seal, _, _ = contexts(sdp.Keying{Key: sdp.Key(raw)})
		}
	}
	over := make(chan struct{})
	go func() {
		input.Scan()
		close(over)
	}()
	ticker := time.NewTicker(time.Millisecond)
	began, sent := time.Now(), 0
	for {
		select {
		case <-over:
			return
		case <-ticker.C:
			for due := int(time.Since(began)*time.Duration(n)/frame) - sent; due > 0; due-- {
				ends[sent%n].send()
				sent++
			}
		}
	}
}

func (f *farEnd) send() {
	f.header.SequenceNumber++
	f.header.Timestamp += frameSamples
	packet, err := (&rtp.Packet{Header: f.header, Payload: make([]byte, frameSamples)}).Marshal()
	if err != nil {
		panic(err)
	}
	if f.seal != nil {
		if packet, err = f.seal.EncryptRTP(nil, packet, nil); err != nil {
			panic(err)
		}
	}
	if _, err := f.socket.WriteToUDPAddrPort(packet, f.to); err != nil {
		panic(err)
	}
}

// BenchmarkStreams carries calls of two parties over loopback, each of whom sends
// 50 packets a second, and reports how much processor time a second of a call takes:
// 10 ms are one percent of a core.
func BenchmarkStreams(b *testing.B) {
	for _, calls := range []int{100, 300} {
		for _, encrypted := range []bool{false, true} {
			b.Run(fmt.Sprintf("calls=%d/encrypted=%v", calls, encrypted), func(b *testing.B) {
				for b.Loop() {
					carry(b, calls, encrypted)
				}
			})
		}
	}
}

const carryFor = 3 * time.Second

func carry(b *testing.B, calls int, encrypted bool) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprint(farEnds, "=", 2*calls))
	input, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	e := benchEngine(b)
	var streams []*Stream
	ports := bufio.NewScanner(output)
	for range 2 * calls {
		ports.Scan()
		s, err := e.Open()
		if err != nil {
			b.Fatal(err)
		}
		n := sdp.Negotiated{
			Remote: netip.MustParseAddrPort(ports.Text()), RemoteRTCP: netip.MustParseAddrPort("127.0.0.1:9"),
			Codec: sdp.PCMA, SendPayload: 8, Formats: []sdp.Format{{Payload: 8, Codec: sdp.PCMA}},
		}
		key := ""
		if encrypted {
			n.SendKeying, n.ReceiveKeying = sdp.Keying{Key: sdp.NewKey()}, sdp.Keying{Key: sdp.NewKey()}
			key = hex.EncodeToString(n.ReceiveKeying.Key[:])
		}
		if err := s.Connect(n); err != nil {
			b.Fatal(err)
		}
		if streams = append(streams, s); len(streams)%2 == 0 {
			if err := e.NewRoom().Arrange(Picture{Talk: [][]*Stream{streams[len(streams)-2:]}}); err != nil {
				b.Fatal(err)
			}
		}
		fmt.Fprintln(input, s.LocalAddr(), key)
	}
	<-time.After(500 * time.Millisecond)
	sent, used, began := total(streams), processorTime(b), time.Now()
	<-time.After(carryFor)
	used, sent = processorTime(b)-used, total(streams)-sent
	took := time.Since(began)
	b.ReportMetric(float64(used.Nanoseconds())/took.Seconds()/float64(calls), "cpu_ns/call_s")
	b.ReportMetric(float64(sent)/took.Seconds()/float64(calls), "packets/s/call")
	b.ReportMetric(float64(used.Nanoseconds())/float64(sent), "ns/packet")
	input.Close()
	if err := cmd.Wait(); err != nil {
		b.Error(err)
	}
	e.Close()
}

func total(streams []*Stream) (sent uint64) {
	for _, s := range streams {
		sent += s.Stats().Sent
	}
	return sent
}

func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
