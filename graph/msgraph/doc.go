// Package msgraph reads Microsoft Graph through Microsoft's own SDK: people
// for package graph, presences for package presence.
//
//	operation        builder of the SDK           again when it fails
//	DeltaPage        users/delta                  yes
//	FindPeople       users                        yes
//	SearchPeople     users                        no: somebody waits at the page
//	CountPeople      users                        no: a comfort
//	GroupMembers     groups/{id}/transitive…      yes
//	Person           users/{id}                   no: somebody waits with a call
//	Presences        communications/get…ByUserId  yes
//	CheckPermissions users/delta, get…ByUserId    no
//	Application      servicePrincipals and more   no: an admin waits
//
// "Again" is at most twice, within the caller's context, and only when Graph
// could not be reached or answered 500, 502, 503 or 504 without saying when
// to come back. Being throttled is never retried here: what Graph says of it
// goes to the budget, through which every attempt passes, and the caller gets a
// *graph.ThrottledError - also where the budget has no room in time.
//
// Invariants:
//   - It is the only package that imports msgraph-sdk-go: that SDK's models
//     cost minutes of compilation, and none of its types crosses this surface.
//   - A token goes to the configured address and nowhere else, whatever a link
//     in an answer says.
//   - Request builders are made per call (measured 2026-11-22: one that is
//     shared between goroutines dies of concurrent map writes), and the list of
//     middleware is this package's own (the SDK's default order is random per
//     client and now and then sends a compressed body uncompressed).
//   - Every error is one of package graph's or a context's; no error of the
//     SDK is handed on, since the text of some panics.
//
// It caches nothing and judges no urgency: whoever asks says that (graph/budget).
package msgraph
