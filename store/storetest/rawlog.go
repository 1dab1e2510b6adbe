package storetest

import (
	"errors"
	"os"
	"runtime"
	"sync"
)

// RawLog is the least that durability costs on a disk: records at the end of
// one plain file, one flush for all who wait. No journal can be faster on the
// same disk, so benchmarks divide a journal's figure by this one's.
type RawLog struct {
	file    *os.File
	records chan rawRecord
	writer  sync.WaitGroup
}

type rawRecord struct {
	data []byte
	done chan error
}

// NewRawLog makes the file, which must not exist.
func NewRawLog(path string) (*RawLog, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	l := &RawLog{file: file, records: make(chan rawRecord)}
	l.writer.Go(l.run)
	return l, nil
}

// Append returns when the record is on disk. It must not run together with Close.
func (l *RawLog) Append(record []byte) error {
	r := rawRecord{record, make(chan error, 1)}
	l.records <- r
	return <-r.done
}

// Close ends the log; the file stays.
func (l *RawLog) Close() error {
	close(l.records)
	l.writer.Wait()
	return l.file.Close()
}

func (l *RawLog) run() {
	var waiting []rawRecord
	var buffer []byte
	for first := range l.records {
		waiting = l.collect(append(waiting[:0], first))
		buffer = buffer[:0]
		for _, r := range waiting {
			buffer = append(buffer, r.data...)
		}
		_, err := l.file.Write(buffer)
		if err = errors.Join(err, flush(l.file)); err != nil {
			err = errors.Join(errors.New("raw log"), err)
		}
		for _, r := range waiting {
			r.done <- err
		}
	}
}

// collect adds the records that wait now. As in a good journal, those who were
// answered a moment ago get the processor first, to share this flush.
func (l *RawLog) collect(waiting []rawRecord) []rawRecord {
	runtime.Gosched()
	for {
		select {
		case r, open := <-l.records:
			if !open {
				return waiting
			}
			waiting = append(waiting, r)
		default:
			return waiting
		}
	}
}
