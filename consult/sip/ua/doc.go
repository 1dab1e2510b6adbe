// Package ua is a SIP user agent: it rings, is rung, keeps dialogs alive and
// ends them. Whose call that is and what is heard in it is decided above.
//
//	endpoint, err := ua.New(config, deps)
//	err = endpoint.Start(ctx)
//	dialog, err := endpoint.Invite(ctx, ua.Invite{Trunk: "teams", To: "+4930…", Offer: sdp}, watcher)
//	dialog.Hangup(ctx, ua.Cause{})
//
// Transactions, transports and the parser are sipgo's; the rules of a call on
// top of them stand here:
//
//   - A trunk's peers are tried in order while it is certain that nobody rang: no
//     connection, or 503 as the first that is heard of it. Once an INVITE may have
//     reached somebody it is never repeated elsewhere.
//   - Any number of provisional answers, several ringing branches, an answer that
//     crosses a CANCEL: a branch that nobody wants is acknowledged and released.
//   - An INVITE can be kept by whoever makes it before it leaves, and its dialog before
//     the answer is acknowledged ([Invite]'s Keep): a later process ends either
//     ([Endpoint.Release]).
//   - A dialog that is over answers a BYE that crossed ours for 32 s, and holds nobody.
//   - Offers and answers are bytes to this package; [Watcher.Offered] makes the answer.
//   - A watcher hears the events of one dialog one after another, in their order.
//   - A request that is too large for a datagram goes by TCP. Requests of a dialog
//     take the connection that made it while that lives, else the way to its target.
//   - What waits for a connection ends with it: requests of ours, and calls of theirs
//     that are not answered.
//   - Over TLS the other side proves to be the peer that it is taken for: a server as
//     whom it was called, a client as whose trunk it rings.
//   - Session timers (RFC 4028), glare (491), OPTIONS both ways, digest both ways.
//
// It never sends REFER or Replaces, never follows a redirection (nobody else
// decides whom we pay for), and takes requests only from configured peers: what
// comes from elsewhere is dropped before it is parsed.
//
// It does not know the consult engine, SDP or RTP.
package ua
