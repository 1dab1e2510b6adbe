// Package memswitch is a simulated telephone network: a [consult.Switch] without
// telephones, whose parties are played by a person, a test or by themselves.
//
//	engine ── Dial, Arrange, Hangup ──►┌───────────┐◄── Call, Act ── people, tests
//	       ◄── Events ─────────────────│  network  │◄── Inject ───── faults
//	                                   └─────┬─────┘
//	                                    legs file
//
// Invariants:
//   - Everything happens under one mutex and every event enters one unbounded
//     queue in that order; a slow reader delays events, and loses none and
//     blocks nobody.
//   - A change is in the legs file before anybody hears of it, so that calls
//     outlive the service as calls on real telephones do.
//   - A person's act is answered when the service has journaled it, not before.
//
// It can be told to fail, to delay or to stay silent; see [Fault]. It carries no
// sound: [Switch.Lines] says who would hear whom.
//
// It never lives in a production path: serve refuses it without --allow-simulated.
package memswitch
