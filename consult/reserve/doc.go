// Package reserve lets another contact centre consult an expert here: its own
// desktop asks for a reservation, gets a number, and consults that number as it
// consults any other.
//
//	desktop ──Reserve──► Book ──► dial (and code)      Store: every state, before it is acted on
//	   │                  ▲
//	   └─ calls dial ─► telephone side ─Claim─► Call ─► Connected, Over
//
//	reserved ─► ringing ─► connected ─► ended
//	    │  └──────► expired   │
//	    └────────────┴────────┴───► failed (reason)
//
// The contact centre keeps its customer's call, with hold, conference, transfer
// and recording: a crash of this service costs a consult and never a customer.
//
//   - Whom a reservation reaches is decided by the rules of a consult: sign-on,
//     dial policy, emergency numbers, the experts' numbers ([consult.Engine.Reach]).
//   - A reservation serves one call. Its code is forgotten with that.
//   - A number is given to one reservation at a time, and again as late as can be,
//     so that a call that comes late finds nobody rather than somebody else.
//   - One agent cannot take every number: each has so many reservations at a time,
//     and the last number that is free goes to somebody who has none.
//   - Only whoever made a reservation sees it.
//   - After a restart those that wait for their call still do; those that had one
//     are failed, as lost.
//
// It knows no SIP: package consult/sip carries the calls.
package reserve
