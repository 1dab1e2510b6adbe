// Package privacy finds all that is stored about one person, and erases it.
//
//	Person ─► sessions, agent, state, favourites, recents, reservations, idempotency keys: deleted
//	       ─► ended interactions with their journal: a pseudonym instead
//	       ─► audit lines: the person's fields deleted, the chain stays whole
//
// A person is an agent (id of the agent table), somebody in the directory (Entra
// object id) or a telephone number. The pseudonym is made with a salt that is
// thrown away, so nobody can find out later whose it was; it is the same
// everywhere within one erasure, so that a journal can still be read.
//
// A live interaction is never changed: erasing refuses while there is one, before
// anything was done. What stands in the configuration or comes from the
// organisation's directory is told and left alone: it would come again.
package privacy
