package calls

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// load is what sipp saw of a run.
type load struct {
	calls, refused, failed int           // refused: told at once, by 503, to come back later; failed: any other that was not carried
	again                  int           // messages sent anew
	p50, p99               time.Duration // from INVITE to 200
}

const host = "127.0.0.1"

// freePort is a UDP port that nobody has now.
func freePort(tb testing.TB) int {
	tb.Helper()
	conn, err := net.ListenPacket("udp4", host+":0")
	fatal(tb, err)
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).Port
}

func hostPort(addr string) (at string, port int, err error) {
	at, text, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, err
	}
	port, err = strconv.Atoi(text)
	return at, port, err
}

// telephones plays the agents: every call is taken at once, and what is heard is
// sent back if echo is wanted. It returns its address.
func telephones(tb testing.TB, echo bool) string {
	tb.Helper()
	port := freePort(tb)
	arguments := []string{
		"-sf", script(tb, "agent.xml"), "-i", host, "-p", strconv.Itoa(port), "-mp", strconv.Itoa(freePort(tb)), "-nostdin", "-buff_size", "4194304",
	}
	if echo {
		arguments = append(arguments, "-rtp_echo")
	}
	start(tb, exec.Command("sipp", arguments...))
	return fmt.Sprint(host, ":", port)
}

// customer is how customers call.
type customer struct {
	rate, calls int
	talk        time.Duration // a second if 0
	audio       bool          // they send some; the agents send it back
}

// call lets them call until the last has hung up.
func (c customer) call(tb testing.TB, system string) load {
	tb.Helper()
	cmd, said := c.command(tb, system)
	var failed *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &failed) { // it ends with 1 when a call failed
		tb.Fatal(err)
	}
	last := statistics(tb, cmd.Dir)
	if len(last) == 0 {
		tb.Fatalf("sipp: %s", said.Bytes())
	}
	l := load{calls: c.calls, refused: last["refused(C)"], failed: c.calls - last["SuccessfulCall(C)"], again: last["Retransmissions(C)"]}
	l.p50, l.p99 = setUpTimes(tb, cmd.Dir)
	return l
}

// command is sipp, in a folder of its own; it says there what is wrong.
func (c customer) command(tb testing.TB, system string) (*exec.Cmd, *bytes.Buffer) {
	tb.Helper()
	folder := tb.TempDir()
	var numbers strings.Builder
	numbers.WriteString("SEQUENTIAL\n")
	for i := range desks {
		fmt.Fprintf(&numbers, "%d\n", firstDesk+i)
	}
	fatal(tb, os.WriteFile(filepath.Join(folder, "numbers.csv"), []byte(numbers.String()), 0o600))
	scenario := "customer.xml"
	if c.audio {
		scenario = "audio.xml"
		fatal(tb, os.WriteFile(filepath.Join(folder, "audio.alaw"), bytes.Repeat([]byte{0xd5}, 8000), 0o600))
	}
	cmd := exec.Command("sipp", system, "-sf", script(tb, scenario), "-inf", "numbers.csv", "-i", host, "-p", strconv.Itoa(freePort(tb)),
		"-r", strconv.Itoa(c.rate), "-m", strconv.Itoa(c.calls), "-d", strconv.Itoa(int(cmp.Or(c.talk, time.Second).Milliseconds())),
		"-l", strconv.Itoa(max(c.calls, 20*c.rate)), "-nostdin", "-buff_size", "4194304",
		"-trace_rtt", "-rtt_freq", "1", "-trace_stat", "-fd", "1", "-recv_timeout", "32000") // as long as SIP itself waits (timer B)
	cmd.Dir = folder
	said := new(bytes.Buffer)
	cmd.Stderr = said
	return cmd, said
}

// statistics reads the last line of a file that -trace_stat wrote, by column.
func statistics(tb testing.TB, folder string) map[string]int {
	tb.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*_.csv"))
	fatal(tb, err)
	last := map[string]int{}
	for _, name := range names {
		rows := table(tb, name)
		if len(rows) < 2 {
			continue
		}
		for i, column := range rows[0] {
			if n, err := strconv.Atoi(rows[len(rows)-1][min(i, len(rows[len(rows)-1])-1)]); err == nil {
				last[column] = n
			}
		}
	}
	return last
}

// clock is how often sipp looks at it: less cannot be measured.
const clock = 4 * time.Millisecond

// setUpTimes reads what -trace_rtt wrote: a line a call, the time in ms second.
func setUpTimes(tb testing.TB, folder string) (p50, p99 time.Duration) {
	tb.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*_rtt.csv"))
	fatal(tb, err)
	var times []time.Duration
	for _, name := range names {
		for _, row := range table(tb, name)[1:] {
			if ms, err := strconv.ParseFloat(row[1], 64); err == nil {
				times = append(times, max(clock, time.Duration(ms*float64(time.Millisecond))))
			}
		}
	}
	if len(times) == 0 {
		return 0, 0
	}
	slices.Sort(times)
	return times[len(times)/2], times[len(times)*99/100]
}

func table(tb testing.TB, name string) [][]string {
	tb.Helper()
	f, err := os.Open(name)
	fatal(tb, err)
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord = ';', -1
	rows, err := r.ReadAll()
	fatal(tb, err)
	return rows
}

// start runs a program until the benchmark ends.
func start(tb testing.TB, cmd *exec.Cmd) *os.Process {
	tb.Helper()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.Discard, &said
	cmd.Dir = tb.TempDir()
	cmd.WaitDelay = time.Second
	fatal(tb, cmd.Start())
	tb.Cleanup(func() { stop(cmd) })
	return cmd.Process
}

// stop ends a program that start began; one that does not end in time is killed.
func stop(cmd *exec.Cmd) {
	_ = cmd.Process.Signal(os.Interrupt)
	limit := time.AfterFunc(5*time.Second, func() { _ = cmd.Process.Kill() })
	defer limit.Stop()
	_ = cmd.Wait() // how it ends after that is its own affair
}

func script(tb testing.TB, name string) string {
	tb.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	fatal(tb, err)
	return path
}

func fatal(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
