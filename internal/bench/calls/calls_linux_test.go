package calls

import (
	"fmt"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// seconds is how long customers call in a run.
const seconds = 6

// candidate is a system that a benchmark starts.
type candidate struct {
	name  string
	needs []string // programs
	start func(tb testing.TB, agents string) system
}

// withoutUnit is the product as a shell starts it, not its unit of systemd.
var withoutUnit = candidate{"without-unit", nil, func(tb testing.TB, agents string) system { return newService(tb, agents, usualSlack).system }}

// allModules is Asterisk as its package configures it.
var allModules = candidate{"asterisk-as-installed", nil, asteriskAsInstalled}

// systems are the product and its rivals.
var systems = []candidate{
	{"teamsbridge", nil, func(tb testing.TB, agents string) system { return newService(tb, agents, timerSlack).system }},
	{"kamailio", []string{"kamailio", "rtpengine"}, kamailio},
	{"asterisk", nil, asterisk},
}

// BenchmarkCalls lets customers call at a rate, each system in its turn, and
// reports its processor time for a call, what failed and how long the
// customers waited for the answer.
func BenchmarkCalls(b *testing.B) {
	needs(b, "sipp")
	for _, rate := range []int{100, 400} {
		for _, s := range append(slices.Insert(slices.Clone(systems), 1, withoutUnit), allModules) {
			b.Run(fmt.Sprintf("rate=%d/%s", rate, s.name), func(b *testing.B) {
				needs(b, s.needs...)
				under := s.start(b, telephones(b, false))
				customer{rate: 50, calls: 50}.call(b, under.addr) // what happens once is not a call's
				before := processorTime(b, under.pids)
				var all []load
				for b.Loop() {
					all = append(all, customer{rate: rate, calls: seconds * rate}.call(b, under.addr))
				}
				report(b, all, processorTime(b, under.pids)-before)
			})
		}
	}
}

func needs(b *testing.B, programs ...string) {
	b.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			b.Skip(err)
		}
	}
}

func report(b *testing.B, all []load, used time.Duration) {
	b.Helper()
	var sum load
	for _, l := range all {
		sum.calls += l.calls
		sum.refused += l.refused
		sum.failed += l.failed
		sum.again += l.again
		sum.p50, sum.p99 = max(sum.p50, l.p50), max(sum.p99, l.p99)
	}
	b.ReportMetric(float64(used)/float64(sum.calls-sum.refused), "cpu_ns/call")
	b.ReportMetric(float64(sum.refused), "refused")
	b.ReportMetric(float64(sum.failed), "failed")
	b.ReportMetric(float64(sum.again), "sent_again")
	b.ReportMetric(float64(sum.p50), "p50_ns")
	b.ReportMetric(float64(sum.p99), "p99_ns")
}
