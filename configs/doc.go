// Package configs is the typed configuration of the whole service, composed of
// each package's own Config.
//
//	defaults  ->  YAML file  ->  environment  ->  Validate
//
// Invariants:
//   - A key that is not known, or stands twice, is refused with its path. So is
//     a value of the wrong kind. Nothing is silently ignored.
//   - Every problem is reported at once, each with its path ([Error]).
//   - Secrets never stand in the file: a key that ends in _file names where one
//     is kept, or the environment brings it.
//   - Environment names follow from the keys: sso.entra.client_id is
//     TEAMSBRIDGE_SSO_ENTRA_CLIENT_ID. Lists of strings are separated by commas.
//
// What a value means, and what is allowed, is each package's own knowledge: this
// one asks its Validate and adds only what concerns two packages at once.
package configs
