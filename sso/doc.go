// Package sso answers who is asking, for which organisation, and whether they
// may reach a Teams user.
//
// Two kinds of issuer are known: Microsoft Entra, and the contact centre's own
// OpenID provider. Both lead to one row of the agent table, hence to one agent.
//
// Invariants:
//   - A valid Principal comes from verification only: a token checked here, or a
//     browser session that such a check began. There is no other constructor.
//   - A person is tenant and object id (or issuer and subject), never a mail
//     address or a name.
//   - Only admitted organisations; the issuer is bound to the tenant.
//   - Bad tokens never cause more than a bounded number of key fetches.
//
// It knows neither experts nor calls, and renders no HTTP answer: callers hand
// it a fail function.
package sso
