package web

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"teamsbridge/sso"
)

// reviewer is Entra as package sso asks it about tokens: content until it is told
// that a sign-in is over.
type reviewer struct {
	over  atomic.Pointer[sso.EndedError]
	asked atomic.Int32
}

func (r *reviewer) Review(context.Context, string, sso.Assertion) error {
	r.asked.Add(1)
	if over := r.over.Load(); over != nil {
		return over
	}
	return nil
}

func TestWhoLosesAccessLosesTheStreamWithinAMinuteAndIsToldWhy(t *testing.T) {
	h := newHubWorld(t)
	synctest.Test(t, func(t *testing.T) {
		h.begin()
		reading := h.connect(t, "")
		time.Sleep(5 * time.Minute)
		if n := h.review.asked.Load(); n < 5 || n > 8 {
			t.Errorf("asked %d times in five minutes", n)
		}
		h.review.over.Store(&sso.EndedError{Reason: sso.EndedAccount})
		revoked := time.Now()
		var end sse
		for end = range reading.events {
			if end.event == "session" {
				break
			}
		}
		if took := time.Since(revoked); took > time.Minute || end.data != `{"expired":true,"reason":"account-disabled"}` {
			t.Errorf("after %s: %s", took, end.data)
		}
		<-reading.left
	})
}
