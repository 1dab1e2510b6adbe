// Package sso answers who is asking, for which organisation, and whether they
// may reach a Teams user.
//
//	token ────► Verifier ──┐
//	                       ├──► Principal ──► Gate ──► may, or what is missing
//	browser ──► SignIn ────┘                   ▲
//	              │                            │
//	              └──► session      Organizations ◄── Prober (Microsoft)
//	                                           ▲
//	admin ────────────────────────► Consent ───┘
//
// Two kinds of issuer are known: Microsoft Entra, and the contact centre's own
// OpenID provider. Both lead to one row of the agent table ([Agents]), hence to
// one agent. A [Roster] fills the table: from the configuration and, over it, from
// what administrators keep.
//
// Invariants:
//   - A valid [Principal] comes from verification only: a token checked here, or
//     a browser session that such a check began. There is no other constructor.
//   - A person is tenant and object id (or issuer and subject), never a mail
//     address or a name.
//   - Only admitted organisations; the issuer is bound to the tenant.
//   - What a token says before its signature is checked chooses who checks it,
//     and nothing else.
//   - A token that was good is taken apart once; all that may have changed since
//     is judged each time it is shown.
//   - Bad tokens never cause more than one fetch of an issuer's keys in 30 s.
//   - A token without a person is let in only if its application is named here
//     with a role that its organisation has given it too; it is nobody's agent.
//   - A [Gate] waits for nobody: Microsoft being away changes nothing for a day.
//   - What an organisation lacks is found out with no more permissions than the
//     product needs anyway; a refusal of one person is that person's alone.
//   - Every sign-in has a session of its own, with a new secret; what the browser
//     had before ends. A session is ended by its limits, its person, an admin, its
//     provider (OpenID Connect Back-Channel Logout 1.0) or Entra, and whoever shows
//     something to it is told ([Verifier.WhenSessionEnds]); so is the audit, of
//     those that a provider or Entra ended ([Verifier.WhenTaken]).
//   - A sign-in at Entra that is used is reviewed there at an even pace, also after
//     a restart; one that no longer can be ends. Entra being away ends none.
//   - Of secrets only digests are kept, except what a redirect needs to come back,
//     and the refresh token of a sign-in at Entra, sealed ([Sealer]).
//
// It knows neither experts nor calls, and renders no HTTP answer: its errors say
// what happened, and callers turn them into one.
package sso
