package storetest_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"teamsbridge/store/storetest"
)

func TestRawLogKeepsWhatManyWritersAppend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "raw.log")
	raw, err := storetest.NewRawLog(path)
	if err != nil {
		t.Fatal(err)
	}
	var load storetest.Load
	var answered atomic.Int64
	if err := load.Round(8, 20*time.Millisecond, func(int) error {
		answered.Add(1)
		return raw.Append([]byte("record\n"))
	}); err != nil {
		t.Fatal(err)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := int64(bytes.Count(kept, []byte("record\n"))); n != answered.Load() || n*7 != int64(len(kept)) {
		t.Errorf("%d records of %d in %d bytes", n, answered.Load(), len(kept))
	}
	if load.PerSecond() <= 0 || load.Percentile(50) > load.Percentile(99) {
		t.Errorf("%v/s, p50 %v, p99 %v", load.PerSecond(), load.Percentile(50), load.Percentile(99))
	}
}

func TestALoadEndsWithTheWritersError(t *testing.T) {
	broken := errors.New("broken")
	var load storetest.Load
	if err := load.Round(2, time.Hour, func(int) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
