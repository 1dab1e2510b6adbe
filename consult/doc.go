// Package consult leads a customer's call through consult, swap, conference,
// transfer and wrap-up.
//
// One invariant outranks the rest: the customer stays with the agent until the
// switch confirms that somebody else has the call.
//
// A command or an event of the switch is first decided by the pure function
// next over one table, then appended to the journal under the expected version,
// then acted on. What was answered is durable. What the switch is told is a
// picture (who talks with whom, who is held), so telling it again changes
// nothing and recovery is to tell it again.
//
// It knows neither SIP nor Graph nor HTTP; it drives a [Switch] and demands an
// [sso.Principal].
package consult
