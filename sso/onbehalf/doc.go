// Package onbehalf gives tokens for Microsoft Graph on behalf of the agents who
// look, where the service has no permission of its own: OAuth 2.0 on-behalf-of
// through Microsoft's confidential client.
//
//	agent's token ──► Present ──┐
//	                            ├──► GetToken ──► Entra ──► token for Graph
//	graph.OnBehalf(ctx, agent) ─┘                              as that agent
//
// A request whose context names its caller is made for that caller and for
// nobody else. One that names none - a poll that many wait for - is made for
// somebody of the organisation who is present: an agent with an open event
// stream whose sign-in is still good, the one whose sign-in lasts longest. If
// Microsoft wants more of that one (consent, another factor), the next is
// taken; who was refused is left alone until their token is another.
//
// Invariants:
//   - Nobody is acted for after they have gone or their token has ended, and
//     never in another organisation than their own.
//   - Tokens stay in memory. They stand in no log, error or metric.
//   - One agent's token is never an answer to another's request: the client
//     caches by the digest of what it exchanged.
//   - Memory is bounded: the client, which forgets nothing, is replaced after a
//     number of exchanges.
//   - A refusal that a sign-in or an admin can heal is an [*Error], with the
//     claims challenge that the sign-in has to answer.
//
// It knows neither Graph's addresses nor what is asked there.
package onbehalf
