package sqlite

import "errors"

// ErrInUse: another process works on the file.
var ErrInUse = errors.New("sqlite: another process works on this file")

const lockSuffix = "-lock"

// Lock claims the database for this process until release is called or the
// process ends, however it ends. ErrInUse when another one has it. Reading
// beside the owner needs no lock.
//
// SQLite's own locks last for a transaction only; they keep the file whole but
// do not keep two services from working on the same calls.
func Lock(path string) (release func() error, err error) { return lock(path + lockSuffix) }
