// Package graph finds experts: the people of an organisation that Microsoft
// Graph lists with a business telephone number.
//
// The directory of each organisation is mirrored into a local index by delta
// queries, because Graph can neither search telephone numbers nor words inside
// a role reliably, and each keystroke would cost quota. A look-up by id goes
// to Graph live just before a call.
//
//	Directory ──delta pages──► mirror ──complete rounds──► index ◄── Search, Expert, ByNumber
//	    ▲                                                    ▲
//	    └───────────────live, one second─────── Confirm ─────┘ when Graph is away
//
// A round is collected in full before it is seen; one that fails goes on where
// it stopped. The index is immutable: a round makes a new one and swaps it in.
// Each page of a full read and each round goes into a [Store] with the link to
// go on from: a restart answers at once and reads on. A link that is no longer
// honoured starts a full read over while the index answers.
//
// In [ModeLive] nothing is mirrored: each search is one request to Graph, whose
// answer is judged and ordered like the index and holds for half a minute. What
// Graph cannot find is said ([Blindness]).
//
// Who is an expert, beside having a number, is narrowed by [Filter]: groups,
// departments, attributes.
//
// A search text is read as a telephone number when it has phone characters only
// and three digits or more, else as words. Every word must be the beginning of
// a word of the name, the role or the department; case, accents and the ways to
// write an umlaut do not matter. Results are ordered by how many words are
// exact, then by where they stand (name, role, department), then by name.
//
// The index numbers people by name and works on sets of one bit a person, so
// that a million people are searched in a tenth of a millisecond and every
// match is counted. It is a row of segments, each several times as large as the
// next; a change makes a small one.
//
// Invariants:
//   - Nothing of one organisation is ever visible to another: every call names
//     its tenant.
//   - Searches never wait for Microsoft nor for an update of the index.
//   - A number that cannot be read for certain is not listed: nobody dials a guess.
//   - Of people who are not experts only the id and the reason are held, and
//     nothing is kept.
//   - What a person types reaches Graph as letters, marks and digits only.
//   - No type of Microsoft's SDK crosses this package's surface; the adapter is
//     graph/msgraph.
//
// It does not know presence, calls or who is asking.
package graph
