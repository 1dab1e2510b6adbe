package sqlite_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"teamsbridge/consult"
)

// BenchmarkAppend measures durable steps of many interactions beside a raw
// group-commit log on the same disk in the same run: the disk's own speed is
// the measure, whatever machine this is.
//
//	go test -run - -bench Append -benchtime 20000x ./store/sqlite
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			b.StopTimer()
			raw := rawLog(b, writers)
			s := open(b, filepath.Join(b.TempDir(), "teamsbridge.db"))
			waits := make([][]time.Duration, writers)
			began := time.Now()
			b.StartTimer()
			spread(writers, b.N, func(writer, n int) {
				start := time.Now()
				if err := s.Append(b.Context(), benchRecord(writer, n)); err != nil {
					b.Error(err)
				}
				waits[writer] = append(waits[writer], time.Since(start))
			})
			b.StopTimer()
			ours := float64(b.N) / time.Since(began).Seconds()
			all := slices.Concat(waits...)
			slices.Sort(all)
			b.ReportMetric(ours, "steps/s")
			b.ReportMetric(raw, "raw_steps/s")
			b.ReportMetric(ours/raw, "ratio")
			b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99_µs")
		})
	}
}

// spread shares n calls of f between writers and waits for all.
func spread(writers, n int, f func(writer, n int)) {
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := w; i < n; i += writers {
				f(w, i/writers)
			}
		})
	}
	all.Wait()
}

// stepsPerCall is how many steps a benchmark's interaction has.
const stepsPerCall = 20

var benchState = bytes.Repeat([]byte("s"), 300)

func benchRecord(writer, n int) consult.Record {
	return consult.Record{
		Interaction: consult.InteractionID(fmt.Sprintf("i-%d-%d", writer, n/stepsPerCall)),
		Tenant:      "11111111-1111-4111-8111-111111111111",
		Version:     uint64(n%stepsPerCall) + 1,
		Live:        n%stepsPerCall < stepsPerCall-1,
		At:          time.Now(),
		Owners:      []string{"anja"},
		Input:       benchState[:100],
		State:       benchState,
		Entry:       benchState[:150],
	}
}

// rawLog appends records of the same size to a plain file, one fdatasync for
// all who wait, and gives the records per second.
func rawLog(b *testing.B, writers int) float64 {
	b.Helper()
	file, err := os.Create(filepath.Join(b.TempDir(), "raw.log"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	type record struct {
		data []byte
		done chan error
	}
	records := make(chan record, writers)
	ctx, stop := context.WithCancel(b.Context())
	var writer sync.WaitGroup
	writer.Go(func() {
		var waiting []record
		var buffer []byte
		for {
			select {
			case r := <-records:
				waiting = append(waiting[:0], r)
			case <-ctx.Done():
				return
			}
			for more := true; more; {
				select {
				case r := <-records:
					waiting = append(waiting, r)
				default:
					more = false
				}
			}
			buffer = buffer[:0]
			for _, r := range waiting {
				buffer = append(buffer, r.data...)
			}
			_, err := file.Write(buffer)
			if err == nil {
				err = syscall.Fdatasync(int(file.Fd()))
			}
			for _, r := range waiting {
				r.done <- err
			}
		}
	})
	line := bytes.Repeat([]byte("r"), len(benchState)+250)
	began := time.Now()
	spread(writers, b.N, func(int, int) {
		r := record{line, make(chan error, 1)}
		records <- r
		if err := <-r.done; err != nil {
			b.Error(err)
		}
	})
	took := time.Since(began)
	stop()
	writer.Wait()
	return float64(b.N) / took.Seconds()
}
