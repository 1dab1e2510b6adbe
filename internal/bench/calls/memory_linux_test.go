package calls

import (
	"flag"
	"testing"
	"time"
)

// many is how many calls BenchmarkMemory lets come and go.
var many = flag.Int("calls", 10_000, "calls of BenchmarkMemory")

const (
	held = 1000 // for less than the 10 s after which a silent telephone is asked whether it is there
	// linger is longer than transactions stay after their end (64*T1).
	linger = 35 * time.Second
)

// BenchmarkMemory reports what a call that is up holds, and what is left of many
// that were: right after the last, and when their transactions are over.
func BenchmarkMemory(b *testing.B) {
	needs(b, "sipp")
	s := newService(b, telephones(b, false), timerSlack)
	for b.Loop() {
		customer{rate: 200, calls: 400}.call(b, s.addr) // what is made once is not a call's
		<-time.After(linger)
		before := s.heap(b)

		cmd, _ := customer{rate: 200, calls: held, talk: 9 * time.Second}.command(b, s.addr)
		fatal(b, cmd.Start())
		<-time.After(held/200*time.Second + 2*time.Second)
		b.ReportMetric(float64(s.heap(b)-before)/held, "B/call")
		fatal(b, cmd.Wait())

		l := carried(b, s.addr)
		b.ReportMetric(float64(l.refused), "refused")
		b.ReportMetric(float64(l.failed), "failed")
		b.ReportMetric(float64(memory(b, s.pids)), "B_peak")
		b.ReportMetric(float64(s.heap(b)-before), "B_after")
		<-time.After(linger)
		b.ReportMetric(float64(s.heap(b)-before), "B_left")
		b.ReportMetric(float64(memory(b, s.pids)), "B_resident")
	}
}

// carried lets so many customers call that the wanted number of calls is carried.
// Where calls are refused the machine is too small for the rate, and the next
// portion comes more slowly.
func carried(b *testing.B, system string) (sum load) {
	b.Helper()
	const portion = 5000
	rate := 400
	for left := *many; left > 0; {
		l := customer{rate: rate, calls: min(left, portion)}.call(b, system)
		left -= l.calls - l.refused
		sum.refused += l.refused
		sum.failed += l.failed
		if l.refused > 0 {
			rate = max(rate*3/4, 50)
			b.Logf("%d of %d calls were refused: on to %d calls/s", l.refused, l.calls, rate)
		}
	}
	return sum
}
