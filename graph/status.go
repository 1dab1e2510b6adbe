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

// tellLocked hands the status to every subscriber and returns it. A slow
// reader finds the newest one only: what it has not taken is replaced.
func (m *mirror) tellLocked() Status {
	for ch := range m.subscribers {
		select {
		case <-ch:
		default:
		}
		ch <- m.status // room for one, and nobody else sends while mu is held
	}
	return m.status
}

func (m *mirror) currentStatus() Status {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.status
}

func (m *mirror) subscribe() (<-chan Status, func()) {
	ch := make(chan Status, 1)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.subscribers[ch] = struct{}{}
	return ch, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if _, open := m.subscribers[ch]; open {
			delete(m.subscribers, ch)
			close(ch)
		}
	}
}
