package sqlite_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"teamsbridge/store/storetest"
)

// BenchmarkAppend measures durable steps of many interactions in turns with a
// raw log on the same disk: the disk's own speed is the measure, whatever
// machine this is. One iteration is a round of both.
//
//	go test -run - -bench Append -benchtime 15x ./store/sqlite
func BenchmarkAppend(b *testing.B) {
	const round = 100 * time.Millisecond
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			dir := b.TempDir()
			raw, err := storetest.NewRawLog(filepath.Join(dir, "raw.log"))
			if err != nil {
				b.Fatal(err)
			}
			s := open(b, filepath.Join(dir, "teamsbridge.db"))
			line := bytes.Repeat([]byte("r"), storetest.LoadBytes)
			written := make([]int, writers)
			var ours, limit storetest.Load
			for b.Loop() {
				if err := limit.Round(writers, round, func(int) error { return raw.Append(line) }); err != nil {
					b.Fatal(err)
				}
				if err := ours.Round(writers, round, func(w int) error {
					written[w]++
					return s.Append(b.Context(), storetest.LoadRecord(w, written[w]-1))
				}); err != nil {
					b.Fatal(err)
				}
			}
			if err := raw.Close(); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(0, "ns/op") // a round is as long as it is
			b.ReportMetric(ours.PerSecond(), "steps/s")
			b.ReportMetric(limit.PerSecond(), "raw_steps/s")
			b.ReportMetric(ours.PerSecond()/limit.PerSecond(), "ratio")
			b.ReportMetric(float64(ours.Percentile(50)), "p50_ns")
			b.ReportMetric(float64(ours.Percentile(99)), "p99_ns")
			b.ReportMetric(float64(limit.Percentile(50)), "raw_p50_ns")
			b.ReportMetric(float64(limit.Percentile(99)), "raw_p99_ns")
		})
	}
}
