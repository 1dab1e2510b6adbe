package demo

import (
	"strconv"
	"sync"
	"time"

	"teamsbridge/sso/ssotest"
)

// requestsKept bounds the log: a first sync of a million people is 1,000 pages.
const requestsKept = 20_000

// requestLog is what reached Microsoft, newest requestsKept of it.
type requestLog struct {
	mu    sync.Mutex
	ring  []ssotest.Request
	total uint64 // ever added
}

func newRequestLog(kept int) *requestLog { return &requestLog{ring: make([]ssotest.Request, 0, kept)} }

func (l *requestLog) add(r ssotest.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < cap(l.ring) {
		l.ring = append(l.ring, r)
	} else {
		l.ring[l.total%uint64(cap(l.ring))] = r
	}
	l.total++
}

// requestLine is one request as the control interface shows it.
type requestLine struct {
	Sequence uint64 `json:"sequence"`
	Method   string `json:"method"`
	Path     string `json:"path"`
	Query    string `json:"query"`
	Status   int    `json:"status"`
	Time     string `json:"time"`
}

// since gives what was added after a sequence number or a time of RFC 3339;
// an empty mark means everything kept. next is the mark to ask with later.
func (l *requestLog) since(mark string) (lines []requestLine, next uint64, err error) {
	var after uint64
	var at time.Time
	if mark != "" {
		if after, err = strconv.ParseUint(mark, 10, 64); err != nil {
			if at, err = time.Parse(time.RFC3339, mark); err != nil {
				return nil, 0, err
			}
			after = 0
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	lines = make([]requestLine, 0, 64)
	oldest := l.total - uint64(len(l.ring))
	for i := max(oldest, after); i < l.total; i++ {
		r := l.ring[i%uint64(cap(l.ring))]
		if r.At.Before(at) {
			continue
		}
		lines = append(lines, requestLine{
			Sequence: i + 1, Method: r.Method, Path: r.Path, Query: r.Query, Status: r.Status, Time: timestamp(r.At),
		})
	}
	return lines, l.total, nil
}

// timestamp is RFC 3339 in UTC with three decimals, as everywhere in the interface.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
