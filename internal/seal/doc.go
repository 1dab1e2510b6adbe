// Package seal keeps small secrets unreadable where they are stored: AES-256-GCM
// (NIST SP 800-38D) under keys that lie elsewhere.
//
//	keys, err := seal.Parse(text)       // of the configuration
//	keys, err := seal.Kept("x.db.key")  // or of a file beside the store, made once
//	stored := keys.Seal(secret, name)
//	secret, err := keys.Open(stored, name)
//
// A secret is bound to a name, such as its row's: put into another row, it does
// not open. Of several keys the first seals and all open, so that a key is
// renewed by putting the new one in front, and taking the old one away when
// nothing is left that it sealed. [Keys.Renew] does so in a process that runs.
//
// It hides what is stored from whoever has a copy of the store alone: not from
// whoever has the keys too, and not that there is something, or how long it is.
package seal
