// Package dial reads dial numbers: what an agent types or pastes, cleaned as
// the product's rules say, classified, and never guessed.
//
//	text ─► clean ─► another reading possible? ─► 3 to 18 digits? ─► meaning
//	                     └► ambiguous, with the readings to choose from
//
// Form and country are libphonenumber's (nyaruka/phonenumbers); the rules of
// cleaning, 3 to 18 digits, ambiguity, emergency numbers and the destination
// policy are this package's own.
//
// Invariants, held by a fuzz test:
//   - What is dialable consists of 0-9 + # * : only, has 3 to 18 digits, and
//     reads as itself when it is read again: it is never reformatted.
//   - A text that allows two readings is not valid, and offers them instead.
//
// It does not know experts or agents, and it dials nothing.
package dial
