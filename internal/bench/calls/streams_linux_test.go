package calls

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkStreams carries calls whose customers send audio and whose agents send
// it back, each system in its turn, and reports the processor time that a
// second of such a call takes: 10 ms are one percent of a core.
func BenchmarkStreams(b *testing.B) {
	needs(b, "sipp")
	for _, calls := range []int{100, 300} {
		for _, s := range systems {
			b.Run(fmt.Sprintf("calls=%d/%s", calls, s.name), func(b *testing.B) {
				needs(b, s.needs...)
				under := s.start(b, telephones(b, true))
				for b.Loop() {
					carry(b, under, calls)
				}
			})
		}
	}
}

const (
	dialRate = 100
	carryFor = 5 * time.Second
)

// carry measures while every call is up: neither one that begins nor one that ends is in it.
func carry(b *testing.B, under system, calls int) {
	b.Helper()
	ramp := time.Duration(calls) * time.Second / dialRate
	cmd, said := customer{rate: dialRate, calls: calls, talk: ramp + carryFor + 2*time.Second, audio: true}.command(b, under.addr)
	fatal(b, cmd.Start())
	<-time.After(ramp + time.Second)
	used, began := processorTime(b, under.pids), time.Now()
	<-time.After(carryFor)
	used = processorTime(b, under.pids) - used
	took := time.Since(began)
	if err := cmd.Wait(); err != nil {
		b.Errorf("sipp: %v %s", err, said.Bytes())
	}
	b.ReportMetric(float64(used)/took.Seconds()/float64(calls), "cpu_ns/call_s")
}
