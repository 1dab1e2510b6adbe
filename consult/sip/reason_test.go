package sip

import (
	"fmt"
	"testing"

	"teamsbridge/consult"
	"teamsbridge/consult/sip/ua"
)

func TestEveryFinalStatusHasAReason(t *testing.T) {
	t.Parallel()
	const (
		failed      = consult.FailureFailed
		rejected    = consult.FailureRejected
		unreachable = consult.FailureUnreachable
		noAnswer    = consult.FailureNoAnswer
		busy        = consult.FailureBusy
		declined    = consult.FailureDeclined
		withdrawn   = consult.FailureWithdrawn
	)
	// The final statuses of RFC 3261 and its extensions, as IANA lists them.
	want := map[int]consult.FailureReason{
		300: rejected, 301: rejected, 302: rejected, 305: rejected, 380: rejected,
		400: failed, 401: rejected, 402: rejected, 403: rejected, 404: unreachable, 405: rejected, 406: rejected, 407: rejected,
		408: noAnswer, 410: unreachable, 412: rejected, 413: rejected, 414: rejected, 415: rejected, 416: rejected, 417: rejected,
		420: rejected, 421: rejected, 422: rejected, 423: rejected, 424: rejected, 425: rejected, 428: rejected, 429: rejected,
		430: rejected, 433: rejected, 436: rejected, 437: rejected, 438: rejected, 439: rejected, 440: rejected, 469: rejected, 470: rejected,
		480: unreachable, 481: failed, 482: rejected, 483: rejected, 484: unreachable, 485: rejected, 486: busy, 487: withdrawn,
		488: rejected, 489: rejected, 491: rejected, 493: rejected, 494: rejected,
		500: unreachable, 501: unreachable, 502: unreachable, 503: unreachable, 504: unreachable, 505: unreachable, 513: unreachable, 555: unreachable, 580: unreachable,
		600: busy, 603: declined, 604: unreachable, 606: rejected, 607: declined, 608: rejected,
	}
	for status := 300; status < 700; status++ {
		expected, listed := want[status]
		if !listed { // a status that nobody has heard of is one of its class (RFC 3261 8.1.3.2)
			expected = map[int]consult.FailureReason{3: rejected, 4: rejected, 5: unreachable, 6: declined}[status/100]
		}
		if got := reasonOf(ua.Failure{Status: status}); got != expected {
			t.Errorf("%d is %q, want %q", status, got, expected)
		}
		// What the customer hears is an answer that lets them try again, whatever the agent's telephone said.
		if status, phrase := refusal(expected); status < 400 || status > 599 || phrase == "" {
			t.Errorf("a customer is told %d %q of %q", status, phrase, expected)
		}
	}
	for name, c := range map[string]struct {
		failure ua.Failure
		want    consult.FailureReason
	}{
		"no answer at all":                    {ua.Failure{Err: fmt.Errorf("nobody there")}, unreachable},
		"withdrawn, whatever came then":       {ua.Failure{Status: 486, Withdrawn: true}, withdrawn},
		"a gateway says busy as 500":          {ua.Failure{Status: 500, Cause: 17}, busy},
		"a gateway says nobody picked up":     {ua.Failure{Status: 480, Cause: 19}, noAnswer},
		"a gateway says that no such number":  {ua.Failure{Status: 480, Cause: 1}, unreachable},
		"a gateway says that it was declined": {ua.Failure{Status: 480, Cause: 21}, declined},
		"a cause that says nothing":           {ua.Failure{Status: 486, Cause: 31}, busy},
	} {
		if got := reasonOf(c.failure); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
