package graph

import (
	"context"
	"errors"
	"net"
	"time"
)

// The values of Status.LastError.
const (
	failureThrottled   = "throttled"
	failureDenied      = "denied"
	failureUnavailable = "unavailable"
	failureOther       = "failed"
)

// failure is an error in the closed set of Status.LastError.
type failure struct {
	kind       string
	requestID  string
	retryAfter time.Duration
}

func classify(err error) failure {
	if throttled, ok := errors.AsType[*ThrottledError](err); ok {
		return failure{kind: failureThrottled, retryAfter: throttled.RetryAfter}
	}
	if denied, ok := errors.AsType[*DeniedError](err); ok {
		return failure{kind: failureDenied, requestID: denied.RequestID}
	}
	if _, ok := errors.AsType[net.Error](err); ok || errors.Is(err, ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
		return failure{kind: failureUnavailable}
	}
	return failure{kind: failureOther}
}

// Status is the health of one organisation's directory.
type Status struct {
	Mode       string    // ModeIndex or ModeLive
	Ready      bool      // searches are answered: the first full read has finished, or was kept from before a restart
	SyncedAt   time.Time // last completed round, or live answer; zero before the first
	People     int       // people read so far or held; about, after a restart
	Experts    int       // of them listed
	Rate       float64   // people per second during a full read
	Reading    Reading   // a full read under way; zero when there is none
	Since      time.Time // since when Graph has been failing; zero when healthy
	LastError  string    // closed set: "", "throttled", "denied", "unavailable", "failed"
	RequestID  string    // Graph's request id of the last error, if any
	RetryAfter time.Duration
	NextAt     time.Time // when the next round begins, if nothing nudges it; zero while one is under way, and in ModeLive
}

// Reading is how far a full read is.
type Reading struct {
	Began    time.Time     // zero when none is under way
	People   int           // so far
	Expected int           // all of them, about; 0 when Graph did not say
	Left     time.Duration // at the rate so far; 0 when not known
}

// failed notes that Graph could not be asked.
func (s *Status) failed(f failure) {
	if s.Since.IsZero() {
		s.Since = time.Now()
	}
	s.LastError, s.RequestID, s.RetryAfter = f.kind, f.requestID, f.retryAfter
}

// healed notes that Graph answers.
func (s *Status) healed() {
	s.Since, s.LastError, s.RequestID, s.RetryAfter = time.Time{}, "", "", 0
}
