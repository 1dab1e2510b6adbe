// Package graph finds experts: the people of an organisation that Microsoft
// Graph lists with a business telephone number.
//
// The directory of each organisation is mirrored into a local index by delta
// queries, because Graph can neither search telephone numbers nor words inside
// a role reliably, and each keystroke would cost quota. A look-up by id goes
// to Graph live just before a call.
//
// Invariants:
//   - Nothing of one organisation is ever visible to another: every call names
//     its tenant.
//   - Searches never wait for Microsoft nor for an update of the index.
//   - No type of Microsoft's SDK crosses this package's surface; the adapter is
//     graph/msgraph.
//
// It does not know presence, calls or who is asking.
package graph
