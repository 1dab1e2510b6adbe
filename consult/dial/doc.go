// Package dial reads dial numbers: what an agent types or pastes, cleaned as
// the product's rules say, classified, and never guessed.
//
// Form and country are libphonenumber's (nyaruka/phonenumbers); the rules of
// cleaning, 3 to 18 digits, ambiguity, emergency numbers and the destination
// policy are this package's own.
//
// It does not know experts or agents, and it dials nothing.
package dial
